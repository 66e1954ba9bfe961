"""What a mail server writes when a mail did not arrive becomes a line on its case; nothing else does."""

from __future__ import annotations

import io
import re
from email.message import EmailMessage
from pathlib import Path

import pytest

from sparekey.core.errors import InputError
from sparekey.desk import config
from sparekey.desk.__main__ import main
from sparekey.desk.cases.bounces import REPORT_LIMIT, Marks, note_return, returned
from sparekey.desk.cases.repository import CaseRepository
from sparekey.desk.cases.vault import Vault
from sparekey.desk.keyring import read_keys
from sparekey.desk.store.database import Database
from sparekey.desk.store.sqlite import open_sqlite
from tests.desk.casework import ASKER, Casework
from tests.desk.test_setup import init

FAILED = "Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; caller@example.com\nAction: failed\n"


def report(mail: bytes, status: str = FAILED, *, whole: bool = True) -> bytes:
    """As mail servers write it (RFC 3464 appendix E). `whole`: it brings the whole mail back, not only its head."""
    kind = b"message/rfc822" if whole else b"text/rfc822-headers"
    back = mail if whole else re.split(rb"\r?\n\r?\n", mail)[0] + b"\n"
    parts = (b"text/plain\n\nSorry.", b"message/delivery-status\n\n" + status.encode(), kind + b"\n\n" + back)
    head = b"Content-Type: multipart/report; report-type=delivery-status; boundary=part\n\n"
    return head + b"".join(b"--part\nContent-Type: " + part + b"\n" for part in parts) + b"--part--\n"


@pytest.fixture
def casework(database: Database) -> Casework:
    return Casework(database)


def marks(casework: Casework) -> Marks:
    return Marks((casework.keyring.ticket, *casework.keyring.old_tickets))


def noted(casework: Casework, number: str) -> list[tuple[str, str]]:
    view = casework.cases.show(number)
    assert view is not None
    return [(past.role, past.detail) for past in view.history if past.what == "bounced"]


@pytest.mark.parametrize("whole", [True, False])
def test_a_report_of_a_mail_server_is_noted_on_the_case_once(casework: Casework, whole: bool) -> None:
    number = casework.opened()
    mail = casework.mail(ASKER.address).message.as_bytes()
    repository = CaseRepository(casework.database, Vault(casework.keyring), lambda _: "")
    for _ in range(2):
        mark = returned(report(mail, whole=whole), marks(casework))
        assert mark is not None
        note_return(repository, mark, casework.clock.wall())
    assert noted(casework, number) == [("asker", "case_opened")]


def test_a_delay_an_answer_of_a_person_and_rubbish_are_no_report(casework: Casework) -> None:
    casework.opened()
    mail = casework.mail(ASKER.address).message.as_bytes()
    letter = EmailMessage()
    letter["Subject"] = "I am on holiday"
    letter.set_content(mail.decode())
    for text in (
        report(mail, FAILED.replace("failed", "delayed")),
        report(re.sub(rb"Sparekey-Mail:.*\r?\n", b"", mail)),
        letter.as_bytes(),
        mail,
        b"",
        b"\xff\x00" * 500,
        b"Content-Type: message/rfc822\n\n" * 5000,
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n--x--",
    ):
        assert returned(text, marks(casework)) is None
    with pytest.raises(InputError, match="too large"):
        returned(bytes(REPORT_LIMIT + 1), marks(casework))


def test_T31_nobody_else_makes_a_mark(casework: Casework) -> None:
    number = casework.opened()
    mail = casework.mail(ASKER.address).message.as_bytes()
    (mark,) = re.findall(rb"Sparekey-Mail: (.*)\r?\n", mail)
    for forged in (
        mark.replace(b"case_opened", b"case_issued"),
        mark.replace(number.encode(), b"4F7Q0001"),
        mark.replace(b" 0 ", b" 1 "),
        mark[:-1],
        b"\xff",
        b"",
    ):
        assert returned(report(mail.replace(mark, forged)), marks(casework)) is None
    assert returned(report(mail), Marks((bytes(32), casework.keyring.ticket))) is not None, "an older key"


def test_the_command_reads_a_report_and_never_sends_a_mail_server_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    toml = init(tmp_path / "desk")
    settings = config.load(toml)
    casework = Casework(open_sqlite(Path(settings.database)))
    casework.keyring = read_keys(settings.keys)
    casework.cases = casework.node()
    number = casework.opened()
    mail = casework.mail(ASKER.address).message.as_bytes()
    for text, told in ((report(mail), f"Noted on case {number}."), (b"hello", "reports no mail of ours")):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
        assert main(["bounced", "--config", str(toml)]) == 0
        assert told in capsys.readouterr().out
    assert noted(casework, number) == [("asker", "case_opened")]
    casework.database.close()


def test_a_forgotten_case_hears_nothing(casework: Casework) -> None:
    number = casework.opened()
    mark = returned(report(casework.mail(ASKER.address).message.as_bytes()), marks(casework))
    assert mark is not None
    casework.clock.forward(400 * 86400)
    casework.cases.prune()
    casework.clock.forward(400 * 86400)
    casework.cases.prune()
    note_return(CaseRepository(casework.database, Vault(casework.keyring), lambda _: ""), mark, 1)
    assert casework.cases.show(number) is None
