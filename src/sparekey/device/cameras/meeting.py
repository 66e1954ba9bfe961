"""The first contact with a camera at an address that somebody typed: what it speaks, and which key answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, SparekeyError, UnavailableError
from sparekey.device.cameras.camera import Control
from sparekey.device.cameras.onvif import OnvifTalk
from sparekey.device.cameras.talk import LIMITS, Heard, wait_for
from sparekey.lan.http import Client, Request
from sparekey.lan.link.client import Met as Ours
from sparekey.lan.link.client import meet as meet_ours
from sparekey.lan.onvif.names import PATH
from sparekey.lan.target import Target, read_target

if TYPE_CHECKING:
    from sparekey.device.cameras.reach import Reach
    from sparekey.host.entropy import Entropy

_TYPED_LIMIT = 256
_BARE = re.compile(r"[^/\s]+")


@dataclass(frozen=True)
class Met:
    """Somebody answered. `page`, `service`: web addresses; `pin`: the TLS key that answered, None over plain HTTP."""

    page: str
    service: str
    control: Control
    pin: bytes | None
    factory: bool = False


def candidates(typed: str) -> list[str]:
    """The web addresses that somebody may mean, https first. Raises InputError (`address`)."""
    text = typed.strip()
    if "://" in text:
        target = read_target(text)
        return [_url(replace(target, path="/"))]
    if len(text) > _TYPED_LIMIT or not _BARE.fullmatch(text.rstrip("/")):
        raise InputError("address", "an address looks like 192.0.2.10 or camera.local")
    host = text.rstrip("/")
    if host.count(":") > 1 and not host.startswith("["):
        host = f"[{host}]"
    return [_url(read_target(f"{scheme}://{host}/")) for scheme in ("https", "http")]


def meet(typed: str, reach: Reach, entropy: Entropy) -> Met:
    """Raises InputError (`address`, `camera-address`) for where no camera can be, UnavailableError for no answer."""
    silence = UnavailableError("camera-unreachable", "no camera answers at this address")
    for url in candidates(typed):
        target = reach.target(url)
        met = _ours(url, target, entropy) or _onvif(url, target, entropy) or _page(url, target, entropy)
        if met is not None:
            return met
    raise silence


def _ours(url: str, target: Target, entropy: Entropy) -> Met | None:
    if not target.tls:
        return None
    try:
        met = wait_for(meet_ours(target, entropy, LIMITS))
    except SparekeyError:
        return None
    if not isinstance(met, Ours):
        return None
    return Met(url, url, Control.LINK, met.key, met.abilities.setting.value != "done")


def _onvif(url: str, target: Target, entropy: Entropy) -> Met | None:
    pin = _key(target, entropy) if target.tls else None
    if target.tls and pin is None:
        return None
    look = OnvifTalk(replace(target, path=PATH), entropy, pin).look()
    if look.heard is not Heard.RIGHT:
        return None
    return Met(url, url.rstrip("/") + PATH, Control.ONVIF, pin, look.factory)


def _page(url: str, target: Target, entropy: Entropy) -> Met | None:
    try:
        reply = wait_for(Client(target, entropy, limits=LIMITS).send(Request()))
    except SparekeyError:
        return None
    return Met(url, "", Control.NONE, reply.key_hash)


def _key(target: Target, entropy: Entropy) -> bytes | None:
    """The TLS key that answers there. What the page says is not looked at."""
    try:
        return wait_for(Client(target, entropy, limits=LIMITS).send(Request("HEAD"))).key_hash
    except SparekeyError:
        return None


def _url(target: Target) -> str:
    return f"{'https' if target.tls else 'http'}://{target.authority}{target.path}"
