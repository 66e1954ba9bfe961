"""The desk's clock jumps while the desk runs: forward, and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from sparekey.core.admission import Role
from sparekey.core.evidence import Remedy
from sparekey.core.mailing import CLOCK_SLACK
from sparekey.desk.cases.budget import OPENED_HERE, Budget
from sparekey.desk.log.verify import Memory, verify
from sparekey.desk.mail.outbox import LONGEST_WAIT
from sparekey.desk.staff.limits import SessionLimits
from sparekey.desk.store.database import Database
from sparekey.desk.store.due import Stuck
from sparekey.desk.store.tables import outbox
from tests.desk.casework import Casework
from tests.desk.office import Office
from tests.desk.room import Room

DAY = 86400


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_T12_a_desk_s_clock_set_forward_ends_no_hold(database: Database) -> None:
    casework = Casework(database)
    casework.enrol()
    number = casework.opened(casework.file())
    casework.prove(number)
    casework.cases.propose(number, Remedy.RESPONSE_FILE, "anna")
    assert casework.approve(number) == "held"
    casework.clock.now += DAY
    casework.cases.work()
    view = casework.cases.show(number)
    assert view is not None
    assert view.status == "held", "the owner has a day to say no, and it did not pass"
    casework.clock.now -= DAY
    casework.clock.forward(DAY + 2)
    casework.cases.work()
    view = casework.cases.show(number)
    assert view is not None
    assert view.status == "issued"


def test_T12_a_desk_s_clock_set_forward_gives_nobody_a_role(database: Database) -> None:
    office = Office(database)
    admins = office.admins()
    office.clock.forward(DAY + 1)  # those who found a desk wait for nothing on its first day
    bert = office.join(office.invite("Bert", Role.APPROVER, by=office.signed_in(admins[0])))
    for admin in admins:
        office.agree(admin, office.asked(bert.id))
    office.clock.now += 4 * DAY
    with office.staff.reading() as book:
        assert [person.name for person in book.everybody() if Role.APPROVER in person.roles] == []
    office.clock.now -= 4 * DAY
    office.clock.forward(4 * DAY)
    with office.staff.reading() as book:
        assert [person.name for person in book.everybody() if Role.APPROVER in person.roles] == ["Bert"]


def test_T12_a_desk_s_clock_set_back_makes_no_session_live_longer(database: Database) -> None:
    office = Office(database)
    anna = office.admins()[0]
    token = office.token(anna)
    assert office.staff.session(token) is not None
    office.clock.now -= DAY
    office.clock.uptime += SessionLimits().idle
    assert office.staff.session(token) is None


def test_T12_a_desk_s_clock_set_back_opens_no_budget(database: Database) -> None:
    budget, now = Budget(database), 1_790_000_000
    for hour in range(OPENED_HERE.day // OPENED_HERE.hour):
        for _ in range(OPENED_HERE.hour):
            assert budget.take([(OPENED_HERE, b"source")], now + hour * 3600)
    for back in (0, 3600, 5 * 3600):
        assert not budget.take([(OPENED_HERE, b"source")], now - back)


def test_T12_the_log_holds_whatever_the_desk_s_clock_does(room: Room, tmp_path: Path) -> None:
    for number, jump in enumerate((0, 400 * DAY, -800 * DAY, 30)):
        room.clock.now += jump
        room.send(room.request(number=f"7F2K00{number:02}"))
        room.clock.forward(60)
    room.clock.now += 400 * DAY
    assert verify(room.log.ledger, Memory(tmp_path / "seen")).size == 4
    room.close()


def test_mails_that_were_queued_by_a_clock_that_was_ahead_leave_soon(room: Room) -> None:
    room.clock.now += DAY
    room.intake.send(room.text(room.request()))
    room.clock.now -= DAY
    room.work()
    assert room.post.taken == []
    stuck = Stuck(room.database, (outbox,), LONGEST_WAIT + CLOCK_SLACK, room.clock)
    assert stuck.work() == 1
    room.work()
    assert len(room.post.taken) == 1
    assert stuck.work() == 0
    room.clock.forward(Stuck.EVERY)
    assert stuck.work() == 0
    room.close()
