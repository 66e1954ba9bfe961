"""What people are told about a case, and the codes that open it for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sparekey.core.case import BY_MAIL
from sparekey.core.codes import code_from_bits
from sparekey.core.errors import InputError, Refusal
from sparekey.core.evidence import EvidenceKind, Remedy
from sparekey.core.keys import dated_key
from sparekey.core.messages.armour import FileKind, unwrap, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.methods.security_code import Spoken, code_of_day
from sparekey.desk.cases.asking import Asker, Past, Route
from sparekey.desk.cases.codes import Door
from sparekey.desk.cases.opening import Trouble
from sparekey.desk.cases.posting import Posting
from sparekey.desk.cases.service import Cases
from sparekey.desk.mail.ports import Delivery
from sparekey.desk.store.database import Database
from tests.desk.casework import ASKER, OWNER, SERIAL, SPOKEN, Casework, code_in

HERE = b"192.0.2.9"


@pytest.fixture
def casework(database: Database) -> Casework:
    made = Casework(database)
    made.enrol()
    return made


def test_B09_a_new_case_tells_who_asked_and_the_owner_each_with_a_code_of_their_own(
    casework: Casework,
) -> None:
    number = casework.opened()
    mails = casework.mailed()
    asked, owner = casework.mail(ASKER.address, mails), casework.mail(OWNER, mails)
    assert casework.cases.doors.enter(number, code_in(asked).shown, HERE) is Door.STATUS
    assert casework.cases.doors.enter(number, code_in(owner).shown_digits, HERE) is Door.OWNER
    assert asked.message["Subject"] == "Your case at support"
    assert owner.message["Subject"] == "Někdo se ptá podpory na vaše zařízení"
    for mail in mails:
        assert "https://desk.example.com/help/case" in mail.part("plain").split()
    assert casework.mailed() == []


def test_T05_an_address_that_somebody_typed_gets_no_word_that_they_chose(casework: Casework) -> None:
    number = casework.opened()
    mails = casework.mailed()
    assert SERIAL not in casework.mail(ASKER.address, mails).part("plain")
    assert SERIAL in casework.mail(OWNER, mails).part("plain")
    casework.cases.refuse(number, "anna", "not-proved")
    told = casework.mail(ASKER.address)
    assert SERIAL not in told.part("plain")
    assert "We could not see that the device is yours." in told.part("html")


def test_T05_one_file_for_many_is_one_mail_and_a_device_is_told_of_three_cases_an_hour(
    casework: Casework,
) -> None:
    items = [casework.request(f"PX-{number}").encoded for number in range(8)]
    casework.cases.open_text(wrap(FileKind.REQUESTS, make_batch(items), {}), ASKER)
    assert [mail.recipient for mail in casework.mailed()] == [ASKER.address]
    for browser in range(2):
        casework.cases.open_typed(SPOKEN, Asker(bytes([browser])))
    same = make_batch([casework.request(number=f"4F7Q000{number}").encoded for number in range(8)])
    casework.cases.open_text(wrap(FileKind.REQUESTS, same, {}), Asker(b"many"))
    assert [mail.recipient for mail in casework.mailed()] == [OWNER] * 3


def test_T06_mails_that_nobody_reads_are_done_together_and_are_no_bounce(
    casework: Casework, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settled: list[int] = []

    def done(posting: Posting, *mails: int, rest: Callable[..., None] = Posting.done) -> None:
        settled.append(len(mails))
        rest(posting, *mails)

    monkeypatch.setattr(Posting, "done", done)
    number = casework.opened(casework.file(serial="PX-9999", ticketed=False))
    assert [mail.recipient for mail in casework.mailed()] == [ASKER.address]
    assert waiting(casework) == 0
    assert settled == [3], "one transaction, as for a device that is known"
    view = casework.cases.show(number)
    assert view is not None
    assert "bounced" not in [past.what for past in view.history]
    assert "mail given up" not in caplog.text


def test_a_call_that_is_repeated_mails_one_code_to_the_mailbox(casework: Casework) -> None:
    number = casework.opened()
    casework.mailed()
    doors = casework.cases.doors
    for mark in (b"first call", b"first call", b""):
        doors.mail_mailbox_code(number, once=mark)
    mails = casework.mailed()
    assert [mail.recipient for mail in mails] == [OWNER] * 2
    assert len({mail.message["Message-ID"] for mail in mails}) == 2


def test_T06_what_is_queued_does_not_tell_whether_a_device_is_known(casework: Casework) -> None:
    rows = []
    for serial in (SERIAL, "PX-9999"):
        before = waiting(casework)
        casework.opened(casework.file(serial=serial, ticketed=False))
        rows.append(waiting(casework) - before)
    assert rows == [3, 3]


def test_B04_during_a_hold_the_owner_gets_a_code_that_cancels(casework: Casework) -> None:
    number = casework.opened(casework.file())
    casework.prove(number)
    casework.cases.propose(number, Remedy.RESPONSE_FILE, "anna")
    casework.mailed()
    assert casework.approve(number) == "held"
    mails = casework.mailed()
    assert {mail.recipient for mail in mails} == {OWNER, ASKER.address}
    assert casework.cases.doors.enter(number, code_in(casework.mail(OWNER, mails)).shown, HERE) is Door.OWNER
    assert "and not before" in " ".join(casework.mail(ASKER.address, mails).part("plain").split())
    casework.cases.cancel(number)
    assert {mail.message["Subject"] for mail in casework.mailed()} == {
        "The case was cancelled",
        "Případ byl zrušen",
    }


def test_B04_a_second_hold_is_told_again(casework: Casework) -> None:
    number = casework.opened(casework.file())
    casework.prove(number)
    for _ in range(2):
        casework.mailed()
        casework.cases.propose(number, Remedy.RESPONSE_FILE, "anna")
        casework.approve(number)
        assert OWNER in [mail.recipient for mail in casework.mailed()]
        casework.cases.withdraw(number, "anna")


def test_P12_the_secure_code_goes_to_the_confirmed_address_alone(casework: Casework) -> None:
    number = casework.opened()
    casework.cases.propose(number, Remedy.SECURITY_CODE, "anna", BY_MAIL)
    casework.mailed()
    casework.approve(number)
    (mail,) = [mail for mail in casework.mailed() if mail.message["Subject"] == "Nastavení nového hesla"]
    assert mail.recipient == OWNER
    day = SPOKEN_DAY + (casework.clock.wall() - 1_790_000_000) // 86400
    code = code_of_day(dated_key(bytes(32)), Spoken(SERIAL, 1789984800, "7KM2Q4XZ"), day)
    assert code.shown in mail.part("plain")
    assert code.shown in mail.part("html")
    with casework.database.reading() as connection:
        dump = repr(connection.exec_driver_sql("SELECT * FROM case_mails").all())
    assert code.text not in dump


def test_P16_who_wants_the_file_by_mail_gets_it_attached(casework: Casework) -> None:
    number = casework.opened(casework.file(), Asker(b"x", "en", Route.MAIL, "caller@example.com"))
    casework.issue(number, Remedy.RESPONSE_FILE)
    mail = [mail for mail in casework.mailed() if mail.recipient == "caller@example.com"][-1]
    (file,) = mail.message.iter_attachments()
    assert file.get_filename() == f"{SERIAL}-{number}.sparekey-response"
    content = file.get_content()
    assert unwrap(FileKind.RESPONSE, content.decode())


def test_the_code_of_the_confirmed_mailbox_is_enough_evidence(casework: Casework) -> None:
    number = casework.opened()
    casework.mailed()
    casework.cases.doors.mail_mailbox_code(number)
    code = code_in(casework.mail(OWNER))
    wrong = code_from_bits(code.bits ^ 1)
    assert casework.cases.mailbox_code(number, wrong.shown, source=HERE).refusal is Refusal.WRONG_CODE
    with pytest.raises(InputError):
        casework.cases.mailbox_code(number, "nonsense")
    assert casework.cases.mailbox_code(number, code.shown, source=HERE).refusal is None
    casework.cases.propose(number, Remedy.SECURITY_CODE, "anna")
    assert casework.approve(number) == "issued"


def test_T06_a_mailbox_code_for_an_unknown_device_is_asked_for_and_wrong_in_the_same_way(
    casework: Casework,
) -> None:
    for options in ({"serial": "PX-9999"}, {}):
        casework.enrol(confirmed=False)
        number = casework.opened(casework.file(**options))
        casework.mailed()
        casework.cases.doors.mail_mailbox_code(number)
        assert casework.mailed() == []
        for address in ("", OWNER):
            guess = casework.cases._codes.code(Door.MAILBOX, number, address)
            assert casework.cases.mailbox_code(number, guess.shown).refusal is Refusal.WRONG_CODE


def test_T45_codes_of_a_case_are_tried_ten_times_an_hour_whoever_tries(casework: Casework) -> None:
    number = casework.opened()
    code = code_in(casework.mail(ASKER.address))
    doors = casework.cases.doors
    for source in range(10):
        assert doors.enter(number, code_from_bits(source).shown, bytes([source])) is Refusal.WRONG_CODE
    assert doors.enter(number, code.shown, b"fresh") is Refusal.TOO_MANY_TRIES
    assert doors.enter("00000000", code.shown, b"fresh") is Refusal.WRONG_CODE
    casework.clock.forward(3600)
    assert doors.enter(number, code.shown, b"fresh") is Door.STATUS


@pytest.mark.meets("asvs-2.4.1")
def test_T45_one_source_opens_only_so_many_cases_that_nobody_sealed(casework: Casework) -> None:
    receipts = [
        casework.cases.open_text(casework.file(ticketed=False), Asker(bytes([place])), HERE)[0]
        for place in range(21)
    ]
    assert [receipt.trouble for receipt in receipts] == [None] * 20 + [Trouble.TOO_MANY]
    assert casework.cases.open_text(casework.file(), ASKER, HERE)[0].number
    assert casework.cases.open_text(casework.file(ticketed=False), ASKER)[0].number


def test_a_mail_that_never_arrives_is_noted_on_the_case(casework: Casework) -> None:
    number = casework.opened()
    casework.post.verdict = lambda mail: Delivery.TAKEN if mail.recipient == OWNER else Delivery.NEVER
    for _ in range(8):
        casework.mailed()
        casework.clock.forward(700)
    view = casework.cases.show(number)
    assert view is not None
    assert [(past.what, past.role, past.detail) for past in view.history][1:] == [
        ("bounced", "asker", "case_opened")
    ]


@pytest.mark.meets("asvs-3.2.1", "asvs-5.2.2", "asvs-5.2.4", "asvs-5.3.1", "asvs-5.4.1", "asvs-5.4.2")
def test_uploads_are_photos_or_pdf_sealed_and_few(casework: Casework) -> None:
    number = casework.opened()
    uploads, past = casework.cases.uploads, Past(casework.clock.wall(), "paper")
    photo = b"\xff\xd8\xff" + bytes(100)
    for _ in range(6):
        uploads.add(number, EvidenceKind.INVOICE, photo, past)
    for data, slug in ((photo, "upload-many"), (b"<svg>", "upload-kind"), (b"", "upload-size")):
        with pytest.raises(InputError, match=slug):
            uploads.add(number, EvidenceKind.INVOICE, data, past)
    view = casework.cases.show(number)
    assert view is not None
    assert uploads.content(number, view.uploads[0].id) == ("image/jpeg", photo)
    assert uploads.content("00000000", view.uploads[0].id) is None


@pytest.mark.meets("etsi-6-6")
def test_idle_cases_are_closed_and_closed_ones_forgotten(casework: Casework) -> None:
    number = casework.opened()
    assert casework.cases.write_note(number, "Ticket 4711", "anna")
    casework.clock.forward(31 * 86400)
    casework.cases.prune()
    view = casework.cases.show(number)
    assert view is not None
    assert (view.status, view.history[-1].detail) == ("closed", "no-answer")
    casework.clock.forward(366 * 86400)
    casework.cases.prune()
    assert casework.cases.show(number) is None
    assert casework.cases.notes.all(number) == ()
    assert waiting(casework) == 0


def test_P27_a_program_fetches_with_its_own_secret(casework: Casework) -> None:
    from sparekey.core.crypto import sha256

    number = casework.opened(casework.file(), Asker(b"p", pickup=sha256(b"secret")))
    assert casework.cases.doors.picked_up(number, b"secret") is not None
    without = casework.opened(casework.file())
    for case, secret in ((number, b"other"), (without, b""), ("00000000", b"secret")):
        assert casework.cases.doors.picked_up(case, secret) is None


SPOKEN_DAY = 1789984800 // 86400


def waiting(casework: Casework) -> int:
    made: Cases = casework.cases
    return made._posting.waiting()


def test_a_new_ticket_key_opens_what_the_old_one_marked(casework: Casework) -> None:
    number = casework.opened(casework.file())
    code = code_in(casework.mail(ASKER.address))
    old = casework.keyring
    casework.keyring = replace(old, ticket=bytes(32), old_tickets=(old.ticket,))
    cases = casework.node()
    assert cases.doors.enter(number, code.shown, HERE) is Door.STATUS
    assert cases.show(number) is not None
