"""Checkpoints, the witnesses under them, and the proof that a response file carries."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core.codec import Value, decode, encode
from sparekey.core.crypto import signing_public
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.messages.fields import Fields
from sparekey.core.tlog.checkpoint import (
    Checkpoint,
    check_consistency,
    log_key,
    open_checkpoint,
    read_checkpoint,
    sign_checkpoint,
)
from sparekey.core.tlog.note import KeyType, Note, VerifierKey, sign_text
from sparekey.core.tlog.path import consistency_path
from sparekey.core.tlog.proof import PROOF_LIMIT, Growth, Proof, check_proof, read_proof
from sparekey.core.tlog.tree import EMPTY_ROOT
from sparekey.core.tlog.witness import WitnessPolicy, cosign, cosigned_at, read_witness_policy
from tests.core.tlog.orchard import (
    LOG_PRIVATE,
    LOG_PUBLIC,
    NO_WITNESSES,
    ORIGIN,
    OTHER_PRIVATE,
    POLICY,
    TIME,
    WITNESSES,
    Log,
    issued,
    witness_key,
)

NORTH, SOUTH, WEST = WITNESSES
ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
TEXT = f"{ORIGIN}\n20852163\n{ROOT}\n"
LOG = Log().add(*(issued(number) for number in range(5)))
PROOF = LOG.proof(3)


def slug_of(error: pytest.ExceptionInfo[UntrustedError]) -> str:
    return error.value.slug


def untrusted(
    number: int, proof: Proof, known: Checkpoint | None = None, policy: WitnessPolicy = POLICY
) -> str:
    with pytest.raises(UntrustedError) as caught:
        check_proof(issued(number), proof, ORIGIN, [LOG_PUBLIC], policy, known)
    return caught.value.slug


# The checkpoint itself


@pytest.mark.parametrize("extensions", ["", "one more line\n", "one\nand another\n"])
def test_a_checkpoint_is_read_as_it_was_written(extensions: str) -> None:
    checkpoint = read_checkpoint(TEXT + extensions)
    assert (checkpoint.origin, checkpoint.size) == (ORIGIN, 20852163)
    assert checkpoint.text == TEXT + extensions


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        TEXT[:-1],
        TEXT + "\n",
        TEXT + "one\n\ntwo\n",
        "\n" + TEXT,
        TEXT.replace(ORIGIN, ""),
        TEXT.replace(ORIGIN, "n" * 256),
        TEXT.replace(ORIGIN, "tab\t"),
        TEXT.replace("20852163", ""),
        TEXT.replace("20852163", "-1"),
        TEXT.replace("20852163", "+1"),
        TEXT.replace("20852163", "0x1"),
        TEXT.replace("20852163", "01"),
        TEXT.replace("20852163", "1 "),
        TEXT.replace("20852163", "٣"),
        TEXT.replace("20852163", "9223372036854775808"),
        TEXT.replace("20852163", "0"),
        TEXT.replace(ROOT, ""),
        TEXT.replace(ROOT, ROOT[:-4]),
        TEXT.replace(ROOT, ROOT[:-1]),
        TEXT.replace(ROOT, ROOT[:-2] + "J="),
        TEXT.replace(ROOT, ROOT + "AAAA"),
        TEXT.replace(ROOT, "é" + ROOT),
        f"{ORIGIN}\n20852163\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_checkpoint(text)
    assert caught.value.slug == "checkpoint"


def test_the_empty_log_has_a_checkpoint_too() -> None:
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    assert read_checkpoint(empty.text) == empty == Log().checkpoint()


@pytest.mark.parametrize(
    "changes", [{"size": -1}, {"extensions": ("",)}, {"extensions": ("a\nb",)}, {"origin": "\ud800"}]
)
def test_what_could_not_be_read_back_cannot_be_built(changes: dict[str, object]) -> None:
    with pytest.raises(InputError):
        replace(LOG.checkpoint(), **changes)  # type: ignore[arg-type]  # wrong on purpose


def test_either_key_of_the_log_is_enough() -> None:
    checkpoint, other = LOG.checkpoint(), signing_public(OTHER_PRIVATE)
    both = sign_checkpoint(checkpoint, LOG_PRIVATE, OTHER_PRIVATE)
    for note, keys in (
        (both, [LOG_PUBLIC]),
        (both, [other]),
        (both, [other, LOG_PUBLIC]),
        (LOG.note(), [other, LOG_PUBLIC]),
    ):
        assert open_checkpoint(note, ORIGIN, keys) == checkpoint
    for note, keys in ((LOG.note(), [other]), (both, [])):
        with pytest.raises(UntrustedError) as caught:
            open_checkpoint(note, ORIGIN, keys)
        assert slug_of(caught) == "note-unsigned"


def test_T16_a_checkpoint_of_another_log_is_refused() -> None:
    text = replace(LOG.checkpoint(), origin="other.example.com/log").text
    note = Note(text, (sign_text(text, ORIGIN, LOG_PRIVATE),))
    with pytest.raises(UntrustedError) as caught:
        open_checkpoint(note, ORIGIN, [LOG_PUBLIC])
    assert slug_of(caught) == "log-origin"


def test_a_log_key_signs_nothing_but_checkpoints() -> None:
    note = Note("hello\n", (sign_text("hello\n", ORIGIN, LOG_PRIVATE),))
    with pytest.raises(InputError):
        open_checkpoint(note, ORIGIN, [LOG_PUBLIC])
    with pytest.raises(InputError):
        log_key("desk of ours", LOG_PUBLIC)


# Witnesses


def test_a_cosignature_says_when() -> None:
    note = LOG.note([NORTH], TIME + 7)
    assert cosigned_at(note, witness_key(NORTH)) == TIME + 7
    assert cosigned_at(note, witness_key(SOUTH)) is None
    later = cosign(note.text, NORTH, WITNESSES[NORTH], TIME + 9)
    assert cosigned_at(note.signed_too(later), witness_key(NORTH)) == TIME + 9


def test_enough_witnesses_are_those_that_the_policy_needs() -> None:
    assert POLICY.check(LOG.note([NORTH, WEST])) == ((NORTH, TIME + 1), (WEST, TIME + 1))
    assert len(POLICY.check(LOG.note(WITNESSES))) == 3
    assert NO_WITNESSES.check(LOG.note()) == ()
    for too_few in ([], [NORTH], [NORTH, NORTH]):
        with pytest.raises(UntrustedError) as caught:
            POLICY.check(LOG.note(too_few))
        assert slug_of(caught) == "log-witnesses"


def test_T15_a_witness_whose_signature_is_wrong_spoils_the_note() -> None:
    note = LOG.note([NORTH, SOUTH])
    text = note.text
    good = cosign(text, WEST, WITNESSES[WEST], TIME)
    for bad in (
        replace(good, body=(TIME + 1).to_bytes(8, "big") + good.body[8:]),
        replace(good, body=bytes(8) + good.body[8:]),
        replace(good, body=b"\x80" + good.body[1:]),
        replace(good, body=good.body[:8]),
        replace(good, body=good.body[:5]),
        replace(good, body=good.body + b"\x00"),
        replace(cosign(text + "an extension\n", WEST, WITNESSES[WEST], TIME)),
        cosign(text, WEST, OTHER_PRIVATE, TIME),
    ):
        named = replace(bad, key=good.key)
        with pytest.raises(UntrustedError) as caught:
            POLICY.check(note.signed_too(named))
        assert slug_of(caught) == "signature"


def test_a_plain_signature_of_a_witness_is_no_cosignature() -> None:
    note = LOG.note([NORTH])
    plain = sign_text(note.text, SOUTH, WITNESSES[SOUTH])
    with pytest.raises(UntrustedError) as caught:
        POLICY.check(note.signed_too(plain))
    assert slug_of(caught) == "log-witnesses"


def test_a_witness_policy_is_read_as_it_was_written() -> None:
    for policy in (POLICY, NO_WITNESSES, replace(POLICY, needed=0)):
        assert read_witness_policy(Fields(decode(encode(policy.value)), "witness policy")) == policy


@pytest.mark.parametrize(
    ("witnesses", "needed"),
    [
        ((), 1),
        ((), -1),
        ((witness_key(NORTH),), 2),
        ((witness_key(NORTH), witness_key(NORTH)), 1),
        ((witness_key(NORTH), replace(witness_key(NORTH), name="the.same/under-another-name")), 2),
        ((replace(witness_key(NORTH), type=KeyType.ED25519),), 1),
        (tuple(VerifierKey("w", KeyType.COSIGNATURE, bytes([n]) * 32) for n in range(17)), 1),
    ],
)
def test_T15_nobody_counts_twice_as_a_witness(witnesses: tuple[VerifierKey, ...], needed: int) -> None:
    with pytest.raises(InputError) as caught:
        WitnessPolicy(witnesses, needed)
    assert caught.value.slug == "witness-policy"


@pytest.mark.parametrize(
    "value",
    [
        {},
        {1: 17},
        {1: 0, 2: []},
        {1: 0, 2: [b"bytes"]},
        {1: 0, 2: ["x" * 321]},
        {1: 0, 2: ["no key"]},
        {1: 0, 3: 1},
    ],
)
def test_a_witness_policy_in_another_form_is_refused(value: Value) -> None:
    with pytest.raises(InputError):
        read_witness_policy(Fields(value, "witness policy"))


# Consistency of checkpoints


def test_T16_a_split_view_is_seen_by_whoever_remembers() -> None:
    old = LOG.checkpoint()
    longer = Log().add(*(issued(number) for number in range(9)))
    forked = Log().add(*(issued(number) for number in (0, 1, 2, 99, 4, 5, 6, 7, 8)))
    for log, honest in ((longer, True), (forked, False)):
        path = consistency_path(5, 9, log.grove.hash_at)
        if honest:
            check_consistency(old, log.checkpoint(), path)
            continue
        with pytest.raises(UntrustedError) as caught:
            check_consistency(old, log.checkpoint(), path)
        assert slug_of(caught) == "log-consistency"
    with pytest.raises(UntrustedError) as caught:
        check_consistency(longer.checkpoint(), old, ())
    assert slug_of(caught) == "log-older"
    with pytest.raises(UntrustedError) as caught:
        check_consistency(old, replace(old, origin="other.example.com/log"), ())
    assert slug_of(caught) == "log-origin"


# The proof in a response file


def test_a_proof_is_read_as_it_was_written_and_holds() -> None:
    for proof in (PROOF, LOG.proof(3, since=2), LOG.proof(0, [])):
        assert read_proof(proof.encoded) == proof
    assert check_proof(issued(3), PROOF, ORIGIN, [LOG_PUBLIC], POLICY) == LOG.checkpoint()
    alone = Log().add(issued(0))
    assert check_proof(issued(0), alone.proof(0), ORIGIN, [LOG_PUBLIC], POLICY) == alone.checkpoint()
    assert read_proof(alone.proof(0).encoded).path == ()


def test_T15_desk_signs_in_secret_without_the_log_there_is_no_proof() -> None:
    assert untrusted(99, PROOF) == "log-inclusion"
    assert untrusted(3, replace(PROOF, index=2)) == "log-inclusion"
    assert untrusted(3, replace(PROOF, path=PROOF.path[:-1])) == "log-inclusion"
    secret = Log().add(issued(99))
    assert untrusted(99, secret.proof(0, [])) == "log-witnesses"
    assert untrusted(99, secret.proof(0, [NORTH])) == "log-witnesses"


def test_T15_without_witnesses_a_secret_log_is_only_detected() -> None:
    secret = Log().add(issued(99))
    assert (
        check_proof(issued(99), secret.proof(0, []), ORIGIN, [LOG_PUBLIC], NO_WITNESSES)
        == secret.checkpoint()
    )
    assert untrusted(99, secret.proof(0, []), LOG.checkpoint(), NO_WITNESSES) == "log-older"


def test_T16_tampered_checkpoints_are_refused() -> None:
    stranger = sign_checkpoint(LOG.checkpoint(), OTHER_PRIVATE)
    assert untrusted(3, replace(PROOF, note=stranger)) == "note-unsigned"
    larger = replace(PROOF.note, text=replace(LOG.checkpoint(), size=6).text)
    assert untrusted(3, replace(PROOF, note=larger)) == "signature"


def test_T16_the_device_demands_that_the_log_it_knows_only_grew() -> None:
    known = Log().add(issued(0), issued(1)).checkpoint()
    keys, now = [LOG_PUBLIC], LOG.checkpoint()
    assert check_proof(issued(3), LOG.proof(3, since=2), ORIGIN, keys, POLICY, known) == now
    assert check_proof(issued(3), PROOF, ORIGIN, keys, POLICY, now) == now
    assert check_proof(issued(3), LOG.proof(3, since=2), ORIGIN, keys, POLICY, now) == now
    assert check_proof(issued(3), PROOF, ORIGIN, keys, POLICY, Log().checkpoint()) == now
    assert untrusted(3, PROOF, known) == "log-growth"
    assert untrusted(3, LOG.proof(3, since=1), known) == "log-growth"
    assert untrusted(3, replace(PROOF, growth=Growth(2, ())), known) == "log-consistency"
    forked = Log().add(issued(0), issued(50)).checkpoint()
    assert untrusted(3, LOG.proof(3, since=2), forked) == "log-consistency"
    assert untrusted(3, PROOF, replace(now, root=forked.root)) == "log-consistency"
    longer = Log().add(*(issued(number) for number in range(6))).checkpoint()
    assert untrusted(3, PROOF, longer) == "log-older"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (1, 2),
        (2, -1),
        (2, (1 << 63) - 1),
        (3, bytes(31)),
        (3, bytes(32 * 65)),
        (4, b""),
        (4, b"no note"),
        (4, bytes(8 * 1024 + 1)),
        (5, 0),
        (5, None),
        (6, bytes(33)),
        (6, None),
        (7, 0),
    ],
)
def test_a_proof_in_another_form_is_refused(key: int, value: Value) -> None:
    decoded = decode(LOG.proof(3, since=2).encoded)
    assert isinstance(decoded, dict)
    changed = {**decoded, key: value}
    if value is None:
        del changed[key]
    with pytest.raises(InputError):
        read_proof(encode(changed))


def test_a_long_proof_is_not_even_looked_at() -> None:
    with pytest.raises(InputError) as caught:
        read_proof(bytes(PROOF_LIMIT + 1))
    assert caught.value.slug == "oversize"
