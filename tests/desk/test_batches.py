"""Many devices of one file at the console: proof, proposal, one touch, one file of answers; each decided on its own."""

from __future__ import annotations

import pytest

from sparekey.core.admission import Role
from sparekey.core.errors import Refusal
from sparekey.core.evidence import EvidenceKind, Remedy
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.text import Responses, read_any
from sparekey.demo.page_reader import read
from sparekey.desk.cases import batches
from sparekey.desk.console import approvals
from sparekey.desk.store.database import Database
from tests.desk.desk_console import Room, Tab
from tests.desk.test_console_cases import upload

HOUR = 3600


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


def handed_in(room: Room, tab: Tab, count: int, *, stranger: int | None = None) -> str:
    """A file with so many enrolled devices, one of which may be not known here. The path of the batch."""
    requests = []
    for place in range(count):
        serial = f"PX-{place:05}"
        if place != stranger:
            room.work.enrol(serial)
        requests.append(room.work.request(serial, number=f"4F7Q{place:04}").encoded)
    upload(tab, wrap(FileKind.REQUESTS, make_batch(requests), {}).encode())
    assert f"{count} of {count} requests became cases" in tab.words
    return tab.page.text.partition('href="/console/batches/')[2].partition('"')[0]


def on(tab: Tab) -> Tab:
    """Press "Go on" until it is over, as the page's script does."""
    for _ in range(20):
        action = tab.page.text.partition("data-onward")[0].rpartition('action="')[2].partition('"')[0]
        if "data-onward" not in tab.page.text:
            return tab
        tab.send(action)
    raise AssertionError("it does not end")


def test_B06_many_devices_are_proved_proposed_approved_and_answered_together(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "PART", 4)
    anna = room.browser(room.member("Anna", Role.AGENT))
    bert = room.browser(room.member("Bert", Role.APPROVER))
    path = f"/console/batches/{handed_in(room, anna, 9, stranger=5)}"
    anna.open(path)
    assert "9 devices of one file" in anna.words
    assert "ready" not in anna.words
    anna.send(f"{path}/evidence", {"kind": "invoice", "all": "yes"})
    assert "4 devices are done" in anna.words
    assert "Of 9." in anna.words
    assert "9 devices are done" in on(anna).words
    anna.open(path)
    assert anna.words.count("ready") >= 8
    anna.send(f"{path}/propose")
    assert "8 devices are done" in on(anna).words
    bert.open(path).send(f"{path}/review")
    assert "Your touch signs for 8 devices" in bert.words
    assert "PX-00005" not in bert.words
    room.work.cases.cancel(number_of(room, "PX-00003"))
    bert.touch("/console/batches/touch")
    assert bert.page.status == 409
    assert "You approved 7." in bert.words
    assert "1 was not approved. It hurts no other:" in bert.words
    room.work.clock.forward(24 * HOUR)
    room.work.cases.work()
    anna = room.browser(anna.member).open(path)
    assert "7 answers are issued." in anna.words
    serials = []
    for part in ("0", "1"):
        saved = room.browser(anna.member).open(path).send(f"{path}/answers", {"part": part}).page
        assert saved.headers["content-disposition"].endswith(f'-{int(part) + 1}.sparekey-response"')
        found = read_any(saved.text)
        assert isinstance(found, Responses)
        serials += [item.answer.serial for item in found.items if not isinstance(item, Exception)]
    assert sorted(serials) == [f"PX-{place:05}" for place in (0, 1, 2, 4, 6, 7, 8)]
    assert anna.open(path).send(f"{path}/answers", {"part": "2"}).page.status == 409
    assert "case-answer" in [deed.what for _, deed in room.office.staff.deeds()]


def number_of(room: Room, serial: str) -> str:
    return room.work.cases.find(serial)[0].number


def test_T26_what_is_refused_in_a_batch_is_listed_and_the_rest_goes_on(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "PART", 3)
    member = room.member("Anna", Role.AGENT)
    anna = room.browser(member)
    path = f"/console/batches/{handed_in(room, anna, 7)}"
    anna.open(path).send(f"{path}/evidence", {"kind": "invoice", "all": "yes"})
    on(anna)
    for place in (1, 4):
        room.work.enrol(f"PX-{place:05}", owners=(member.id,))
    anna.open(path).send(f"{path}/propose")
    on(anna)
    assert "5 devices are done" in anna.words
    assert "2 were refused. They hurt no other:" in anna.words
    assert anna.words.count("your own device") == 2
    anna.open(path)
    assert "2 are ready" in anna.words


def test_evidence_for_the_chosen_ones_alone(room: Room) -> None:
    anna = room.browser(room.member("Anna", Role.AGENT))
    path = f"/console/batches/{handed_in(room, anna, 3)}"
    anna.open(path).send(f"{path}/evidence", {"kind": "invoice"})
    assert anna.page.status == 400
    assert "Choose at least one device" in anna.words
    chosen = number_of(room, "PX-00001")
    anna.open(path).send(f"{path}/evidence", {"kind": "invoice", "number": chosen})
    assert "1 device is done" in anna.words
    anna.open(path).send(f"{path}/evidence", {"kind": "mailbox-code", "number": chosen})
    assert anna.page.status == 404
    view = room.work.cases.show(chosen)
    assert view is not None
    assert EvidenceKind.INVOICE in view.file.kinds
    assert "1 is ready" in anna.open(path).words
    assert "PX-00001" in anna.open(f"{path}?waits=agent").words
    assert "PX-00000" not in anna.words


def test_T31_one_touch_over_a_batch_is_for_exactly_that_list(room: Room) -> None:
    anna = room.browser(room.member("Anna", Role.AGENT))
    bert = room.browser(room.member("Bert", Role.APPROVER))
    path = f"/console/batches/{handed_in(room, anna, 3)}"
    for place in range(3):
        number = number_of(room, f"PX-{place:05}")
        room.work.prove(number)
        assert room.work.cases.propose(number, Remedy.RESPONSE_FILE, "anna").refusal is None
    bert.open(path).send(f"{path}/review")
    listed = str(bert.form("/console/batches/touch").values["listed"])
    first, *rest = listed.split(",")
    reviewed = bert.page
    for changed in (",".join([*rest, first]), ",".join(rest), "", f"{listed},{first}", "zz:zz"):
        bert.page = reviewed
        bert.touch("/console/batches/touch", {"listed": changed})
        assert bert.page.status in (403, 409)

    bert.open(path).send(f"{path}/review").touch("/console/batches/touch")
    assert "You approved 3." in bert.words
    bert.page = reviewed
    bert.touch("/console/batches/touch")
    assert bert.page.status in (403, 409)
    assert "You approved" not in bert.words


def test_two_approvers_at_once_and_nothing_is_given_twice(room: Room) -> None:
    anna = room.browser(room.member("Anna", Role.AGENT))
    bert, cyril = (room.browser(room.member(name, Role.APPROVER)) for name in ("Bert", "Cyril"))
    path = f"/console/batches/{handed_in(room, anna, 2)}"
    anna.open(path).send(f"{path}/evidence", {"kind": "invoice", "all": "yes"})
    anna.open(path).send(f"{path}/propose")
    for tab in (bert, cyril):
        tab.open(path).send(f"{path}/review")
    assert "You approved 2." in bert.touch("/console/batches/touch").words
    assert "2 were not approved." in cyril.touch("/console/batches/touch").words
    assert cyril.page.status == 409
    assert cyril.open(path).words.count("on hold") >= 2


def test_whose_role_it_is_not_reads_and_presses_nothing(room: Room) -> None:
    anna = room.browser(room.member("Anna", Role.AGENT))
    path = f"/console/batches/{handed_in(room, anna, 2)}"
    auditor = room.browser(room.member("Dora", Role.AUDITOR)).open(path)
    assert auditor.page.status == 200
    assert "<button" not in auditor.page.text.partition("<main")[2]
    technician = room.browser(room.member("Tom", Role.TECHNICIAN))
    assert technician.open(path).page.status == 403
    assert anna.open("/console/batches/ZZZZZZZZ").page.status == 404
    alone = room.work.opened(room.work.file())
    assert anna.open(f"/console/batches/{alone}").page.status == 404


def test_a_case_of_a_batch_leads_to_the_others(room: Room) -> None:
    anna = room.browser(room.member("Anna", Role.AGENT))
    first = handed_in(room, anna, 2)
    other = number_of(room, "PX-00001")
    assert f'href="/console/batches/{first}"' in anna.open(f"/console/cases/{other}").page.text
    assert anna.open(f"/console/batches/{other}").page.status == 200


def test_what_the_log_does_not_have_yet_is_left_out_and_hurts_no_other(room: Room) -> None:
    anna = room.browser(room.member("Anna", Role.AGENT))
    path = handed_in(room, anna, 2)
    numbers = [number_of(room, f"PX-{place:05}") for place in range(2)]
    for number in numbers:
        room.work.issue(number, Remedy.RESPONSE_FILE)
    found = room.work.cases.batches.look(path)
    assert found is not None
    whole = room.work.cases.batches.answers(found, batches.START)
    assert (whole.count, whole.left, whole.after) == (2, (), None)
    room.work.clock.forward(49 * HOUR)
    late = room.work.cases.batches.answers(found, batches.START)
    assert (late.file, late.count) == ("", 0)
    assert [line.number for line in late.left] == numbers
    assert room.work.cases.give(numbers[0]) is Refusal.EXPIRED


def test_a_large_batch_takes_one_line_of_what_waits_for_approval(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approvals, "SHOWN", 2)
    anna = room.browser(room.member("Anna", Role.AGENT))
    bert = room.browser(room.member("Bert", Role.APPROVER))
    path = handed_in(room, anna, 3)
    for serial in ("PX-90001", "PX-90002"):
        room.work.enrol(serial)
    alone = [room.work.opened(room.work.file(serial=serial)) for serial in ("PX-90001", "PX-90002")]
    for number in (*(number_of(room, f"PX-{place:05}") for place in range(3)), *alone):
        room.work.prove(number)
        assert room.work.cases.propose(number, Remedy.RESPONSE_FILE, "anna").refusal is None
    bert.open("/console/approvals")
    first = bert.page.text
    (more,) = [path for path, _ in read(first).links if path.startswith("/console/approvals?after=")]
    second = bert.open(more).page.text
    assert "The next ones" not in second
    both = first + second
    assert both.count("3 devices of one file wait") == 1
    assert f'href="/console/batches/{path}"' in both
    for number in alone:
        assert both.count(f'value="{number}"') == 1
    assert "PX-00000" not in both


def test_who_approved_all_of_a_batch_is_not_asked_again_and_the_second_one_is(room: Room) -> None:
    anna = room.browser(room.member("Anna", Role.AGENT))
    bert, cyril = (room.browser(room.member(name, Role.APPROVER)) for name in ("Bert", "Cyril"))
    for place in range(3):
        room.work.enrol(f"PX-{place:05}", confirmed=False)
    requests = [room.work.request(f"PX-{place:05}", number=f"4F7Q{place:04}").encoded for place in range(3)]
    upload(anna, wrap(FileKind.REQUESTS, make_batch(requests), {}).encode())
    path = "/console/batches/" + anna.page.text.partition('href="/console/batches/')[2].partition('"')[0]
    for place in range(3):
        number = number_of(room, f"PX-{place:05}")
        room.work.prove(number)
        assert room.work.cases.propose(number, Remedy.RESPONSE_FILE, "anna").refusal is None
    for tab in (bert, cyril):
        assert "Your touch signs for 3 devices" in tab.open(path).send(f"{path}/review").words
    assert "You approved 3." in bert.touch("/console/batches/touch").words
    bert.open(path).send(f"{path}/review")
    assert bert.page.status == 409
    assert "3 devices of one file wait" in bert.open("/console/approvals").words
    assert "You approved 3." in cyril.touch("/console/batches/touch").words
    assert "Nothing waits for approval." in bert.open("/console/approvals").words
