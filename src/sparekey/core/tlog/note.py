"""Signed notes: a text and the signatures under it (C2SP signed-note; spec/log.md section 6)."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from sparekey.core import crypto
from sparekey.core.errors import InputError, UntrustedError

NOTE_LIMIT = 128 * 1024
"""Bytes of a whole note, at most: room for 16 of the longest signatures that C2SP foresees."""
SIGNATURES_LIMIT = 32
"""Signatures under a note, at most, those of unknown keys included."""
NAME_LIMIT = 255
"""Bytes of a key's name."""
SIGNATURE_ID_LENGTH = 4

_UNFIT = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_VERIFIER = re.compile(r"(?P<name>[^+]+)\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/]+={0,2})")
_DASH = "\u2014 "


class KeyType(IntEnum):
    """What a key signs: the note's text, or its text at a time, as a witness (C2SP tlog-cosignature)."""

    ED25519 = 1
    COSIGNATURE = 4


@dataclass(frozen=True)
class VerifierKey:
    """A key that may sign notes: its name, its type, its 32 public bytes. Raises InputError (`note-key`)."""

    name: str
    type: KeyType
    public: bytes

    def __post_init__(self) -> None:
        if len(self.public) != crypto.KEY_LENGTH or not _good_name(self.name):
            raise InputError("note-key", "a key has a name without spaces or plus signs, and 32 bytes")

    @property
    def id(self) -> bytes:
        """The four bytes by which its signatures are found. Not a proof of anything."""
        return crypto.sha256(self.name.encode() + b"\n" + self._typed)[:SIGNATURE_ID_LENGTH]

    @property
    def text(self) -> str:
        """The key as people pass it on: `name+id+key`."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self._typed).decode()}"

    @property
    def _typed(self) -> bytes:
        return bytes([self.type]) + self.public


@dataclass(frozen=True)
class NoteSignature:
    """One line under a note. `key`: the four bytes of the key's id. `body`: what follows them."""

    name: str
    key: bytes
    body: bytes

    def __post_init__(self) -> None:
        if not _good_name(self.name) or len(self.key) != SIGNATURE_ID_LENGTH or not self.body:
            raise _malformed()

    @property
    def line(self) -> str:
        """The line, without its end."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key + self.body).decode()}"


@dataclass(frozen=True)
class Note:
    """A text, which ends with a line end, and 1 to 32 signatures. Raises InputError (`note`).

    The text means nothing before a signature has been checked.
    """

    text: str
    signatures: tuple[NoteSignature, ...]

    def __post_init__(self) -> None:
        if not self.text.endswith("\n") or _UNFIT.search(self.text):
            raise _malformed()
        if not 0 < len(self.signatures) <= SIGNATURES_LIMIT or len(self.encoded) > NOTE_LIMIT:
            raise _malformed()

    @property
    def encoded(self) -> bytes:
        """The note's bytes."""
        return "".join([self.text, "\n", *(f"{signature.line}\n" for signature in self.signatures)]).encode()

    def bodies(self, key: VerifierKey) -> tuple[bytes, ...]:
        """What stands under the note in the name of this key; not checked."""
        wanted = (key.name, key.id)
        return tuple(one.body for one in self.signatures if (one.name, one.key) == wanted)

    def signed_too(self, *signatures: NoteSignature) -> Note:
        """The same note with more signatures under it."""
        return replace(self, signatures=self.signatures + signatures)


def read_verifier_key(text: str) -> VerifierKey:
    """Read `name+id+key`. Raises InputError (`note-key`), also when the id is not the key's own."""
    found = _VERIFIER.fullmatch(text)
    typed = _from_base64(found["key"]) if found else None
    if found is None or not typed or typed[0] not in list(KeyType):
        raise InputError("note-key", "this is not a key that the recovery log uses")
    key = VerifierKey(found["name"], KeyType(typed[0]), typed[1:])
    if key.id.hex() != found["id"]:
        raise InputError("note-key", "the key is damaged: its parts do not belong together")
    return key


def read_note(data: bytes) -> Note:
    """Take a note apart; no signature is checked. Raises InputError (`note`)."""
    if len(data) > NOTE_LIMIT:
        raise _malformed()
    try:
        whole = data.decode()
    except UnicodeDecodeError:
        raise _malformed() from None
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise _malformed()
    listed = lines.removesuffix("\n").split("\n")
    return Note(text + "\n", tuple(_read_line(line) for line in listed[: SIGNATURES_LIMIT + 1]))


def sign_text(text: str, name: str, private: bytes) -> NoteSignature:
    """Sign a note's text with an Ed25519 key. Raises InputError (`note-key`) for a name no key may have."""
    key = VerifierKey(name, KeyType.ED25519, crypto.signing_public(private))
    return NoteSignature(name, key.id, crypto.sign(private, text.encode()))


def check_note(note: Note, keys: Sequence[VerifierKey]) -> tuple[VerifierKey, ...]:
    """The keys that signed, one at least. Signatures of other keys are passed over. `keys` are of type
    ED25519.

    Raises UntrustedError: `note-unsigned` when none of the keys signed, `signature` when what stands in the
    name of one of them is not its signature; the others do not help then.
    """
    signers = []
    for key in keys:
        bodies = note.bodies(key)
        for body in bodies:
            crypto.check_signature(key.public, note.text.encode(), body)
        if bodies:
            signers.append(key)
    if not signers:
        raise UntrustedError("note-unsigned", "nobody signed this whom this device trusts")
    return tuple(signers)


def _read_line(line: str) -> NoteSignature:
    name, _, text = line.removeprefix(_DASH).partition(" ")
    raw = _from_base64(text)
    if not line.startswith(_DASH) or raw is None:
        raise _malformed()
    return NoteSignature(name, raw[:SIGNATURE_ID_LENGTH], raw[SIGNATURE_ID_LENGTH:])


def _from_base64(text: str) -> bytes | None:
    """The bytes, or None unless this is the one normal form of some (RFC 4648 section 4)."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:  # binascii.Error is one, and so is text beyond ASCII
        return None
    return raw if base64.b64encode(raw).decode() == text else None


def _good_name(name: str) -> bool:
    return (
        bool(name)
        and "+" not in name
        and not any(character.isspace() for character in name)
        and _UNFIT.search(name) is None
        and len(name.encode()) <= NAME_LIMIT
    )


def _malformed() -> InputError:
    return InputError("note", "this is not a signed note, or it is damaged")
