"""How a device is spoken to whose password is to be changed: by our own calls, or by ONVIF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError, UntrustedError
from sparekey.finder.noes import no
from sparekey.finder.onvif_talk import LIMITS, OnvifTalk
from sparekey.finder.place import read_place, written
from sparekey.finder.reach import PORT
from sparekey.finder.talk import Heard, OwnTalk, Said
from sparekey.lan import tls
from sparekey.lan.http import Client, Request
from sparekey.lan.link import fingerprint
from sparekey.lan.link.frame import Refused
from sparekey.lan.onvif import client as onvif
from sparekey.lan.target import Target, read_target
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from sparekey.finder.kit import Kit
    from sparekey.finder.talk import Talk

PATH = "/onvif/device_service"
"""Where cameras have the Device service (ONVIF Core Specification section 5.1.1)."""
_IN_THE_OPEN = N_(
    "This camera is spoken to without encryption: everybody on its network could read the new password."
    " Give its https address, or agree with --cleartext."
)


def names(address: str) -> tuple[str, ...]:
    """Under which names a device may stand in the journal that somebody calls so. Raises InputError (`address`)."""
    if is_camera(address):
        target = read_target(address.strip())
        return (f"{'https' if target.tls else 'http'}://{target.authority}{target.path}",)
    target = read_place(address)
    return written(target), f"http://{Target(target.host, 80).authority}{PATH}"


async def talk_to(kit: Kit, address: str, in_the_open: bool) -> Talk | Said:
    """At `192.0.2.20` a device of ours, or where none answers, a camera by ONVIF; a camera at
    `https://192.0.2.64/onvif/device_service`.

    A place where a device of ours was met before is never spoken to in another way. Raises SparekeyError.
    """
    if is_camera(address):
        return await _camera(kit, read_target(address.strip()), in_the_open=in_the_open)
    target = read_place(address)
    try:
        known = await kit.know(target)
    except (UnavailableError, InputError):
        if target.port != PORT or kit.journal.key_of(written(target)) is not None:
            raise
        return await _camera(kit, Target(target.host, 80, PATH), in_the_open=in_the_open)
    if isinstance(known, Refused):
        return Said(Heard.REFUSED, no(known, kit.words))
    return OwnTalk(known, kit.words)


def is_camera(address: str) -> bool:
    """Whether it names a camera's ONVIF service, not a device of ours. Raises InputError (`address`)."""
    return "://" in address and read_target(address.strip()).path != "/"


async def _camera(kit: Kit, target: Target, *, in_the_open: bool) -> OnvifTalk | Said:
    if not target.tls and not in_the_open:
        return Said(Heard.REFUSED, kit.words.text(_IN_THE_OPEN))
    pin = await _key(kit, target) if target.tls else None
    talk = OnvifTalk(target, kit.entropy, kit.clock, kit.words, pin=pin, in_the_open=in_the_open)
    try:
        await talk.meet()
    except BaseException:
        talk.close()
        raise
    return talk


async def _key(kit: Kit, target: Target) -> bytes:
    """The TLS key at a camera: the one that was met there, or one that the person takes now."""
    place, call = written(target), onvif.get_system_date_and_time()
    client = Client(target, kit.entropy, limits=LIMITS)
    reply = await client.send(
        Request("POST", headers=(("Content-Type", call.content_type),), body=call.message())
    )
    shown, before = reply.key_hash or b"", kit.journal.key_of(place)
    if before is not None:
        tls.check(shown, before)
    elif kit.agree(place, fingerprint.shown(shown)):
        kit.journal.meet(place, shown, kit.clock.wall())
    else:
        raise UntrustedError(
            "not-agreed", f"nothing was sent to {place}: nobody says that it is the right device"
        )
    return shown
