"""Messages as text."""

from __future__ import annotations

import pytest

from sparekey.core.codes import from_base32, to_base32
from sparekey.core.errors import InputError


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"", ""), (b"\x00", "00"), (b"\xff", "ZW"), (b"sparekey", "EDR62WK5DDJQJ"), (bytes(700), "0" * 1120)],
)
def test_bytes_have_one_text(data: bytes, text: str) -> None:
    assert to_base32(data)[: len(text)] == text
    assert from_base32(to_base32(data)) == data


def test_long_texts_go_in_pieces() -> None:
    data = bytes(range(256)) * 8
    assert from_base32(to_base32(data)) == data


@pytest.mark.parametrize("text", ["0", "000", "0U", "0o", "ZZ", "000000", "é0"])
def test_what_no_writer_writes_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="base32"):
        from_base32(text)


@pytest.mark.parametrize("count", [640, 645, 1280, 2000])
def test_long_data_that_is_cut_in_pieces_keeps_every_bit(count: int) -> None:
    data = b"\xff" * count
    text = to_base32(data)
    assert text[:-1] == "Z" * (len(text) - 1)
    assert from_base32(text) == data
