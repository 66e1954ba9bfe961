"""Forgot the password: every way back in, in order of least loss, and the legal notice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.methods import METHODS
from sparekey.core.methods.method import Closed
from sparekey.core.methods.technician import BENCH_LASTS
from sparekey.core.values import Face, MethodName, mask
from sparekey.device.pages.claim import claim_of
from sparekey.device.pages.door import go
from sparekey.device.pages.losses import told
from sparekey.language.catalogue import N_
from sparekey.language.moments import about_working_days, duration

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.device.pages.door import Door

_TITLES = {
    MethodName.QUESTIONS: N_("Security questions"),
    MethodName.KEY_FILE: N_("Key file"),
    MethodName.RECOVERY_SHEET: N_("Recovery sheet"),
    MethodName.RESPONSE_FILE: N_("File from support"),
    MethodName.RESPONSE_KEY: N_("Key from support"),
    MethodName.RESET_BUTTON: N_("Reset button"),
    MethodName.TECHNICIAN: N_("Technician"),
}
_NEEDS = {
    MethodName.QUESTIONS: N_("You need the answers that were given when the [recorder|camera] was set up."),
    MethodName.KEY_FILE: N_("You need the file that was saved. Made: %(made)s."),
    MethodName.RECOVERY_SHEET: N_("You need the printed sheet. Made: %(made)s."),
    MethodName.MAIL_CODE: N_(
        "You need a phone with a camera, or any computer with Internet. The code goes to %(address)s."
    ),
    MethodName.SECURITY_CODE: N_(
        "You call %(desk)s, read out a few numbers, and show that the [recorder|camera] is yours."
    ),
    MethodName.RESPONSE_FILE: N_(
        "You need a way to send a file to %(desk)s, and proof that the [recorder|camera] is yours."
    ),
    MethodName.RESPONSE_KEY: N_(
        "You send %(desk)s a photo of a square, or a file. They give you a key of eight letters and digits."
    ),
    MethodName.RESET_BUTTON: N_(
        "Hold the button on the [recorder|camera]'s body for %(hold)s while it is switched on."
    ),
    MethodName.TECHNICIAN: N_("Work at a service bench. Order it from support: %(desk)s."),
}
_CLOSED = {
    Closed.OLD_FIRMWARE: N_("Not with this firmware: upgrade to %(firmware)s."),
    Closed.NOT_HERE: N_("Not here: at the [recorder's own screen|camera itself] only."),
    Closed.NO_ADDRESS: N_("No e-mail address was set on this [recorder|camera]."),
    Closed.NO_QUESTIONS: N_("No security questions were chosen on this [recorder|camera]."),
    Closed.NO_KEY_FILE: N_("No key file was made on this [recorder|camera]."),
    Closed.NO_SHEET: N_("No recovery sheet was made on this [recorder|camera]."),
    Closed.NO_BUTTON: N_("This [recorder|camera] has no reset button."),
    Closed.NEEDS_POWER_ON: N_(
        "Only in the first %(time)s after switching on: "
        "switch the [recorder|camera] off and on, and come back here."
    ),
}
_PAGES = {
    MethodName.QUESTIONS: "/forgot/questions",
    MethodName.KEY_FILE: "/forgot/key-file",
    MethodName.RECOVERY_SHEET: "/forgot/sheet",
    MethodName.MAIL_CODE: "/forgot/mail",
    MethodName.SECURITY_CODE: "/forgot/security-code",
    MethodName.RESPONSE_FILE: "/forgot/support",
    MethodName.RESPONSE_KEY: "/forgot/support",
    MethodName.RESET_BUTTON: "/forgot/button",
    MethodName.TECHNICIAN: "/forgot/technician",
}
"""Where each way begins."""
_POSTS = {MethodName.MAIL_CODE: "mail", MethodName.SECURITY_CODE: "forgot-security"}
"""Ways that begin with a request at once, and the purposes of their forms."""
_OF_SUPPORT = {MethodName.SECURITY_CODE, MethodName.RESPONSE_FILE, MethodName.RESPONSE_KEY}
_BENCH_DAYS = 3


@dataclass(frozen=True)
class Way:
    """One way, in words. `href`: "" for one that is closed, and then `why` says the reason. `posts`: the purpose
    of the form that opens it, where opening changes something, or "". `loses`: in red.
    """

    title: str
    detail: str = ""
    takes: str = ""
    why: str = ""
    loses: str = ""
    href: str = ""
    posts: str = ""


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    agent = door.agent
    policy = agent.config.policy

    def ways(request: Request) -> Response:
        if not agent.is_set_up:
            return go("/")
        return door.pages.page(
            request,
            "device/ways.html",
            title=door.pages.words(request).text(policy.words.forgot),
            ways=[_way(door, request, method) for method in METHODS if method in policy.methods],
            desk=agent.trust.name,
            serial=agent.config.identity.serial if door.may_read_serial(request) else "",
            paid=MethodName.TECHNICIAN in policy.methods,
        )

    def notice(request: Request) -> Response:
        if door.recovering.request_of(claim_of(door, request).hash) is not None:
            return go("/forgot/mail")
        closed = door.recovering.greyed(MethodName.MAIL_CODE, door.face(request))
        if not agent.is_set_up or not policy.mail_code.legal_notice or closed:
            return go("/forgot")
        return door.pages.page(request, "device/notice.html", desk=agent.trust.name)

    return [door.get("/forgot", ways), door.get("/forgot/notice", notice)]


def title(door: Door, request: Request, method: MethodName) -> str:
    """What a method is called on this maker's pages."""
    words = door.agent.config.policy.words
    own = {MethodName.MAIL_CODE: words.mail_code, MethodName.SECURITY_CODE: words.security_code}
    return door.pages.words(request).text(own.get(method) or _TITLES[method])


def _way(door: Door, request: Request, name: MethodName) -> Way:
    words, policy = door.pages.words(request), door.agent.config.policy
    wiped = name is MethodName.RESET_BUTTON
    calm, loses = told(METHODS[name].action(door.agent.now()), words, chose_default=wiped)
    called, takes = title(door, request, name), _takes(door, request, name)
    closed = door.recovering.greyed(name, door.face(request))
    why = _why(door, request, name, closed)
    if closed is Closed.NO_BUTTON:
        return Way(called, why=why)
    if why:
        return Way(called, why=why, takes=takes if loses else "", loses=loses)
    if door.recovering.request_of(claim_of(door, request).hash, METHODS[name].asks or name):
        started = words.text("You have already started. Go on here.")
        return Way(called, started, takes, loses=loses, href=_PAGES[name])
    detail = f"{_needs(door, request, name)} {calm}".strip()
    if name is MethodName.MAIL_CODE and policy.mail_code.legal_notice:
        return Way(called, detail, takes, href="/forgot/notice")
    if name is MethodName.SECURITY_CODE and door.recovering.opens_at_login(door.face(request)):
        at_login = words.text("Sign in with any password: a wrong one shows what to read out to support.")
        return Way(called, f"{at_login} {calm}".strip(), takes, loses=loses, href="/login")
    return Way(called, detail, takes, "", loses, _PAGES[name], _POSTS.get(name, ""))


def _needs(door: Door, request: Request, name: MethodName) -> str:
    agent, words = door.agent, door.pages.words(request)
    record = agent.record
    saved = record.factors.key_file if name is MethodName.KEY_FILE else record.factors.sheet
    return words.text(_NEEDS[name]) % {
        "address": mask(record.reserved.address) if record.reserved else "",
        "made": door.when(request, saved.made_wall, saved.made) if saved else "",
        "desk": agent.trust.name,
        "hold": duration(agent.config.policy.reset_button.hold, words),
    }


def _takes(door: Door, request: Request, name: MethodName) -> str:
    words, hold = door.pages.words(request), door.agent.config.policy.hold
    if name is MethodName.TECHNICIAN:
        return words.text("%(time)s, paid") % {"time": about_working_days(_BENCH_DAYS, words)}
    if name not in _OF_SUPPORT:
        return words.text("about 2 min")
    if hold:
        return words.text("at least %(time)s") % {"time": duration(hold * 3600, words)}
    return words.text("1 to 24 hours")


def _why(door: Door, request: Request, name: MethodName, closed: Closed | None) -> str:
    """Why a way is closed here and now, and what opens it; "" for one that is open."""
    agent, words, face = door.agent, door.pages.words(request), door.face(request)
    if closed is not None:
        now = agent.now()
        return words.text(_CLOSED[closed]) % {
            "firmware": now.model.needs_firmware(name, now.identity.firmware) or "",
            "time": duration(BENCH_LASTS, words),
        }
    if not door.recovering.reaches_desk(name):
        return words.text(
            "Support does not take such requests from this [recorder|camera] yet. Choose another way."
        )
    if door.recovering.tries(name, face).left:
        return ""
    if face is Face.SCREEN:
        return words.text("Too many wrong tries were made here. Choose another way.")
    return words.text(
        "Too many wrong tries were made here. [Use the recorder's own screen.|Choose another way.]"
    )
