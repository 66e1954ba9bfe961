from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import pytest

from sparekey.core.errors import InputError, UnavailableError
from sparekey.host.config import CONFIG_LIMIT, load, parse


class Mode(Enum):
    FAST = "fast"
    SLOW = "slow"


@dataclass(frozen=True)
class Door:
    port: int
    host: str = "localhost"


@dataclass(frozen=True)
class Settings:
    name: str
    mode: Mode = Mode.FAST
    keys: Path = Path("keys")
    quiet: bool = False
    names: tuple[str, ...] = ()
    doors: tuple[Door, ...] = ()
    main: Door = field(default_factory=lambda: Door(1))
    other: Door | None = None
    file: Path | None = None

    def __post_init__(self) -> None:
        if self.name == "forbidden":
            raise InputError("bad-name", "not this one")


def said(text: str) -> str:
    with pytest.raises(InputError) as error:
        parse(text, Settings, "test.toml")
    assert error.value.slug == "config"
    assert error.value.hint.startswith("test.toml: ")
    return error.value.hint.removeprefix("test.toml: ")


@pytest.mark.meets("asvs-15.3.5")
def test_everything_is_read() -> None:
    text = """
    name = "n"
    mode = "slow"
    keys = "/k"
    quiet = true
    names = ["a", "b"]
    doors = [{ port = 1 }, { port = 2, host = "h" }]
    file = "f"
    [main]
    port = 3
    [other]
    port = 4
    """
    assert parse(text, Settings, "x") == Settings(
        "n", Mode.SLOW, Path("/k"), True, ("a", "b"), (Door(1), Door(2, "h")), Door(3), Door(4), Path("f")
    )


def test_what_is_left_out_takes_its_default() -> None:
    assert parse("name = 'n'", Settings, "x") == Settings("n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the setting name is missing"),
        ("name = 'n'\n[main]", "the setting main.port is missing"),
        ("name = 'n'\n[main]\nport = 1\nprot = 2", "there is no setting main.prot; known are port, host"),
        ("name = 'n'\nnmae = 1", "there is no setting nmae; known are name, mode, keys"),
        ("name = 1", "name must be a text"),
        ("name = 'n'\nmode = 'medium'", "mode must be one of fast, slow"),
        ("name = 'n'\nmode = ['fast']", "mode must be one of fast, slow"),
        ("name = 'n'\nkeys = 1", "keys must be a path"),
        ("name = 'n'\nfile = 1", "file must be a path"),
        ("name = 'n'\nquiet = 'yes'", "quiet must be true or false"),
        ("name = 'n'\nquiet = 1", "quiet must be true or false"),
        ("name = 'n'\nnames = 'a'", "names must be a list"),
        ("name = 'n'\nnames = ['a', 1]", "names[1] must be a text"),
        ("name = 'n'\ndoors = [{ port = 1 }, { port = true }]", "doors[1].port must be a whole number"),
        ("name = 'n'\ndoors = [1]", "doors[0] must be a table"),
        ("name = 'n'\nmain = 1", "main must be a table"),
        ("name = 'n'\nother = []", "other must be a table"),
        ("name = 'n'\n[main]\nport = 1.0", "main.port must be a whole number"),
        ("name = 'n'\n[main]\nport = 2026-01-01", "main.port must be a whole number"),
        ("name = ", ""),
        ("name = 'n'\nname = 'm'", ""),
        ("x = " + "[" * 50_000, "lists or tables nested too deeply"),
        ("x = " + "9" * 5000, ""),
    ],
)
def test_an_error_names_the_line_that_is_wrong(text: str, told: str) -> None:
    assert said(text).startswith(told)


def test_a_settings_own_objection_comes_through() -> None:
    with pytest.raises(InputError, match="bad-name"):
        parse("name = 'forbidden'", Settings, "x")


def test_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("name = 'Příklad'", encoding="utf-8")
    assert load(path, Settings).name == "Příklad"


def test_files_that_cannot_be_read_say_so(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"no-config: cannot read .*: No such file"):
        load(tmp_path / "none.toml", Settings)
    with pytest.raises(UnavailableError, match="no-config: cannot read"):
        load(tmp_path, Settings)
    path = tmp_path / "a.toml"
    path.write_bytes(b"name = '\xff'")
    with pytest.raises(InputError, match="is not a text in UTF-8"):
        load(path, Settings)
    path.write_bytes(b"#" * CONFIG_LIMIT + b"#")
    with pytest.raises(InputError, match="is too large"):
        load(path, Settings)
    path.write_bytes(b"name = 'n'" + b" " * (CONFIG_LIMIT - 10))
    assert load(path, Settings).name == "n"
