"""What the Markdown pages say is there: links, folders, commands."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

from tests.shape.tree import ROOT, SOURCE, files, name, pages

FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(
    r"\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*(\S+)|\b(?:src|href)=\"([^\"]+)\"", re.MULTILINE
)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
VERB = re.compile(r"\./dev ([a-z]+)")


def anchors(page: str) -> set[str]:
    """The anchors of a page's headings, as the usual Markdown viewers make them."""
    found: set[str] = set()
    for heading in HEADING.findall(FENCE.sub("", page)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        copies = sum(1 for anchor in found if re.fullmatch(rf"{re.escape(slug)}(-\d+)?", anchor))
        found.add(f"{slug}-{copies}" if copies else slug)
    return found


def links(page: str) -> list[str]:
    text = CODE.sub("", FENCE.sub("", page))
    return [next(filter(None, groups)) for groups in LINK.findall(text)]


def dead(page: Path, link: str) -> bool:
    target, _, anchor = unquote(link).partition("#")
    file = (page.parent / target).resolve() if target else page
    if not file.exists():
        return True
    return bool(anchor) and anchor not in anchors(file.read_text(encoding="utf-8"))


def test_every_link_between_pages_is_alive() -> None:
    local = [(page, link) for page, text in pages() for link in links(text) if "://" not in link]
    local = [(page, link) for page, link in local if not link.startswith("mailto:")]
    assert local, "the pages link to one another"
    assert not {f"{name(page)} -> {link}" for page, link in local if dead(page, link)}


def test_links_are_read_as_a_reader_sees_them() -> None:
    page = '# A b\n# A b\n## `x`, y\n[one](a.md#b "t") `[no](b.md)` ![two](<c.png>)\n'
    page += "```\n[no](d.md)\n```\n[r]: e.md\n"
    assert links(page) == ["a.md#b", "c.png", "e.md"]
    assert anchors(page) == {"a-b", "a-b-1", "x-y"}


def test_architecture_names_every_folder_of_the_package() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    folders = {path.relative_to(SOURCE).parts[0] for path in files() if SOURCE in path.parent.parents}
    assert folders
    assert not {folder for folder in folders if f"{folder}/" not in text}


def test_contributing_says_what_each_folder_of_tests_asks() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    folders = {path.relative_to(ROOT).parts[1] for path in files() if ROOT / "tests" in path.parent.parents}
    assert not {folder for folder in folders if f"`tests/{folder}`" not in text}


def test_dev_explains_every_verb_and_the_pages_use_no_other() -> None:
    shown = subprocess.run([ROOT / "dev", "help"], capture_output=True, text=True, check=True).stdout
    explained = set(VERB.findall(shown))
    understood = set(re.findall(r"^  ([a-z]+)(?: \| [^)]+)?\) ", (ROOT / "dev").read_text(), re.MULTILINE))
    assert explained == understood
    used = {(name(page), verb) for page, text in pages() for verb in VERB.findall(text)}
    assert used
    assert not {(page, verb) for page, verb in used if verb not in explained}


def test_shell_scripts_parse() -> None:
    for shell, script in (("sh", "dev"), ("bash", ".ci/run")):
        checked = subprocess.run([shell, "-n", ROOT / script], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
