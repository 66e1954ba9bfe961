"""The console's page about programs, notes of a case, and what the server may do about tokens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sparekey.core.admission import Role
from sparekey.core.errors import InputError
from sparekey.core.evidence import EvidenceKind
from sparekey.desk.__main__ import main
from sparekey.desk.api.commands import list_all, make, revoke
from sparekey.desk.api.scopes import Scope
from sparekey.desk.store.database import Database
from tests.desk.desk_console import Room, Tab

PROGRAMS = "/console/programs"
SECRET = re.compile(r"sparekey_[0-9A-Z]{8}_[0-9a-f]{64}")


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


def made(tab: Tab, *scopes: str, name: str = "Tickets", days: str = "90") -> str:
    """A new token, as the page shows it once."""
    tab.open(PROGRAMS).send(f"{PROGRAMS}/make", {"name": name, "scope": list(scopes), "days": days})
    assert tab.page.status == 200, tab.words
    (secret,) = SECRET.findall(tab.page.text)
    return str(secret)


def test_an_admin_makes_a_token_that_is_shown_once_and_takes_it_away(room: Room) -> None:
    tab = room.browser(room.admins[0])
    secret = made(tab, "cases:open", "cases:read")
    assert "Copy it now: it is shown only this once." in tab.words
    assert "https://desk.example.com/api/v1" in tab.words
    token = room.tokens.find(secret)
    assert token is not None
    assert token.scopes == {Scope.OPEN, Scope.READ}
    assert token.by == room.admins[0].id
    tab.open(PROGRAMS)
    assert secret not in tab.page.text
    assert "Tickets" in tab.words
    assert "never" in tab.words
    assert "Alice" in tab.words
    tab.send(f"{PROGRAMS}/revoke", {"id": token.id})
    assert "Whoever holds it is refused from now on." in tab.words
    assert room.tokens.find(secret) is None
    assert "taken away" in tab.words
    tab.open("/console/audit")
    assert "let a program in" in tab.words
    assert "took a program’s token away" in tab.words
    assert secret not in tab.page.text


def test_T48_what_an_agent_may_takes_two_admins(room: Room) -> None:
    first, second = (room.browser(admin) for admin in room.admins)
    secret = made(first, "cases:read", "answers:read")
    assert "It works once a second admin agrees on this page." in first.words
    assert room.tokens.find(secret) is None
    (token,) = room.tokens.all()
    first.open(PROGRAMS)
    assert f"{PROGRAMS}/agree" not in first.page.text
    fields: dict[str, str | list[str]] = {**first.form(f"{PROGRAMS}/revoke").values, "id": token.id}
    first.post(f"{PROGRAMS}/agree", fields)
    assert first.page.status == 409
    assert room.tokens.find(secret) is None
    assert not room.tokens.agree(token.id, room.admins[0].id)
    second.open(PROGRAMS).send(f"{PROGRAMS}/agree")
    assert "From now on the program may call." in second.words
    assert room.tokens.find(secret) is not None
    second.open("/console/audit")
    assert "agreed to a program" in second.words
    other = made(first, "cases:decide")
    waiting = room.tokens.all()[0] if room.tokens.all()[0].waits else room.tokens.all()[1]
    assert room.tokens.revoke(waiting.id)
    assert not room.tokens.agree(waiting.id, room.admins[1].id)
    assert room.tokens.find(other) is None


def test_what_is_left_out_is_told_and_nothing_is_made(room: Room) -> None:
    tab = room.browser(room.admins[0])
    for fields, told in (
        ({"name": " ", "scope": "cases:open", "days": "30"}, "Give a name"),
        ({"name": "x", "days": "30"}, "Choose at least one thing"),
        ({"name": "x", "scope": "cases:open", "days": "9999"}, "Choose for how long"),
        ({"name": "x", "scope": "cases:everything", "days": "30"}, "Choose at least one thing"),
    ):
        tab.open(PROGRAMS).send(f"{PROGRAMS}/make", fields)  # type: ignore[arg-type]
        assert tab.page.status == 422
        assert told in tab.words
    assert room.tokens.all() == []
    token = room.tokens.make("Tickets", [Scope.READ], 1).token
    tab.open(PROGRAMS)
    room.tokens.revoke(token.id)
    tab.send(f"{PROGRAMS}/revoke", {"id": token.id})
    assert tab.page.status == 409
    assert "taken away already" in tab.words


def test_T48_only_an_admin_whose_passkey_opened_the_session_lets_programs_in(room: Room) -> None:
    agent = room.browser(room.member("Dan", Role.AGENT))
    assert agent.open(PROGRAMS).page.status == 403
    auditor = room.browser(room.member("Ann", Role.AUDITOR)).open(PROGRAMS)
    assert auditor.page.status == 200
    assert "Let a program in" not in auditor.words
    staff = room.office.staff
    staff.connect_company(room.office.signed_in(room.admins[0]), "https://id.example.com 1")
    tab = Tab(room.app, room.admins[0]).open("/console/sign-in")
    tab.cookies["__Host-Http-staff"] = staff.sign_in_by_company("https://id.example.com 1")
    token = room.tokens.make("Tickets", [Scope.ANSWERS], 1, "somebody").token
    for action, fields in (
        ("make", {"name": "x", "scope": "cases:read", "days": "30"}),
        ("agree", {"id": token.id}),
        ("revoke", {"id": token.id}),
    ):
        tab.open(PROGRAMS).send(f"{PROGRAMS}/{action}", fields)  # type: ignore[arg-type]
        assert tab.page.status == 403
        assert "your passkey opened" in tab.words
    assert room.tokens.all() == [token]


def test_what_a_program_did_carries_its_name(room: Room) -> None:
    token = room.tokens.make("Ticket system", [Scope.EVIDENCE], 1).token
    room.work.enrol()
    number = room.work.opened()
    room.work.cases.add_evidence(number, EvidenceKind.INVOICE, token.actor)
    room.work.cases.write_note(number, "Ticket 4711\n<b>urgent</b>", token.actor)
    room.office.staff.note_of(token.actor, "case-evidence", number)
    agent = room.browser(room.member("Dan", Role.AGENT)).open(f"/console/cases/{number}")
    assert agent.words.count("Ticket system") >= 3
    assert "<b>" not in agent.page.text
    assert "&lt;b&gt;urgent" in agent.page.text
    agent.send(f"/console/cases/{number}/note", {"text": "I called back."})
    assert "I called back." in agent.words
    agent.send(f"/console/cases/{number}/note", {"text": "a \u200e b"})
    assert "Nothing was written down" in agent.words
    audit = room.browser(room.admins[0]).open("/console/audit")
    assert "Ticket system" in audit.words
    assert "wrote a note" in audit.words


def test_the_server_makes_lists_and_revokes(database: Database, room: Room) -> None:
    said: list[str] = []
    tools = {"clock": room.work.clock, "entropy": room.office.entropy, "say": said.append}
    make(database, "Tickets", [Scope.READ, Scope.OPEN], 30, **tools)  # type: ignore[arg-type]
    secret = said[-1]
    token = room.tokens.find(secret)
    assert token is not None
    said.clear()
    list_all(database, **tools)  # type: ignore[arg-type]
    assert said[0].startswith(f"{token.id}  Tickets  (good until ")
    assert said[0].endswith("cases:open cases:read")
    assert secret not in said[0]
    revoke(database, token.id, **tools)  # type: ignore[arg-type]
    assert room.tokens.find(secret) is None
    with pytest.raises(InputError, match="desk token list"):
        revoke(database, token.id, **tools)  # type: ignore[arg-type]
    deeds = [deed.what for _, deed in room.office.staff.deeds()]
    assert deeds[:2] == ["token-ended", "token-made"]


def test_the_commands_say_when_the_calls_are_off(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "desk"
    main(["init", "--dir", str(folder), "--name", "Desk", "--url", "https://desk.example.com"])
    with (folder / "desk.toml").open("a", encoding="utf-8") as settings:
        settings.write('[smtp]\nhost = "mail.example.com"\nport = 587\nsender = "desk@example.com"\n')
    there = ["--config", str(folder / "desk.toml")]
    capsys.readouterr()
    main(["token", "make", "--name", "Tickets", "--scope", "cases:open", *there])
    said = capsys.readouterr().out
    assert SECRET.search(said)
    assert "[api] on = true" in said
    main(["token", "list", *there])
    listed = capsys.readouterr().out
    assert "never called" in listed
    main(["token", "revoke", listed[:8], *there])
    assert "refused from now on" in capsys.readouterr().out
