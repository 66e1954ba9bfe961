"""Honest owners and the staff. Each matter is a generator: strangers act between its steps, and must not stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attack.judge import CASE_DAY, CASE_HOUR, MAILS, SHOWN
from attack.referee import PromiseBrokenError
from attack.wire import Client, Who
from sparekey.core.codes import number_from_entropy
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.request import Request
from sparekey.testing.bank import Transfer, statement
from tests.desk.workshop import PRICE, SHOP

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

    from attack.judge import Judge
    from attack.site import Owned, Site
    from tests.desk.office import Member
    from tests.desk.room import Mail

    Matter = Iterator[None]

STARTED = "2026-09-21 10:00:00"
DAY = 86400


class People:
    """`devices`: of owners. `done`: how many matters came to their end."""

    def __init__(self, site: Site, judge: Judge, dice: random.Random, devices: list[Owned]) -> None:
        self.site, self.judge, self.dice = site, judge, dice
        self.devices = devices
        self.done = 0
        self.numbers: list[str] = []
        """Cases that they opened."""
        self.codes: dict[str, str] = {}
        """The codes of those that are still asked about."""
        self.signed: list[tuple[dict[str, str], str]] = []
        """What passkeys signed, with the form that it was for."""
        self.at_work: list[Matter] = []
        self._staff: dict[str, Client] = {}
        self._sources = 0

    def act(self) -> None:
        """One step of something that somebody is about, or the beginning of something."""
        if len(self.at_work) < 2:
            kinds: list[Callable[[Owned], Matter]] = [self.mail_code, self.file, self.telephone, self.bench]
            self.at_work.append(self.dice.choice(kinds)(self.dice.choice(self.devices)))
        matter = self.dice.choice(self.at_work)
        try:
            next(matter)
        except StopIteration:
            self.at_work.remove(matter)
            self.done += 1

    # What owners want

    def mail_code(self, device: Owned) -> Matter:
        """Scan the square, press, read the mail: at once, whatever strangers do."""
        subject = "Your code for the recorder"
        request = device.asks_mail()
        self.judge.presses(request)
        browser, path = self._browser(), "/R/" + self.site.text(request)
        browser.get(path)
        yield
        due = self.judge.may_still(f"mail: {subject}", device.address, *MAILS[subject])
        before = len(self.site.post.taken)
        browser.get(path)
        browser.press(path)
        self.site.work()
        if due and not self.mails(before, device.address, subject):
            raise PromiseBrokenError("the owner's code did not come")

    def file(self, device: Owned) -> Matter:
        """A request file, a case, the code of the mailbox, a proposal, an approval, the answer."""
        request = device.asks_person()
        browser = self._browser()
        browser.get("/help/request")
        browser.fill("/help/request", {"text": file_of(request), "route": "download"})
        number = self._opened(browser)
        self.numbers.append(number)
        self.judge.handed_in(number, request, genuine=True)
        code = next(code for code in SHOWN.findall(browser.page.words) if code.replace("-", "") != number)
        self.codes[number] = code
        yield
        if not self._enters(browser, number, code):
            return
        before = len(self.site.post.taken)
        if not browser.fill("/help/case/mailbox"):
            return  # somebody with a session of the staff decided about the case
        self.site.work()
        mails = self.mails(before, device.address, "Your code for support")
        yield
        if not mails:
            raise PromiseBrokenError("the code for a new case did not come to the owner's mailbox")
        browser.get("/help/case/view")
        if not browser.fill("/help/case/mailbox-code", {"code": self.code_in(mails[-1].part("plain"))}):
            return  # somebody with a session of the staff decided about the case
        yield
        yield from self._decided(number, "response-file", [self.dice.choice(self.site.approvers)])
        if not self._enters(browser, number, code):
            return
        browser.get("/help/case/answer")
        case = self.judge.cases[number]
        good = case.issued and not case.over and self.site.clock.wall() < case.proposed + 2 * DAY
        if good and b"SPAREKEY RESPONSE" not in browser.page.body:
            raise PromiseBrokenError(f"the issued answer of {number} does not come")
        self.leaves(number)

    def telephone(self, device: Owned) -> Matter:
        """Somebody calls and reads numbers out; papers, a proposal, an approval, a day, and an agent who reads."""
        agent = self.at_desk(self.site.agent)
        agent.get("/console/new")
        read = number_from_entropy(self.site.entropy.bytes(5))
        said = {"serial": device.serial, "started": STARTED, "number": read, "day": STARTED[:10]}
        agent.press("/console/new/call", said)
        number = agent.page.path.rpartition("/")[2]
        self.numbers.append(number)
        yield
        for kind in ("invoice", "installer"):
            agent = self.at_desk(self.site.agent)
            agent.get(f"/console/cases/{number}")
            self.choose(agent, f"/console/cases/{number}/evidence", "kind", kind)
            yield
        yield from self._decided(number, "security-code", list(self.site.approvers))
        for _ in range(4):
            yield
        agent = self.at_desk(self.site.agent)
        agent.get(f"/console/cases/{number}")
        agent.fill(f"/console/cases/{number}/answer")

    def bench(self, device: Owned) -> Matter:
        """Order, pay, send in; a case of the device's own request; two approvals; the file at the bench."""
        browser = self._browser()
        browser.get("/unlock/order")
        jane = {"name": "Jane Doe", "street": "Krátká 2", "city": "602 00 Brno", "country": "CZ"}
        page = browser.page.form("/unlock/order").values | jane
        browser.post(
            "/unlock/order", page | {"serial": device.serial, "address": device.address, "erase": "yes"}
        )
        found = [word for word in browser.page.words.split() if word.isdigit() and len(word) == 10]
        yield
        if not found:
            return  # too many orders; calling support stays
        number = found[0]
        assert self.site.desk.orders is not None
        paid = statement(SHOP.account, (Transfer(PRICE, symbol=number, reference=number),), name=number)
        self.site.desk.orders.statement(paid, self.site.technician.id)
        yield
        tom = self.at_desk(self.site.technician)
        tom.get(f"/console/orders/{number}")
        tom.fill(f"/console/orders/{number}/received")
        yield
        request = device.asks_person(erase=True)
        case = self.site.desk.orders.hand_in(number, file_of(request), self.site.technician.id)
        assert isinstance(case, str), case
        self.numbers.append(case)
        self.judge.handed_in(case, request, genuine=True)
        self.judge.bench[number] = case
        yield
        agent = self.at_desk(self.site.agent)
        agent.get(f"/console/cases/{case}")
        self.choose(agent, f"/console/cases/{case}/evidence", "kind", "invoice")
        yield from self._decided(case, "erase-file", list(self.site.approvers))
        tom = self.at_desk(self.site.technician)
        tom.get(f"/console/orders/{number}")
        tom.fill(f"/console/orders/{number}/file")

    # How it is done

    def _decided(self, number: str, remedy: str, approvers: list[Member]) -> Matter:
        agent = self.at_desk(self.site.agent)
        agent.get(f"/console/cases/{number}")
        self.choose(agent, f"/console/cases/{number}/propose", "remedy", remedy)
        yield
        for approver in approvers:
            self.approve(approver, number)
            self.site.work()
            yield

    def approve(self, member: Member, number: str) -> None:
        """Look at it, and touch."""
        page = self.at_desk(member)
        page.get(f"/console/cases/{number}")
        if page.fill("/console/approvals", {"number": number}) and page.has("/console/approvals/touch"):
            values = page.page.form("/console/approvals/touch").values
            page.touch("/console/approvals/touch")
            self.signed.append((values, page.answer))

    def _enters(self, browser: Client, number: str, code: str) -> bool:
        """With the code of the case, unless it is open still; False when strangers used up its tries."""
        browser.get("/help/case/view")
        if browser.page.path == "/help/case/view":
            return True
        if not self.judge.may_still("case code", number, CASE_HOUR, CASE_DAY):
            return False
        browser.get("/help/case")
        browser.press("/help/case", {"number": number, "code": code})
        if browser.page.path != "/help/case/view":
            raise PromiseBrokenError(f"the owner's own code opens nothing: {browser.page.words[:200]}")
        return True

    def at_desk(self, member: Member, who: Who = Who.HONEST) -> Client:
        """Somebody of the staff, signed in."""
        client = self._staff.setdefault(
            member.id, self.site.client(who, f"192.0.2.{20 + len(self._staff)}", member)
        )
        client.get("/console/me")
        return client if client.page.path == "/console/me" else client.sign_in()

    def leaves(self, number: str) -> None:
        """Its tries are used up: whoever asked comes back tomorrow, or calls."""
        self.codes.pop(number, None)

    @staticmethod
    def code_in(text: str) -> str:
        """The code that stands alone on a line of a mail."""
        lines: list[str] = text.splitlines()
        return next(line.strip() for line in lines if SHOWN.fullmatch(line.strip()))

    def session_of(self, member: Member) -> dict[str, str]:
        """The cookies that somebody of the staff left in a browser."""
        return dict(self.at_desk(member).cookies)

    @staticmethod
    def choose(client: Client, action: str, name: str, value: str) -> None:
        """Press the button of the form that says so, if it is there."""
        for form in client.page.forms:
            if form.action == action and form.values.get(name) == value:
                client.post(action, form.values)
                return

    def _opened(self, browser: Client) -> str:
        found = SHOWN.findall(browser.page.words)
        if not found:
            raise PromiseBrokenError(
                f"an enrolled device's request opens no case: {browser.page.words[:300]}"
            )
        return str(found[0]).replace("-", "")

    def mails(self, before: int, address: str, subject: str) -> list[Mail]:
        """What came for somebody since there were so many mails."""
        new = self.site.post.taken[before:]
        return [mail for mail in new if mail.recipient == address and mail.message["subject"] == subject]

    def _browser(self) -> Client:
        self._sources = (self._sources + 1) % 60
        return self.site.client(Who.HONEST, f"198.51.100.{10 + self._sources}")


def file_of(request: Request) -> str:
    """As the device saves it."""
    return wrap(FileKind.REQUEST, request.encoded, {})
