"""B08: the printed recovery sheet. Its code is shown once, counts when it was typed in again, and opens once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.demo.checks.check import Check
from sparekey.demo.owner import NEW_PASSWORD, Owner
from sparekey.demo.preparing import Preparing
from sparekey.demo.returning import Returning, other_sheet
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.core.codes import SavedCode
    from sparekey.demo.stage import Stage


def use_the_sheet(stage: Stage) -> None:
    """Printed, proved, used, dead. A reprint ends the sheet before it."""
    owner = Owner(stage, stage.site.plan.network, "owner@example.com")
    preparing, returning = Preparing(stage, owner), Returning(owner)
    stage.step("set up")
    owner.set_up()
    returning.is_closed("/forgot/sheet", "code")
    owner.sign_in()

    stage.step("printed twice")
    replaced = preparing.sheet()
    code = preparing.sheet()
    expect(code != replaced, "two sheets have the same code")
    _is_nowhere(stage, code)

    stage.step("proved")
    for wrong in (other_sheet(code), replaced.shown, code.shown[:-1]):
        refused = preparing.show_sheet(wrong)
        expect(refused.status in (403, 422), f"a wrong code proves the sheet: {refused.words[:200]}")
    proved = preparing.show_sheet(code.shown.lower().replace("-", " "))
    expect(proved.status == 200, f"the code on the sheet is not taken: {proved.words[:200]}")
    owner.sign_out()

    stage.step("wrong codes")
    slip = code.shown[:-1] + ("0" if code.shown[-1] != "0" else "1")
    returning.type_sheet(slip).refuses("This cost no try.", status=422)
    returning.type_sheet(other_sheet(code)).refuses("4 tries left")
    returning.type_sheet(replaced.shown).refuses("3 tries left")
    owner.is_refused(NEW_PASSWORD)

    stage.step("back in")
    owner.choose_password(returning.type_sheet(code.shown))
    owner.is_back()
    owner.sign_out()

    stage.step("the sheet once more")
    returning.is_closed("/forgot/sheet", "code")
    owner.sign_in(NEW_PASSWORD)
    later = Preparing(stage, owner, NEW_PASSWORD)
    fresh = later.sheet()
    refused = later.show_sheet(code.shown)
    expect(refused.status in (403, 422), f"a used sheet counts again: {refused.words[:200]}")
    later.show_sheet(fresh.shown)
    owner.sign_out()
    returning.type_sheet(code.shown).refuses("4 tries left")


def _is_nowhere(stage: Stage, code: SavedCode) -> None:
    """Raises UnlikeError when the recorder keeps the code or says it in its log."""
    files = [path for path in stage.site.folders.recorder.rglob("*") if path.is_file()]
    for path in (*files, stage.site.folders.log("recorder")):
        content = path.read_bytes()
        for text in (code.text, code.shown):
            expect(text.encode() not in content, f"the recorder keeps the code of the sheet in {path.name}")


CHECKS = (Check("B08", "sparekey", use_the_sheet),)
