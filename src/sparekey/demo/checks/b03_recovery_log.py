"""B03: what the desk gives out stands in its public log before it leaves, and nobody changes that log unseen."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from sparekey.core.errors import UnavailableError
from sparekey.core.messages.link import read_link
from sparekey.demo.checks.check import Check
from sparekey.demo.owner import Owner
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.demo.stage import Stage

_ADDRESS = "owner.who.reads.logs@example.com"
_NOT_GENUINE = 3
_PATIENCE = 60


def stands_in_the_log(stage: Stage) -> None:
    """A mailed code is an entry that everybody can verify; a changed copy, and a changed database, are refused."""
    site = stage.site
    copies = site.folders.root / "log-copies"
    monitor = _Monitor(site.folders.desk, f"{site.plan.desk}/log")

    stage.step("the code by mail")
    owner = Owner(stage, site.plan.network, _ADDRESS)
    owner.set_up()
    link = owner.scan(owner.ask_for_the_square(owner.forget()))
    wanted = read_link(link.rpartition("/")[2]).hash.hex()
    before = monitor.verify("--find", wanted, "--copy", str(copies / "before"))
    expect(f"0 of them with {wanted}" in before, f"it is in the log before anybody asked: {before}")
    monitor.watch(copies / "before", copies / "seen")
    owner.send_the_code(link)
    code = owner.read_the_code()

    stage.step("the entry, from outside")
    after = monitor.verify("--find", wanted, "--copy", str(copies / "after"))
    expect(f"1 of them with {wanted}" in after, f"a code was mailed and nothing says so: {after}")
    expect("mail-code new-password" in after, f"the entry does not say what was given out: {after}")
    monitor.watch(copies / "after", copies / "seen")
    for secret in (code.text, code.shown, _ADDRESS):
        _lacks(copies / "after", secret)

    stage.step("the entry, on the desk's page")
    browser = stage.browser()
    page = browser.open(f"{site.plan.desk}/log").says("Code by e-mail")
    browser.send(page, "/log", {"id": wanted}).says("1 entry", "sets a new password")
    browser.send(page, "/log", {"id": "00" * 32}).says("Nothing was given out")

    stage.step("changed copies")
    changed = copies / "changed"
    shutil.copytree(copies / "after", changed)
    for part in changed.rglob("tile/entries/*.p/*"):
        part.write_bytes(part.read_bytes().replace(b"mail-code", b"questions"))
    said = monitor.refuses("verify", str(changed))
    expect("log-" in said, f"the refusal has no name: {said}")
    monitor.refuses("watch", str(copies / "before"), "--memory", str(copies / "seen"), "--once")

    stage.step("a changed database")
    database = site.folders.desk / "desk.sqlite"
    kept = _swap(database, bytes.fromhex(wanted))
    try:
        site.restart("support desk")
    except UnavailableError:
        pass
    else:
        expect(False, "the desk starts with a log that was changed")
    _put(database, kept)
    site.restart("support desk")
    monitor.watch(f"{site.plan.desk}/log", copies / "seen")


class _Monitor:
    """Somebody outside who has the trust file and the maker's public key, and no more."""

    def __init__(self, desk: Path, address: str) -> None:
        self._believed = [
            "--trust",
            str(desk / "trust.sparekey-trust"),
            "--root",
            str(desk / "maker-root.pub"),
        ]
        self._address = address

    def verify(self, *more: str) -> str:
        """Verify the desk's own log. What the command says."""
        done = self._call("verify", self._address, *more)
        expect(done.returncode == 0, f"the log is not verified: {done.stdout}{done.stderr}")
        return done.stdout

    def watch(self, where: Path | str, memory: Path) -> None:
        """Look at a log, and remember it."""
        done = self._call("watch", str(where), "--memory", str(memory), "--once")
        expect(done.returncode == 0, f"the log did not only grow: {done.stdout}{done.stderr}")

    def refuses(self, *called: str) -> str:
        """Run a command that must end with "not genuine". What it says."""
        done = self._call(*called)
        expect(
            done.returncode == _NOT_GENUINE,
            f"a log that was changed passes ({done.returncode}): {done.stdout}{done.stderr}",
        )
        return done.stderr

    def _call(self, *called: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "sparekey", "log", *called, *self._believed]
        return subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)


def _swap(database: Path, request: bytes) -> tuple[int, bytes]:
    """Change the entry in the desk's own database; what was there, to be put back."""
    with closing(sqlite3.connect(database)) as connection, connection:
        row = connection.execute(
            "SELECT number, leaf FROM log_entries WHERE request = ?", (request,)
        ).fetchone()
        changed = row[1].replace(b"mail-code", b"questions")
        connection.execute("UPDATE log_entries SET leaf = ? WHERE number = ?", (changed, row[0]))
    return int(row[0]), bytes(row[1])


def _put(database: Path, kept: tuple[int, bytes]) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE log_entries SET leaf = ? WHERE number = ?", (kept[1], kept[0]))


def _lacks(folder: Path, text: str) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            expect(text.encode().lower() not in path.read_bytes().lower(), f"the public log tells {text}")


CHECKS = (Check("B03.desk", "sparekey", stands_in_the_log),)
