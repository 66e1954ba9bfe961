"""Every vector in `vectors/` says what the readers do, and each bad one fails for its own reason."""

from __future__ import annotations

import pytest

from sparekey.core.codec import decode, encode
from sparekey.core.codes import code_from_bits, from_base32, read_code, read_number, to_base32
from sparekey.core.errors import SparekeyError
from sparekey.core.mailing import is_expired
from sparekey.core.messages.armour import FileKind, unwrap
from sparekey.core.messages.link import check_prefix, read_link
from sparekey.core.messages.request import MailBody, Request, open_mail, read_request
from sparekey.core.messages.trust import Purpose, Trust, newer, read_trust
from tests.vectors import make
from tests.vectors.blocks import FAMILIES, VECTORS, Block, cases, diagnostic, given, load, octets, unquoted

each = pytest.mark.parametrize


def named(block: Block) -> str:
    return block["name"]


def fails(block: Block, error: pytest.ExceptionInfo[SparekeyError]) -> bool:
    """Whether it failed as the vector says: right family, right reason."""
    return type(error.value) is FAMILIES[block["expect"]] and error.value.slug == block["slug"]


@each("topic", make.TOPICS)
def test_the_file_is_what_its_generator_makes(topic: str) -> None:
    made = make.text(topic)
    kept = (VECTORS / f"{topic}.txt").read_text(encoding="utf-8")
    assert kept == made, "python -m tests.vectors.make writes vectors/ anew"


@each("topic", make.TOPICS)
def test_every_vector_has_its_own_name_and_every_failure_its_reason(topic: str) -> None:
    blocks = [block for block in load(topic) if "expect" in block]
    assert len({block["name"] for block in blocks}) == len(blocks)
    assert {block["expect"] for block in blocks} <= {"ok", "malformed", "untrusted", "refused"}
    assert all(("slug" in block) == (block["expect"] != "ok") for block in blocks)


@each("block", cases("cbor", expect="ok"), ids=named)
def test_cbor_is_read_and_written_again(block: Block) -> None:
    data = octets(block["bytes"])
    assert diagnostic(decode(data)) == block["means"]
    assert encode(decode(data)) == data


@each("block", cases("cbor", expect="malformed"), ids=named)
def test_T14_cbor_of_another_form_is_refused(block: Block) -> None:
    with pytest.raises(SparekeyError) as error:
        decode(octets(block["bytes"]))
    assert fails(block, error)


@each("block", cases("codes", read="code", expect="ok"), ids=named)
def test_codes_are_read(block: Block) -> None:
    code = read_code(unquoted(block["text"]))
    assert code.text == block["code"]
    assert code.bits == int(block["bits"])
    assert code_from_bits(code.bits) == code


@each("block", cases("codes", expect="malformed"), ids=named)
def test_T14_what_is_no_code_number_or_base_32_is_refused(block: Block) -> None:
    reader = {"code": read_code, "number": read_number, "base32": from_base32}[block["read"]]
    with pytest.raises(SparekeyError) as error:
        reader(unquoted(block["text"]))
    assert fails(block, error)


@each("block", cases("codes", read="number", expect="ok"), ids=named)
def test_numbers_are_read(block: Block) -> None:
    assert read_number(unquoted(block["text"])) == unquoted(block["text"])


@each("block", cases("codes", read="base32", expect="ok"), ids=named)
def test_base_32_is_read_and_written_again(block: Block) -> None:
    text, data = unquoted(block["text"]), octets(block["bytes"])
    assert from_base32(text) == data
    assert to_base32(data) == text


def opened(block: Block) -> tuple[Request, MailBody]:
    request = read_request(octets(block["bytes"]))
    return request, open_mail(request, octets(given("requests")["desk-private"]))


def told(request: Request, body: MailBody) -> Block:
    """What a request says, as a vector does."""
    header = request.header
    said = {"hash": request.hash.hex(), "kind": header.kind.name.lower(), "desk": header.desk.hex()}
    said |= {"key": header.key.hex(), "serial": header.identity.serial, "model": header.identity.model}
    said |= {"firmware": header.identity.firmware, "number": header.number, "tls": header.tls.hex()}
    said |= {"valid": str(header.valid)} | ({} if header.made is None else {"made": str(header.made)})
    said |= {"code": body.code.text, "addresses": " ".join(body.addresses), "locale": body.locale}
    said |= {"account": body.account}
    return said | ({} if body.ticket is None else {"ticket": body.ticket.hex()})


@each("block", cases("requests", expect="ok"), ids=named)
def test_requests_open_and_say_what_they_say(block: Block) -> None:
    said = told(*opened(block))
    wanted = {
        key: value
        for key, value in block.items()
        if key not in {"name", "bytes", "expect", "first-seen", "now"}
    }
    assert said == (wanted if "kind" in wanted else said | wanted)


@each("block", cases("requests", expect="malformed"), ids=named)
def test_T14_what_is_no_request_is_refused(block: Block) -> None:
    with pytest.raises(SparekeyError) as error:
        read_request(octets(block["bytes"]))
    assert fails(block, error)


@each("block", cases("requests", expect="untrusted"), ids=named)
def test_T01_an_altered_request_reads_and_does_not_open(block: Block) -> None:
    request = read_request(octets(block["bytes"]))
    with pytest.raises(SparekeyError) as error:
        open_mail(request, octets(given("requests")["desk-private"]))
    assert fails(block, error)


@each("block", [block for block in cases("requests") if "now" in block], ids=named)
def test_T12_the_desk_answers_until_the_time_is_over(block: Block) -> None:
    request, _ = opened(block)
    late = is_expired(request.header, int(block["first-seen"]), int(block["now"]))
    assert late == (block["expect"] == "refused")


@each("block", cases("links", read="link", expect="ok"), ids=named)
def test_links_are_read(block: Block) -> None:
    assert read_link(unquoted(block["text"])).hash.hex() == block["hash"]


@each("block", cases("links", read="prefix", expect="ok"), ids=named)
def test_prefixes_are_taken(block: Block) -> None:
    assert check_prefix(unquoted(block["text"])) == unquoted(block["text"])


@each("block", cases("links", expect="malformed"), ids=named)
def test_T14_what_is_no_link_or_prefix_is_refused(block: Block) -> None:
    reader = {"link": read_link, "prefix": check_prefix}[block["read"]]
    with pytest.raises(SparekeyError) as error:
        reader(unquoted(block["text"]))
    assert fails(block, error)


@each("block", cases("armour", expect="ok"), ids=named)
def test_files_are_read(block: Block) -> None:
    assert unwrap(FileKind(block["file"]), unquoted(block["text"])) == octets(block["bytes"])


@each("block", cases("armour", expect="malformed"), ids=named)
def test_T14_a_damaged_file_is_refused(block: Block) -> None:
    with pytest.raises(SparekeyError) as error:
        unwrap(FileKind(block["file"]), unquoted(block["text"]))
    assert fails(block, error)


def taken(block: Block) -> Trust:
    root = octets(given("trust")["root-public"])
    trust = read_trust(octets(block["bytes"]), root)
    return newer(read_trust(octets(block["held"]), root), trust) if "held" in block else trust


@each("block", cases("trust", expect="ok"), ids=named)
def test_trust_files_are_read(block: Block) -> None:
    trust = taken(block)
    assert trust.desk.hex() == block["desk"]
    assert trust.name == unquoted(block["desk-name"])
    assert trust.prefix == block["prefix"]
    assert trust.version == int(block["version"])
    assert trust.sealing_key(Purpose.MAIL).hex() == block["sealing-key"]


@each("block", [*cases("trust", expect="malformed"), *cases("trust", expect="untrusted")], ids=named)
def test_T13_another_trust_file_is_refused(block: Block) -> None:
    with pytest.raises(SparekeyError) as error:
        taken(block).sealing_key(Purpose.MAIL)
    assert fails(block, error)
