"""P25, the desk's part: a public page tells a locked-out person the ways for a device of theirs, least loss first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.demo.asker import Asker
from sparekey.demo.checks.check import Check
from sparekey.demo.owner import Owner
from sparekey.demo.returning import Returning
from sparekey.demo.site import MODEL
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.browser import Page
    from sparekey.demo.stage import Stage

_WAYS, _HANDED = "/help/ways", "/help/ways/request"
_SUPPORT = "/forgot/support"


def desk(stage: Stage) -> None:
    """By words, and by the request that the recorder saved; what is no request is refused."""
    asker = Asker(stage, "owner@example.com")
    policy_words = ("Key file", "Verify by Reserved Email", "Security code from support", "File from support")

    stage.step("by words")
    page = asker.browser.send(
        asker.open(_WAYS), _WAYS, {"kind": "recorder", "profile": "hikvision", "model": MODEL}
    ).is_at(_WAYS)
    _in_order(page, *policy_words, "Key from support", "Technician")
    page.says("Nothing is lost.", "about 2 min", "1 to 24 hours", "ALL RECORDINGS ARE ERASED", "paid", "Free")
    asker.browser.follow(page, "/help/codes").is_at("/help/codes")

    stage.step("no button and no universal password on a recorder")
    recorder = {"kind": "recorder", "profile": "patronum", "model": MODEL}
    closed = asker.browser.send(asker.open(_WAYS), _WAYS, recorder)
    closed.says("Recorders have no reset button, and there is no universal password.")
    camera = {"kind": "camera", "profile": "patronum", "model": "C-220"}
    asker.browser.send(asker.open(_WAYS), _WAYS, camera).says(
        "Hold the button on its body", "All settings are lost."
    )

    stage.step("by the request that the recorder saved")
    owner = Owner(stage, stage.site.plan.network, asker.address)
    owner.set_up()
    owner.browser.send(Returning(owner).open(_SUPPORT), _SUPPORT).is_at(_SUPPORT)
    saved = owner.browser.follow(owner.browser.open(owner.door + _SUPPORT), "/forgot/support/file")
    file = saved.is_file(".sparekey-request")
    told = _handed_in(asker, (file.saved_as, file.body))
    told.is_at(_HANDED).says("This is what your device asks for.")
    _in_order(told, "Key file", "File from support", "Technician")

    stage.step("something else")
    refused = _handed_in(asker, ("holiday.txt", b"wish you were here"))
    refused.refuses("This cannot be read", status=422)
    key = b"-----BEGIN SPAREKEY TRUST FILE-----\n\nAA==\n-----END SPAREKEY TRUST FILE-----\n"
    expect(_handed_in(asker, ("trust", key)).status == 422, "a trust file is taken for a request")


def _handed_in(asker: Asker, file: tuple[str, bytes]) -> Page:
    return asker.browser.send(asker.open(_WAYS), _HANDED, files={"file": file})


def _in_order(page: Page, *titles: str) -> None:
    page.says(*titles)
    places = [page.words.index(title) for title in titles]
    expect(places == sorted(places), f"the ways do not begin with the least loss: {page.words[:400]}")


CHECKS = (Check("P25.desk", "hikvision", desk),)
