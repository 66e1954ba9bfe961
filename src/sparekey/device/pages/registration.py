"""Registration at the desk: how it stands, and how to carry it by phone or file where there is no Internet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.errors import InputError
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.enrol_reply import ReplyFile
from sparekey.core.messages.header import Kind
from sparekey.core.messages.link import link
from sparekey.core.messages.link_answer import LINK_MOST, LinkAnswer, LinkVerdict
from sparekey.core.messages.request import read_request
from sparekey.core.messages.text import Answers, read_any
from sparekey.core.model import DeviceKind
from sparekey.core.values import mask
from sparekey.device.pages.door import go
from sparekey.device.pages.inside import Inside, Who
from sparekey.device.pages.proof import ANSWER_LIMIT
from sparekey.device.registration import Registered
from sparekey.language.catalogue import N_
from sparekey.web import qr
from sparekey.web.forms import Limits
from sparekey.web.lean import Response

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sparekey.core.record import Account
    from sparekey.device.agent import Agent
    from sparekey.device.pages.door import Door
    from sparekey.language.catalogue import Translator
    from sparekey.web.forms import Form


CARRY = "/registration/carry"
_LIMITS = Limits(file=ANSWER_LIMIT)
_ONE = {Kind.ENROL: N_("registration"), Kind.MAIL: N_("code that confirms the address")}
_STALE = N_("Support's desk cannot read it. It stays here and is tried again; call support if this stays.")
_WHY = {
    LinkVerdict.LATER: N_("Support's desk takes no more registrations right now. It is tried again."),
    LinkVerdict.OTHER_DESK: N_("It was brought to another support desk, which does not take it."),
    LinkVerdict.UNKNOWN_KEY: N_("Support's desk has changed its keys. Ask support for a new trust file."),
    LinkVerdict.NOT_GENUINE: _STALE,
    LinkVerdict.DAMAGED: _STALE,
}
"""What the desk last said, where its owner can do something or wonders why it takes so long."""


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    inside = Inside(door)
    agent = door.agent
    registration = agent.registration

    def show(request: Request, _account: Account) -> Response:
        return page(request)

    def page(request: Request) -> Response:
        standing, sealed = registration.standing, None
        if standing in (Registered.OUTSTANDING, Registered.WAITS):
            sealed = registration.request()
        text = "" if sealed is None else link(agent.trust.prefix, sealed)
        words = door.pages.words(request)
        told = [mask(address) for address in agent.record.listening(agent.age())]
        return door.pages.page(
            request,
            "device/registration.html",
            desk=agent.trust.name,
            standing=registration.standing.value,
            told=told,
            square=qr.svg(text, words.text("The square to scan")) if text else "",
            link=text,
            online=agent.config.settings.desk_online,
            behind=agent.config.kind is DeviceKind.CAMERA,
            why=words.text(_WHY[registration.verdict]) if registration.verdict in _WHY else "",
            notices=len(agent.notices.waiting()),
            relayed=len(agent.relay.waiting()),
        )

    def ask(request: Request, _account: Account) -> Response:
        return answer_page(request)

    def answer_page(request: Request, status: int = 200, error: str = "") -> Response:
        return door.pages.page(request, "device/registration-answer.html", status=status, error=error)

    # As a file, with what the cameras have for the desk

    def carry(request: Request, _account: Account) -> Response:
        words = door.pages.words(request)
        rows = [(name, _told(kinds, words)) for name, kinds in _waiting(agent).items()]
        return door.pages.page(
            request, "device/registration-carry.html", rows=rows, address=_desk_page(agent), limit=LINK_MOST
        )

    def save(_request: Request, _account: Account) -> Response:
        letters = agent.carrying.letters()[:LINK_MOST]
        return _file(agent, letters) if letters else go("/registration")

    def save_on_stick(request: Request, _form: Form, account: Account) -> Response:
        file = save(request, account)
        return door.to_stick(request, file, CARRY) if "content-disposition" in file.headers else file

    def take(request: Request, form: Form, _account: Account) -> Response:
        words = door.pages.words(request)
        upload = form.file("file")
        try:
            found = read_any(upload.data if upload else form.text("text"))
        except InputError:
            found = None
        if isinstance(found, Answers):
            return take_answers(request, found)
        if not isinstance(found, ReplyFile):
            told = words.text(
                "This is not the answer from support. Look for the file that ends in .sparekey-response."
            )
            return answer_page(request, 422, told)
        if registration.take(found) is not None:
            told = words.text(
                "This answer belongs to another square or another device. Scan the square once more."
            )
            return answer_page(request, 422, told)
        return go("/registration")

    def take_answers(request: Request, found: Answers) -> Response:
        good = [item for item in found.items if isinstance(item, LinkAnswer)]
        useless = len(agent.carrying.hear(good)) + len(found.items) - len(good)
        agent.stir()  # the line to the desk, and whoever hands the answers to the cameras
        words, taken = door.pages.words(request), len(found.items) - useless
        if not taken:
            told = words.text("Nothing in this file is for this device now. Save the letters once more.")
            return answer_page(request, 422, told)
        if not useless:
            return go("/registration")
        counted = words.plural("%(n)s answer was taken.", "%(n)s answers were taken.", taken)
        rest = words.text("Not for this device any more: %(count)s. What is still open waits here.")
        return door.told(request, 200, counted, rest % {"count": useless}, "/registration", N_("Go on"))

    # Notices that wait

    def show_notice(request: Request, _account: Account) -> Response:
        waiting = agent.notices.waiting()
        if not waiting:
            return go("/registration")
        number, data = waiting[0]
        text = link(agent.trust.prefix, read_request(data))
        words = door.pages.words(request)
        return door.pages.page(
            request,
            "device/registration-notice.html",
            square=qr.svg(text, words.text("The square to scan")),
            link=text,
            number=number,
            left=len(waiting),
        )

    def carried(_request: Request, form: Form, _account: Account) -> Response:
        number = form.text("number")
        if number.isascii() and number.isdecimal() and len(number) < 16:
            agent.notices.forget([int(number)])
        return go("/registration/notice")

    return [
        inside.get("/registration", show, Who.ADMIN),
        inside.get(CARRY, carry, Who.ADMIN),
        inside.get("/registration/file", save, Who.ADMIN),
        inside.post("/registration/usb", "to-usb", save_on_stick, Who.ADMIN),
        inside.get("/registration/answer", ask, Who.ADMIN),
        inside.post("/registration/answer", "registration", take, Who.ADMIN, limits=_LIMITS),
        inside.post("/registration/answer/text", "registration", take, Who.ADMIN),
        inside.get("/registration/notice", show_notice, Who.ADMIN),
        inside.post("/registration/notice", "registration-notice", carried, Who.ADMIN),
    ]


def _waiting(agent: Agent) -> dict[str, list[Kind]]:
    """Whose letters wait for the desk, and of which kinds."""
    found: dict[str, list[Kind]] = {}
    for letter in agent.carrying.letters():
        header = read_request(letter).header
        found.setdefault(f"{header.identity.model} {header.identity.serial}", []).append(header.kind)
    return found


def _told(kinds: list[Kind], words: Translator) -> str:
    told = [words.text(text) for kind, text in _ONE.items() if kind in kinds]
    notices = kinds.count(Kind.NOTICE)
    if notices:
        told.append(words.plural("%(n)s notice to the owner", "%(n)s notices to the owner", notices))
    return ", ".join(told)


def _desk_page(agent: Agent) -> str:
    """Where such a file is handed in."""
    return agent.trust.prefix.removesuffix("R/").lower() + "letters"


def _file(agent: Agent, letters: list[bytes]) -> Response:
    identity = agent.config.identity
    told = {
        "Device": f"{identity.model}, serial number {identity.serial}",
        "For": agent.trust.name,
        "What to do": f"open {_desk_page(agent)} on any phone or computer with Internet and hand this file in there",
        "Letters": str(len(letters)),
    }
    number = read_request(letters[0]).header.number
    return Response(
        wrap(FileKind.REQUESTS, make_batch(letters), told),
        media_type="application/octet-stream",
        headers={"content-disposition": f'attachment; filename="{number}{FileKind.REQUESTS.extension}"'},
    )
