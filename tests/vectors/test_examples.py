"""Every worked example in the spec is computed again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sparekey.core import crypto, keys, mailing
from sparekey.core.admission import Right, Role
from sparekey.core.budget import Budget, stopped
from sparekey.core.case import File, Proposal, challenge, item
from sparekey.core.codec import decode, encode
from sparekey.core.codes import (
    ALPHABET,
    check_character,
    code_from_bits,
    from_base32,
    number_from_entropy,
    read_code,
    read_saved,
    to_base32,
)
from sparekey.core.crypto import Argon2Cost
from sparekey.core.device import MustSet
from sparekey.core.evidence import Remedy
from sparekey.core.messages.armour import FileKind, kind_of, unwrap, wrap
from sparekey.core.messages.header import bound
from sparekey.core.messages.link import check_prefix
from sparekey.core.messages.request import Header, Kind, MailBody, open_mail, read_request
from sparekey.core.messages.trust import Purpose, Trust, read_trust, sign_trust
from sparekey.core.methods import questions
from sparekey.core.methods.security_code import Spoken, code_of_day
from sparekey.core.methods.spoken import read_spoken, spoken_text
from sparekey.core.model import Model, Since
from sparekey.core.record import Age, Ask, Record
from sparekey.core.values import Face, Identity, MethodName, Moment
from sparekey.device.recordings.encrypted import EncryptedRecordings
from sparekey.device.recordings.port import Media
from sparekey.host.snapshot import freeze
from tests.vectors import hpke
from tests.vectors.blocks import Block, diagnostic, octets, unquoted
from tests.vectors.desk import ephemeral
from tests.vectors.pages import SPEC, examples

REQUESTS = examples("requests")
OTHERWISE = {"security", "log", "accounts"}
"""No examples, or such as other tests read."""


@pytest.mark.parametrize("name", sorted({path.stem for path in SPEC.glob("*.md")} - OTHERWISE))
def test_every_page_has_an_example(name: str) -> None:
    assert examples(name)


def test_every_example_is_checked_somewhere() -> None:
    named = {block for path in SPEC.glob("*.md") for block in examples(path.stem)}
    checks = "".join(
        path.read_text(encoding="utf-8") for path in Path(__file__).parents[1].rglob("test_*.py")
    )
    assert not {name for name in named if f'"{name}"' not in checks}


def test_readme() -> None:
    assert crypto.sha256(b"") == octets(examples("README")["sha256 of nothing"]["bytes"])


def test_a_map() -> None:
    block = REQUESTS["a map"]
    assert diagnostic(decode(octets(block["bytes"]))) == block["means"]


def header(block: Block) -> Header:
    return Header(
        Kind.MAIL,
        octets(block["desk"]),
        octets(block["key"]),
        Identity(block["serial"], block["model"], block["firmware"]),
        block["number"],
        octets(block["tls"]),
        int(block["valid"]),
        int(block["made"]),
    )


def test_header() -> None:
    block = REQUESTS["header"]
    assert header(block).encoded == octets(block["bytes"])
    assert (
        header(block).info
        == bound(octets(block["bytes"]))
        == b"sparekey/1 request\x00" + octets(block["bytes"])
    )


def test_sealed_part() -> None:
    block, clear = REQUESTS["sealed part"], octets(REQUESTS["header"]["bytes"])
    private = octets(block["desk-private"])
    body = MailBody(
        code_from_bits(int(block["bits"])), (block["addresses"],), block["locale"], block["account"]
    )
    assert body.code.text == block["code"]
    assert body.encoded == octets(block["plain"])
    public = crypto.sealing_public(private)
    assert crypto.key_id(public) == octets(REQUESTS["header"]["key"])
    sealed = hpke.seal(public, bound(clear), body.encoded, ephemeral("worked example"))
    assert encode([clear, sealed]) == octets(block["request"])
    request = read_request(octets(block["request"]))
    assert request.header == header(REQUESTS["header"])
    assert open_mail(request, private) == body
    assert request.hash == octets(block["hash"])


def test_text_form() -> None:
    block = REQUESTS["text form"]
    assert to_base32(octets(block["bytes"])) == block["base32"]
    assert from_base32(block["base32"]) == octets(block["bytes"])
    assert check_prefix(block["prefix"]) + block["base32"] == block["text"]


def test_verifier() -> None:
    block = REQUESTS["verifier"]
    derived = crypto.derive(octets(block["device-key"]), "code verifier")
    assert derived == octets(block["derived"])
    told = f"{block['number']} {block['code']}".encode()
    assert crypto.mac(derived, told) == octets(block["verifier"])


def test_ticket_and_mail() -> None:
    block = REQUESTS["ticket and mail"]
    assert mailing.ticket(octets(block["ticket-key"]), block["serial"]) == octets(block["ticket"])
    name = mailing.message_id(octets(block["hash"]), block["address"], int(block["round"]), block["domain"])
    assert name == block["message-id"]


def pauses() -> list[int]:
    """What somebody waits who types as fast as he may until typed codes stop."""
    budget, now, found = Budget(MethodName.MAIL_CODE, Face.NETWORK), 0, []
    while not stopped((budget,), budget):
        pause = budget.waits(now)
        now += pause
        found += [pause] if pause else []
        budget = budget.count(now)
    return found


@pytest.mark.meets("asvs-2.1.3", "asvs-6.1.1", "etsi-5.1-5")
def test_T03_a_hundred_tries_take_thirteen_hours() -> None:
    block = REQUESTS["pauses"]
    assert [str(pause) for pause in pauses()] == block["pauses"].split()
    assert sum(pauses()) == int(block["hundred-tries-take"]) > 13 * 3600


def test_life() -> None:
    block = REQUESTS["life"]
    opened, dead = int(block["opened-age"]), int(block["dead-from-age"])
    ask = Ask(
        "7KM2Q4XZ", MethodName.MAIL_CODE, Face.SCREEN, "admin", b"", int(block["valid"]), opened, 0, None
    )
    for age in (dead - 1, dead):
        assert ask.expired(Age(), Moment(age, None, b"")) is (age == dead)


@pytest.mark.meets("etsi-5.4-4", "asvs-6.5.2", "nist-recovery-saved-stored")
def test_derived() -> None:
    block = REQUESTS["derived"]
    key, number, salt = octets(block["device-key"]), block["number"], octets(block["salt"])
    generation = int(block["generation"])
    assert keys.file_secret(key, number, salt) == octets(block["file-secret"])
    assert keys.key_secret(key, number, salt).text == block["key-secret"]
    assert keys.dated_key(key) == octets(block["k"])
    file = keys.saved_verifier(key, "key file", generation, octets(block["key-file-secret"]))
    assert file == octets(block["key-file-verifier"])
    sheet = keys.sheet_verifier(key, generation, read_saved(block["sheet"]), Argon2Cost())
    assert sheet == octets(block["sheet-verifier"])
    assert keys.log_id(key) == octets(block["log-id"])


def test_answers() -> None:
    block = REQUESTS["answers"]
    typed = json.loads(block["typed"])
    assert "".join(f"{len(part)}:{part}" for part in map(questions.normalise, typed)) == block["hashed"]
    assert questions.substance(typed) == int(block["substance"])
    cost = crypto.Argon2Cost(int(block["memory"]), int(block["passes"]), int(block["lanes"]))
    assert questions.hash_answers(typed, octets(block["salt"]), cost).result == octets(block["result"])
    assert crypto.hash_password(block["hashed"], octets(block["salt"]), cost).result == octets(
        block["result"]
    )


def test_security_code() -> None:
    block = REQUESTS["security code"]
    for mac, code in ((unquoted(block["mac"]), "code"), (block["behind-no-recorder"], "its-code")):
        spoken = Spoken(block["serial"], int(block["started"]), block["number"], mac)
        assert code_of_day(octets(block["k"]), spoken, int(block["day"])).text == block[code]


def test_read_out() -> None:
    block = REQUESTS["read out"]
    spoken = Spoken(block["serial"], int(block["started"]), block["number"], block["mac"])
    text = spoken_text(spoken, int(block["day"]))
    assert text.splitlines() == json.loads(block["lines"])
    assert read_spoken(text) == (spoken, int(block["day"]))


def test_spoken_hash() -> None:
    block = examples("support")["spoken hash"]
    spoken = Spoken(block["serial"], int(block["started"]), block["number"], block["mac"])
    assert spoken.hash == octets(block["hash"])


def test_decision() -> None:
    block = examples("support")["decision"]
    file = File(block["number"], block["serial"], octets(block["request"]), 0, delivery=block["delivery"])
    remedy = Remedy(block["remedy"])
    proposal = Proposal(remedy, "", int(block["expires"]), int(block["options"]), int(block["policy"]), 1, 0)
    assert item(file, proposal) == octets(block["item"])
    assert challenge([item(file, proposal)]) == octets(block["challenge"])


def test_admission() -> None:
    block = examples("support")["admission"]
    right = Right(block["number"], block["person"], octets(block["key"]), Role(block["role"]))
    assert right.kind == int(block["kind"])
    assert right.item == octets(block["item"])
    assert challenge([right.item]) == octets(block["challenge"])


def test_firmware() -> None:
    block = examples("profiles")["firmware"]
    method = MethodName(block["method"])
    model = Model("X", since=(Since(method, block["since"]),))
    for names, needs in ((block["older"], block["since"]), (block["not-older"], None)):
        for name in names.strip('"').split('" "'):
            assert model.needs_firmware(method, name) == needs


def test_check_character() -> None:
    block = examples("codes")["check character"]
    code = code_from_bits(int(block["bits"]))
    assert code.text == block["code"]
    assert code.shown == block["shown"]
    assert [str(ALPHABET.index(character)) for character in code.text[:-1]] == block["values"].split()
    products = [int(product) for product in block["products"].split()]
    weights = block["weights"].split()
    for place, product in enumerate(products):
        alone = ["0"] * 7
        alone[place] = code.text[place]
        assert ALPHABET.index(check_character("".join(alone))) == product
        alone[place] = "1"
        assert ALPHABET.index(check_character("".join(alone))) == int(weights[place])
    total = 0
    for product in products:
        total ^= product
    assert total == int(block["check"]) == ALPHABET.index(code.text[-1])


def test_folding() -> None:
    block = examples("codes")["folding"]
    assert read_code(unquoted(block["typed"])).text == block["code"]


def test_request_number() -> None:
    block = examples("codes")["request number"]
    assert number_from_entropy(octets(block["entropy"])) == block["number"]


def test_armour() -> None:
    block = examples("files")["armour"]
    kind, text = kind_of(unquoted(block["text"])), unquoted(block["text"])
    assert kind.value == block["kind"]
    eye, _, value = unquoted(block["eye"]).partition(": ")
    assert wrap(kind, octets(block["bytes"]), {eye: value}) == text
    assert unwrap(kind, text) == octets(block["bytes"])


def test_trust_file() -> None:
    block = examples("files")["trust file"]
    trust = Trust(
        octets(block["desk"]),
        block["desk-name"],
        block["prefix"],
        int(block["version"]),
        ((Purpose.MAIL, (octets(block["mail-key"]),)),),
        (octets(block["signing-key"]),),
    )
    assert trust.encoded == octets(block["content"])
    root = octets(block["root-private"])
    assert crypto.signing_public(root) == octets(block["root-public"])
    text = unquoted(block["text"])
    assert (
        wrap(FileKind.TRUST, sign_trust(trust, root), {"Desk": trust.name, "Version": block["version"]})
        == text
    )
    assert read_trust(unwrap(FileKind.TRUST, text), crypto.signing_public(root)) == trust


def test_the_first_state() -> None:
    assert freeze(MustSet(Record())) == octets(examples("state")["the first state"]["bytes"])


def test_password() -> None:
    block = examples("profiles")["password"]
    cost = crypto.Argon2Cost(int(block["memory"]), int(block["passes"]), int(block["lanes"]))
    made = crypto.hash_password(block["password"], octets(block["salt"]), cost)
    assert made.result == octets(block["result"])


def test_kept_secret() -> None:
    block = examples("state")["kept secret"]
    key = keys.keeping_key(octets(block["device-key"]), block["kind"])
    place = "\n".join((block["kind"], block["row"], block["field"])).encode()
    kept = crypto.lock(key, octets(block["nonce"]), place, block["plain"].encode())
    assert kept == octets(block["bytes"])
    assert crypto.unlock(key, place, kept) == block["plain"].encode()


def test_segment(tmp_path: Path) -> None:
    block = examples("state")["segment"]

    class Dice:
        def bytes(self, count: int) -> bytes:
            return octets(block[{8: "digits", 12: "nonce", 32: "segment-key"}[count]])

    (tmp_path / "key").touch(mode=0o600)
    (tmp_path / "key").write_bytes(octets(block["recordings-key"]))
    kept = EncryptedRecordings(tmp_path / "all", tmp_path / "key", Dice())
    started, seconds, content = int(block["started"]), int(block["seconds"]), block["content"].encode()
    kept.write(block["camera"], started, seconds, Media(block["media"]), content)
    assert (tmp_path / "all" / f"{block['digits']}.segment").read_bytes() == octets(block["bytes"])
