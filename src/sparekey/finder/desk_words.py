"""What a desk says of a request and of a case, in words: how it stands, then what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.messages.link_answer import LinkVerdict
from sparekey.core.messages.link_case import CaseStage
from sparekey.language.catalogue import N_
from sparekey.language.moments import duration

if TYPE_CHECKING:
    from sparekey.core.messages.link_case import CaseTold
    from sparekey.language.catalogue import Translator

_VERDICTS = {
    LinkVerdict.LATER: N_("The desk takes no more requests just now. Send it again in an hour."),
    LinkVerdict.EXPIRED: N_("The time of this request is over. Make a new one at the device."),
    LinkVerdict.OTHER_KIND: N_("This is no request to support."),
    LinkVerdict.OTHER_DESK: N_("This request is for another desk. Look at the device's page Info."),
    LinkVerdict.UNKNOWN_KEY: N_(
        "The desk no longer has the key that this request was made for."
        " Call support: the device needs a newer trust file."
    ),
    LinkVerdict.NOT_GENUINE: N_("This request was changed on its way. Save it at the device once more."),
}
_LETTERS = {
    LinkVerdict.TAKEN: N_("taken"),
    LinkVerdict.WAITS: N_("waits until two people at support have looked at it"),
    LinkVerdict.OLD: N_("was taken before"),
    LinkVerdict.LATER: N_("The desk takes no more of these just now. Send the file again in an hour."),
    LinkVerdict.OTHER_KIND: N_("The desk does not know what this is."),
}
GOOD = frozenset({LinkVerdict.TAKEN, LinkVerdict.WAITS, LinkVerdict.OLD})
"""After these nothing more is to be done about a letter but to take the answer back."""
_DAMAGED = N_("The desk cannot read this request. Save it at the device once more.")
_STAGES = {
    CaseStage.OPENED: N_("Support looks at it. Fetch it again later."),
    CaseStage.PROPOSED: N_("Support agreed; a second person looks at it. Fetch it again later."),
    CaseStage.HELD: N_("Support agreed. The owner can still stop it for %(time)s; then the answer is here."),
    CaseStage.ISSUED: N_("Support answered. The answer comes another way, or its time is over."),
    CaseStage.CLOSED: N_("The case is closed."),
}
_REASONS = {
    "not-proved": N_("Support could not see that the device is yours."),
    "not-ours": N_("The device belongs to another support desk."),
    "reported-stolen": N_("The device was reported stolen."),
    "other-way": N_("There is a shorter way for this device: sparekey ways DEVICE"),
    "no-answer": N_("Support asked for something and heard nothing for a long time."),
    "mistake": N_("The case was opened by mistake, or twice."),
    "owner": N_("The owner stopped it."),
    "expired": N_("The time of the request is over."),
}
NOT_KNOWN = N_("The desk knows no such case from here.")


def no(verdict: LinkVerdict, words: Translator) -> str:
    """Why a request was not taken."""
    return words.text(_VERDICTS.get(verdict, _DAMAGED))


def letter(verdict: LinkVerdict, words: Translator) -> str:
    """What became of a device's letter."""
    return words.text(_LETTERS.get(verdict) or _VERDICTS.get(verdict, _DAMAGED))


def standing(told: CaseTold | None, now: int, words: Translator) -> str:
    """How a case stands that has no answer yet."""
    if told is None:
        return words.text(NOT_KNOWN)
    sentence = words.text(_STAGES[told.stage])
    if told.stage is CaseStage.HELD:
        sentence %= {"time": duration(told.until - now, words)}
    reason = _REASONS.get(told.reason) if told.stage is CaseStage.CLOSED else None
    return f"{words.text(reason)} {sentence}" if reason else sentence
