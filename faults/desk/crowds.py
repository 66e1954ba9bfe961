"""Two hundred who do the same at the same moment, over HTTP: one of them did it."""

from __future__ import annotations

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa

from bench.load.people import address
from faults.desk.killing import staffed
from faults.desk.post import Post
from faults.desk.site import Site, calls, events, expect, squares
from sparekey.core.crypto import sha256
from sparekey.core.messages.link_answer import read_answers
from sparekey.demo.browser import Page
from sparekey.demo.office import MAILBOX_LETTER, Colleague
from sparekey.desk.cases.tables import case_history
from sparekey.desk.log.tables import entries

CROWD, AT_ONCE = 200, 40
SUBJECT = MAILBOX_LETTER.encode()
CODE = re.compile(rb"^ {6}([0-9A-Z]{4}-[0-9A-Z]{4})\r?$", re.MULTILINE)


def play(folder: Path, database: str = "") -> dict[str, int]:
    """How often each thing was done. Raises LeftBrokenError. `database`: see `Site`; then on two nodes."""
    post = Post()
    with post.running():
        site = Site(folder, post, database, nodes=2 if database else 1, addressed=1)
        with site.running(), staffed(site) as office:
            ((wish, (request,)),) = calls(site, 1, 1)
            wish.insist(site.nodes, site.dice)
            case = read_answers(wish.answer or b"", 1)[0].data.decode()
            redeemed = _redeemed(site, post, office.agent, case)
            office.agent.propose(case, "response-file").says("0 of 1")
            approved = _approved(site, office.approver, case)
            files = _fetched(site, case, wish.about)
            pressed = _pressed(site, post)
            with site.stored() as database_, database_.reading() as connection:
                logged = Counter(connection.execute(sa.select(entries.c.request)).scalars())
            expect(logged[request.hash] == 1, f"the file stands {logged[request.hash]} times in the log")
            site.verify()
        events(site.nodes)
    return {
        "each": CROWD,
        "redeemed": redeemed,
        "approved": approved,
        "different files": files,
        "mails of one square": pressed,
    }


def _crowd(site: Site, page: Page, action: str, colleague: Colleague) -> Counter[int]:
    """Send a filled-in form from many hands at once; what they were answered."""
    form, first = page.form(action), f"localhost:{site.nodes[0].port}"
    body = urlencode({**form.values, **form.repeated}, doseq=True).encode()
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "host": first,
        "origin": f"http://{first}",
        "cookie": "; ".join(f"{name}={value}" for name, value in colleague.browser.cookies.items()),
    }

    def send(number: int) -> int:
        return site.nodes[number % len(site.nodes)].call("POST", action, body, headers)[0]

    with ThreadPoolExecutor(AT_ONCE) as people:
        return Counter(people.map(send, range(CROWD)))


def _redeemed(site: Site, post: Post, agent: Colleague, case: str) -> int:
    path = f"/console/cases/{case}"
    agent.browser.send(agent.open(f"/cases/{case}"), f"{path}/mailbox")
    limit = time.monotonic() + 30
    while not (found := _mailed(post)):
        expect(time.monotonic() < limit, "the code for the mailbox does not come")
        time.sleep(0.1)
    page = agent.open(f"/cases/{case}")
    form = page.form(f"{path}/mailbox-code")
    form.values["code"] = found
    told = _crowd(site, page, f"{path}/mailbox-code", agent)
    expect(set(told) <= {200, 303, 403, 409, 422, 429}, f"a redemption is answered {told}")
    return _lines(site, case, "evidence")


def _mailed(post: Post) -> str:
    """The code for the confirmed mailbox, once it is there."""
    to = [mail for recipient, mail in post.letters if recipient == address(0) and SUBJECT in mail]
    found = CODE.search(to[0]) if to else None
    return found[1].decode() if found else ""


def _approved(site: Site, approver: Colleague, case: str) -> int:
    action = "/console/approvals/touch"
    told = _crowd(site, approver.signed(approver.look_at(case), action), action, approver)
    expect(set(told) <= {200, 303, 403, 409}, f"an approval is answered {told}")
    return _lines(site, case, "approved")


def _fetched(site: Site, case: str, pickup: bytes) -> int:
    """Different answers that a case gave."""
    headers = {"sparekey-pickup": pickup.hex()}
    with ThreadPoolExecutor(AT_ONCE) as people:
        files = people.map(
            lambda number: site.nodes[number % len(site.nodes)].call(
                "GET", f"/link/cases/{case}", b"", headers
            ),
            range(CROWD),
        )
        found = {sha256(body) for status, _, body in files if status == 200}
    return len(found)


def _pressed(site: Site, post: Post) -> int:
    """Mails that one square brought."""
    (wish,) = squares(site, 1, 777)
    with ThreadPoolExecutor(AT_ONCE) as people:
        told = Counter(
            status
            for status, _ in people.map(lambda n: wish.ask(site.nodes[n % len(site.nodes)]), range(CROWD))
        )
    expect(set(told) == {200}, f"a square is answered {told}")
    limit = time.monotonic() + 30
    while address(777) not in {recipient for recipient, _ in post.taken}:
        expect(time.monotonic() < limit, "the mail does not come")
        time.sleep(0.1)
    time.sleep(3)
    return sum(recipient == address(777) for recipient, _ in post.taken)


def _lines(site: Site, case: str, what: str) -> int:
    """How often something stands in the history of a case."""
    with site.stored() as database, database.reading() as connection:
        mine = (case_history.c.number == case) & (case_history.c.what == what)
        return connection.execute(sa.select(sa.func.count()).where(mine)).scalar_one()
