"""The mailbox shows what arrived, as a mail program would, and lets nothing of it do anything."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import LoginPassword

from sparekey.core.errors import UnavailableError
from sparekey.demo import certificates
from sparekey.demo.mailbox.config import Config, read
from sparekey.demo.mailbox.letters import Letters
from sparekey.demo.mailbox.pages import mailbox
from sparekey.demo.mailbox.post_office import PostOffice
from sparekey.testing.clock import FixedClock
from sparekey.testing.entropy import FixedEntropy
from tests.web.asgi import Answer, call

HOST = "localhost:8730"


def letter(subject: str = "Your code", html: str = "") -> bytes:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "Desk <desk@example.com>"
    message.set_content("The code is ABCD-EFGH.\n<b>")
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


@pytest.fixture
def letters(tmp_path: Path) -> Letters:
    return Letters(tmp_path / "letters")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    files = certificates.make(tmp_path, ("localhost",), FixedClock(), FixedEntropy())
    password = tmp_path / "password"
    password.write_text("correct\n")
    return Config(8725, 8730, "desk", password, files.certificate, files.key, tmp_path / "letters")


def get(letters: Letters, path: str, host: str = HOST) -> Answer:
    return call(mailbox(letters, 8730, FixedClock(), FixedEntropy()), "GET", path, scheme="http", host=host)


def test_letters_are_kept_in_order_and_shown_newest_first(letters: Letters) -> None:
    assert [letters.add(letter(name), ["owner@example.com"], 1_790_000_000) for name in "ab"] == [1, 2]
    first, second = letters.newest_first()
    assert (first.number, first.subject, second.subject) == (2, "b", "a")
    assert (first.to, first.arrived) == (("owner@example.com",), 1_790_000_000)
    assert first.sender == "Desk <desk@example.com>"
    assert letters.letter(3) is None


@pytest.mark.parametrize(
    "content", [b"", b"\xff\x00\n\n\xff", b"Subject: =?utf-8?b?////?=\r\n\r\nhello", b"\r\n\r\n"]
)
def test_a_strange_letter_is_shown_all_the_same(letters: Letters, content: bytes) -> None:
    letters.add(content, ["a@example.com \r\nSubject: forged"], 1)
    (kept,) = letters.newest_first()
    assert kept.to == ("a@example.com Subject: forged",)
    assert get(letters, "/").status == 200
    assert get(letters, "/mail/1").status == 200


def test_the_list_looks_again_by_itself_and_says_what_it_is(letters: Letters) -> None:
    empty = get(letters, "/").text
    assert '<meta http-equiv="refresh" content="3">' in empty
    assert "plays the owner" in empty
    letters.add(letter("<script>"), ["owner@example.com"], 1_790_000_000)
    page = get(letters, "/").text
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert "to owner@example.com" in page


def test_a_letter_is_read_as_text_and_in_a_frame_that_can_do_nothing(letters: Letters) -> None:
    letters.add(letter(html="<h1>ABCD-EFGH</h1><script>x</script>"), ["owner@example.com"], 1)
    page = get(letters, "/mail/1")
    assert "The code is ABCD-EFGH.\n&lt;b&gt;" in page.text
    assert '<iframe class="letter" sandbox src="/mail/1/html"' in page.text
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    inside = get(letters, "/mail/1/html")
    assert inside.text.startswith("<h1>")
    policy = inside.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy


def test_what_is_not_there_is_told(letters: Letters) -> None:
    assert get(letters, "/mail/1").status == 404
    assert get(letters, "/mail/1/html").status == 404
    assert get(letters, "/", host="elsewhere.example.com").status == 421


@pytest.mark.parametrize(
    ("mechanism", "given", "admitted"),
    [
        ("PLAIN", LoginPassword(b"desk", b"correct"), True),
        ("LOGIN", LoginPassword(b"desk", b"correct"), True),
        ("PLAIN", LoginPassword(b"desk", b"wrong"), False),
        ("PLAIN", LoginPassword(b"other", b"correct"), False),
        ("CRAM-MD5", LoginPassword(b"desk", b"correct"), False),
        ("PLAIN", None, False),
    ],
)
def test_only_the_right_password_hands_in_mail(
    config: Config, letters: Letters, mechanism: str, given: Any, admitted: bool
) -> None:
    nobody: Any = None
    result = PostOffice(config, letters, FixedClock()).admit(nobody, nobody, nobody, mechanism, given)
    assert result.success is admitted
    assert not result.handled


def test_settings_are_read_beside_their_file(tmp_path: Path) -> None:
    path = tmp_path / "mailbox.toml"
    path.write_text(
        'smtp_port = 1\nweb_port = 2\nuser = "u"\npassword_file = "p"\ntls_certificate = "c"\ntls_key = "k"\n'
    )
    config = read(path)
    assert (config.password_file, config.letters) == (tmp_path / "p", tmp_path / "letters")
    with pytest.raises(UnavailableError, match="cannot read"):
        _ = config.password
