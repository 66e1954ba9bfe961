"""Cases and orders as programs see them. Nothing is decided here, and nobody is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.case import BY_MAIL, CAMERAS, MAY_DEFAULT, Closed, Issued, by_mail
from sparekey.core.evidence import Remedy
from sparekey.core.order import Received
from sparekey.desk.api import shapes
from sparekey.desk.api.shapes import moment
from sparekey.desk.cases.view import fitting
from sparekey.desk.orders.money import plain

if TYPE_CHECKING:
    from sparekey.core.case import Proposal
    from sparekey.desk.cases import asking
    from sparekey.desk.cases.giving import Given
    from sparekey.desk.cases.view import CaseView
    from sparekey.desk.orders.ordering import Line
    from sparekey.desk.orders.service import OrderView

_ASKED = {Remedy.SECURITY_CODE: "security-code", Remedy.RESPONSE_KEY: "response", Remedy.ERASE_FILE: "erase"}
"""What somebody asked for, by the first remedy that fits."""
OPTIONS = {
    Remedy.SECURITY_CODE: {"by-mail": BY_MAIL, "may-default": MAY_DEFAULT},
    Remedy.RESPONSE_KEY: {},
    Remedy.RESPONSE_FILE: {"cameras": CAMERAS},
    Remedy.ERASE_FILE: {},
}
"""The options of each remedy, by name."""
_PROGRAM = "api-"


def case(view: CaseView, now: int, *, judging: bool) -> shapes.CaseTold:
    """One case. `judging`: with what the desk knows of its device."""
    state = view.state
    return shapes.CaseTold.model_validate(
        {
            "number": view.number,
            "version": view.version,
            "serial": view.file.serial,
            "model": view.asked.model,
            "firmware": view.asked.firmware,
            "asked": _ASKED[fitting(view.asked)[0]],
            "status": view.status,
            "opened": moment(view.opened),
            "changed": moment(view.changed),
            "evidence": [
                shapes.Evidence(kind=piece.kind.value, at=moment(piece.at)) for piece in view.file.evidence
            ],
            "papers": [
                shapes.HandedIn(kind=paper.kind, media=paper.media, size=paper.size, at=moment(paper.at))
                for paper in view.uploads
            ],
            "notes": [
                shapes.NoteTold(text=note.text, at=moment(note.at), program=note.by.startswith(_PROGRAM))
                for note in view.notes
            ],
            "proposal": None if view.proposal is None else _proposal(view, view.proposal),
            "answer": isinstance(state, Issued) and _readable(view, now),
            "ending": state.ending.value if isinstance(state, Closed) else None,
            "reason": state.reason if isinstance(state, Closed) else None,
            "history": [
                shapes.Event(what=past.what, at=moment(past.at), role=past.role, detail=past.detail)
                for past in view.history
                if judging or past.what != "standing"
            ],
            "judgement": _judgement(view) if judging else None,
        }
    )


def _readable(view: CaseView, now: int) -> bool:
    proposal = view.proposal
    return (
        proposal is not None
        and view.log_index is not None
        and now < proposal.expires
        and proposal.remedy is not Remedy.ERASE_FILE
        and not by_mail(proposal.remedy, proposal.options)
    )


def _proposal(view: CaseView, proposal: Proposal) -> shapes.ProposalTold:
    named = [name for name, bit in OPTIONS[proposal.remedy].items() if proposal.options & bit]
    return shapes.ProposalTold.model_validate(
        {
            "remedy": proposal.remedy.value,
            "options": named,
            "expires": moment(proposal.expires),
            "approvals_needed": proposal.approvals,
            "approvals": len(view.approvals),
            "held_until": moment(view.until) if view.until else None,
        }
    )


def _judgement(view: CaseView) -> shapes.Judgement:
    return shapes.Judgement(
        waits_for=view.waits,
        ways=[
            shapes.Way.model_validate(
                {
                    "remedy": way.remedy.value,
                    "missing": None if way.missing is None else way.missing.value,
                    "missing_by_mail": None if way.by_mail is None else way.by_mail.value,
                    "approvals": way.approvals,
                    "hold_hours": way.hold,
                    "helpful": [kind.value for kind in way.helpful],
                }
            )
            for way in view.ways
        ],
        signals=[signal.value for signal in view.signals],
    )


def case_line(line: asking.Line) -> shapes.CaseLine:
    """A case in a list."""
    return shapes.CaseLine.model_validate(
        {
            "number": line.number,
            "serial": line.serial,
            "model": line.model,
            "status": line.status,
            "opened": moment(line.opened),
            "changed": moment(line.changed),
        }
    )


def answer(given: Given) -> shapes.Answer:
    """What was issued."""
    codes = [
        shapes.DatedCode(day=moment(code.day * 86400).date(), likely=code.likely, code=code.code.shown)
        for code in given.codes
    ]
    return shapes.Answer.model_validate(
        {
            "number": given.number,
            "serial": given.serial,
            "remedy": given.remedy.value,
            "expires": moment(given.expires),
            "codes": codes,
            "key": None if given.key is None else given.key.shown,
            "file": given.file or None,
            "file_name": given.file_name if given.file else None,
        }
    )


def order_line(line: Line) -> shapes.OrderLine:
    """An order in a list."""
    return shapes.OrderLine.model_validate(
        {
            "number": line.number,
            "serial": line.serial,
            "status": line.status,
            "case": line.case or None,
            "placed": moment(line.placed),
            "changed": moment(line.changed),
        }
    )


def order(view: OrderView) -> shapes.OrderTold:
    """One order."""
    state, kept = view.kept.state, view.kept
    return shapes.OrderTold.model_validate(
        {
            "number": kept.number,
            "serial": state.deal.serial,
            "status": view.status,
            "case": kept.dossier.case or None,
            "placed": moment(state.deal.placed),
            "changed": moment(kept.changed),
            "price": plain(state.deal.price),
            "currency": state.deal.currency,
            "pay_by": moment(state.deal.pay_by),
            "due": moment(view.due).date() if isinstance(state, Received) else None,
            "history": [
                shapes.OrderEvent(what=past.what, at=moment(past.at), role=past.role) for past in view.history
            ],
        }
    )
