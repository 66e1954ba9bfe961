from __future__ import annotations

import pytest

from sparekey.core.errors import InputError
from sparekey.core.values import Identity, Moment, Secret, account_name, label, mail_address, mask

GOOD = [
    "owner@example.com",
    "o@e.cz.example.com",
    "first.last+tag@mail.example.com",
    "!#$%&'*+/=?^_`{|}~-@example.com",
    "owner@xn--bcher-kva.example.com",
    "a" * 52 + "@example.com",
]
BAD = [
    "",
    "@",
    "owner",
    "owner@",
    "@example.com",
    "owner@example",
    "owner@" + "-example.com",
    "owner@" + "example-.com",
    "owner@example..com",
    "owner@.example.com",
    "owner@example.com.",
    "owner@192.0.2.1",
    "owner@[192.0.2.1]",
    ".owner@example.com",
    "owner.@example.com",
    "ow..ner@example.com",
    '"owner"@example.com',
    "own er@example.com",
    "owner@exam ple.com",
    "owner@example.com\nBcc: other@example.com",
    "own\r\ner@example.com",
    "owner@example.com, other@example.com",
    "owner@other@example.com",
    "<owner@example.com>",
    "Owner <owner@example.com>",
    "\u00f6wner@example.com",
    "owner@ex\u00e4mple.com",
    "a" * 53 + "@example.com",
    "owner@" + "a-" * 29 + "b",
]


@pytest.mark.parametrize("address", GOOD)
def test_addresses_are_taken(address: str) -> None:
    assert mail_address(address) == address


@pytest.mark.meets("asvs-2.2.1")
@pytest.mark.parametrize("address", BAD)
def test_T05_what_is_no_plain_address_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="bad-address"):
        mail_address(address)


@pytest.mark.meets("asvs-1.1.1")
def test_an_address_is_trimmed_and_its_domain_lowered() -> None:
    assert mail_address("  First.Last@Mail.EXAMPLE.com\n") == "First.Last@mail.example.com"


@pytest.mark.meets("asvs-14.2.6")
@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("jane@example.com", "j***@ex***.com"),
        ("j@" + "e.com", "j***@e***.com"),
        ("jane.doe@mail.example.com", "j***@ma***.com"),
    ],
)
def test_an_address_is_masked(address: str, masked: str) -> None:
    assert mask(address) == masked


@pytest.mark.meets("asvs-14.2.6")
def test_T06_a_masked_address_keeps_its_length_to_itself() -> None:
    assert mask("jane@example.com") == mask("j" + "x" * 40 + "@ex" + "y" * 9 + ".com")


@pytest.mark.meets("asvs-1.3.3", "asvs-2.2.1")
@pytest.mark.parametrize("text", ["PX-3216", "a", "x" * 24, "N/A 1.0_b"])
def test_labels_are_taken(text: str) -> None:
    assert label("model", text, 24) == text


@pytest.mark.meets("asvs-1.3.3", "asvs-2.2.1")
@pytest.mark.parametrize("text", ["", "x" * 25, "PX\n", "PX;1", "<b>", "PX\u00e9", "\uff30X", "PX\x00"])
def test_other_labels_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="bad-model"):
        label("model", text, 24)


@pytest.mark.parametrize(
    ("identity", "slug"),
    [
        (("", "m", "f"), "bad-serial"),
        (("s" * 49, "m", "f"), "bad-serial"),
        (("s", "m" * 25, "f"), "bad-model"),
        (("s", "m", "f" * 25), "bad-firmware"),
    ],
)
def test_a_device_cannot_be_called_just_anything(identity: tuple[str, str, str], slug: str) -> None:
    with pytest.raises(InputError, match=slug):
        Identity(*identity)


def test_account_names() -> None:
    assert account_name("the.admin_1-x") == "the.admin_1-x"
    for name in ("", "a" * 33, "a b", "a\n", "\u00e9", "a/b"):
        with pytest.raises(InputError, match="bad-account"):
            account_name(name)


def test_T02_no_secret_shows_in_a_repr() -> None:
    assert repr(Secret("hunter2")) == "Secret(...)"
    assert "6b6b6b" not in repr(Moment(1, None, b"kkk" * 10))
    assert "kkk" not in repr(Moment(1, None, b"kkk" * 10))
