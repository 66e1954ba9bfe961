"""The HTTP client against servers that behave as cameras do."""

from __future__ import annotations

from pathlib import Path

import pytest

from sparekey.core.crypto import tls_key_hash
from sparekey.core.errors import InputError, MisuseError, SparekeyError, UnavailableError, UntrustedError
from sparekey.core.values import Secret
from sparekey.lan.http import Client, Consent, Limits, Request
from sparekey.lan.http_digest import Credential
from sparekey.lan.http_reply import Reply
from sparekey.lan.target import Target
from sparekey.testing.entropy import FixedEntropy
from tests.system.lan_camera import CERTIFICATE, OK, PASSWORD, Camera, guarded, play

ADMIN = Credential("admin", Secret(PASSWORD))


DIGEST = 'Digest realm="cam", nonce="{nonce}", qop="auth", algorithm='


@pytest.mark.parametrize(
    ("offer", "algorithm", "qop"),
    [
        (DIGEST + "MD5", "md5", True),
        (DIGEST + "SHA-256", "sha256", True),
        ('Digest realm="cam", nonce="{nonce}"', "md5", False),
        ('Basic realm="cam", ' + DIGEST + "SHA-256", "sha256", True),
    ],
)
def test_a_digest_signs_in(offer: str, algorithm: str, qop: bool) -> None:
    async def story(camera: Camera) -> None:
        client = Client(camera.target(), FixedEntropy(), credential=ADMIN)
        for _ in range(2):
            assert (await client.send(Request("POST", body=b"<x/>"))).status == 200
        assert len(camera.heard) == 3
        assert b'uri="/onvif/device_service"' in camera.heard[1]
        assert camera.heard[1].endswith(b"<x/>")
        if qop:
            assert b"nc=00000001" in camera.heard[1]
            assert b"nc=00000002" in camera.heard[2]

    play(guarded(offer, algorithm, qop=qop), story)


def test_a_wrong_password_is_tried_once() -> None:
    async def story(camera: Camera) -> None:
        client = Client(camera.target(), FixedEntropy(), credential=Credential("admin", Secret("wrong")))
        reply = await client.send(Request())
        assert (reply.status, len(camera.heard)) == (401, 2)

    play(guarded(DIGEST + "MD5"), story)


def test_a_nonce_that_ran_out_is_renewed_once_the_password_was_right() -> None:
    inner = guarded(DIGEST + "MD5")

    def forgetful(request: bytes) -> bytes:
        reply = inner(request)
        inner(b"")  # every reply ends the nonce that was good for it
        return reply

    seen = {"count": 0}

    def answer(request: bytes) -> bytes:
        seen["count"] += 1
        return forgetful(request) if seen["count"] == 2 else inner(request)

    async def story(camera: Camera) -> None:
        client = Client(camera.target(), FixedEntropy(), credential=ADMIN)
        assert [(await client.send(Request())).status for _ in range(2)] == [200, 200]
        assert len(camera.heard) == 4

    play(answer, story)


def test_stale_again_and_again_is_an_answer() -> None:
    async def story(camera: Camera) -> None:
        client = Client(camera.target(), FixedEntropy(), credential=ADMIN)
        for _ in range(2):
            assert (await client.send(Request())).status == 401
        assert len(camera.heard) == 4

    play(guarded('Digest realm="cam", nonce="x{nonce}", stale=true'), story)


def test_basic_needs_a_yes_and_a_known_key_or_another_yes(tmp_path: Path) -> None:
    def answer(request: bytes) -> bytes:
        return (
            OK
            if b"Authorization: Basic " in request
            else (b"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n")
        )

    pin = tls_key_hash(CERTIFICATE)

    async def story(camera: Camera) -> None:
        for tls, known, consent, right in [
            (True, pin, Consent(basic=True), True),
            (True, None, Consent(basic=True, cleartext=True), True),
            (True, None, Consent(basic=True), False),
            (True, pin, Consent(cleartext=True), False),
            (True, pin, Consent(), False),
        ]:
            client = Client(
                camera.target(tls=tls), FixedEntropy(), credential=ADMIN, pin=known, consent=consent
            )
            camera.heard.clear()
            if right:
                assert (await client.send(Request())).status == 200
                continue
            with pytest.raises(UntrustedError, match="needs-consent"):
                await client.send(Request())
            assert not any(b"Basic" in heard for heard in camera.heard)

    play(answer, story, tmp_path)


@pytest.mark.meets("etsi-5.5-6")
def test_a_secret_body_is_not_sent_in_the_open() -> None:
    async def story(camera: Camera) -> None:
        request = Request("POST", body=b"<Password>new</Password>", secret=True)
        with pytest.raises(UntrustedError, match="needs-consent") as caught:
            await Client(camera.target(), FixedEntropy()).send(request)
        assert not camera.heard
        assert "new<" not in repr(request) + str(caught.value)
        agreed = Client(camera.target(), FixedEntropy(), consent=Consent(cleartext=True))
        assert (await agreed.send(request)).body == b"ok"

    play(lambda _: OK, story)


def test_another_key_gets_nothing_and_the_first_contact_shows_its_own(tmp_path: Path) -> None:
    async def story(camera: Camera) -> None:
        target = camera.target(tls=True)
        first = await Client(target, FixedEntropy()).send(Request())
        assert first.key_hash == tls_key_hash(CERTIFICATE)
        again = Client(target, FixedEntropy(), pin=first.key_hash)
        assert (await again.send(Request("POST", body=b"secret", secret=True))).status == 200
        camera.heard.clear()
        with pytest.raises(UntrustedError, match="tls-key"):
            await Client(target, FixedEntropy(), pin=bytes(32)).send(
                Request("POST", body=b"secret", secret=True)
            )
        assert not camera.heard

    play(lambda _: OK, story, tmp_path)


def problem(answer: bytes, limits: Limits, request: Request | None = None) -> SparekeyError:
    caught: list[SparekeyError] = []

    async def story(camera: Camera) -> None:
        with pytest.raises(SparekeyError) as raised:
            await Client(camera.target(), FixedEntropy(), limits=limits).send(request or Request())
        caught.append(raised.value)

    play(lambda _: answer, story)
    return caught[0]


@pytest.mark.parametrize(
    ("answer", "family", "slug"),
    [
        (b"", UnavailableError, "camera-silent"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", InputError, "oversize"),
        (b"220 ftp ready\r\n" * 9, InputError, "http"),
    ],
)
def test_what_goes_wrong_is_our_error(answer: bytes, family: type[SparekeyError], slug: str) -> None:
    error = problem(answer, Limits(total=0.2, body=100))
    assert (type(error), error.slug) == (family, slug)


def test_nobody_there_is_our_error() -> None:
    async def story(camera: Camera) -> None:
        target = camera.target()
        await camera.__aexit__()
        with pytest.raises(UnavailableError, match="camera-unreachable"):
            await Client(target, FixedEntropy()).send(Request())

    play(lambda _: OK, story)


def test_plain_http_behind_https_is_our_error() -> None:
    async def story(camera: Camera) -> None:
        with pytest.raises(UnavailableError, match="camera-"):
            client = Client(camera.target(tls=True), FixedEntropy(), limits=Limits(connect=0.3))
            await client.send(Request())

    play(lambda _: OK, story)


@pytest.mark.meets("asvs-4.2.5")
@pytest.mark.parametrize(
    "request_",
    [Request("GE T"), Request(path="x"), Request(path="/a b"), Request(headers=(("a\r\nb", "c"),)),
     Request(headers=(("a", "b\r\nc: d"),))],
)  # fmt: skip
def test_a_request_cannot_break_out_of_its_line(request_: Request) -> None:
    assert isinstance(problem(OK, Limits(), request_), MisuseError)


def test_a_pin_is_for_https() -> None:
    with pytest.raises(MisuseError):
        Client(Target("127.0.0.1", 80), FixedEntropy(), pin=bytes(32))
    assert repr(Client(Target("192.0.2.7", 80), FixedEntropy(), credential=ADMIN)) == "Client(192.0.2.7)"


def test_a_camera_that_resets_after_its_reply_is_heard() -> None:
    async def story(camera: Camera) -> None:
        reply = await Client(camera.target(), FixedEntropy()).send(Request())
        assert reply == Reply(200, (("server", "x"),), b"ok")

    play(lambda _: b"HTTP/1.0 200 OK\r\nServer: x\r\n\r\nok", story)
