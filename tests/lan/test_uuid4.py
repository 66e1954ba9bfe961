"""Names are those that the standard library would give."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from sparekey.lan.discovery.uuid4 import uuid4


@given(st.binary(min_size=16, max_size=16))
def test_a_name_is_the_standard_librarys(data: bytes) -> None:
    assert uuid4(data) == str(uuid.UUID(bytes=data, version=4))
