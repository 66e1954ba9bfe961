"""B06, the desk's part by calls: a help desk's own system sends many requests in one file, and fetches the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.demo.checks.b06_many import encoded
from sparekey.demo.checks.check import Check
from sparekey.demo.checks.p27_send import opens
from sparekey.demo.office import office_of
from sparekey.demo.owner import Owner
from sparekey.demo.registered import registered, saved_request
from sparekey.demo.site import SECOND, SECOND_SERIAL, SERIAL
from sparekey.demo.tickets import let_in, turned_away
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.stage import Stage


def by_calls(stage: Stage) -> None:
    """Two recorders and three broken things in one file: each is told in its place and decided on its own. Another
    token reads no answer, and one that was taken away does nothing.
    """
    stage.step("two recorders")
    owner = registered(stage, "owner@example.com")
    office = office_of(stage)
    stage.site.make(SECOND)
    stage.site.start((SECOND,))
    neighbour = Owner(stage, stage.site.plan.second, "neighbour@example.com")
    neighbour.set_up()
    first, second = (encoded(saved_request(one)) for one in (owner, neighbour))

    stage.step("tokens")
    scopes = ("cases:open", "cases:read", "cases:evidence", "cases:decide", "answers:read")
    tickets = let_in(office.admins, "Tickets", *scopes)
    reader = let_in(office.admins, "Wall display", "cases:read")

    stage.step("one file")
    bent = first[:-1] + bytes([first[-1] ^ 1])
    batch = make_batch([b"something broken", first, bent, second, second[:50]])
    file = wrap(FileKind.REQUESTS, batch, {"Devices": "5"})
    told = tickets.ask("POST", "/cases", {"request": file}, once="ticket-4711")
    receipts = told["receipts"]
    slugs = [one["trouble"]["slug"] if one["trouble"] else "" for one in receipts]
    expect(slugs == ["damaged", "", "not-genuine", "", "damaged"], f"the five are told as {slugs}")
    serials = [one["serial"] for one in receipts if one["case"]]
    expect(serials == [SERIAL, SECOND_SERIAL], f"the cases are of {serials}")
    again = tickets.ask("POST", "/cases", {"request": file}, once="ticket-4711")
    expect(again == told, "the same call is answered otherwise the second time")
    case, other = receipts[1]["case"], receipts[3]["case"]

    stage.step("a token for something else")
    expect(
        reader.ask("GET", f"/cases/{case}")["judgement"] is None, "a token for reading sees how it is judged"
    )
    for method, path, body in (
        ("GET", f"/cases/{case}/answer", None),
        ("PUT", f"/cases/{case}/proposal", {"remedy": "response-file"}),
        ("POST", "/cases", {"request": file}),
    ):
        expect(
            reader.refused(method, path, body) == (403, "scope"), f"a token for reading does {method} {path}"
        )

    stage.step("each on its own")
    for kind in ("invoice", "installer"):
        tickets.ask("POST", f"/cases/{case}/evidence", {"kind": kind})
    tickets.ask("PUT", f"/cases/{case}/proposal", {"remedy": "response-file"}, once="proposal-4711")
    refused = tickets.ask("POST", f"/cases/{other}/refusal", {"reason": "not-proved"})
    expect(refused["status"] == "closed", "the second case is not refused")

    stage.step("a person approves")
    no_answer = tickets.refused("GET", f"/cases/{case}/answer")
    expect(no_answer == (409, "not-now"), f"an answer before anybody approved: {no_answer}")
    office.approver.look_at(case).says("Tickets")
    office.approver.approve(case)

    stage.step("the answer")

    def issued() -> bool | None:
        return True if tickets.ask("GET", f"/cases/{case}")["answer"] else None

    stage.wait(issued, "the answer is not issued")
    given = tickets.ask("GET", f"/cases/{case}/answer")
    expect(given["serial"] == SERIAL and given["codes"] == [], "it is another answer than was proposed")
    opens(owner, (given["file_name"], given["file"].encode()))

    stage.step("taken away")
    turned_away(office.admins[0], tickets)
    expect(
        tickets.refused("GET", f"/cases/{case}") == (401, "token"), "a token that was taken away still works"
    )


CHECKS = (Check("B06.desk", "sparekey", by_calls),)
