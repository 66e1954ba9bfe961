"""Compiles catalogues and the device's templates, lays out manual pages: only their readable forms are in the tree.

Hatchling calls `CatalogueBuildHook` for every wheel, an editable install included. After an edit of a
catalogue, `./dev` runs this file by itself. A template that is newer than what was compiled of it is used as it is.
"""

from __future__ import annotations

import re
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
REFERENCE = "docs/ref/cli.md"
"""What every command says about itself; a test holds it to the programs."""
_HELP = re.compile(r"^```text\n\$ (.+?) --help\n(.*?)^```$", re.MULTILINE | re.DOTALL)

_HEADING = re.compile(r"\w[\w ]*:\n")
"""Where a command says nothing about itself, its options come first."""


def manual_pages(reference: str) -> dict[str, str]:
    """A page of roff for each command of the reference, by file name."""
    helps = dict(_HELP.findall(reference))
    return {f"{line.replace(' ', '-')}.1": _manual(line, text, list(helps)) for line, text in helps.items()}


def _manual(line: str, text: str, every: list[str]) -> str:
    """man(7): the usage, what it does, then the rest as it stands in the help."""
    usage, _, rest = text.partition("\n\n")
    does, _, options = rest.partition("\n\n")
    if _HEADING.match(does):
        does, options = f"{line}.", rest
    told = " ".join(does.split())
    above, below = line.rpartition(" ")[0], [other for other in every if other.rpartition(" ")[0] == line]
    parts = [
        f'.TH {line.replace(" ", "-").upper()} 1 "" sparekey "User commands"',
        ".ad l",
        ".nh",
        ".SH NAME",
        _roff(f"{line.replace(' ', '-')} - {told.partition('. ')[0].rstrip('.')}"),
        *_verbatim("SYNOPSIS", re.sub(r"^usage:\s*", "", usage, flags=re.IGNORECASE)),
        ".SH DESCRIPTION",
        _roff(told),
        *_verbatim("OPTIONS AND COMMANDS", options),
    ]
    if beside := [other.replace(" ", "-") for other in (above, *below) if other]:
        parts += [".SH SEE ALSO", ", ".join(f"{_roff(other)}(1)" for other in beside)]
    return "\n".join(parts) + "\n"


def _verbatim(title: str, text: str) -> list[str]:
    lines = [_roff(each) for each in text.strip("\n").splitlines()]
    return [f".SH {title}", ".nf", *lines, ".fi"] if lines else []


def _roff(text: str) -> str:
    """Text as roff reads it: no command at the beginning of a line, hyphens that can be copied."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


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
        """Compile everything. Manual pages go into wheels; an editable install (`version`) has none."""
        root = Path(self.root)
        compile_catalogues(root)
        compile_templates(root)
        if version == "editable":
            return
        folder = root / "build" / "man"
        folder.mkdir(parents=True, exist_ok=True)
        for name, page in manual_pages((root / REFERENCE).read_text(encoding="utf-8")).items():
            (folder / name).write_text(page, encoding="utf-8")
            build_data["shared_data"][f"build/man/{name}"] = f"share/man/man1/{name}"


if __name__ == "__main__":
    compile_catalogues(Path(__file__).resolve().parent)
    compile_templates(Path(__file__).resolve().parent)
