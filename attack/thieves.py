"""Those who have something: a copied session of an agent, an approver, an admin or an owner; a program's token; a job
at the desk and a locked device of their own; a right code in the wrong place.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from attack.judge import CASE_DAY, CASE_HOUR
from attack.people import STARTED
from attack.referee import PromiseBrokenError
from attack.strangers import OWN, SERIALS, UNKNOWN
from attack.wire import Client, Who
from sparekey.core.codes import code_from_bits, number_from_entropy
from sparekey.desk.api.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from attack.desk import Desk

T = TypeVar("T")

CONSOLE = ("/console", "/console/new", "/console/devices", "/console/approvals", "/console/disputes", "/console/people",
           "/console/numbers", "/console/audit", "/console/orders", "/console/programs", "/console/me")  # fmt: skip
OPENS = {
    Scope.OPEN: ("POST", ""),
    Scope.READ: ("GET", "/{}"),
    Scope.EVIDENCE: ("POST", "/{}/evidence"),
    Scope.NOTE: ("POST", "/{}/notes"),
    Scope.DECIDE: ("PUT", "/{}/proposal"),
    Scope.ANSWERS: ("GET", "/{}/answer"),
}
"""A call about cases for each scope."""


class Thieves:
    """What they do. `desk`: where."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._insiders: list[str] = []
        self._touches: list[tuple[str, dict[str, Any]]] = []

    @property
    def acts(self) -> list[Callable[[], None]]:
        """Each as often as it is tried."""
        acts = [self._console] * 4 + [self._decide] * 3 + [self._sign_for_somebody] * 3 + [self._phone] * 3
        return acts + [self._program] * 5 + [self._insider] * 4 + [self._lucky] * 5

    # A copied session

    def _console(self) -> None:
        """Press anything in the console."""
        desk = self._desk
        client = self._one_of(desk.thief, desk.chief, desk.boss)
        desk.strangers.press_something(
            client, (*CONSOLE, *(f"/console/cases/{number}" for number in self._numbers()))
        )

    def _decide(self) -> None:
        """Enter evidence, propose, take back, refuse, in a case that honest people are about or strangers opened."""
        desk = self._desk
        number = self._one_of(*self._numbers())
        desk.thief.get(f"/console/cases/{number}")
        forms = [form for form in desk.thief.page.forms if form.action.startswith("/console/cases/")]
        gentle = [form for form in forms if not form.action.endswith(("refuse", "withdraw", "finish"))]
        chosen = forms if desk.dice.random() < 0.1 else gentle
        if chosen:
            form = self._one_of(*chosen)
            typed = {"code": self._wrong_code(), "text": "a note", "reason": "not-proved"}
            desk.thief.post(
                form.action, {name: value or typed.get(name, "") for name, value in form.values.items()}
            )

    def _sign_for_somebody(self) -> None:
        """Approve, let in, agree: with nothing, with a passkey of one's own, with what somebody signed before."""
        desk = self._desk
        client, page = self._one_of((desk.chief, "/console/approvals"), (desk.boss, "/console/people"))
        client.get(page)
        if page == "/console/people" and desk.dice.random() < 0.5:
            client.fill("/console/people/invite", {"name": "Mallory", "role": "approver"})
            client.post("/console/me/passkey", {"token": "0" * 64, "answer": "{}", "challenge": ""})
        review = f"{page}/review" if page == "/console/people" else page
        numbers = self._numbers()
        client.fill(review, {"number": self._one_of(*numbers)})
        touch = f"{page}/agree" if page == "/console/people" else f"{page}/touch"
        asked = [form for form in client.page.forms if form.action == touch]
        signed = desk.people.signed[-4:]
        if asked:
            answer = self._one_of("", "{}", *(answer for _, answer in signed), self._forged(client))
            client.post(touch, asked[0].values | {"answer": answer})
        elif signed:
            values, answer = self._one_of(*signed)
            client.post(touch, values | {"answer": answer})

    def _forged(self, client: Client) -> str:
        """What an authenticator of one's own signs for the page that is open."""
        asked = client.asked()
        if not asked:
            return "{}"
        options = json.loads(asked)
        options.pop("allowCredentials", None)
        forger = self._desk.forger
        credential = forger.credentials[0]
        return forger.sign_with(credential, options["challenge"])

    def _phone(self) -> None:
        """The owner's phone lies about: it may look and stop, and decides nothing."""
        owner, act = self._desk.owner, self._one_of("stolen", "found", "transfer", "stop", "passkey", "mine")
        owner.get("/devices")
        devices = [link for link in owner.page.links if link.startswith("/devices/one/")]
        if not devices:
            return
        owner.get(devices[0])
        tokens = [form.values.get("token", "") for form in owner.page.forms]
        if act == "passkey":
            owner.get("/devices/account")
            owner.fill("/devices/account/passkey", {"answer": "{}"})
        elif act == "stop":
            owner.fill(f"{devices[0]}/stop")
        else:
            path = f"{devices[0]}/{act}" + (f"/{self._one_of(*self._numbers())}" if act == "mine" else "")
            owner.get(path)
            owner.post(path, {"token": self._one_of(*tokens, "0" * 64), "sure": "yes"})
            self._desk.nothing_changed()

    # A program's token

    def _program(self) -> None:
        """Each token at each call; with a key twice; with another one's key."""
        desk = self._desk
        holder, wanted = self._one_of(*Scope), self._one_of(*OPENS)
        method, path = OPENS[wanted]
        number = self._one_of(*self._numbers())
        read = number_from_entropy(desk.dice.randbytes(5))
        serial = self._one_of(SERIALS[0], UNKNOWN)
        spoken = {"serial": serial, "started": STARTED, "number": read, "day": STARTED[:10]}
        body: dict[Scope, object] = {
            Scope.OPEN: {"spoken": spoken, "asking": {"address": OWN}},
            Scope.EVIDENCE: self._one_of(
                {"kind": "invoice"},
                {"kind": "paired-phone"},
                {"kind": "mailbox-code", "code": self._wrong_code()},
            ),
            Scope.NOTE: {"text": "seen"},
            Scope.DECIDE: {
                "remedy": self._one_of("security-code", "response-file", "erase-file"),
                "options": [],
            },
        }
        program = self._one_of(*desk.programs)
        program.token = self._one_of(desk.site.tokens[holder.value], "", f"sparekey_{number}_{'0' * 64}")
        headers = (
            {"idempotency_key": f'"{self._one_of("a", "b")}{desk.dice.randrange(50)}"'}
            if method != "GET"
            else {}
        )
        page = program.ask(method, "/cases" + path.format(number), body.get(wanted), **headers)
        right = program.token == desk.site.tokens[holder.value] and holder is wanted
        if page.status < 300 and not right:
            raise PromiseBrokenError(f"a token for {holder.value} opened a call of {wanted.value}")
        for path in (f"/cases/{number}/approval", f"/cases/{number}/approve", "/statements"):
            if program.ask("POST", path, {"number": number}).status < 300:
                raise PromiseBrokenError(f"a program did {path}")

    # A job at the desk

    def _insider(self) -> None:
        """Somebody of the staff opens a case for a device of their own, and does all of it alone."""
        desk = self._desk
        ivan = desk.people.at_desk(desk.site.insider, Who.INSIDER)
        if not self._insiders or desk.dice.random() < 0.1:
            self._insiders = [*self._insiders[-3:], *self._opened_by(ivan)]
            return
        number = self._one_of(*self._insiders)
        ivan.get(f"/console/cases/{number}")
        token = next((form.values["token"] for form in ivan.page.forms if form.action.endswith("/note")), "")
        deed, more = self._one_of(
            ("evidence", {"kind": "invoice"}),
            ("propose", {"remedy": self._one_of("security-code", "response-file", "erase-file")}),
            ("approve", {}),
            ("approve", {}),
        )
        if deed != "approve":
            ivan.post(f"/console/cases/{number}/{deed}", {"token": token, **more})
            return
        ivan.post("/console/approvals", {"token": token, "number": number})
        if ivan.has("/console/approvals/touch"):
            ivan.touch("/console/approvals/touch")

    def _opened_by(self, ivan: Client) -> list[str]:
        desk = self._desk
        own = desk.dice.random() < 0.5
        ivan.get("/console/new")
        said = {
            "serial": SERIALS[0] if own else desk.insiders.serial,
            "started": STARTED,
            "number": number_from_entropy(desk.dice.randbytes(5)),
            "day": STARTED[:10],
            **({"own": "yes"} if own else {}),
        }
        ivan.fill("/console/new/call", said)
        number = ivan.page.path.rpartition("/")[2]
        if number not in desk.judge.cases:
            return []
        colleague = desk.people.at_desk(desk.site.agent, Who.HONEST)  # whom a good story made believe
        for kind in ("invoice", "installer"):
            colleague.get(f"/console/cases/{number}")
            desk.people.choose(colleague, f"/console/cases/{number}/evidence", "kind", kind)
        if desk.dice.random() < 0.5:
            colleague.get(f"/console/cases/{number}")
            desk.people.choose(colleague, f"/console/cases/{number}/propose", "remedy", "security-code")
        return [number]

    # The right code in the wrong place

    def _lucky(self) -> None:
        """What was mailed to an owner is typed in another browser, for another case, or when the tries are used up."""
        desk, client = self._desk, self._one_of(*self._desk.clients)
        kind = self._one_of("sign-in", "other case", "used up")
        if kind == "sign-in":
            self._signs_in(client)
        elif kind == "other case" and len(desk.people.codes) > 1:
            (number, _), (_, code) = desk.dice.sample(list(desk.people.codes.items()), 2)
            self._types(client, number, code, "another case")
        elif kind == "used up" and desk.people.codes:
            number = self._one_of(*desk.people.codes)
            while desk.judge.may_still("case code", number, CASE_HOUR, CASE_DAY):
                before = sum(desk.judge.tried.values())
                self._types(self._one_of(*desk.clients), number, self._wrong_code(), "nobody's code")
                if sum(desk.judge.tried.values()) == before:
                    return  # this source may not type any more
            self._types(client, number, desk.people.codes[number], "the code when the tries were used up")
            desk.people.leaves(number)

    def _types(self, client: Client, number: str, code: str, told: str) -> None:
        client.get("/help/case")
        client.fill("/help/case", {"number": number, "code": code})
        if client.page.path == "/help/case/view" and client.case == number:
            raise PromiseBrokenError(f"{told} opened a case")

    def _signs_in(self, client: Client) -> None:
        """An owner asks for a code; it serves the browser that asked, for five tries."""
        desk, device = self._desk, self._one_of(*self._desk.devices[1:])
        victim = desk.site.client(Who.HONEST, "198.51.100.8")
        before = len(desk.site.post.taken)
        victim.get("/devices")
        victim.fill("/devices/sign-in", {"address": device.address})
        desk.site.work()
        mails = desk.people.mails(before, device.address, "Your code for “My devices”")
        if not mails:
            return  # four an hour
        code = desk.people.code_in(mails[-1].part("plain"))
        if desk.dice.random() < 0.5:
            client.get("/devices")
            client.fill("/devices/sign-in", {"address": device.address})
            thief = client
        else:
            for _ in range(5):
                victim.fill("/devices/code", {"code": self._wrong_code()})
            thief = victim
        thief.who = Who.STRANGER
        thief.fill("/devices/code", {"code": code})

    # How it is done

    def _numbers(self) -> list[str]:
        desk = self._desk
        return [*list(desk.judge.cases)[-6:], *desk.people.numbers[-3:]] or ["7KM2Q4XZ"]

    def _wrong_code(self) -> str:
        return code_from_bits(self._desk.dice.getrandbits(35)).shown

    def _one_of(self, *things: T) -> T:
        return self._desk.dice.choice(things)
