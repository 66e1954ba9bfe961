"""A connection that is kept, against servers that keep theirs, that hang up, and that say more than they should."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sparekey.core.crypto import tls_key_hash
from sparekey.core.errors import MisuseError, UnavailableError, UntrustedError
from sparekey.core.values import Secret
from sparekey.lan import line as lines
from sparekey.lan.http import Client, Consent, Request
from sparekey.lan.http_digest import Credential
from sparekey.lan.line import Line
from sparekey.testing.entropy import FixedEntropy
from tests.system.lan_camera import CERTIFICATE, OK, PASSWORD, Camera, guarded, play

ADMIN = Credential("admin", Secret(PASSWORD))
OPEN = Consent(cleartext=True)
ASKS, TELLS = Request("POST", body=b"question"), Request("POST", body=b"new password", secret=True)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"


@asynccontextmanager
async def kept(camera: Camera, credential: Credential | None = None) -> AsyncIterator[Client]:
    line = Line(camera.target(), keeps=True)
    try:
        yield Client(line.target, FixedEntropy(), credential=credential, consent=OPEN, line=line)
    finally:
        line.close()


def silent_from(number: int) -> Callable[[bytes], bytes]:
    """A camera that reads request `number`, and every one after it on that connection, and hangs up without a word."""
    heard = 0

    def answer(_request: bytes) -> bytes:
        nonlocal heard
        heard += 1
        if heard == number:
            raise ConnectionAbortedError
        return OK

    return answer


@pytest.mark.parametrize("answer", [OK, CHUNKED])
def test_a_connection_that_stays_open_is_used_again(answer: bytes) -> None:
    async def story(camera: Camera) -> None:
        async with kept(camera) as client:
            for _ in range(3):
                assert (await client.send(ASKS)).body == b"ok"
        assert (camera.met, len(camera.heard)) == (1, 3)
        assert b"Connection: keep-alive" in camera.heard[0]

    play(lambda _: answer, story, each=9)


def test_two_logins_and_a_challenge_go_over_one_connection() -> None:
    async def story(camera: Camera) -> None:
        line = Line(camera.target(), keeps=True)
        wrong = Credential("admin", Secret("wrong"))
        try:
            for login, status in ((ADMIN, 200), (wrong, 401)):
                client = Client(line.target, FixedEntropy(), credential=login, line=line)
                assert (await client.send(ASKS)).status == status
        finally:
            line.close()
        assert (camera.met, len(camera.heard)) == (1, 4), "and each credential is tried once"

    play(guarded('Digest realm="cam", nonce="{nonce}", qop="auth"'), story, each=9)


@pytest.mark.parametrize(
    "answer",
    [
        OK.replace(b"HTTP/1.1", b"HTTP/1.0"),
        OK.replace(b"Content", b"Connection: Close\r\nContent"),
        OK + b"and more",
        CHUNKED[:-2] + b"Trailer: x\r\n\r\n",
    ],
    ids=["HTTP/1.0", "it says so", "something behind the body", "a trailer"],
)
def test_T14_a_connection_that_may_be_out_of_step_is_not_used_again(answer: bytes) -> None:
    async def story(camera: Camera) -> None:
        async with kept(camera) as client:
            for _ in range(2):
                assert (await client.send(ASKS)).body == b"ok"
        assert camera.met == 2

    play(lambda _: answer, story, each=9)


def test_a_camera_that_hangs_up_without_saying_so_is_called_anew() -> None:
    async def story(camera: Camera) -> None:
        async with kept(camera) as client:
            for request in (ASKS, TELLS, TELLS):
                assert (await client.send(request)).status == 200
        assert camera.met == len(camera.heard) == 3

    play(lambda _: OK, story)


def test_a_question_without_an_answer_is_asked_once_more_and_a_secret_is_not() -> None:
    async def question(camera: Camera) -> None:
        async with kept(camera) as client:
            for _ in range(3):
                assert (await client.send(ASKS)).status == 200
        assert (camera.met, len(camera.heard)) == (3, 4), "from then on each call has its own connection"

    async def secret(camera: Camera) -> None:
        async with kept(camera) as client:
            await client.send(ASKS)
            with pytest.raises(UnavailableError, match="camera-unreachable"):
                await client.send(TELLS)
        assert (camera.met, len(camera.heard)) == (1, 2)

    play(silent_from(2), question, each=9)
    play(silent_from(2), secret, each=9)


def test_what_was_kept_for_long_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "KEPT", 0.0)

    async def story(camera: Camera) -> None:
        async with kept(camera) as client:
            await client.send(ASKS)
            await client.send(ASKS)
        assert camera.met == 2

    play(lambda _: OK, story, each=9)


def test_a_kept_connection_is_to_the_key_that_is_known(tmp_path: Path) -> None:
    async def story(camera: Camera) -> None:
        target = camera.target(tls=True)
        line = Line(target, pin=tls_key_hash(CERTIFICATE), keeps=True)
        client = Client(target, FixedEntropy(), line=line)
        try:
            for _ in range(2):
                assert (await client.send(TELLS)).key_hash == tls_key_hash(CERTIFICATE)
        finally:
            line.close()
        assert camera.met == 1
        other = Line(target, pin=bytes(32), keeps=True)
        with pytest.raises(UntrustedError, match="tls-key"):
            await Client(target, FixedEntropy(), line=other).send(TELLS)
        assert len(camera.heard) == 2

    play(lambda _: OK, story, tmp_path, each=9)


def test_a_key_is_recognised_over_https_only() -> None:
    async def story(camera: Camera) -> None:
        with pytest.raises(MisuseError, match="pin-without-tls"):
            Line(camera.target(), pin=bytes(32))

    play(lambda _: OK, story)
