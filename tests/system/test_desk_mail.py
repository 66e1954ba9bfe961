"""The desk's mail over a real connection: TLS that is checked, sign-in, refusals, silence."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from faults.desk.post import CRAWLS, DATA, END, GREETED, HANGS_UP, MAIL, RCPT, SILENT, TALKS, Post
from sparekey.core.errors import UnavailableError
from sparekey.desk.config import SmtpConfig
from sparekey.desk.keyring import write_new
from sparekey.desk.mail.outbox import LASTING_TRIES, LONGEST_WAIT, Outbox
from sparekey.desk.mail.smtp import SmtpMailer
from sparekey.desk.store.ports import Waiting
from sparekey.host.clock import SystemClock
from tests.desk.room import CODE, JANE, Room
from tests.system.desk_office import PASSWORD, USER, Authority, Office, running, strict

SMALL = b"Subject: hello\r\n\r\nhello\r\n"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.close()


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def server(office: Office, authority: Authority) -> Iterator[SmtpConfig]:
    """A server that wants STARTTLS and a sign-in, and the settings that reach it."""
    password = authority.folder / "smtp-password"
    write_new(password, PASSWORD.encode(), private=True)
    with strict(office, authority) as port:
        yield SmtpConfig(
            host="127.0.0.1",
            port=port,
            sender="desk@example.com",
            user=USER,
            password_file=password,
            ca_file=authority.file,
            timeout=5,
        )


def mailer(config: SmtpConfig) -> SmtpMailer:
    made = SmtpMailer(config, "desk.example.com", SystemClock())
    made.check()
    return made


def outbox(room: Room, config: SmtpConfig) -> Outbox[Waiting]:
    return Outbox(room.codes, mailer=mailer(config), sender=config.sender, clock=room.clock)


@pytest.mark.meets("etsi-5.8-1")
def test_mail_goes_out_over_checked_tls_and_a_sign_in(room: Room, office: Office, server: SmtpConfig) -> None:
    for number in range(3):
        room.intake.send(room.text(room.request(f"u{number}@example.com", locale="cs")))
    assert outbox(room, server).work() == 3
    assert [to for to, _ in office.taken] == [[f"u{number}@example.com"] for number in range(3)]
    assert office.conversations == 1, "one conversation for the batch"
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(office.taken[0][1])
    body = message.get_body(("plain",))
    assert body is not None
    assert CODE.shown in body.get_content()
    assert room.store.waiting() == 0


def test_a_refusal_for_now_keeps_the_mail_and_the_conversation(
    room: Room, office: Office, server: SmtpConfig
) -> None:
    office.answers = ["451 try later"]
    for address in (JANE, "kate@example.org"):
        room.intake.send(room.text(room.request(address)))
    out = outbox(room, server)
    out.work()
    assert [to for to, _ in office.taken] == [["kate@example.org"]]
    assert office.conversations == 1
    room.clock.forward(5)
    out.work()
    assert [to for to, _ in office.taken] == [["kate@example.org"], [JANE]]


@pytest.mark.parametrize("answer", ["421 shutting down", "550 no such user"])
def test_other_refusals_keep_the_mail_too(
    room: Room, office: Office, server: SmtpConfig, answer: str
) -> None:
    office.answers = [answer]
    room.intake.send(room.text(room.request()))
    out = outbox(room, server)
    out.work()
    assert (len(office.taken), room.store.waiting()) == (0, 1)
    room.clock.forward(600)
    out.work()
    assert (len(office.taken), room.store.waiting()) == (1, 0)


@pytest.mark.parametrize("answer", ["452 disk full", "554 no spam"])
def test_a_refusal_after_the_mail_was_read_keeps_it_too(
    room: Room, office: Office, server: SmtpConfig, answer: str
) -> None:
    office.last_words = [answer]
    room.intake.send(room.text(room.request()))
    out = outbox(room, server)
    out.work()
    assert (len(office.taken), room.store.waiting()) == (0, 1)
    room.clock.forward(600)
    out.work()
    assert (len(office.taken), room.store.waiting()) == (1, 0)


@pytest.mark.meets("asvs-12.3.2")
def test_a_server_that_cannot_prove_its_name_gets_nothing(
    room: Room, office: Office, server: SmtpConfig, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    stranger = Authority(tmp_path / "other")
    room.intake.send(room.text(room.request()))
    for config in (replace(server, ca_file=None), replace(server, ca_file=stranger.file)):
        outbox(room, config).work()
        room.clock.forward(600)
    assert (office.taken, room.store.waiting()) == ([], 1)


def test_a_server_that_does_not_know_us_gets_nothing(
    room: Room, office: Office, server: SmtpConfig, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_new(tmp_path / "wrong", b"wrong password", private=True)
    room.intake.send(room.text(room.request()))
    outbox(room, replace(server, password_file=tmp_path / "wrong")).work()
    assert (office.taken, room.store.waiting()) == ([], 1)
    assert "wrong password" not in caplog.text


def test_a_server_without_tls_gets_nothing(room: Room, office: Office, server: SmtpConfig) -> None:
    with running(office) as port:
        with pytest.raises(UnavailableError) as caught, mailer(replace(server, port=port)).session():
            pass
        assert PASSWORD not in str(caught.value)
        assert office.taken == []
        on_this_machine = SmtpConfig("127.0.0.1", port, "desk@example.com", starttls=False)
        with mailer(on_this_machine).session() as session:
            session.send("desk@example.com", JANE, SMALL)
    assert [to for to, _ in office.taken] == [[JANE]]


def test_nobody_there_is_told_without_any_address(room: Room, server: SmtpConfig) -> None:
    with pytest.raises(UnavailableError) as caught, mailer(replace(server, port=1)).session():
        pass
    told = "smtp: the mail server does not take mail (nothing listens at smtp.host and smtp.port)"
    assert str(caught.value) == told
    room.intake.send(room.text(room.request()))
    outbox(room, replace(server, port=1)).work()
    assert room.store.waiting() == 1


@pytest.mark.meets("asvs-13.2.6")
def test_a_server_that_says_nothing_is_left_after_the_timeout(server: SmtpConfig) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        config = replace(server, port=silent.getsockname()[1], timeout=1)
        with pytest.raises(UnavailableError, match="does not take mail"), mailer(config).session():
            pass


@pytest.mark.meets("asvs-13.2.6")
@pytest.mark.parametrize(
    ("at", "how"),
    [
        *[(at, HANGS_UP) for at in (GREETED, MAIL, RCPT, DATA, END)],
        *[(at, TALKS) for at in (GREETED, RCPT)],
        *[(at, SILENT) for at in (GREETED, END)],
        (DATA, CRAWLS),
    ],
)
def test_T07_a_mail_server_that_takes_its_time_is_left_and_gets_the_mail_later(
    room: Room, server: SmtpConfig, at: str, how: str
) -> None:
    post = Post(at, how)
    with post.running():
        config = replace(server, port=post.port, starttls=False, user="", password_file=None, timeout=1)
        out = outbox(room, config)
        room.intake.send(room.text(room.request()))
        out.work()
        assert (post.taken, room.store.waiting()) == ([], 1)
        post.behave()
        room.clock.forward(60)
        out.work()
    assert [recipient for recipient, _ in post.taken] == [JANE]
    assert room.store.waiting() == 0


def test_a_server_that_does_not_take_our_sender_loses_nobody_s_mail(room: Room, server: SmtpConfig) -> None:
    post = Post(MAIL, "550 not from you")
    with post.running():
        config = replace(server, port=post.port, starttls=False, user="", password_file=None)
        out = outbox(room, config)
        room.intake.send(room.text(room.request()))
        for _ in range(2 * LASTING_TRIES):
            out.work()
            room.clock.forward(LONGEST_WAIT)
        assert room.store.waiting() == 1
        post.behave()
        out.work()
    assert [recipient for recipient, _ in post.taken] == [JANE]
