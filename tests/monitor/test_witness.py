"""A witness: what it cosigns, what it refuses, and what it remembers."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path

import pytest

from sparekey.core import crypto
from sparekey.core.errors import UnavailableError
from sparekey.core.tlog.note import KeyType, VerifierKey, read_note
from sparekey.core.tlog.witness import cosigned_at
from sparekey.monitor import memory
from sparekey.monitor.keys import by_keys
from sparekey.monitor.witness import Reply, Witness
from sparekey.testing.clock import FixedClock
from tests.monitor.published import KEY_TEXT, ORIGIN, Published

NAME = "witness.example.com/north"
PRIVATE = b"\x11" * 32
PUBLIC = VerifierKey(NAME, KeyType.COSIGNATURE, crypto.signing_public(PRIVATE))


def witness(folder: Path) -> Witness:
    return Witness(NAME, PRIVATE, {ORIGIN: by_keys([KEY_TEXT])}, folder, FixedClock())


def submission(log: Published, old: int, proof: int | None = None) -> bytes:
    path = log.growth(old if proof is None else proof) if (proof or old) else ()
    lines = [f"old {old}", *(b64encode(one).decode() for one in path), "", ""]
    return "\n".join(lines).encode() + log.note().encoded


def cosigned(log: Published, reply: Reply) -> bool:
    assert reply.status == 200, reply
    note = read_note(log.note().text.encode() + b"\n" + reply.body.encode())
    return cosigned_at(note, PUBLIC) == FixedClock().wall()


def test_what_only_grows_is_cosigned_also_after_a_restart(tmp_path: Path) -> None:
    sizes = [0, 3, 3, 256, 300]
    for old, new in zip([0, *sizes], sizes, strict=False):
        log = Published(new)
        assert cosigned(log, witness(tmp_path).add_checkpoint(submission(log, old)))


def test_who_starts_elsewhere_is_told_where(tmp_path: Path) -> None:
    seen = witness(tmp_path)
    seen.add_checkpoint(submission(Published(3), 0))
    log = Published(9)
    assert seen.add_checkpoint(submission(log, 0)) == Reply(409, "3\n")
    assert seen.add_checkpoint(submission(log, 5)) == Reply(409, "3\n")
    assert cosigned(log, seen.add_checkpoint(submission(log, 3)))


def test_T16_a_fork_is_not_cosigned_and_kept_as_evidence(tmp_path: Path) -> None:
    seen = witness(tmp_path)
    assert cosigned(Published(300), seen.add_checkpoint(submission(Published(300), 0)))
    assert seen.add_checkpoint(submission(Published(301, past=1), 300)).status == 422
    assert seen.add_checkpoint(submission(Published(300, past=1), 300)).status == 409
    (evidence,) = tmp_path.glob("fork-*.note")
    assert read_note(evidence.read_bytes()) == Published(300, past=1).note()
    assert seen.add_checkpoint(submission(Published(200), 300, proof=1)).status == 400
    assert cosigned(Published(301), seen.add_checkpoint(submission(Published(301), 300)))


def test_unknown_logs_and_keys_are_refused(tmp_path: Path) -> None:
    log, seen = Published(3), witness(tmp_path)
    assert seen.add_checkpoint(b"old 0\n\n" + log.note(b"\x02" * 32).encoded).status == 403
    other = log.note().encoded.replace(ORIGIN.encode(), b"other.example.com/log")
    assert seen.add_checkpoint(b"old 0\n\n" + other).status == 404


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"old",
        b"old -1",
        b"new 0",
        b"old 0 0",
        "old ٣".encode(),
        b"old 0\n%%%",
        b"old " + b"9" * 20,
        b"old 0\nAAAA" * 70,
    ],
)
def test_T14_what_is_no_submission_is_refused(tmp_path: Path, head: bytes) -> None:
    seen = witness(tmp_path)
    assert seen.add_checkpoint(head + b"\n\n" + Published(1).note().encoded).status in (400, 422)
    assert seen.add_checkpoint(b"old 0").status == 400
    assert list(tmp_path.iterdir()) == []


def test_a_needless_proof_is_no_proof(tmp_path: Path) -> None:
    assert witness(tmp_path).add_checkpoint(submission(Published(3), 0, proof=2)).status == 422


def test_nothing_is_cosigned_that_cannot_be_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise UnavailableError("disk", "full")

    monkeypatch.setattr(memory, "write", full)
    with pytest.raises(UnavailableError):
        witness(tmp_path).add_checkpoint(submission(Published(3), 0))
    monkeypatch.undo()
    assert witness(tmp_path).add_checkpoint(submission(Published(3), 2)) == Reply(409, "0\n")


def test_the_line_is_the_form_that_others_read(tmp_path: Path) -> None:
    reply = witness(tmp_path).add_checkpoint(submission(Published(3), 0))
    assert re.fullmatch(r"— witness\.example\.com/north [A-Za-z0-9+/]+={0,2}\n", reply.body)
