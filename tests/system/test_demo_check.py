"""The demo as a person starts it: the check reports every row, and a site ends as a whole."""

from __future__ import annotations

import json
import os
import signal
import smtplib
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from sparekey.demo import plan, site
from sparekey.demo.doors import LOOPBACK, is_free
from sparekey.demo.procedures import TITLES
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy

PLAYED = (
    "P02",
    "P05.device",
    "P06.device",
    "P09",
    "P17.desk",
    "P18.device",
    "P27.finder",
    "B01",
    "B03.desk",
    "B11",
    "B12",
)
"""One for each part of the house, and for what they do together. All rows take a quarter of an hour."""
FIRST_PORT = 18700
COMMAND = [sys.executable, "-m", "sparekey", "demo"]


@contextmanager
def demo(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A running demo and its links by name; ended by the test or after it."""
    process = subprocess.Popen(
        [*COMMAND, "--port", str(FIRST_PORT), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"TMPDIR": str(folder)},
    )
    links: dict[str, str] = {}
    try:
        assert process.stdout
        for line in process.stdout:
            before, found, rest = line.strip().partition("http")
            if found:
                links[before.strip(" 1234:")] = found + rest
            if line.startswith("Ctrl-C"):
                break
        yield process, links
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture(scope="module")
def report() -> subprocess.CompletedProcess[str]:
    rows = [word for row in PLAYED for word in ("--row", row)]
    command = [*COMMAND, "--check", "--json", "--port", str(FIRST_PORT + 200), *rows]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)


@pytest.mark.parametrize("row", PLAYED)
def test_the_check_plays(report: subprocess.CompletedProcess[str], row: str) -> None:
    assert json.loads(report.stdout)[row] == "ok", report.stderr


def test_the_check_says_one_object_with_every_row_and_nothing_else(
    report: subprocess.CompletedProcess[str],
) -> None:
    verdicts = json.loads(report.stdout)
    assert list(verdicts) == list(TITLES)
    assert report.stdout.count("\n") == 1
    assert {row for row, verdict in verdicts.items() if verdict == "ok"} >= set(PLAYED)
    assert report.returncode == (1 if any(v.startswith("failed: ") for v in verdicts.values()) else 0)
    assert "Traceback" not in report.stderr


def test_a_demo_tells_where_it_is_and_ends_without_a_trace(tmp_path: Path) -> None:
    with demo(tmp_path) as (process, links):
        assert set(links) == {
            "Read the story",
            "Open the recorder",
            "Read the mail",
            "See the support desk",
            "The recorder from another computer",
        }
        for name in ("Read the story", "Open the recorder", "Read the mail", "See the support desk"):
            with urlopen(links[name], timeout=10) as page:
                assert b"<h1>" in page.read()
        assert list(tmp_path.iterdir())
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=20)
        assert process.returncode == 0, rest
        assert "Traceback" not in rest
    assert not list(tmp_path.iterdir())
    assert all(is_free(LOOPBACK, urlsplit(link).port or 0) for link in links.values())


def test_a_kept_demo_comes_back_as_it_was(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    with demo(tmp_path, "--keep", str(kept), "--profile", "hikvision") as (_, first):
        pass
    with demo(tmp_path, "--keep", str(kept)) as (_, second):
        pass
    assert first
    assert first == second


def test_a_process_that_ends_by_itself_is_told_and_ends_the_others(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    with demo(tmp_path, "--keep", str(kept)) as (process, links):
        found = ["pgrep", "--parent", str(process.pid), "--full", "device run .*/recorder/device.toml"]
        os.kill(int(subprocess.run(found, capture_output=True, text=True, check=True).stdout), signal.SIGKILL)
        rest, _ = process.communicate(timeout=20)
    assert process.returncode == 4
    assert "the recorder ended by itself" in rest
    assert "Traceback" not in rest
    assert is_free(LOOPBACK, int(links["Read the mail"].rpartition(":")[2]))


def test_the_mailbox_takes_no_letter_without_tls_and_the_password(tmp_path: Path) -> None:
    chosen = plan.make("sparekey", "", FIRST_PORT + 400)
    place = site.Site(tmp_path, chosen, clock=SystemClock(), entropy=SystemEntropy(), say=lambda _: None)
    with place:
        place.start(("mailbox",))
        trusted = ssl.create_default_context(cafile=str(tmp_path / "mailbox" / "authority.pem"))
        password = (tmp_path / "mailbox" / "password").read_text()
        letter = "Subject: Hello\r\n\r\nGood day.\r\n"

        with smtplib.SMTP("localhost", chosen.ports.smtp, timeout=10) as sender:
            with pytest.raises(smtplib.SMTPException):
                sender.sendmail(site.SENDER, "owner@example.com", letter)
            sender.starttls(context=trusted)
            with pytest.raises(smtplib.SMTPException):
                sender.sendmail(site.SENDER, "owner@example.com", letter)
            with pytest.raises(smtplib.SMTPAuthenticationError):
                sender.login(site.MAIL_USER, "guessed")
            assert not list((tmp_path / "mailbox" / "letters").iterdir())
        with smtplib.SMTP("localhost", chosen.ports.smtp, timeout=10) as sender:
            sender.starttls(context=trusted)
            sender.login(site.MAIL_USER, password)
            sender.sendmail(site.SENDER, "owner@example.com", letter)
        with urlopen(chosen.mailbox, timeout=10) as inbox:
            page = inbox.read().decode()
        assert "Hello" in page
        assert "to owner@example.com" in page
