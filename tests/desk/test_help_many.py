"""The public pages for whoever sent one file with many devices."""

from __future__ import annotations

from pathlib import Path

import pytest

from sparekey.core.evidence import Remedy
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.text import Responses, read_any
from sparekey.desk.cases import batches
from sparekey.desk.store.sqlite import open_sqlite
from tests.desk.casework import ASKER, Casework, code_in
from tests.desk.help_desk import Person, face_of, words
from tests.desk.test_help import ADDRESS, entered


def test_B06_the_answers_of_many_devices_are_downloaded_part_by_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    casework = Casework(open_sqlite(tmp_path / "desk.sqlite"))
    person = Person(face_of(casework))
    monkeypatch.setattr(batches, "PART", 2)
    serials = [f"PX-{place:05}" for place in range(4)]
    for serial in serials:
        casework.enrol(serial)
    requests = [
        casework.request(serial, number=f"4F7Q000{place}").encoded for place, serial in enumerate(serials)
    ]
    receipts = casework.cases.open_text(wrap(FileKind.REQUESTS, make_batch(requests), {}), ASKER)
    code = code_in(casework.mail(ADDRESS))
    entered(person, receipts[0].number, code.shown)
    before = person.get("/help/case/view")
    assert "You sent 4 requests together." in words(before)
    assert "/help/case/answers" not in before.text
    for receipt in receipts[1:]:
        casework.prove(receipt.number)
        assert casework.cases.propose(receipt.number, Remedy.RESPONSE_FILE, "anna").refusal is None
        assert casework.approve(receipt.number) == "held"
    casework.clock.forward(24 * 3600)
    casework.cases.work()
    entered(person, receipts[0].number, code.shown)
    page = words(person.get("/help/case/view"))
    assert "Download the files 1 to 2" in page
    assert "Download the files 3 to 3" in page
    found = []
    for part in ("0", "1"):
        saved = person.get(f"/help/case/answers?part={part}")
        assert (
            f'{receipts[0].number}-{int(part) + 1}.sparekey-response"' in saved.headers["content-disposition"]
        )
        read = read_any(saved.text)
        assert isinstance(read, Responses)
        found += [item.answer.serial for item in read.items if not isinstance(item, Exception)]
    assert sorted(found) == serials[1:]
    for part in ("2", "9999"):
        assert person.get(f"/help/case/answers?part={part}").status == 303
    first = person.get("/help/case/answers").text
    for part in ("99999", "-1", "x", ""):
        assert person.get(f"/help/case/answers?part={part}").text == first
    casework.database.close()
