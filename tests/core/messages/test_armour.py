from __future__ import annotations

import pytest

from sparekey.core.errors import InputError
from sparekey.core.messages.armour import ARMOUR_LIMIT, FileKind, unwrap, wrap


@pytest.mark.parametrize("kind", FileKind)
@pytest.mark.parametrize("length", [0, 1, 47, 48, 49, 4096])
def test_what_is_wrapped_is_unwrapped(kind: FileKind, length: int) -> None:
    text = wrap(kind, bytes(length), {"Device": "PX-3216"})
    assert unwrap(kind, text) == bytes(length)
    assert all(len(line) <= 64 for line in text.splitlines())
    assert text.splitlines()[1] == "Device: PX-3216"
    assert text.isascii()


def test_T14_a_file_that_is_too_large_is_not_looked_at() -> None:
    text = wrap(FileKind.REQUEST, b"data", {})
    fits = text + " " * (ARMOUR_LIMIT - len(text))
    assert unwrap(FileKind.REQUEST, fits) == b"data"
    with pytest.raises(InputError, match="oversize"):
        unwrap(FileKind.REQUEST, fits + " ")


def test_T14_what_it_tells_is_not_believed() -> None:
    text = wrap(FileKind.REQUEST, b"data", {"Device": "another one", "-----END SPAREKEY TRUST FILE-----": ""})
    assert unwrap(FileKind.REQUEST, text) == b"data"
