"""A file of many requests is opened part by part by whichever node has time, and each request is told of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from sparekey.core.admission import Role
from sparekey.core.crypto import key_id
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.header import Kind
from sparekey.core.messages.request import seal_body
from sparekey.core.messages.trust import Purpose
from sparekey.desk.cases import files
from sparekey.desk.cases.asking import Asker
from sparekey.desk.cases.opening import Trouble
from sparekey.desk.cases.tables import case_file_contents, case_files, case_mails, cases
from sparekey.desk.store.database import Database
from tests.core import messages_samples as samples
from tests.desk.casework import Casework
from tests.desk.desk_console import Room
from tests.desk.test_console_cases import upload

ASKER = Asker(b"staff anna", agent="anna", address="anna@example.com")
BROKEN = {3: Trouble.DAMAGED, 5: Trouble.MAIL_CODE, 8: Trouble.NOT_GENUINE}


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PART", 4)


def a_mail_code(work: Casework) -> bytes:
    """A request that is for the desk's machine and not for a person."""
    desk = work.desk.trust
    public = desk.sealing_key(Purpose.MAIL)
    header = replace(work.request().header, kind=Kind.MAIL, desk=desk.desk, key=key_id(public))
    return seal_body(header, samples.BODIES[Kind.MAIL], public).encoded


def some_broken(work: Casework, count: int = 10) -> str:
    items = [work.request(f"PX-{place:05}", number=f"4F7Q{place:04}").encoded for place in range(count)]
    items[2] = b"\xff"
    items[4] = a_mail_code(work)
    items[7] = items[7][:-1] + bytes([items[7][-1] ^ 1])
    return wrap(FileKind.REQUESTS, make_batch(items), {})


def stored(work: Casework) -> list[tuple[str, str]]:
    with work.database.reading() as connection:
        return [(row.number, row.batch) for row in connection.execute(select(cases).order_by(cases.c.serial))]


def whole(work: Casework, number: str) -> files.Standing:
    while work.cases.files.work():
        pass
    standing = work.cases.files.look(number)
    assert standing is not None
    assert standing.is_over
    return standing


def checked(work: Casework, number: str) -> None:
    """Seven cases of one batch, three told as broken at their places, nothing sealed left, the asker told once."""
    standing = whole(work, number)
    troubles = {place: one for place, one in enumerate(standing.results, 1) if isinstance(one, Trouble)}
    opened = [one for one in standing.results if isinstance(one, str)]
    assert troubles == BROKEN
    assert stored(work) == [(one, number) for one in opened]
    assert opened[0] == number
    assert work.cases.batches.look(number) is not None
    with work.database.reading() as connection:
        assert connection.execute(select(case_file_contents)).first() is None
        told = connection.execute(select(case_mails.c.number).where(case_mails.c.place == 0)).scalars().all()
    assert told == [number]


@pytest.fixture
def casework(database: Database) -> Casework:
    return Casework(database)


def test_B06_a_large_file_is_opened_part_by_part(casework: Casework) -> None:
    number = casework.cases.files.open(some_broken(casework), ASKER)
    assert isinstance(number, str)
    standing = casework.cases.files.look(number)
    assert standing is not None
    assert (standing.total, standing.results, standing.is_over) == (10, (), False)
    assert casework.cases.files.work() == 1
    half = casework.cases.files.look(number)
    assert half is not None
    assert len(half.results) == 4
    checked(casework, number)
    assert casework.cases.files.work() == 0


def test_a_small_one_is_opened_at_once(casework: Casework) -> None:
    receipts = casework.cases.files.open(casework.file(), ASKER)
    assert not isinstance(receipts, str)
    assert [bool(receipt.number) for receipt in receipts] == [True]
    assert casework.cases.files.work() == 0


@pytest.mark.parametrize("after", [0, 1, 2])
def test_what_a_node_left_in_the_middle_another_one_ends(
    casework: Casework, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    number = casework.cases.files.open(some_broken(casework), ASKER)
    assert isinstance(number, str)
    for _ in range(after):
        casework.cases.files.work()

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.Files, "_told", die)
    with pytest.raises(KeyboardInterrupt):
        casework.cases.files.work()
    monkeypatch.undo()
    monkeypatch.setattr(files, "PART", 4)
    other = casework.node()
    assert other.files.work() == 0, "its part is taken for a while"
    casework.clock.forward(files.LEASE)
    casework.cases = other
    checked(casework, number)


def test_who_was_slow_overwrites_nothing(casework: Casework) -> None:
    number = casework.cases.files.open(some_broken(casework), ASKER)
    assert isinstance(number, str)
    casework.cases.files.work()
    before = casework.cases.files.look(number)
    assert before is not None
    casework.cases.files._told(number, "", ("4F7Q9999",), 10)
    assert casework.cases.files.look(number) == before


def test_the_same_file_again_leads_to_the_same_cases(casework: Casework) -> None:
    text = some_broken(casework)
    numbers = [casework.cases.files.open(text, ASKER) for _ in range(2)]
    first, again = (whole(casework, number).results for number in numbers if isinstance(number, str))
    assert first == again


def test_lines_of_old_files_are_forgotten_and_nobody_reads_them(casework: Casework) -> None:
    number = casework.cases.files.open(some_broken(casework), ASKER)
    assert isinstance(number, str)
    with casework.database.reading() as connection:
        (row,) = connection.execute(select(case_files)).all()
        (content,) = connection.execute(select(case_file_contents.c.content)).scalars().all()
    assert b"anna@example.com" not in row.asker
    assert b"SPAREKEY" not in content
    casework.clock.forward(files.KEEPS + 1)
    casework.cases.files.prune()
    assert casework.cases.files.look(number) is not None, "it is not opened yet"
    whole(casework, number)
    with casework.database.writing() as connection:
        connection.execute(update(case_files).values(made=0))
    casework.cases.files.prune()
    assert casework.cases.files.look(number) is None


def test_the_page_says_how_far_it_is_and_what_is_wrong_where(database: Database) -> None:
    room = Room(database)
    tab = room.browser(room.member("Anna", Role.AGENT))
    upload(tab, some_broken(room.work).encode())
    assert tab.at.startswith("/console/files/")
    assert "0 of 10 requests are opened" in tab.words
    assert '<meta http-equiv="refresh"' in tab.page.text
    room.work.cases.files.work()
    assert "4 of 10 requests are opened" in tab.open(tab.at).words
    while room.work.cases.files.work():
        pass
    tab.open(tab.at)
    assert "7 of 10 requests became cases" in tab.words
    assert '<meta http-equiv="refresh"' not in tab.page.text
    for place in BROKEN:
        assert f"Request {place}:" in tab.words
    further = tab.at + "?from=9"
    tab.open(further)
    assert "Earlier" in tab.words
    for odd in ("0", "x", "99999999", "-1"):
        assert tab.open(further.replace("=9", f"={odd}")).page.status == 200
    assert tab.open("/console/files/00000000").page.status == 404
