"""What whoever runs the server may do about people."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sparekey.core.admission import Role
from sparekey.core.errors import InputError
from sparekey.desk.__main__ import main
from sparekey.desk.staff.commands import dismiss, invite_admin, list_staff
from sparekey.desk.store.database import Database
from tests.desk.office import Office

LINK = re.compile(r"https://desk\.example\.com/console/join#([0-9A-Z-]{16})")


def test_init_prints_a_link_for_the_first_admin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "desk"
    main(["init", "--dir", str(folder), "--name", "Desk", "--url", "https://desk.example.com"])
    assert len(LINK.findall(capsys.readouterr().out)) == 1
    with (folder / "desk.toml").open("a", encoding="utf-8") as settings:
        settings.write('[smtp]\nhost = "mail.example.com"\nport = 587\nsender = "desk@example.com"\n')
    there = ["--config", str(folder / "desk.toml")]
    main(["invite", "--admin", "--name", "Bob", *there])
    assert len(LINK.findall(capsys.readouterr().out)) == 1
    main(["staff", *there])
    assert capsys.readouterr().out == ""
    with pytest.raises(InputError):
        main(["dismiss", "4F7Q0001", *there])


def test_the_server_lets_in_the_first_and_takes_away_everything(database: Database) -> None:
    office, said = Office(database), list[str]()
    tools = {"clock": office.clock, "say": said.append}
    for name in ("Alice", "Bob", "Eve"):
        invite_admin(database, name, "https://desk.example.com", entropy=office.entropy, **tools)  # type: ignore[arg-type]
        code = LINK.search(said[-1] if "join#" in said[-1] else said[-2])
        assert code
        invitation = office.staff.invitation(code[1])
        assert invitation is not None
        person = office.staff.new_person(invitation)
        challenge = office.staff.challenge(f"join {invitation.mark.hex()} {person.id}", "b" * 32)
        answer = office.authenticator().make(office.staff.passkeys.to_make(person, challenge))
        office.staff.join(invitation, person, answer, challenge, "b" * 32)
    assert "There are 2 admins already" in said[-1]
    said.clear()
    list_staff(database, **tools)  # type: ignore[arg-type]
    assert [line.partition("  ")[2] for line in said] == [
        "Alice  (admin)",
        "Bob  (admin)",
        "Eve  (may do nothing)",
    ]
    alice = said[0].partition(" ")[0]
    dismiss(database, alice, **tools)  # type: ignore[arg-type]
    known = {person.name: person.roles for person in office.staff.everybody()}
    assert known == {"Alice": frozenset(), "Bob": {Role.ADMIN}, "Eve": frozenset()}
