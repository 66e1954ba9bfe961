from __future__ import annotations

import pytest

from sparekey.core.messages.link import LINK_LIMIT, check_prefix, link, read_link
from sparekey.core.messages.request import REQUEST_LIMIT, read_request
from tests.vectors.desk import PREFIX, request

ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
"""What QR codes write in eleven bits for two (ISO/IEC 18004 section 7.4.4)."""


@pytest.mark.meets("asvs-1.2.2")
def test_a_link_stays_in_the_alphabet_of_the_qr_code() -> None:
    made = read_request(request("link"))
    text = link(PREFIX, made)
    assert set(text) <= ALPHANUMERIC
    assert text.startswith(PREFIX)
    assert read_link(text) == made


def test_the_longest_link_is_within_the_limit() -> None:
    longest = "HTTPS://" + "A" * 85 + "/R/"
    assert check_prefix(longest) == longest
    assert len(longest) + (REQUEST_LIMIT * 8 + 4) // 5 <= LINK_LIMIT
