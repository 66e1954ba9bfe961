"""Reset button: the switch on the body of a camera, held while it is on. There is no proof to type: the machine takes
`ButtonHeld` itself. It stands here so that people are told of it like of every other way (spec/requests.md section 13).

Start: whoever can touch the device. Challenge and proof: the hold. Grant: factory settings; the card stays.
"""

from __future__ import annotations

from sparekey.core.errors import Refusal
from sparekey.core.methods.method import Closed, Method, Recordings, ten_minutes
from sparekey.core.model import DeviceKind, Switch
from sparekey.core.record import Action, Ask, Record, Situation
from sparekey.core.values import MethodName


def _closed(_record: Record, situation: Situation) -> Closed | None:
    """Recorders have none unless the profile says so; some cameras have none either."""
    model = situation.model
    barred = model.kind is DeviceKind.RECORDER and not situation.policy.reset_button.recorders
    return Closed.NO_BUTTON if barred or model.switch is Switch.NONE else None


def _judge(_record: Record, _ask: Ask | None, _proof: object, _situation: Situation) -> Refusal | None:
    return Refusal.NOT_OFFERED


def _action(_situation: Situation) -> Action:
    return Action.NEW_PASSWORD_OR_DEFAULT


METHOD = Method(
    name=MethodName.RESET_BUTTON,
    faces=frozenset(),
    asks=None,
    strong=True,
    needs_desk=False,
    recordings=Recordings.CARD_KEPT,
    lasts=ten_minutes,
    closed=_closed,
    action=_action,
    judge=_judge,
)
