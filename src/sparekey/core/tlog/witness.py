"""Witnesses: others who saw that a log only grew (C2SP tlog-cosignature; spec/log.md section 8)."""

from __future__ import annotations

from dataclasses import dataclass

from sparekey.core import crypto
from sparekey.core.codec import Value
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.messages.fields import Fields
from sparekey.core.tlog.note import KeyType, Note, NoteSignature, VerifierKey, read_verifier_key

WITNESSES_LIMIT = 16
"""Witnesses that a policy may name."""

_TIME_LENGTH = 8
_TIME_LIMIT = (1 << 63) - 1
_KEY_TEXT_LIMIT = 320


@dataclass(frozen=True)
class WitnessPolicy:
    """Which witnesses count, and how many of them must have cosigned. Raises InputError (`witness-policy`).

    With `needed` 0 a file without cosignatures passes: misuse is then detected, not prevented. Nobody counts
    twice: no two witnesses share a key.
    """

    witnesses: tuple[VerifierKey, ...] = ()
    needed: int = 0

    def __post_init__(self) -> None:
        keys = {witness.public for witness in self.witnesses}
        if (
            len(keys) != len(self.witnesses)
            or len(keys) > WITNESSES_LIMIT
            or not 0 <= self.needed <= len(keys)
        ):
            raise _bad_policy()
        if any(witness.type is not KeyType.COSIGNATURE for witness in self.witnesses):
            raise _bad_policy()

    def check(self, note: Note) -> tuple[tuple[str, int], ...]:
        """Which of the witnesses cosigned, and when, in Unix seconds by their clock.

        Raises UntrustedError: `log-witnesses` when too few did, `signature` when what stands in the name of
        one of them is not its cosignature.
        """
        times = ((witness.name, cosigned_at(note, witness)) for witness in self.witnesses)
        seen = tuple((name, time) for name, time in times if time is not None)
        if len(seen) < self.needed:
            raise UntrustedError(
                "log-witnesses", f"{len(seen)} of {self.needed} needed witnesses saw this in the recovery log"
            )
        return seen

    @property
    def value(self) -> Value:
        """The policy as a map for a trust file: how many are needed, and the witnesses' keys as text."""
        fields: dict[int, Value] = {1: self.needed}
        if self.witnesses:
            fields[2] = [witness.text for witness in self.witnesses]
        return fields


def read_witness_policy(fields: Fields) -> WitnessPolicy:
    """Read what `WitnessPolicy.value` wrote. Raises InputError."""
    needed = fields.number(1, 0, WITNESSES_LIMIT)
    texts = fields.items(2, WITNESSES_LIMIT) if fields.has(2) else []
    fields.end()
    return WitnessPolicy(tuple(_read_key(text) for text in texts), needed)


def cosign(text: str, name: str, private: bytes, time: int) -> NoteSignature:
    """A witness's signature over a checkpoint's text, at `time` in Unix seconds, which is never 0."""
    key = VerifierKey(name, KeyType.COSIGNATURE, crypto.signing_public(private))
    return NoteSignature(
        name, key.id, time.to_bytes(_TIME_LENGTH, "big") + crypto.sign(private, _timed(text, time))
    )


def cosigned_at(note: Note, witness: VerifierKey) -> int | None:
    """When this witness cosigned, at the latest, or None when it did not. Raises UntrustedError."""
    times = []
    for body in note.bodies(witness):
        time = int.from_bytes(body[:_TIME_LENGTH], "big")
        if not 0 < time <= _TIME_LIMIT:
            raise UntrustedError("signature", "the signature does not belong to this content")
        crypto.check_signature(witness.public, _timed(note.text, time), body[_TIME_LENGTH:])
        times.append(time)
    return max(times, default=None)


def _timed(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _read_key(value: Value) -> VerifierKey:
    if not isinstance(value, str) or len(value) > _KEY_TEXT_LIMIT:
        raise _bad_policy()
    return read_verifier_key(value)


def _bad_policy() -> InputError:
    return InputError("witness-policy", "the witnesses are not named in a way that can be kept")
