"""Many at once, and the world failing in the middle: nothing is lost, nothing is given twice, a clear word each. On
several nodes of one database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from sparekey.core.crypto import key_id
from sparekey.core.errors import Refusal, UnavailableError
from sparekey.core.evidence import EvidenceKind, Remedy
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.request import seal_body
from sparekey.core.messages.support import SupportBody
from sparekey.desk.cases.asking import Asker
from sparekey.desk.cases.giving import Given
from sparekey.desk.cases.opening import Trouble
from sparekey.desk.cases.service import Approver, Cases
from sparekey.desk.store.database import Database
from sparekey.desk.store.postgres import open_postgres
from sparekey.desk.store.sqlite import open_sqlite
from tests.desk.casework import BERT, OWNER, Casework, code_in
from tests.desk.cluster import Cluster

CROWD = 200
AGENT = Asker(b"staff anna", agent="anna")


@pytest.fixture
def casework(database: Database) -> Casework:
    made = Casework(database)
    made.enrol()
    return made


@pytest.fixture
def nodes(casework: Casework, open_database: Callable[[], Database]) -> list[Cases]:
    """Two more processes of the same desk, each with connections of its own."""
    return [casework.node(open_database()), casework.node(open_database())]


def crowd(nodes: list[Cases], act: Callable[[Cases, int], Refusal | None]) -> Counter[Refusal | None]:
    """Everybody at once, at one node or the other."""
    with ThreadPoolExecutor(16) as people:
        return Counter(people.map(lambda who: act(nodes[who % 2], who), range(CROWD)))


def history(casework: Casework, number: str) -> Counter[str]:
    view = casework.cases.show(number)
    assert view is not None
    return Counter(past.what for past in view.history)


def test_T09_of_200_approvals_at_once_one_counts(casework: Casework, nodes: list[Cases]) -> None:
    number = casework.opened(casework.file())
    casework.prove(number)
    casework.cases.propose(number, Remedy.RESPONSE_FILE, "anna")
    items = casework.cases.items([number])

    def approve(node: Cases, who: int) -> Refusal | None:
        (verdict,) = node.approve([number], Approver(f"person {who}", f"{who:08}".encode()), items)
        return verdict.refusal

    told = crowd(nodes, approve)
    assert told.pop(None) == 1
    assert set(told) <= {Refusal.ALREADY_DONE, Refusal.NOT_NOW}, told
    assert history(casework, number)["approved"] == 1
    casework.clock.forward(24 * 3600)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda node: node.work(), nodes))
    assert len(casework.desk.log.leaves) == 1
    (verdict,) = casework.cases.approve([number], BERT, items)
    assert verdict.refusal is not None, "the same touch again"
    assert len(casework.desk.log.leaves) == 1


def test_T31_200_replays_of_one_approval_are_one_approval_of_an_erase(
    casework: Casework, nodes: list[Cases]
) -> None:
    number = casework.opened(casework.file(technician=True))
    casework.prove(number)
    assert casework.cases.propose(number, Remedy.ERASE_FILE, "anna").refusal is None
    items = casework.cases.items([number])
    told = crowd(nodes, lambda node, _: node.approve([number], BERT, items)[0].refusal)
    assert told.pop(None) == 1
    view = casework.cases.show(number)
    assert view is not None
    assert view.status == "proposed", "two different people are needed"
    assert len(view.approvals) == 1


def test_T45_of_200_redemptions_of_a_mailbox_code_at_once_one_is_the_proof(
    casework: Casework, nodes: list[Cases]
) -> None:
    number = casework.opened()
    casework.mailed()
    casework.cases.doors.mail_mailbox_code(number)
    code = code_in(casework.mail(OWNER)).shown
    told = crowd(nodes, lambda node, _: node.mailbox_code(number, code).refusal)
    assert told.pop(None) == 1
    assert told == {Refusal.ALREADY_DONE: 9, Refusal.TOO_MANY_TRIES: CROWD - 10}
    view = casework.cases.show(number)
    assert view is not None
    proofs = [one for one in view.file.evidence if one.kind is EvidenceKind.MAILBOX_CODE]
    assert len(proofs) == 1
    assert history(casework, number)["evidence"] == 1


def test_T09_200_who_send_the_same_request_at_once_get_one_case(
    casework: Casework, nodes: list[Cases]
) -> None:
    file = casework.file()
    asker = Asker(b"one browser", address="caller@example.com")
    numbers: set[str] = set()

    def ask(node: Cases, _: int) -> None:
        (receipt,) = node.open_text(file, asker)
        assert receipt.trouble is None
        numbers.add(receipt.number)

    crowd(nodes, ask)
    assert len(numbers) == 1
    assert len(casework.cases.inbox()) == 1
    assert [mail.recipient for mail in casework.mailed()].count("caller@example.com") == 1


def test_T09_200_fetches_of_an_answer_are_one_entry_in_the_log(
    casework: Casework, nodes: list[Cases]
) -> None:
    number = casework.opened(casework.file())
    casework.issue(number, Remedy.RESPONSE_FILE)
    files: set[str] = set()

    def fetch(node: Cases, _: int) -> None:
        given = node.give(number)
        assert isinstance(given, Given)
        files.add(given.file)

    crowd(nodes, fetch)
    assert len(files) == 1
    assert len(casework.desk.log.leaves) == 1


def test_a_mail_server_that_is_down_for_an_hour_loses_no_mail_and_doubles_none(casework: Casework) -> None:
    number = casework.opened(casework.file())
    casework.post.up = False
    end = casework.clock.wall() + 3600
    while casework.clock.wall() < end:
        assert casework.mailed() == []
        casework.clock.forward(60)
    casework.post.up = True
    casework.clock.forward(600)
    mails = casework.mailed()
    assert sorted(mail.recipient for mail in mails) == sorted(["caller@example.com", OWNER])
    code_in(casework.mail("caller@example.com", mails))
    assert casework.mailed() == []
    assert casework.cases.show(number) is not None


def test_a_request_for_another_desk_and_one_for_a_key_that_is_gone_are_told_apart(casework: Casework) -> None:
    request = casework.request()
    header = replace(request.header, desk=bytes(len(request.header.desk)))
    body = SupportBody(bytes(32), None, None)
    public = casework.desk.trust.sealing[1][1][0]
    other = seal_body(header, body, public)
    gone = seal_body(replace(request.header, key=key_id(bytes(32))), body, public)
    changed = wrap(FileKind.REQUEST, request.encoded[:-1] + b"?", {})
    told = [
        casework.cases.open_text(text, AGENT)[0].trouble
        for text in (
            wrap(FileKind.REQUEST, other.encoded, {}),
            wrap(FileKind.REQUEST, gone.encoded, {}),
            changed,
        )
    ]
    assert told == [Trouble.OTHER_DESK, Trouble.UNKNOWN_KEY, Trouble.NOT_GENUINE]
    assert casework.cases.inbox() == []


def test_T26_of_10_000_requests_three_broken_ones_hurt_no_other(tmp_path: Path) -> None:
    casework = Casework(open_sqlite(tmp_path / "desk.sqlite"))
    requests = [casework.request(f"PX-{place:05}").encoded for place in range(10_000)]
    broken = (17, 5000, 9999)
    for place in broken:
        requests[place] = requests[place][:-9] + b"?" * 9
    receipts = casework.cases.open_text(wrap(FileKind.REQUESTS, make_batch(requests), {}), AGENT)
    assert len(receipts) == 10_000
    assert [place for place, receipt in enumerate(receipts) if receipt.trouble is not None] == list(broken)
    numbers = {receipt.number for receipt in receipts if receipt.number}
    assert len(numbers) == 9_997
    batch = casework.cases.batches.look(receipts[0].number)
    assert batch is not None
    assert batch.total == len(numbers)
    casework.database.close()


def test_postgresql_gone_in_the_middle_of_a_decision_leaves_it_as_it_was_or_as_it_is_told(
    cluster: Cluster,
) -> None:
    database = open_postgres(cluster.fresh())
    casework = Casework(database)
    casework.enrol()
    number = casework.opened(casework.file())
    casework.prove(number)
    casework.cases.propose(number, Remedy.RESPONSE_FILE, "anna")
    items = casework.cases.items([number])
    cluster.stop()
    try:
        for act in (
            lambda: casework.cases.approve([number], BERT, items),
            lambda: casework.cases.refuse(number, "anna", "mistake"),
            lambda: casework.cases.open_text(casework.file(), AGENT),
            lambda: casework.cases.give(number),
            casework.cases.inbox,
            casework.cases.work,
        ):
            with pytest.raises(UnavailableError, match="does not answer"):
                act()
    finally:
        cluster.start()
    assert casework.cases.approve([number], BERT, items)[0].status == "held"
    casework.clock.forward(24 * 3600)
    entered = casework.log.enter

    def gone(*given: object, **named: object) -> int:
        index = entered(*given, **named)  # type: ignore[arg-type]
        cluster.stop()
        return index

    casework.log.enter = gone  # type: ignore[method-assign]
    try:
        casework.cases.work()
    finally:
        cluster.start()
    casework.log.enter = entered  # type: ignore[method-assign]
    casework.clock.forward(61)
    casework.cases.work()
    assert isinstance(casework.cases.give(number), Given)
    assert len(casework.desk.log.leaves) == 1, "entered before the database went, and not again"
    database.close()
