"""The asking side: one device, one call at a time, over TLS to a key that is known (spec/lan.md sections 5.1, 5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sparekey.core.errors import InputError, MisuseError, UnavailableError
from sparekey.core.messages.fields import Fields
from sparekey.lan import tls
from sparekey.lan.http import Client, Limits, Request
from sparekey.lan.link.frame import ANSWER_LIMIT, CLAIM, MEDIA_TYPE, PATH, Refused, read_refused
from sparekey.lan.link.recovery import Opened
from sparekey.lan.link.ways import Abilities, Ask

if TYPE_CHECKING:
    from sparekey.host.entropy import Entropy
    from sparekey.lan.http_reply import Reply
    from sparekey.lan.link.frame import Asked
    from sparekey.lan.target import Target

T = TypeVar("T")

LIMITS = Limits(connect=5.0, total=30.0, body=ANSWER_LIMIT)
"""What a call may cost; hashing a password takes a small device some seconds when others ask too."""


@dataclass(frozen=True)
class Met:
    """A device at first contact. `key`: the hash of its TLS key; a person compares `fingerprint.shown(key)` with the
    device's screen, or a request that is already held names it.
    """

    abilities: Abilities
    key: bytes


async def meet(target: Target, entropy: Entropy, limits: Limits | None = None) -> Met | Refused:
    """The first call, to whoever answers: it sends no secret. Raises as `LinkClient.send`."""
    reply = await _post(Client(_https(target), entropy, limits=limits or LIMITS), Ask(), "")
    told = _read(Ask(), reply)
    if isinstance(told, Refused):
        return told
    return Met(told, reply.key_hash or b"")


class LinkClient:
    """Calls one device. `key`: the hash of the TLS key that must answer; nothing is sent to any other."""

    def __init__(self, target: Target, entropy: Entropy, *, key: bytes, limits: Limits | None = None) -> None:
        self._key = key
        self._client = Client(_https(target), entropy, pin=key, limits=limits or LIMITS)

    async def send(self, asked: Asked[T], claim: str = "") -> T | Refused:
        """The device's answer, or its no. `claim`: the pickup code, of a recovery that was begun.

        Raises UnavailableError (no connection, or an answer that is none of a device of ours), UntrustedError
        (`tls-key`: another key answers, or the request that came back names another; stop there), InputError (an
        answer that cannot be read).
        """
        told = _read(asked, await _post(self._client, asked, claim))
        if isinstance(told, Opened) and told.request is not None:
            tls.check(told.request.header.tls, self._key)
        return told


def _https(target: Target) -> Target:
    if not target.tls:
        raise MisuseError("link-without-tls", "a device is called over https only")
    return target


async def _post(client: Client, asked: Asked[object], claim: str) -> Reply:
    headers = [("Content-Type", MEDIA_TYPE), *([(CLAIM, claim)] if claim else [])]
    # Not marked as secret: whatever is one goes through a client that knows the key.
    return await client.send(Request("POST", PATH + asked.name, tuple(headers), asked.encoded))


def _read(asked: Asked[T], reply: Reply) -> T | Refused:
    if reply.header("content-type").partition(";")[0].strip().lower() != MEDIA_TYPE or reply.short:
        raise UnavailableError("link", f"what answers is no device of ours (status {reply.status})")
    if reply.status == 200:
        return asked.answer(Fields.of(reply.body, "answer"))
    if not 400 <= reply.status < 600:
        raise InputError("link", "the device answered in a way that no call knows")
    return read_refused(reply.body)
