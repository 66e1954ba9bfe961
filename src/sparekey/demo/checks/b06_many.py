"""B06, the desk's part: one file for many devices, each decided on its own, and one file with the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.request import Request
from sparekey.core.messages.text import Responses, read_any
from sparekey.demo.asker import Asker, code_in
from sparekey.demo.checks.check import Check
from sparekey.demo.office import office_of
from sparekey.demo.owner import Owner
from sparekey.demo.registered import registered, saved_request
from sparekey.demo.site import SECOND, SECOND_SERIAL, SERIAL
from sparekey.demo.verdicts import UnlikeError, expect

if TYPE_CHECKING:
    from sparekey.demo.browser import File, Page
    from sparekey.demo.stage import Stage


def many(stage: Stage) -> None:
    """Two recorders and something broken in one file; one is answered, one is refused, the broken one is told."""
    stage.step("two recorders")
    owner = registered(stage, "owner@example.com")
    office = office_of(stage)
    stage.site.make(SECOND)
    stage.site.start((SECOND,))
    neighbour = Owner(stage, stage.site.plan.second, "neighbour@example.com")
    neighbour.set_up()
    requests = [encoded(saved_request(one)) for one in (owner, neighbour)]

    stage.step("one file")
    batch = make_batch([requests[0], b"something broken", requests[1]])
    file = wrap(FileKind.REQUESTS, batch, {"Devices": "3"}).encode()
    installer = Asker(stage, "installer@example.com")
    opened = installer.hand_in(("all.sparekey-request", file))
    opened.says("2 cases are open", "1 request cannot be used", "Number 2 in the file")
    first, second = (_number_of(opened, serial) for serial in (SERIAL, SECOND_SERIAL))

    stage.step("each on its own")
    office.agent.prove(first, "invoice", "installer")
    office.agent.propose(first, "response-file")
    office.approver.approve(first)
    page = office.agent.open(f"/cases/{second}")
    office.agent.browser.send(page, f"/console/cases/{second}/refuse", {"reason": "not-proved"})

    stage.step("the answers in one file")
    code = code_in(installer.letter("Your case at support"), _shown(first))
    installer.enter(_shown(second), code).says("We could not see that the device is yours.")
    view = installer.enter(_shown(first), code).says("You sent 2 requests together.")
    answers = installer.browser.follow(view, "/help/case/answers").is_file(".sparekey-response")
    found = read_any(answers.body)
    if not isinstance(found, Responses):
        raise UnlikeError("the answers are no file for many devices")
    serials = [item.answer.serial for item in found.items if not isinstance(item, Exception)]
    expect(serials == [SERIAL], f"the file answers {serials}")


def encoded(file: File) -> bytes:
    """The request in a file that a recorder saved."""
    found = read_any(file[1])
    if not isinstance(found, Request):
        raise UnlikeError("a recorder saved no request")
    return found.encoded


def _number_of(page: Page, serial: str) -> str:
    """The case of a serial number, on the page that says what became of a file."""
    words = page.words.split()
    return words[words.index(serial) + 1].replace("-", "")


def _shown(number: str) -> str:
    return f"{number[:4]}-{number[4:]}"


CHECKS = (Check("B06.desk", "sparekey", many),)
