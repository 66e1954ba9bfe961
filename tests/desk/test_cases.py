"""The cases of the desk: opened from anything, decided once, answered as often as asked."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import update

from sparekey.core.case import BY_MAIL, CAMERAS, MAY_DEFAULT, Missing
from sparekey.core.errors import Refusal, UnavailableError
from sparekey.core.evidence import EvidenceKind, Remedy
from sparekey.core.keys import dated_key
from sparekey.core.messages.armour import FileKind, unwrap, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.link import link
from sparekey.core.messages.response import read_response
from sparekey.core.messages.text import Responses, read_any
from sparekey.core.messages.xml import write_xml
from sparekey.core.methods.security_code import Spoken, code_of_day
from sparekey.core.tlog.leaf import Issued, LeafAction, dated_request_hash
from sparekey.core.values import MethodName
from sparekey.desk.cases.asking import Asker
from sparekey.desk.cases.batches import START, Batch
from sparekey.desk.cases.giving import Given
from sparekey.desk.cases.opening import Trouble
from sparekey.desk.cases.tables import cases
from sparekey.desk.cases.typed import Typed
from sparekey.desk.cases.vault import Vault
from sparekey.desk.cases.view import Signal
from sparekey.desk.store.database import Database
from tests.desk.casework import ASKER, BERT, KEY, OWNER, SERIAL, Casework

DAY = 86400


@pytest.fixture
def casework(database: Database) -> Casework:
    return Casework(database)


def test_P27_a_request_in_any_form_is_the_same_case(casework: Casework) -> None:
    request = casework.request()
    forms = (
        link(casework.desk.trust.prefix, request),
        wrap(FileKind.REQUEST, request.encoded, {"Device": SERIAL}).encode(),
        write_xml(request),
    )
    receipts = [receipt for form in forms for receipt in casework.cases.open_text(form, ASKER)]
    assert {(receipt.serial, receipt.number) for receipt in receipts} == {(SERIAL, receipts[0].number)}
    (another,) = casework.cases.open_text(forms[0], Asker(b"another browser"))
    assert another.number != receipts[0].number
    view = casework.cases.show(another.number)
    assert view is not None
    assert Signal.SAME_REQUEST in view.signals


def test_T26_three_broken_requests_among_many_are_told_in_their_place(casework: Casework) -> None:
    good = [casework.request(f"PX-{number:04d}").encoded for number in range(40)]
    broken = {3: b"", 17: b"\x82\x41\x00\x41\x00", 40: good[5][:-1] + bytes([good[5][-1] ^ 1])}
    items = [*good]
    for place, item in broken.items():
        items.insert(place, item)
    receipts = casework.cases.open_text(wrap(FileKind.REQUESTS, make_batch(items), {}), ASKER)
    assert {place: receipt.trouble for place, receipt in enumerate(receipts) if receipt.trouble} == {
        3: Trouble.DAMAGED,
        17: Trouble.DAMAGED,
        40: Trouble.NOT_GENUINE,
    }
    serials = [receipt.serial for receipt in receipts if receipt.number]
    assert serials == [f"PX-{number:04d}" for number in range(40)]
    assert len({receipt.number for receipt in receipts if receipt.number}) == 40


def test_what_is_no_request_for_a_person_is_told_apart(casework: Casework) -> None:
    foreign = Casework(casework.database)
    foreign.desk.trust = foreign.desk.trust.__class__(**{**foreign.desk.trust.__dict__, "desk": bytes(8)})
    old = casework.file()
    casework.clock.forward(15 * DAY)
    key_file = "-----BEGIN SPAREKEY KEY FILE-----\n\nAAAA\n-----END SPAREKEY KEY FILE-----\n"
    for given, trouble in (
        ("nothing at all", Trouble.DAMAGED),
        ("x" * 60_000_000, Trouble.OVERSIZE),
        (foreign.file(), Trouble.OTHER_DESK),
        (old, Trouble.EXPIRED),
        (key_file, Trouble.DAMAGED),
    ):
        (receipt,) = casework.cases.open_text(given, ASKER)
        assert receipt.trouble is trouble


def test_P15_look_alikes_of_a_caller_are_forgiven(casework: Casework) -> None:
    casework.enrol()
    number = casework.opened()
    same = Typed(f"  {SERIAL} ", "2O26/O9/2l 1o.oo.oo", "7km2q4xz ", day="2026.09.21")
    assert casework.cases.open_typed(same, ASKER).number == number
    assert casework.cases.open_typed(
        Typed(SERIAL, "1790000000", "7KM2Q4XZ", mac="O2:00:5E:00:53:0l"), ASKER
    ).number not in ("", number)


@pytest.mark.parametrize(
    ("typed", "trouble"),
    [
        (Typed("Žižkov", "2026-09-21 10:00:00", "7KM2Q4XZ"), Trouble.SERIAL),
        (Typed("", "2026-09-21 10:00:00", "7KM2Q4XZ"), Trouble.SERIAL),
        (Typed(SERIAL, "yesterday", "7KM2Q4XZ"), Trouble.STARTED),
        (Typed(SERIAL, "2026-02-30 10:00:00", "7KM2Q4XZ"), Trouble.STARTED),
        (Typed(SERIAL, "2026-09-21 10:00:00", "7KM2Q4XZ", day="soon"), Trouble.STARTED),
        (Typed(SERIAL, "2026-09-21 10:00:00", "7KM2Q4X"), Trouble.NUMBER),
        (Typed(SERIAL, "2026-09-21 10:00:00", "7KM2Q4XU"), Trouble.NUMBER),
        (Typed(SERIAL, "2026-09-21 10:00:00", "7KM2Q4XZ", mac="02-00"), Trouble.MAC),
    ],
)
def test_what_was_not_read_out_well_is_named(casework: Casework, typed: Typed, trouble: Trouble) -> None:
    assert casework.cases.open_typed(typed, ASKER).trouble is trouble


def test_P15_codes_of_the_dates_around_the_callers_own(casework: Casework) -> None:
    casework.enrol()
    number = casework.opened()
    casework.issue(number, Remedy.SECURITY_CODE)
    given = casework.cases.give(number)
    assert isinstance(given, Given)
    spoken = Spoken(SERIAL, 1789984800, "7KM2Q4XZ")
    key = dated_key(bytes(32))
    today = 1789984800 // DAY
    days = [code.day for code in given.codes]
    assert days == [today - 1, today, today + 1, today + 2]
    assert [code.day for code in given.codes if code.likely] == [today + 1]
    assert [code.code for code in given.codes] == [code_of_day(key, spoken, day) for day in days]
    assert casework.cases.give(number) == given
    (leaf,) = casework.desk.log.leaves
    assert isinstance(leaf, Issued)
    assert (leaf.method, leaf.action) == (MethodName.SECURITY_CODE, LeafAction.NEW_PASSWORD)
    assert leaf.request == dated_request_hash(key, "7KM2Q4XZ")
    assert leaf.approvers == (b"bert-key",)


def test_P10_the_log_says_that_a_code_may_choose_factory_settings(casework: Casework) -> None:
    casework.enrol()
    number = casework.opened()
    casework.issue(number, Remedy.SECURITY_CODE, MAY_DEFAULT)
    (leaf,) = casework.desk.log.leaves
    assert isinstance(leaf, Issued)
    assert leaf.action is LeafAction.NEW_PASSWORD_OR_DEFAULT


def test_P12_a_code_by_mail_needs_the_confirmed_address_and_nobody_here_sees_it(casework: Casework) -> None:
    casework.enrol(confirmed=False)
    number = casework.opened()
    assert casework.cases.propose(number, Remedy.SECURITY_CODE, "anna", BY_MAIL).refusal is Refusal.NOT_ENOUGH
    view = casework.cases.show(number)
    assert view is not None
    assert view.ways[0].by_mail is Missing.NOT_CONFIRMED
    casework.enrol()
    assert casework.cases.propose(number, Remedy.SECURITY_CODE, "anna", BY_MAIL).refusal is None
    assert casework.approve(number) == "issued"
    assert casework.cases.give(number) is Refusal.NOT_OFFERED


def test_P17_the_key_of_the_request_itself(casework: Casework) -> None:
    casework.enrol()
    number = casework.opened(casework.file(key=KEY))
    casework.issue(number, Remedy.RESPONSE_KEY)
    given = casework.cases.give(number)
    assert isinstance(given, Given)
    assert given.key == KEY


def test_P17_a_profile_without_a_key_has_none_to_give(casework: Casework) -> None:
    casework.enrol()
    number = casework.opened(casework.file())
    casework.issue(number, Remedy.RESPONSE_KEY)
    assert casework.cases.give(number) is Refusal.NOT_OFFERED


@pytest.mark.meets("asvs-6.4.6")
def test_P16_a_file_names_request_device_approver_and_cameras(casework: Casework) -> None:
    casework.enrol()
    request = casework.request()
    number = casework.opened(link(casework.desk.trust.prefix, request))
    casework.issue(number, Remedy.RESPONSE_FILE, CAMERAS)
    given = casework.cases.give(number)
    assert isinstance(given, Given)
    assert given.file_name == f"{SERIAL}-{number}.sparekey-response"
    answer = read_response(unwrap(FileKind.RESPONSE, given.file)).answer
    assert (answer.request, answer.serial, answer.cameras) == (request.hash, SERIAL, True)
    assert answer.approvers == (b"bert-key",)
    assert answer.issued < answer.expires <= answer.issued + 48 * 3600


def test_B06_answers_for_many_devices_are_one_file_each_decided_alone(casework: Casework) -> None:
    serials = [f"PX-{number}" for number in range(3)]
    for serial in serials:
        casework.enrol(serial)
    batch = make_batch([casework.request(serial).encoded for serial in serials])
    receipts = casework.cases.open_text(wrap(FileKind.REQUESTS, batch, {}), ASKER)
    numbers = [receipt.number for receipt in receipts]
    casework.cases.refuse(numbers[1], "anna", "not-proved")
    for number in (numbers[0], numbers[2]):
        casework.prove(number)
        casework.cases.propose(number, Remedy.RESPONSE_FILE, "anna")
    items = casework.cases.items(numbers)
    verdicts = casework.cases.approve(numbers, BERT, items)
    assert [verdict.refusal for verdict in verdicts] == [None, Refusal.NOT_NOW, None]
    casework.clock.forward(24 * 3600)
    casework.cases.work()
    cases = casework.cases.batches.look(numbers[1])
    assert cases is not None
    found = read_any(casework.cases.batches.part(cases, 0))
    assert isinstance(found, Responses)
    answered = {item.answer.serial for item in found.items if not isinstance(item, Exception)}
    assert answered == {"PX-0", "PX-2"}
    assert len(found.items) == 2


def test_P06_an_erase_takes_two_people_and_a_device_that_is_here(casework: Casework) -> None:
    casework.enrol()
    number = casework.opened(casework.file(technician=True))
    assert casework.cases.propose(number, Remedy.RESPONSE_FILE, "anna").refusal is Refusal.NOT_OFFERED
    casework.issue(number, Remedy.ERASE_FILE)
    assert casework.cases.give(number) is Refusal.NOT_OFFERED
    alone = Batch(number, {"owner": 1})
    assert casework.cases.batches.lines(alone, "owner", START, 2)
    assert casework.cases.batches.answers(alone, START).file == ""
    assert casework.cases.erase_file(number, received=False) is Refusal.NOT_NOW
    given = casework.cases.erase_file(number, received=True)
    assert isinstance(given, Given)
    assert read_response(unwrap(FileKind.RESPONSE, given.file)).answer.action is LeafAction.ERASE


def test_T15_nothing_leaves_before_the_log_has_it_and_nothing_is_entered_twice(casework: Casework) -> None:
    casework.enrol()
    number = casework.opened()
    casework.log.up = False
    casework.issue(number, Remedy.SECURITY_CODE)
    with pytest.raises(UnavailableError):
        casework.cases.give(number)
    casework.log.up = True
    casework.clock.forward(61)
    casework.node().work()
    casework.clock.forward(61)
    assert casework.node().work() == 0
    assert isinstance(casework.cases.give(number), Given)
    assert len(casework.desk.log.leaves) == 1


@pytest.mark.meets("asvs-2.3.4")
def test_T09_two_agents_decide_at_once_and_one_wins(
    casework: Casework, open_database: Callable[[], Database]
) -> None:
    casework.enrol()
    number = casework.opened()
    casework.prove(number)
    view = casework.cases.show(number)
    assert view is not None

    def decide(by: str) -> Refusal | None:
        return casework.node().refuse(number, by, "mistake", view.version).refusal

    with ThreadPoolExecutor(2) as pool:
        refusals = list(pool.map(decide, ("anna", "bert")))
    assert sorted(refusals, key=str) == sorted([None, Refusal.ALREADY_DONE], key=str)


def test_B04_a_stolen_device_takes_back_what_was_approved(casework: Casework) -> None:
    casework.enrol()
    number = casework.opened(casework.file())
    casework.prove(number)
    casework.cases.propose(number, Remedy.RESPONSE_FILE, "anna")
    assert casework.approve(number) == "held"
    casework.registry.report_stolen(SERIAL)
    casework.clock.forward(25 * 3600)
    casework.cases.work()
    view = casework.cases.show(number)
    assert view is not None
    assert view.status == "opened"
    assert Signal.STOLEN in view.signals
    assert not casework.desk.log.leaves


def test_B04_the_owner_cancels_while_it_is_held(casework: Casework) -> None:
    casework.enrol()
    number = casework.opened(casework.file())
    casework.prove(number)
    casework.cases.propose(number, Remedy.RESPONSE_FILE, "anna")
    casework.approve(number)
    assert casework.cases.cancel(number).status == "closed"
    again = casework.opened(casework.file())
    view = casework.cases.show(again)
    assert view is not None
    assert Signal.OWNER_CANCELLED in view.signals


def test_B05_a_proposal_taken_back_and_evidence_that_only_a_machine_enters(casework: Casework) -> None:
    casework.enrol()
    number = casework.opened()
    refused = casework.cases.add_evidence(number, EvidenceKind.MAILBOX_CODE, "anna")
    assert refused.refusal is Refusal.NOT_AUTHORISED
    casework.prove(number)
    casework.cases.propose(number, Remedy.SECURITY_CODE, "anna")
    assert casework.cases.withdraw(number, "anna").status == "opened"
    assert casework.cases.items([number]) == []
    for wrong in (casework.cases.show, casework.cases.give):
        assert not isinstance(wrong("00000000"), Given)
    assert casework.cases.cancel("00000000").refusal is Refusal.NO_SUCH_REQUEST


def test_an_answer_ends_with_its_time_and_with_the_case(casework: Casework) -> None:
    casework.enrol()
    number = casework.opened()
    assert casework.cases.give(number) is Refusal.NOT_NOW
    casework.issue(number, Remedy.SECURITY_CODE)
    casework.clock.forward(48 * 3600)
    assert casework.cases.give(number) is Refusal.EXPIRED
    assert casework.cases.finish(number, "anna").status == "closed"
    assert casework.cases.give(number) is Refusal.NOT_NOW


def test_the_inbox_is_ordered_says_for_whom_it_waits_and_finds(casework: Casework) -> None:
    casework.enrol()
    first = casework.opened()
    casework.clock.forward(60)
    second = casework.opened(casework.file())
    casework.prove(second)
    assert [(line.number, line.waits) for line in casework.cases.inbox()] == [
        (first, "evidence"),
        (second, "agent"),
    ]
    line = casework.cases.inbox(most=1)[0]
    assert [line.number for line in casework.cases.inbox(after=(line.opened, line.number))] == [second]
    assert [line.number for line in casework.cases.find(first.lower())] == [first]
    assert {line.number for line in casework.cases.find(SERIAL.lower())} == {first, second}
    assert casework.cases.find("nothing") == []


def test_T02_who_asks_and_what_is_sent_is_sealed_in_the_database(casework: Casework) -> None:
    casework.enrol()
    number = casework.opened(casework.file(key=KEY))
    casework.issue(number, Remedy.RESPONSE_KEY)
    with casework.database.reading() as connection:
        dump = repr(
            [
                connection.exec_driver_sql(f"SELECT * FROM {table}").all()
                for table in ("cases", "case_history", "case_orders")
            ]
        )
    for secret in (ASKER.address, OWNER, KEY.text, KEY.shown):
        assert secret not in dump
    assert SERIAL in dump


def test_T37_an_approved_case_that_somebody_made_up_opens_nothing(casework: Casework) -> None:
    """Whoever writes the database knows the public key that rows are sealed to, and what an issued case looks like."""
    casework.enrol()
    model, target = casework.opened(), casework.opened(casework.file())
    casework.issue(model, Remedy.SECURITY_CODE)
    with casework.database.reading() as connection:
        stored = connection.exec_driver_sql(
            f"SELECT dossier FROM cases WHERE number = '{model}'"
        ).scalar_one()
    inside = Vault(casework.keyring).open(model, bytes(stored))
    forged = Vault(replace(casework.keyring, ticket=bytes(32), old_tickets=())).seal(target, inside)
    for row in (forged, forged[32:], bytes(32) + forged[32:], bytes(stored), b""):
        with casework.database.writing() as connection:
            connection.execute(update(cases).where(cases.c.number == target).values(dossier=row))
        for act in (casework.cases.give, casework.cases.show, casework.cases.cancel):
            with pytest.raises(UnavailableError, match="case-key"):
                act(target)
    assert casework.cases.show(model) is not None


def test_T37_a_row_that_somebody_wrote_into_the_database_opens_nothing(casework: Casework) -> None:
    casework.enrol()
    issued, other = casework.opened(), casework.opened(casework.file())
    casework.issue(issued, Remedy.SECURITY_CODE)
    with casework.database.writing() as connection:
        connection.exec_driver_sql(
            f"UPDATE cases SET dossier = (SELECT dossier FROM cases WHERE number = '{issued}')"
            f" WHERE number = '{other}'"
        )
    with pytest.raises(UnavailableError, match="case-key"):
        casework.cases.give(other)
