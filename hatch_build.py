"""Compiles the gettext catalogues, so that only their readable form is kept in the tree.

Hatchling calls `CatalogueBuildHook` for every wheel, an editable install included. After an edit of a
catalogue, `./dev` runs this file by itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

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


class CatalogueBuildHook(BuildHookInterface[Any]):
    """Runs the compiler before the files of a wheel are collected."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile everything; `version` ("standard" or "editable") makes no difference."""
        compile_catalogues(Path(self.root))


if __name__ == "__main__":
    compile_catalogues(Path(__file__).resolve().parent)
