from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core.codec import encode
from sparekey.core.crypto import key_id, sha256, sign
from sparekey.core.errors import UntrustedError
from sparekey.core.messages.trust import TRUST_LIMIT, Purpose, newer, read_trust, sign_trust
from tests.vectors.desk import DESK_PUBLIC, ROOT_PRIVATE, ROOT_PUBLIC, TRUST

SECOND = sha256(b"second")


def test_what_is_signed_is_read() -> None:
    full = replace(TRUST, revoked=(bytes(8),), signing=(bytes(32), SECOND))
    for trust in (TRUST, full):
        assert read_trust(sign_trust(trust, ROOT_PRIVATE), ROOT_PUBLIC) == trust


def test_the_largest_file_fits() -> None:
    keys = tuple(sha256(bytes([place])) for place in range(4))
    large = replace(
        TRUST,
        name="n" * 64,
        prefix="HTTPS://" + "A" * 85 + "/R/",
        version=1 << 32,
        sealing=((Purpose.MAIL, keys),),
        signing=keys,
        revoked=tuple(key_id(bytes([place])) for place in range(64)),
    )
    data = sign_trust(large, ROOT_PRIVATE)
    assert len(data) <= TRUST_LIMIT
    assert read_trust(data, ROOT_PUBLIC) == large


def test_T13_the_signature_is_looked_at_before_the_content() -> None:
    with pytest.raises(UntrustedError, match="signature"):
        read_trust(encode([b"\xff no CBOR", bytes(64)]), ROOT_PUBLIC)


@pytest.mark.meets("asvs-9.1.2")
def test_T13_a_signature_for_something_else_is_none() -> None:
    other = sign(ROOT_PRIVATE, b"sparekey/1 other\x00" + TRUST.encoded)
    with pytest.raises(UntrustedError, match="signature"):
        read_trust(encode([TRUST.encoded, other]), ROOT_PUBLIC)


def test_the_first_key_that_is_not_revoked_seals() -> None:
    two = replace(TRUST, sealing=((Purpose.MAIL, (SECOND, DESK_PUBLIC)),))
    assert two.sealing_key(Purpose.MAIL) == SECOND
    assert replace(two, revoked=(key_id(SECOND),)).sealing_key(Purpose.MAIL) == DESK_PUBLIC
    for none in (replace(two, revoked=(key_id(SECOND), key_id(DESK_PUBLIC))), replace(TRUST, sealing=())):
        with pytest.raises(UntrustedError, match="no-key"):
            none.sealing_key(Purpose.MAIL)


def test_T13_versions_only_rise_and_desks_never_change() -> None:
    held = replace(TRUST, version=5)
    for version in (5, 6):
        offered = replace(held, version=version)
        assert newer(held, offered) is offered
    with pytest.raises(UntrustedError, match="older-trust"):
        newer(held, replace(held, version=4))
    with pytest.raises(UntrustedError, match="other-desk"):
        newer(held, replace(held, version=6, desk=bytes(8)))
