"""The rows that no process can show: what is proved on paper (B02), and that every standard has its proof (B12).

Both read the checkout that this program runs from. Where it is installed without one, they are skipped and say so.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sparekey.demo.verdicts import OK, failed, skipped
from sparekey.profiles.standards import standards

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKOUT = Path(__file__).resolve().parents[3]
MODELS = Path("formal", "check")
CONFORMITY = Path("docs", "ref", "conformity.md")

_LIMIT = 600
"""Seconds for all models and all breaks; they take less than ten."""
_NO_VERIFIER = 77
_ROW = re.compile(r"^\| ([\w.-]+) \|.*$", re.MULTILINE)
_TEST = re.compile(r"\[`(test_\w+)`\]\(\.\./\.\./(tests/[\w/]+\.py)\)")


def formal(checkout: Path = CHECKOUT) -> str:
    """B02: ProVerif finds every claim as it is stated, and every protocol that was broken on purpose is caught."""
    if not (checkout / MODELS).is_file():
        return skipped("the models are not beside this program")
    command = [sys.executable, str(checkout / MODELS)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LIMIT)
    except subprocess.TimeoutExpired:
        return failed(f"no verdict in {_LIMIT} s")
    if done.returncode == _NO_VERIFIER:
        return skipped("there is no ProVerif here")
    bad = [line for line in done.stdout.splitlines() if line.startswith("NOT OK")]
    return OK if done.returncode == 0 else failed(bad[0] if bad else "the verifier said nothing")


def conformity(checkout: Path = CHECKOUT) -> str:
    """B12: every requirement that is said to be met names tests, and each of them is there. A page that names one that
    is not there has to be caught.
    """
    if not (checkout / CONFORMITY).is_file():
        return skipped("the tests are not beside this program")
    page = (checkout / CONFORMITY).read_text("utf-8")
    if why := unproved(page, checkout):
        return failed(why)
    broken = _TEST.sub(r"[`\1_is_not_there`](../../\2)", page, count=1)
    return OK if unproved(broken, checkout) else failed("a test that is not there was taken for a proof")


def unproved(page: str, checkout: Path) -> str:
    """What the first requirement is that says it is met and is not proved; empty when there is none."""
    missing = [name for name, file in _TEST.findall(page) if f"def {name}(" not in _text(checkout / file)]
    if missing:
        return f"there is no {missing[0]}"
    for standard in standards():
        section = page.partition(f"## {standard.title}\n")[2].partition("\n## ")[0]
        rows = {match[1]: match[0] for match in _ROW.finditer(section)}
        for requirement in standard.requirements:
            if requirement.claimed and not _TEST.search(rows.get(requirement.id, "")):
                return f"{standard.mark(requirement)} names no test"
    return ""


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


PROOFS: tuple[tuple[str, Callable[[], str]], ...] = (("B02", formal), ("B12", conformity))
"""Row -> what gives its verdict."""
