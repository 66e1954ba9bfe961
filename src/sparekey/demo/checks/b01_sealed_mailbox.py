"""B01: the desk mails a code without a list of devices or owners: the address is in the request, sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.demo.checks.check import Check
from sparekey.demo.owner import Owner
from sparekey.demo.site import SERIAL
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.demo.stage import Stage

_ADDRESS = "owner.of.a.recorder@example.com"


def mail_without_a_list(stage: Stage) -> None:
    """The desk knows nobody, mails, and knows nobody: the recorder never registered. A cut-off or repeated request gets
    nothing.
    """
    desk = stage.site.folders.desk
    stage.step("before")
    stage.site.amend("recorder", {"desk_online": False})
    _knows_nobody(desk, "before it was asked")

    stage.step("the code by mail")
    owner = Owner(stage, stage.site.plan.network, _ADDRESS)
    owner.set_up()
    link = owner.scan(owner.ask_for_the_square(owner.forget()))
    owner.send_the_code(link)
    code = owner.read_the_code()

    stage.step("a second time within a minute")
    owner.send_the_code(link)
    stage.pause(1)
    expect(owner.letters() == 1, "whoever holds the square can send mail after mail")

    stage.step("a cut-off square")
    answer = stage.browser().open(link[:-40])
    expect(answer.status == 400, f"the desk takes half a square: {answer.words[:200]}")

    stage.step("after")
    stage.wait(lambda: _is_idle(desk) or None, "the desk does not empty its log while it runs")
    _knows_nobody(desk, "while it runs", code.text, code.shown)
    stage.site.restart("support desk")
    _knows_nobody(desk, "after it was started again", code.text, code.shown)
    for log in (stage.site.folders.log("support desk"), stage.site.folders.log("recorder")):
        _lacks(log, "in its log", code.text, code.shown, _ADDRESS)


def _knows_nobody(desk: Path, when: str, *more: str) -> None:
    files = [path for path in desk.rglob("*") if path.is_file()]
    expect(any(path.name.startswith("desk.sqlite") for path in files), "the desk has no store")
    for path in files:
        _lacks(path, when, _ADDRESS, SERIAL, *more)


def _is_idle(desk: Path) -> bool:
    """Whether nothing waits: the write-ahead log is empty."""
    return (desk / "desk.sqlite-wal").stat().st_size == 0


def _lacks(path: Path, when: str, *texts: str) -> None:
    """Raises UnlikeError when the file holds one of the texts, in any case."""
    content = path.read_bytes().lower()
    for text in texts:
        expect(text.lower().encode() not in content, f"the desk keeps {text} in {path.name} {when}")


CHECKS = (Check("B01", "sparekey", mail_without_a_list),)
