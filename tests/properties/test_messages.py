"""What is written is read again, and has one form only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.core.codec import encode
from sparekey.core.crypto import key_id, signing_public
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.messages.armour import FileKind, unwrap, wrap
from sparekey.core.messages.link import link, read_link
from sparekey.core.messages.request import Header, MailBody, open_mail, read_request, seal_mail
from sparekey.core.messages.trust import Purpose, Trust, newer, read_trust, sign_trust
from sparekey.core.values import mail_address, mask
from tests.properties.strategies import ADDRESSES, BODIES, HEADERS, KEYS, TRUSTS
from tests.vectors.desk import DESK_PRIVATE, DESK_PUBLIC, PREFIX, ROOT_PRIVATE, ROOT_PUBLIC


@given(HEADERS, BODIES)
def test_a_request_goes_all_the_way(header: Header, body: MailBody) -> None:
    made = seal_mail(header, body, DESK_PUBLIC)
    assert read_request(made.encoded) == made
    text = link(PREFIX, made)
    for carried in (
        text,
        text.lower(),
        text.rpartition("/")[2],
        "\n ".join(text[at : at + 60] for at in range(0, len(text), 60)),
    ):
        assert read_link(carried) == made
    assert read_request(unwrap(FileKind.REQUEST, wrap(FileKind.REQUEST, made.encoded, {}))) == made
    assert open_mail(made, DESK_PRIVATE) == body


@given(HEADERS, BODIES, st.data())
def test_T01_a_changed_request_never_opens(header: Header, body: MailBody, data: st.DataObject) -> None:
    encoded = bytearray(seal_mail(header, body, DESK_PUBLIC).encoded)
    place = data.draw(st.integers(0, len(encoded) - 1))
    encoded[place] ^= data.draw(st.integers(1, 255))
    try:
        opened = open_mail(read_request(bytes(encoded)), DESK_PRIVATE)
    except (InputError, UntrustedError):
        return
    raise AssertionError(f"opened: {opened}")


@given(HEADERS, HEADERS, BODIES)
def test_T01_a_sealed_part_belongs_to_one_header(one: Header, other: Header, body: MailBody) -> None:
    made = seal_mail(one, body, DESK_PUBLIC)
    mixed = read_request(encode([other.encoded, made.sealed]))
    try:
        open_mail(mixed, DESK_PRIVATE)
    except UntrustedError:
        assert one != other
    else:
        assert one == other


@given(TRUSTS)
def test_a_trust_file_is_read(trust: Trust) -> None:
    data = sign_trust(trust, ROOT_PRIVATE)
    assert (
        read_trust(unwrap(FileKind.TRUST, wrap(FileKind.TRUST, data, {"Desk": trust.name})), ROOT_PUBLIC)
        == trust
    )


@pytest.mark.meets("asvs-9.1.3")
@given(TRUSTS, KEYS)
def test_T13_a_trust_file_of_another_root_is_refused(trust: Trust, root: bytes) -> None:
    data = sign_trust(trust, root)
    if signing_public(root) == ROOT_PUBLIC:
        return
    try:
        read_trust(data, ROOT_PUBLIC)
    except UntrustedError:
        return
    raise AssertionError("a stranger's signature was taken")


@given(TRUSTS, TRUSTS)
def test_T13_what_is_held_never_goes_back(held: Trust, offered: Trust) -> None:
    try:
        taken = newer(held, offered)
    except UntrustedError:
        assert offered.desk != held.desk or offered.version <= held.version
        assert offered != held
    else:
        assert taken.desk == held.desk
        assert taken == held or taken.version > held.version


@given(TRUSTS)
def test_T13_no_revoked_key_seals(trust: Trust) -> None:
    try:
        key = trust.sealing_key(Purpose.MAIL)
    except UntrustedError:
        return
    assert key_id(key) not in trust.revoked


@given(
    st.binary(max_size=300),
    st.sampled_from(FileKind),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.text(" \t", max_size=3),
)
def test_armour_survives_the_mail(data: bytes, kind: FileKind, end: str, space: str) -> None:
    text = wrap(kind, data, {"Device": "PX-3216"})
    mailed = "Hello,\n\n" + text.replace("\n", f"{space}\n{space}") + "\nbye"
    assert unwrap(kind, mailed.replace("\n", end)) == data


@given(ADDRESSES)
def test_an_address_has_one_form_and_its_mask_hides_it(address: str) -> None:
    assert mail_address(address) == address
    assert mail_address(f" {address}\n") == address
    local, _, domain = address.partition("@")
    assert mask(address) == f"{local[0]}***@{domain.removesuffix('.com')[:2]}***.com"
