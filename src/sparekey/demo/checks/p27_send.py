"""P27, the desk's part: the request gets to support and the answer back over public pages, or by a program's call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.codes import code_from_bits
from sparekey.core.messages.armour import FileKind, unwrap, wrap
from sparekey.core.messages.link_answer import LinkVerdict
from sparekey.core.messages.link_case import CaseStage
from sparekey.core.messages.request import Request
from sparekey.core.messages.response import read_response
from sparekey.core.messages.text import read_any
from sparekey.core.messages.trust import parse_trust
from sparekey.demo.asker import Asker, code_in, numbers_on
from sparekey.demo.checks.check import Check
from sparekey.demo.office import office_of
from sparekey.demo.registered import registered, saved_request
from sparekey.demo.site import SERIAL
from sparekey.demo.verdicts import UnlikeError, expect
from sparekey.desklink import cases
from sparekey.desklink.address import address_of
from sparekey.desklink.exchange import Exchange
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy

if TYPE_CHECKING:
    from sparekey.demo.browser import File, Page
    from sparekey.demo.office import Office
    from sparekey.demo.owner import Owner
    from sparekey.demo.stage import Stage

_SPOKEN = {"started": "2026-09-21 10:00:00", "number": "7km2 q4xz", "day": "2026-09-21"}
_ANSWER = "/forgot/support/answer"
_OPENED, _READY = "Your case at support", "The answer of support is there"


def by_pages(stage: Stage) -> None:
    """A file becomes a case, the answer comes as a download and by mail, and opens the recorder. Whether the desk
    knows a serial number shows nowhere.
    """
    stage.step("a registered recorder, and its owner locked out")
    owner = registered(stage, "owner@example.com")
    office = office_of(stage)
    file = saved_request(owner)

    stage.step("handed in without an account")
    installer = Asker(stage, "installer@example.com")
    opened = installer.hand_in(file, "mail").says("Your case is open", installer.address, "What happens next")
    number = _case_number(opened)
    letter = installer.letter(_OPENED)
    code = code_in(letter, number)
    expect(code not in opened.words, "the page shows the code that only the mailbox should")
    again = installer.hand_in(file, "mail")
    expect(_case_number(again) == number, "the same file from the same browser is another case")

    stage.step("a wrong code")
    wrong = code_from_bits(1).shown
    told = installer.enter(number, wrong).refuses("do not belong together", status=422)
    other = installer.enter("ABCD-EFGH", wrong).refuses(status=422)
    expect(
        told.words.replace(number, "") == other.words.replace("ABCD-EFGH", ""),
        "a wrong number reads otherwise",
    )
    installer.enter(number, code).is_at("/help/case/view").says(SERIAL, "Nothing was decided yet.")

    stage.step("known and unknown serial numbers")
    pages = [
        _shape(installer.read_out({"serial": serial, **_SPOKEN}), serial) for serial in (SERIAL, "XX-0001")
    ]
    expect(pages[0] == pages[1], "the page shows whether the desk knows a serial number")

    stage.step("decided")
    _decide(stage, office, number, installer, owner)

    stage.step("the answer")
    letter = installer.letter(_READY).says("The file is attached.")
    view = installer.look().says("The answer is ready.")
    answer = installer.browser.follow(view, "/help/case/answer").is_file(".sparekey-response")
    opens(owner, (answer.saved_as, answer.body))


def by_program(stage: Stage) -> None:
    """The calls of `sparekey send` and `sparekey fetch`: only who drew the secret gets the answer."""
    stage.step("a registered recorder, and its owner locked out")
    owner = registered(stage, "owner@example.com")
    office = office_of(stage)
    found = read_any(saved_request(owner)[1])
    if not isinstance(found, Request):
        raise UnlikeError("the recorder saved no request")

    stage.step("sent")
    trust = stage.site.folders.desk / "trust.sparekey-trust"
    prefix = parse_trust(unwrap(FileKind.TRUST, trust.read_text("utf-8"))).unproved.prefix
    desk, secret = Exchange(address_of(prefix), SystemClock()), SystemEntropy().bytes(32)
    bent = found.encoded[:-1] + bytes([found.encoded[-1] ^ 1])
    first, second = cases.send(desk, [bent, found.encoded], secret, "en")
    expect(first.verdict is LinkVerdict.NOT_GENUINE, "a request that was changed on the way becomes a case")
    number = second.data.decode()
    (same,) = cases.send(desk, [found.encoded], secret, "en")
    expect(same.data == second.data, "asked again, it is another case")

    stage.step("fetched")
    told = cases.fetch(desk, number, secret)
    expect(told is not None and told.stage is CaseStage.OPENED, "the case does not stand open")
    for case, foreign in ((number, bytes(32)), ("00000000", secret)):
        expect(cases.fetch(desk, case, foreign) is None, "a foreign secret fetches a case")
    _decide(stage, office, number, None, owner)
    told = cases.fetch(desk, number, secret)
    if told is None or not told.response:
        raise UnlikeError("the answer cannot be fetched")
    expect(read_response(told.response).answer.serial == SERIAL, "it is an answer for another device")
    file = wrap(FileKind.RESPONSE, told.response, {"Device": SERIAL})
    opens(owner, ("answer.sparekey-response", file.encode()))


def _decide(stage: Stage, office: Office, number: str, asker: Asker | None, owner: Owner) -> None:
    """The owner's mailbox proves it, an agent proposes, an approver touches."""
    case = number.replace("-", "")
    mailbox = Asker(stage, owner.address)
    if asker is not None:
        asker.browser.send(asker.look(), "/help/case/mailbox").says("a code is on its way")
        code = code_in(mailbox.letter("Your code for support"), number)
        asker.browser.send(asker.look(), "/help/case/mailbox-code", {"code": code}).says("Proof was checked")
    else:
        office.agent.prove(case, "invoice", "installer")
    office.agent.propose(case, "response-file")
    office.approver.approve(case)


def opens(owner: Owner, file: File) -> None:
    """The file sets a new password at the recorder, in the browser where the request was made."""
    page = owner.browser.open(owner.door + _ANSWER).is_at(_ANSWER)
    handed = owner.browser.send(page, _ANSWER, files={"file": file})
    owner.choose_password(handed)
    owner.is_back()


def _case_number(page: Page) -> str:
    numbers = [found for found in numbers_on(page) if found != SERIAL]
    if len(numbers) != 1:
        raise UnlikeError(f"the page shows {len(numbers)} numbers of cases, not one: {page.words[:300]}")
    return numbers[0]


def _shape(page: Page, serial: str) -> str:
    """What a page says beside what was typed and what is drawn anew each time."""
    words = page.words.replace(serial, "")
    for number in numbers_on(page):
        words = words.replace(number, "")
    return words


CHECKS = (Check("P27.desk", "sparekey", by_pages), Check("P27.desk", "sparekey", by_program))
