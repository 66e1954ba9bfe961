"""Compiles the gettext catalogues and the device's templates, so that only their readable form is kept in the tree.

Hatchling calls `CatalogueBuildHook` for every wheel, an editable install included. After an edit of a
catalogue, `./dev` runs this file by itself. A template that is newer than what was compiled of it is used as it is.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TEMPLATES = {"web": "sparekey.web", "device": "sparekey.device"}
"""What the device has: short names and packages, as its pages know them."""
COMPILED = "src/sparekey/web/compiled"
CATALOGUES = "src/sparekey/language/locale/*/LC_MESSAGES/sparekey.po"


def compile_catalogues(root: Path) -> list[Path]:
    """Write a `.mo` beside every `.po` below the project's `root`; return what was written.

    A fuzzy entry is left out: the reader then sees the English text, not a guess. A catalogue that does not
    parse raises Babel's own error, and the build stops.
    """
    written = []
    for source in sorted(root.glob(CATALOGUES)):
        with source.open("rb") as readable:
            catalogue = read_po(readable, locale=source.parts[-3], abort_invalid=True)
        target = source.with_suffix(".mo")
        with target.open("wb") as compiled:
            write_mo(compiled, catalogue)
        written.append(target)
    return written


def compile_templates(root: Path) -> list[Path]:
    """Write the device's templates as Python below `web/compiled`; return what was written."""
    sys.path.insert(0, str(root / "src"))
    from sparekey.web import compiling
    from sparekey.web.lean import templates

    environment = compiling.environment_of(TEMPLATES, str, lambda one, _many, _n: one)
    folder = root / COMPILED
    folder.mkdir(exist_ok=True)
    head = '"""Templates, compiled by hatch_build.py."""\n\n'
    head += f'SOURCES = {TEMPLATES}\nDIGEST = "{templates.digest(TEMPLATES)}"\n'
    texts = {"__init__": head} | {
        templates.module_of(name): compiling.compiled(environment, name, "sparekey.web.lean.jinja")
        for name in environment.list_templates()
    }
    written = []
    for module, text in texts.items():
        path = folder / f"{module}.py"
        if not path.exists() or path.read_text("utf-8") != text:
            path.with_suffix(".new").write_text(text, encoding="utf-8")
            path.with_suffix(".new").replace(path)
        written.append(path)
    for left in set(folder.glob("*.py")) - set(written):
        left.unlink()
    return written


class CatalogueBuildHook(BuildHookInterface[Any]):
    """Runs the compiler before the files of a wheel are collected."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile everything; `version` ("standard" or "editable") makes no difference."""
        compile_catalogues(Path(self.root))
        compile_templates(Path(self.root))


if __name__ == "__main__":
    compile_catalogues(Path(__file__).resolve().parent)
    compile_templates(Path(__file__).resolve().parent)
