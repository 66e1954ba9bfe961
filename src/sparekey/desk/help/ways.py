"""Which way is open to me? What a device of this kind offers, in order of least loss, with what each needs and
costs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from sparekey import profiles
from sparekey.core.errors import InputError
from sparekey.core.messages.header import Kind
from sparekey.core.messages.request import Request as Sealed
from sparekey.core.messages.text import read_any
from sparekey.core.methods import METHODS
from sparekey.core.model import Model, Switch
from sparekey.core.values import MODEL_LIMIT, MethodName, label
from sparekey.desk.cases.opening import Trouble
from sparekey.desk.help.handing import LIMITS, PHOTO, read_given
from sparekey.desk.help.words import TROUBLES
from sparekey.language.catalogue import N_
from sparekey.language.moments import about_working_days, duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.policy import Policy
    from sparekey.desk.help.door import Door
    from sparekey.language.catalogue import Translator

FORM = "help-ways"
BENCH_DAYS = 3
KINDS = ("recorder", "camera")

_TITLES = {
    MethodName.QUESTIONS: N_("Security questions"),
    MethodName.KEY_FILE: N_("Key file"),
    MethodName.RECOVERY_SHEET: N_("Recovery sheet"),
    MethodName.MAIL_CODE: N_("Code by e-mail"),
    MethodName.SECURITY_CODE: N_("Code of the day from support"),
    MethodName.RESPONSE_FILE: N_("File from support"),
    MethodName.RESPONSE_KEY: N_("Key from support"),
    MethodName.RESET_BUTTON: N_("Reset button"),
    MethodName.TECHNICIAN: N_("Technician"),
}
_NEEDS = {
    MethodName.QUESTIONS: N_("You need the answers that were given at set-up. Free, no support needed."),
    MethodName.KEY_FILE: N_("You need the file that was saved at set-up. Free, no support needed."),
    MethodName.RECOVERY_SHEET: N_("You need the printed sheet. Free, no support needed."),
    MethodName.MAIL_CODE: N_(
        "You need the mailbox that was registered on the device, and a phone with a camera. Free, no person needed."
    ),
    MethodName.SECURITY_CODE: N_(
        "You read out serial number, start time and request number, and show that the device is yours. Free."
    ),
    MethodName.RESPONSE_FILE: N_(
        "You send the file that the device saves, and show that the device is yours. You get a file back. Free."
    ),
    MethodName.RESPONSE_KEY: N_(
        "You send a photo of the square or the file, and show that the device is yours. You get eight characters."
        " Free."
    ),
    MethodName.RESET_BUTTON: N_("Hold the button on its body for %(hold)s while it is switched on. Free."),
    MethodName.TECHNICIAN: N_("You order it, pay, and send the device in."),
}
_LOSES = {
    MethodName.RESET_BUTTON: N_("All settings are lost. Recordings on the card stay."),
    MethodName.TECHNICIAN: N_("ALL RECORDINGS ARE ERASED, and all settings."),
}
_LINKS = {
    MethodName.SECURITY_CODE: "/help/codes",
    MethodName.RESPONSE_FILE: "/help/request",
    MethodName.RESPONSE_KEY: "/help/request",
}


@dataclass(frozen=True)
class Way:
    """One way, in words."""

    title: str
    detail: str
    takes: str = ""
    why: str = ""
    loses: str = ""
    href: str = ""


@dataclass(frozen=True)
class Device:
    """What somebody said of theirs, or what their request says."""

    kind: str
    profile: str
    model: str = ""
    firmware: str = ""
    asked: MethodName | None = None


class Ways:
    """The pages. `offered`: profiles of the devices that ask here."""

    def __init__(self, door: Door, offered: Sequence[str]) -> None:
        self._door = door
        self._offered = tuple(offered)

    def routes(self) -> Sequence[BaseRoute]:
        """All of them."""
        return [self._door.get("/ways", self._look), self._door.post("/ways/request", self._hand_in)]

    async def _look(self, request: Request) -> Response:
        asked = request.query_params
        kind = asked.get("kind", "")
        device = None
        if kind in KINDS:
            profile = asked.get("profile", "")
            device = Device(
                kind,
                profile if profile in self._offered else self._offered[0],
                _model(asked.get("model", "")),
                _model(asked.get("firmware", "")),
            )
        return self._page(request, device, "")

    async def _hand_in(self, request: Request) -> Response:
        form = await self._door.pages.form(request, FORM, LIMITS)
        words = self._door.pages.words(request)
        try:
            found = read_any(await run_in_threadpool(read_given, form))
        except InputError as error:
            told = PHOTO.get(error.slug, TROUBLES[Trouble.DAMAGED])
            return self._page(request, None, words.text(told))
        if not isinstance(found, Sealed):
            return self._page(request, None, words.text(TROUBLES[Trouble.NO_REQUEST]))
        kind, profile = form.text("kind"), form.text("profile")
        header = found.header
        device = Device(
            kind if kind in KINDS else KINDS[0],
            profile if profile in self._offered else self._offered[0],
            header.identity.model,
            header.identity.firmware,
            _ASKED.get(header.kind),
        )
        return self._page(request, device, "")

    def _page(self, request: Request, device: Device | None, wrong: str) -> Response:
        words = self._door.pages.words(request)
        offered = [(name, profiles.profile(name).title) for name in self._offered]
        ways = [] if device is None else ways_of(device, words, shop=self._door.shop)
        return self._door.page(
            request,
            "ways",
            status=422 if wrong else 200,
            here="/help/ways",
            device=device,
            ways=ways,
            offered=offered,
            models=profiles.model_names(),
            wrong={"file": wrong},
        )


_ASKED = {
    Kind.MAIL: MethodName.MAIL_CODE,
    Kind.SUPPORT: MethodName.RESPONSE_FILE,
    Kind.TECHNICIAN: MethodName.TECHNICIAN,
}


def ways_of(device: Device, words: Translator, *, shop: bool = False) -> list[Way]:
    """Every way that devices of this kind offer, in order of least loss; a closed one with the reason. `shop`: the
    technician's unlock is sold here.
    """
    policy = profiles.profile(device.profile)
    sheet = profiles.model(device.model) if device.model in profiles.model_names() else None
    links = {**_LINKS, MethodName.TECHNICIAN: "/unlock"} if shop else _LINKS
    ways = [(name, _way(name, device, policy, sheet, words)) for name in METHODS if name in policy.methods]
    return [way if way.why else replace(way, href=links.get(name, "")) for name, way in ways]


def _way(name: MethodName, device: Device, policy: Policy, sheet: Model | None, words: Translator) -> Way:
    own = {MethodName.MAIL_CODE: policy.words.mail_code, MethodName.SECURITY_CODE: policy.words.security_code}
    title = words.text(own.get(name, _TITLES[name]))
    why = _why(name, device, policy, sheet, words)
    if why:
        return Way(title, "", why=why)
    detail = words.text(_NEEDS[name]) % {"hold": duration(policy.reset_button.hold, words)}
    if name is device.asked:
        detail = words.text("This is what your device asks for.") + " " + detail
    loses = words.text(_LOSES[name]) if name in _LOSES else ""
    if name is MethodName.SECURITY_CODE and policy.security_code.may_default:
        loses = words.text("It can also set factory settings: then all settings are lost.")
    if not loses:
        detail += " " + words.text("Nothing is lost.")
    return Way(title, detail, _takes(name, policy, words), loses=loses)


def _why(name: MethodName, device: Device, policy: Policy, sheet: Model | None, words: Translator) -> str:
    """Why it is closed, or nothing."""
    if name is MethodName.RESET_BUTTON:
        kind = device.kind if sheet is None else sheet.kind.value
        if kind == "recorder" and not policy.reset_button.recorders:
            return words.text("Recorders have no reset button, and there is no universal password.")
        if sheet is not None and sheet.switch is Switch.NONE:
            return words.text("This model has no reset button.")
    needs = sheet.needs_firmware(name, device.firmware) if sheet is not None and device.firmware else None
    return (
        words.text("Not with this firmware: upgrade to %(firmware)s.") % {"firmware": needs} if needs else ""
    )


def _takes(name: MethodName, policy: Policy, words: Translator) -> str:
    if name is MethodName.TECHNICIAN:
        return words.text("%(time)s, paid") % {"time": about_working_days(BENCH_DAYS, words)}
    if not METHODS[name].needs_desk or name is MethodName.MAIL_CODE:
        return words.text("about 2 min")
    if policy.hold:
        return words.text("at least %(time)s") % {"time": duration(policy.hold * 3600, words)}
    return words.text("1 to 24 hours")


def _model(text: str) -> str:
    try:
        return label("model", text.strip(), MODEL_LIMIT) if text.strip() else ""
    except InputError:
        return ""
