"""The asking side of our own calls, against servers on the loopback that answer well and badly."""

from __future__ import annotations

from pathlib import Path

import pytest

from sparekey.core.crypto import tls_key_hash
from sparekey.core.errors import InputError, MisuseError, UnavailableError, UntrustedError
from sparekey.core.values import MethodName
from sparekey.lan.link import recovery
from sparekey.lan.link.client import LinkClient, Met, meet
from sparekey.lan.link.frame import CLAIM, MEDIA_TYPE, Refused
from sparekey.testing.entropy import FixedEntropy
from tests.system.lan_camera import CERTIFICATE, Camera, play
from tests.vectors import make_calls

KEY = tls_key_hash(CERTIFICATE)
SORTS = make_calls.sorts()
ABILITIES = SORTS["abilities answer"].good[0][1]
BEGIN = recovery.Begin(MethodName.SECURITY_CODE)
CODE = SORTS["begin answer"].good[1][1]


def said(status: int, body: bytes, kind: str = MEDIA_TYPE) -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def test_somebody_new_is_met_and_then_called(tmp_path: Path) -> None:
    def device(asked: bytes) -> bytes:
        return said(200, ABILITIES if asked.startswith(b"POST /link/abilities ") else CODE)

    async def story(camera: Camera) -> None:
        met = await meet(camera.target(tls=True), FixedEntropy())
        assert isinstance(met, Met)
        assert (met.key, met.abilities.least) == (KEY, 15)
        told = await LinkClient(camera.target(tls=True), FixedEntropy(), key=met.key).send(BEGIN, "0" * 32)
        assert isinstance(told, recovery.Opened)
        assert told.number == "7KM2Q4XZ"
        assert f"{CLAIM}: {'0' * 32}\r\n".encode() in camera.heard[1]
        assert f"Content-Type: {MEDIA_TYPE}\r\n".encode() in camera.heard[1]
        assert b"Origin" not in camera.heard[1]

    play(device, story, tmp_path)


@pytest.mark.meets("nist-channel", "asvs-12.3.2", "etsi-5.5-1", "etsi-5.5-6")
def test_T29_nothing_is_sent_to_another_key(tmp_path: Path) -> None:
    async def story(camera: Camera) -> None:
        with pytest.raises(UntrustedError, match="tls-key"):
            await LinkClient(camera.target(tls=True), FixedEntropy(), key=bytes(32)).send(BEGIN)
        assert camera.heard == []

    play(lambda _: said(200, CODE), story, tmp_path)


def test_T29_a_request_of_another_device_is_seen(tmp_path: Path) -> None:
    """Somebody in between passes on what the real device said."""

    async def story(camera: Camera) -> None:
        with pytest.raises(UntrustedError, match="tls-key"):
            await LinkClient(camera.target(tls=True), FixedEntropy(), key=KEY).send(BEGIN)

    play(lambda _: said(200, make_calls.opened().encoded), story, tmp_path)


def test_a_no_is_a_value(tmp_path: Path) -> None:
    async def story(camera: Camera) -> None:
        client = LinkClient(camera.target(tls=True), FixedEntropy(), key=KEY)
        assert await client.send(BEGIN) == Refused("paused", 30, 0)
        assert await meet(camera.target(tls=True), FixedEntropy()) == Refused("paused", 30, 0)

    play(lambda _: said(429, Refused("paused", 30, 0).encoded), story, tmp_path)


@pytest.mark.parametrize(
    ("answer", "error", "slug"),
    [
        (said(200, b"<html>", "text/html"), UnavailableError, "link"),
        (said(200, CODE)[:-1], UnavailableError, "link"),
        (said(200, b"\xff"), InputError, "cbor"),
        (said(302, b"\xa0"), InputError, "link"),
        (said(403, b"\xa0"), InputError, "field"),
        (said(200, bytes(65_537)), InputError, "oversize"),
    ],
)
def test_what_answers_badly_is_told(answer: bytes, error: type[Exception], slug: str, tmp_path: Path) -> None:
    async def story(camera: Camera) -> None:
        with pytest.raises(error, match=slug):
            await LinkClient(camera.target(tls=True), FixedEntropy(), key=KEY).send(BEGIN)

    play(lambda _: answer, story, tmp_path)


def test_without_tls_there_is_no_call() -> None:
    async def story(camera: Camera) -> None:
        with pytest.raises(MisuseError, match="link-without-tls"):
            await meet(camera.target(), FixedEntropy())
        assert camera.heard == []

    play(lambda _: b"", story)
