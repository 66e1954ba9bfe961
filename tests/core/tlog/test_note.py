"""Signed notes and the keys that sign them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core.crypto import signing_public
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.tlog.note import (
    NAME_LIMIT,
    NOTE_LIMIT,
    SIGNATURES_LIMIT,
    KeyType,
    Note,
    NoteSignature,
    VerifierKey,
    check_note,
    read_note,
    read_verifier_key,
    sign_text,
)
from tests.core.tlog.orchard import LOG_PRIVATE, LOG_PUBLIC, OTHER_PRIVATE

TEXT = "one line\n\nanother, with an accent: é\n"
NAME = "desk.example.com/log"
KEY = VerifierKey(NAME, KeyType.ED25519, LOG_PUBLIC)
SIGNED = sign_text(TEXT, NAME, LOG_PRIVATE)
STRANGER = sign_text(TEXT, "stranger.example.com", OTHER_PRIVATE)
NOTE = Note(TEXT, (SIGNED,))
LINE = SIGNED.line + "\n"


def untrusted(note: Note, *keys: VerifierKey) -> str:
    with pytest.raises(UntrustedError) as caught:
        check_note(note, keys)
    return caught.value.slug


def test_a_note_is_read_as_it_was_written() -> None:
    note = NOTE.signed_too(STRANGER)
    assert note.encoded == f"{TEXT}\n{LINE}{STRANGER.line}\n".encode()
    assert read_note(note.encoded) == note
    assert check_note(note, [KEY]) == (KEY,)


@pytest.mark.parametrize("text", ["\n", "\n\n", "a\n\n", "— x y\n\n— x AAAA\n", "\u2028\x7f\x85\n"])
def test_any_text_that_ends_its_line_can_be_signed(text: str) -> None:
    note = Note(text, (sign_text(text, NAME, LOG_PRIVATE),))
    assert read_note(note.encoded) == note
    assert check_note(read_note(note.encoded), [KEY]) == (KEY,)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        TEXT.encode(),
        f"{TEXT}\n".encode(),
        f"{TEXT}{LINE}".encode(),
        f"{TEXT}\n{LINE}"[:-1].encode(),
        f"{TEXT}\n{LINE}\n".encode(),
        f"{TEXT}\n{LINE}one more line\n".encode(),
        f"{TEXT}\n{LINE.replace('—', '-')}".encode(),
        f"{TEXT}\n{LINE.replace('— ', '—')}".encode(),
        f"{TEXT}\n{LINE.replace(NAME, NAME + ' ')}".encode(),
        f"{TEXT}\n{LINE.replace(NAME, 'bad name')}".encode(),
        f"{TEXT}\n{LINE.replace(NAME, 'bad+name')}".encode(),
        (TEXT + "\n" + LINE.replace(NAME, "bad\u2003name")).encode(),
        f"{TEXT}\n{LINE.replace(NAME, '')}".encode(),
        f"{TEXT}\n{LINE.replace(NAME, 'n' * (NAME_LIMIT + 1))}".encode(),
        f"{TEXT}\n{LINE.rstrip()} \n".encode(),
        f"{TEXT}\n— {NAME}\n".encode(),
        f"{TEXT}\n— {NAME} \n".encode(),
        f"{TEXT}\n— {NAME} AAA\n".encode(),
        f"{TEXT}\n— {NAME} AAAAAA==\n".encode(),
        f"{TEXT}\n— {NAME} AAAAAAB=\n".encode(),
        f"{TEXT}\n— {NAME} AAAA-AAA\n".encode(),
        f"{TEXT}\n— {NAME} éAAAAAAA\n".encode(),
        f"a\ttab\n\n{LINE}".encode(),
        f"a return\r\n\n{LINE}".encode(),
        f"a zero\x00\n\n{LINE}".encode(),
        b"\xff" + NOTE.encoded,
        b"\xed\xa0\x80" + NOTE.encoded,
        (TEXT + "\n" + LINE * (SIGNATURES_LIMIT + 1)).encode(),
        ("x" * NOTE_LIMIT + "\n\n" + LINE).encode(),
    ],
)
def test_what_is_no_note_is_refused(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_note(data)
    assert caught.value.slug == "note"


@pytest.mark.parametrize("text", ["", "no end", "tab\t\n", "half a character \ud800\n"])
def test_what_could_not_be_read_back_cannot_be_built(text: str) -> None:
    with pytest.raises(InputError):
        Note(text, (SIGNED,))
    with pytest.raises(InputError):
        Note(TEXT, ())
    with pytest.raises(InputError):
        Note("x" * NOTE_LIMIT + "\n", (SIGNED,))


@pytest.mark.parametrize("changes", [{"name": ""}, {"name": "\ud800"}, {"key": b"123"}, {"body": b""}])
def test_a_signature_line_has_all_its_parts(changes: dict[str, object]) -> None:
    with pytest.raises(InputError):
        replace(SIGNED, **changes)  # type: ignore[arg-type]  # wrong on purpose


def test_as_many_signatures_are_read_as_the_format_asks_for() -> None:
    longest = NoteSignature("post.example.com/quantum", b"1234", bytes(4_700))
    note = NOTE.signed_too(*[longest] * 15)
    assert check_note(read_note(note.encoded), [KEY]) == (KEY,)


@pytest.mark.meets("asvs-9.1.3")
def test_T15_nobody_whom_we_trust_signed() -> None:
    assert untrusted(NOTE) == "note-unsigned"
    assert untrusted(Note(TEXT, (STRANGER,)), KEY) == "note-unsigned"
    assert untrusted(Note(TEXT, (replace(SIGNED, name="other.example.com"),)), KEY) == "note-unsigned"
    assert untrusted(Note(TEXT, (replace(SIGNED, key=STRANGER.key),)), KEY) == "note-unsigned"


def test_T15_a_note_with_a_wrong_signature_of_a_known_key_is_refused_whole() -> None:
    other = VerifierKey("stranger.example.com", KeyType.ED25519, signing_public(OTHER_PRIVATE))
    broken = replace(STRANGER, body=SIGNED.body)
    assert check_note(NOTE.signed_too(STRANGER), [KEY, other]) == (KEY, other)
    assert check_note(NOTE.signed_too(broken), [KEY]) == (KEY,)
    assert untrusted(NOTE.signed_too(broken), KEY, other) == "signature"
    assert untrusted(NOTE.signed_too(replace(SIGNED, body=SIGNED.body[:-1])), KEY) == "signature"
    assert untrusted(replace(NOTE, text=TEXT + "more\n"), KEY) == "signature"


def test_a_key_is_read_as_it_was_written() -> None:
    for key in (KEY, replace(KEY, type=KeyType.COSIGNATURE)):
        assert read_verifier_key(key.text) == key
    assert KEY.id != replace(KEY, type=KeyType.COSIGNATURE).id != replace(KEY, name="other").id


@pytest.mark.meets("asvs-9.1.2")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        KEY.text.replace("+", "-"),
        KEY.text + "=",
        KEY.text[:-4],
        KEY.text.upper(),
        KEY.text.replace(NAME, ""),
        KEY.text.replace(NAME, "two words"),
        KEY.text.replace(NAME, "other.example.com"),
        f"{NAME}+{KEY.id.hex()}+",
        f"{NAME}+{KEY.id.hex()}+AQ==",
        f"{NAME}+{KEY.id.hex()}+AR==",
        f"{NAME}+{KEY.id.hex()}+BgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_verifier_key(text)
    assert caught.value.slug == "note-key"
