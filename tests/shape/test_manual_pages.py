"""The manual pages say what the programs say, since they are made of the page that a test holds to them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from hatch_build import manual_pages
from tests.shape.cli_reference import REFERENCE
from tests.shape.test_cli_reference import BLOCK


def pages() -> dict[str, str]:
    return manual_pages(REFERENCE.read_text(encoding="utf-8"))


def test_every_command_has_a_page_with_all_of_its_help() -> None:
    made = pages()
    helps = dict(BLOCK.findall(REFERENCE.read_text(encoding="utf-8")))
    assert set(made) == {f"{line.replace(' ', '-')}.1" for line in helps}
    for line, text in helps.items():
        page = made[f"{line.replace(' ', '-')}.1"].replace("\\-", "-").replace("\\&", "").split()
        missing = [word for word in text.split() if word.lower() != "usage:" and word not in page]
        assert not missing, line


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not here")
def test_groff_reads_every_page_without_a_word(tmp_path: Path) -> None:
    for name, text in pages().items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        done = subprocess.run(
            ["groff", "-man", "-Tutf8", "-ww", "-z", str(path)], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, ""), name
