"""B04, the recorder's part: it registers at the desk, by itself or by phone, and its owner hears of what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core import crypto
from sparekey.core.messages.armour import FileKind, unwrap
from sparekey.core.messages.enrol import EnrolBody
from sparekey.core.messages.header import Purpose
from sparekey.core.messages.link_answer import LinkVerdict
from sparekey.core.messages.notice import NoticeBody, Noticed
from sparekey.core.messages.request import Body, Header, Kind, Request, seal_body
from sparekey.core.messages.trust import parse_trust
from sparekey.core.values import Identity
from sparekey.demo import settings
from sparekey.demo.camera import read_drawing
from sparekey.demo.checks.check import Check
from sparekey.demo.owner import Owner
from sparekey.demo.site import MODEL, SECOND, SECOND_SERIAL, SERIAL
from sparekey.demo.verdicts import expect
from sparekey.desklink.client import DeskLink
from sparekey.host.clock import SystemClock

if TYPE_CHECKING:
    from sparekey.core.messages.trust import Trust
    from sparekey.demo.browser import Page
    from sparekey.demo.stage import Stage

_ASKED = "Somebody asks for a new password at your device"
_RECOVERED = "The password of your device was recovered"
_REGISTRATION, _ANSWER = "/registration", "/registration/answer"


def by_itself(stage: Stage) -> None:
    """The recorder registers over the network, and its owner hears of a recovery; a stranger can neither take the
    registration over nor have words of their own mailed.
    """
    owner = Owner(stage, stage.site.plan.network, "owner@example.com")
    stage.step("set up")
    owner.set_up()
    owner.sign_in()
    stage.step("registered by itself")
    stage.wait(lambda: _registered(owner) or None, "the recorder does not register by itself")
    owner.sign_out()

    stage.step("the owner hears")
    link = owner.scan(owner.ask_for_the_square(owner.forget()))
    owner.hears(_ASKED)
    owner.send_the_code(link)
    page = owner.type_code(owner.browser.open(owner.door + "/forgot/code"), owner.read_the_code().shown)
    owner.choose_password(page)
    owner.hears(_RECOVERED)
    owner.is_back()

    stage.step("a stranger's registration")
    stranger, desk = _Stranger(stage), DeskLink.at(_prefix(stage), SystemClock())
    (answer,) = desk.enrol([stranger.enrolment()])
    expect(answer.verdict is LinkVerdict.WAITS, "a stranger takes the recorder's registration over")
    expect(not answer.data, "a stranger gets a reply to somebody else's registration")

    stage.step("a stranger's notice")
    notice = stranger.notice(owner.address)
    bent = notice[:-1] + bytes([notice[-1] ^ 1])
    answers = desk.notify([bent, notice, notice])
    expect(answers[0].verdict is LinkVerdict.NOT_GENUINE, "a notice that was changed on the way is taken")
    letter = owner.hears("Your device was erased")
    expect(SERIAL not in letter.words, "a stranger's words stand in a mail of the desk's")
    stage.pause(1)
    expect(owner.letters("Your device was erased") == 1, "the same notice is mailed twice")


def by_phone(stage: Stage) -> None:
    """A recorder without a network: a phone carries its registration there, the answer back, and its notices."""
    stage.step("two recorders")
    stage.site.make(SECOND)
    settings.amend(stage.site.folders.second / "device.toml", {"desk_online": False})
    stage.site.start((SECOND,))
    owner = Owner(stage, stage.site.plan.second, "second.owner@example.com")
    owner.set_up()
    page = owner.sign_in()
    page = owner.browser.open(owner.door + _REGISTRATION).is_at(_REGISTRATION).says("Not registered yet.")

    stage.step("carried there")
    link = _link(page)
    phone = stage.browser()
    shown = phone.open(link).says(SECOND_SERIAL, "Register this recorder")
    expect(owner.address not in shown.words, "the desk shows the whole address to whoever scanned")
    (form,) = [form for form in shown.sheet.forms if form.action.startswith("/R/")]
    phone.send(shown, form.action).says("The recorder is registered")

    stage.step("and back")
    page = owner.browser.follow(page, _ANSWER).is_at(_ANSWER)
    wrong = owner.browser.send(page, _ANSWER, files={"file": ("x.sparekey-response", b"nonsense")})
    expect(wrong.status == 422, "the recorder takes anything for the answer")
    answer = phone.open(link + "?as=file").is_file(".sparekey-response")
    files = {"file": (answer.saved_as, answer.body)}
    owner.browser.send(page, _ANSWER, files=files).is_at(_REGISTRATION).says("is registered")

    stage.step("a notice")
    owner.sign_out()
    owner.ask_for_the_square(owner.forget())
    owner.sign_in()
    waiting = owner.browser.open(owner.door + _REGISTRATION + "/notice").says("1 notice")
    shown = phone.open(_link(waiting)).says("News for the owner", SECOND_SERIAL)
    (form,) = [form for form in shown.sheet.forms if form.action.startswith("/R/")]
    phone.send(shown, form.action)
    owner.hears(_ASKED)
    owner.browser.send(waiting, _REGISTRATION + "/notice").is_at(_REGISTRATION)


def _registered(owner: Owner) -> bool:
    page = owner.browser.open(owner.door + _REGISTRATION).is_at(_REGISTRATION)
    return "is registered" in page.words


def _link(page: Page) -> str:
    """What a phone reads in the square of a page."""
    expect(len(page.sheet.squares) == 1, "the page shows no square")
    return read_drawing(page.sheet.squares[0])


def _prefix(stage: Stage) -> str:
    return _trust(stage).prefix


def _trust(stage: Stage) -> Trust:
    path = stage.site.folders.desk / "trust.sparekey-trust"
    return parse_trust(unwrap(FileKind.TRUST, path.read_text("utf-8"))).unproved


class _Stranger:
    """Knows the desk's public keys and the label of the recorder, like everybody."""

    def __init__(self, stage: Stage) -> None:
        self._trust = _trust(stage)
        self._key = crypto.sha256(b"a stranger's own key")

    def enrolment(self) -> bytes:
        body = EnrolBody(self._key, bytes(16), 1, 1, "en", ("stranger@example.com",), confirmed=True)
        return self._seal(Kind.ENROL, body).encoded

    def notice(self, address: str) -> bytes:
        return self._seal(Kind.NOTICE, NoticeBody(Noticed.ERASED, 0, "admin", (address,), "en")).encoded

    def _seal(self, kind: Kind, body: Body) -> Request:
        public = self._trust.sealing_key(Purpose.ENROL)
        header = Header(
            kind=kind,
            desk=self._trust.desk,
            key=crypto.key_id(public),
            identity=Identity(SERIAL, MODEL, "1.0.0"),
            number="4F7Q0001",
            tls=bytes(32),
            valid=86400,
        )
        return seal_body(header, body, public)


CHECKS = (Check("B04.device", "sparekey", by_itself), Check("B04.device", "sparekey", by_phone))
