"""What the guide and the specification tell a firmware engineer is what the device does."""

from __future__ import annotations

import builtins
import json
import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sparekey.core.crypto import Argon2Cost, hash_password
from sparekey.core.errors import UnavailableError
from sparekey.device.accounts import command, program
from sparekey.device.accounts.phc import phc, read_phc
from sparekey.testing.power import PowerCutError, PowerSwitch
from tests.ports.accounts_bench import GUIDE, NEW, ROOT, guides_program, process

CHEAP = Argon2Cost(8, 1, 1)
OLD_HASH, NEW_HASH = (phc(hash_password(password, bytes(16), CHEAP)) for password in ("old", "new"))


def specification() -> str:
    (page,) = (ROOT / "spec").rglob("accounts.md")
    return page.read_text(encoding="utf-8")


def rows(page: str, heading: str) -> dict[str, str]:
    """The table under the row that begins with this heading: first cell without backquotes, and the rest."""
    _, _, after = page.partition(f"| {heading} |")
    table = after.split("\n\n")[0].splitlines()[2:]
    return {cells[1].strip(" `"): "|".join(cells[2:]) for cells in (line.split("|") for line in table)}


def test_the_examples_of_the_specification_hold_for_the_guides_program(tmp_path: Path) -> None:
    maker = process(tmp_path)
    dialogue = re.findall(r"^> (.+)\n< (.+)$", specification(), re.MULTILINE)
    assert len(dialogue) == 5
    for question, answer in dialogue:
        assert json.loads(maker.ask(question.encode() + b"\n")) == json.loads(answer)
    shown = json.loads(dialogue[2][1])["hash"]
    assert read_phc(shown) == hash_password(NEW, bytes(range(16)), CHEAP)


def test_the_kept_password_of_the_specification_is_one() -> None:
    (text,) = re.findall(r"^\$argon2id\$v=19\$m=19456.+$", specification(), re.MULTILINE)
    assert read_phc(text) == hash_password(NEW, bytes(range(16)), Argon2Cost())


def test_both_tables_name_the_same_questions() -> None:
    asked = set(rows(specification(), "operation"))
    assert asked == {"verify", "shown", "set", "revoke", "list", "erase"}
    assert set(rows(GUIDE.read_text(encoding="utf-8"), "question")) == asked


def test_the_guide_explains_every_word_of_the_log() -> None:
    words = {program.MISSING, program.SLOW, program.FAILED, program.GARBLED, command.UNCERTAIN}
    assert set(rows(GUIDE.read_text(encoding="utf-8"), "word")) == words


@pytest.mark.meets("asvs-2.3.2", "asvs-15.1.3")
def test_the_numbers_of_the_specification_are_those_of_the_program() -> None:
    page = specification()
    assert f"at most {program.ANSWER_LIMIT:,} bytes" in page
    assert f"| {program.ANSWER_SECONDS} seconds from" in page
    assert f"at most {command.PASSWORD_LIMIT:,} characters" in page
    assert f"at most {command.NAMES_LIMIT:,} names" in page
    assert all(f"`{name}={value}`" in page for name, value in program.ENVIRONMENT.items())


@pytest.mark.parametrize(
    "question",
    ['{"version": 2, "operation": "list"}', '{"version": 1, "operation": "reboot"}', "{}", "", "garbage"],
)
def test_the_guides_program_does_not_answer_what_it_does_not_know(question: str, tmp_path: Path) -> None:
    with pytest.raises(UnavailableError) as error:
        process(tmp_path).ask(question.encode())
    assert error.value.slug == program.FAILED


def test_the_guides_program_works_as_hard_for_a_stranger(tmp_path: Path) -> None:
    verified: list[str] = []
    names = definitions()

    def verify(kept: str | None, _password: str) -> bool:
        verified.append(kept or names["NOBODY"])
        return False

    names["verify"] = verify
    for name in ("admin", "stranger"):
        names["answer"]({"operation": "verify", "name": name, "password": "x"}, str(tmp_path / "a.json"))
    assert len(verified) == 2
    assert read_phc(names["NOBODY"]).cost == Argon2Cost(), "the cost that the device makes hashes at"


def definitions() -> dict[str, Any]:
    """The names that the guide's program defines."""
    names: dict[str, Any] = {"__name__": "guide"}
    exec(guides_program(), names)
    return names


def test_power_cut_at_every_step_of_the_guides_save(tmp_path: Path) -> None:
    """Whole or not at all: every call that reaches the disk is an instant."""
    whole = saved(tmp_path, PowerSwitch())
    assert whole[-6:] == [
        "after w",
        "after fsync",
        "after replace",
        "after open",
        "after fsync",
        "after close",
    ]
    for cut_at in range(1, 2 * len(whole) + 1):
        switch = PowerSwitch(cut_at)
        with pytest.raises(PowerCutError):
            saved(tmp_path, switch)
        kept = json.loads((tmp_path / "accounts.json").read_text(encoding="utf-8"))
        replaced = "after replace" in switch.names
        assert kept == {"admin": NEW_HASH if replaced else OLD_HASH}, switch.names[-1]


def saved(folder: Path, switch: PowerSwitch) -> list[str]:
    """Set a password with the guide's program in a fresh folder; the calls that were done."""
    for left in folder.iterdir():
        left.unlink()
    path = folder / "accounts.json"
    path.write_text(json.dumps({"admin": OLD_HASH}), encoding="utf-8")
    names = definitions()
    names["os"], names["open"] = watched(switch)
    names["answer"]({"operation": "set", "name": "admin", "hash": NEW_HASH}, str(path))
    return [name for name in switch.names if name.startswith("after")]


def watched(switch: PowerSwitch) -> tuple[SimpleNamespace, Any]:
    """The operating system with an instant around every call that reaches the disk."""

    def around(name: str, call: Any) -> Any:
        def called(*arguments: Any, **options: Any) -> Any:
            switch.instant(f"before {name}")
            made = call(*arguments, **options)
            try:
                switch.instant(f"after {name}")
            except PowerCutError:
                if hasattr(made, "close"):
                    made.close()
                raise
            return made

        return called

    calls = {name: around(name, getattr(os, name)) for name in ("fsync", "replace", "open", "close")}
    system = SimpleNamespace(path=os.path, O_RDONLY=os.O_RDONLY, **calls)

    def opened(file: str, mode: str = "r", **options: Any) -> Any:
        return around(mode, builtins.open)(file, mode, **options)

    return system, opened
