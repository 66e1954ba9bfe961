"""`[accounts]` in `device.toml`."""

from __future__ import annotations

import pytest

from sparekey.core.errors import InputError
from sparekey.device.accounts.choice import AccountSettings, Kind, check, open_store
from sparekey.host.config import parse
from sparekey.testing.clock import FixedClock
from tests.ports.accounts_bench import GUIDE, Matcher


def read(text: str) -> AccountSettings:
    settings = parse(text, AccountSettings, "device.toml")
    check(settings, "device.toml")
    return settings


def test_without_a_word_the_device_keeps_them_itself() -> None:
    assert read("") == AccountSettings(Kind.EMBEDDED, ())
    assert not open_store(read(""), Matcher(), FixedClock()).external


@pytest.mark.meets("asvs-1.2.5")
def test_a_program_with_its_arguments() -> None:
    settings = read('store = "command"\ncommand = ["/usr/libexec/accounts", "--quiet"]')
    assert settings.command == ("/usr/libexec/accounts", "--quiet")
    assert open_store(settings, Matcher(), FixedClock()).external


def test_the_guides_settings_are_good() -> None:
    (table,) = GUIDE.read_text(encoding="utf-8").split("```toml\n[accounts]\n")[1:]
    assert read(table.partition("```")[0]).store is Kind.COMMAND


@pytest.mark.parametrize(
    "text",
    [
        'store = "linux"',
        'store = "command"',
        'store = "command"\ncommand = []',
        'store = "command"\ncommand = "/usr/libexec/accounts"',
        'store = "command"\ncommand = ["accounts"]',
        'store = "command"\ncommand = ["./accounts"]',
        'store = "command"\ncommand = [""]',
        'store = "command"\ncommand = ["/bin/a\\u0000b"]',
        'command = ["/usr/libexec/accounts"]',
        "timeout = 5",
    ],
)
def test_anything_else_is_told_with_its_place(text: str) -> None:
    with pytest.raises(InputError) as error:
        read(text)
    assert error.value.slug == "config"
    assert error.value.hint.startswith("device.toml: ")
