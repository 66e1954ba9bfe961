"""P14, the device's part: who asks hears which dialogs are possible and nothing else; asking too fast is refused."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from sparekey.core.errors import UntrustedError
from sparekey.core.values import MethodName
from sparekey.demo.checks.check import Check
from sparekey.demo.owner import Owner
from sparekey.demo.site import MODEL, SERIAL
from sparekey.demo.verdicts import expect
from sparekey.host.entropy import SystemEntropy
from sparekey.lan.http import Client, Request
from sparekey.lan.link.client import LinkClient, Met, meet
from sparekey.lan.link.frame import MEDIA_TYPE, PATH, TOO_FAST, Refused
from sparekey.lan.link.recovery import Begin, Cancel, Opened
from sparekey.lan.link.ways import Ask
from sparekey.lan.target import read_target

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from sparekey.demo.stage import Stage

T = TypeVar("T")

OWNER = "owner@example.com"
DIALOGS = (MethodName.SECURITY_CODE, MethodName.RESPONSE_FILE, MethodName.RESPONSE_KEY)
"""The three of the finder: a code, a file, a key."""
TOO_MANY = 60


def ask(stage: Stage) -> None:
    """A stranger's program beside the recorder, and then a locked-out owner's."""
    entropy, target = SystemEntropy(), read_target(stage.site.plan.network)
    Owner(stage, stage.site.plan.screen, OWNER).set_up()

    stage.step("what a stranger hears")
    call = Request("POST", PATH + Ask.name, (("Content-Type", MEDIA_TYPE),), Ask().encoded)
    heard = _run(Client(target, entropy).send(call)).body
    for word in (SERIAL, MODEL, OWNER, "1.0.0"):
        expect(word.encode() not in heard, f"a stranger hears “{word}”")
    met = _run(meet(target, entropy))
    expect(isinstance(met, Met), "the recorder does not tell its abilities")
    ways = {way.method: way.closed for way in met.abilities.ways} if isinstance(met, Met) else {}
    key = met.key if isinstance(met, Met) else b""
    expect(not any(ways.get(method, "-") for method in DIALOGS), f"not all three dialogs are open: {ways}")
    expect(
        ways.get(MethodName.KEY_FILE, "not-set-up") == "not-set-up", "a key file that nobody made is offered"
    )

    stage.step("the dialog for each ability")
    client = LinkClient(target, entropy, key=key)
    claim = exported = ""
    for method in DIALOGS:
        told = _run(client.send(Begin(method), claim))
        expect(isinstance(told, Opened), f"{method.value} does not open: {told}")
        if not isinstance(told, Opened):
            continue
        claim, exported = told.claim, told.number
        if method is MethodName.SECURITY_CODE:
            spoken = told.spoken
            expect(spoken is not None and spoken.serial == SERIAL, "there is no serial number to copy")
            expect(told.temporary == "12345", "the page of the maker names another password")
        else:
            expect(told.request is not None, "there is nothing to export")
    number = exported

    stage.step("somebody else with the same request number")
    thief = _run(client.send(Cancel(number), "0" * 32))
    expect(isinstance(thief, Refused), "a stranger closed the owner's request")

    stage.step("another device at the same address")
    try:
        _run(LinkClient(target, entropy, key=bytes(32)).send(Begin(MethodName.SECURITY_CODE)))
        expect(False, "a secret went to a key that is not known")
    except UntrustedError:
        pass

    stage.step("a page of another site")
    for header in (("Origin", "https://evil.example.com"), ("Sec-Fetch-Site", "cross-site")):
        reply = _run(
            Client(target, entropy).send(Request("POST", call.path, (*call.headers, header), call.body))
        )
        expect(reply.status == 403, f"a browser may call ({reply.status})")

    stage.step("asking too fast")
    answers = [_run(client.send(Ask())) for _ in range(TOO_MANY)]
    hurried = [told for told in answers if isinstance(told, Refused)]
    expect(bool(hurried), f"{TOO_MANY} questions in a row were all answered")
    expect(
        all(told.slug == TOO_FAST and told.wait for told in hurried),
        f"it says no in another way: {hurried[:1]}",
    )


def _run(asked: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(asked)


CHECKS = (Check("P14.device", "hikvision", ask),)
