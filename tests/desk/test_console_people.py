"""The console's pages about people, as browsers get them."""

from __future__ import annotations

import json

import pytest

from sparekey.core.admission import Role
from sparekey.desk.store.database import Database
from tests.desk.desk_console import Room, Tab
from tests.desk.office import Member

DAY = 86400


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


def test_somebody_joins_with_a_code_and_two_admins_let_them_in(room: Room) -> None:
    room.office.clock.forward(2 * DAY)
    first = room.browser(room.admins[0]).open("/console/people")
    first.send("/console/people/invite", {"name": "Carol", "role": ["agent", "approver"]})
    code = first.page.text.partition('<p class="spelled">')[2].partition("</p>")[0]
    assert f"https://desk.example.com/console/join#{code}" in first.page.text
    carol = Member("", "Carol", "", room.office.authenticator())
    tab = Tab(room.app, carol).open("/console/join")
    tab.send("/console/join", {"code": code.lower()})
    assert "You are Carol" in tab.words
    assert "Agent, Approver" in tab.words
    tab.touch("/console/join/passkey")
    assert "It does not work yet." in tab.words
    mark = tab.page.text.partition('<strong class="spelled">')[2].partition("</strong>")[0]
    tab.open("/console/sign-in").touch("/console/sign-in")
    assert "You are not signed in." in tab.words
    page = tab
    for admin in room.admins:
        page = room.browser(admin).open("/console/people")
        assert page.words.count(mark) >= 3
        numbers = page.page.text.split('name="number" value="')[1:]
        chosen = [number.partition('"')[0] for number in numbers if "checked" in number[:20]]
        page.send("/console/people/review", {"number": chosen})
        page.touch("/console/people/agree", {"number": chosen})
        assert page.page.status == 200
        assert page.at == "/console/people"
    assert "begins at" in page.words
    room.office.clock.forward(3 * DAY)
    tab.open("/console/sign-in").touch("/console/sign-in")
    tab.open("/console/me")
    assert "opens cases, checks evidence, proposes and refuses" in tab.words


@pytest.mark.meets("asvs-8.2.1")
def test_the_page_needs_a_role_and_says_so(room: Room) -> None:
    agent = room.browser(room.member("Dan", Role.AGENT))
    assert agent.open("/console/people").page.status == 403
    assert "Your role does not open this page" in agent.words
    assert 'href="/console/people"' not in agent.open("/console/me").page.text
    auditor = room.browser(room.member("Ann", Role.AUDITOR)).open("/console/people")
    assert auditor.page.status == 200
    assert "Invite somebody" not in auditor.words
    assert "Take away" not in auditor.words


@pytest.mark.meets("asvs-7.4.1")
def test_T32_what_was_open_when_somebody_signed_out_or_lost_a_role_changes_nothing(room: Room) -> None:
    one, other = room.browser(room.admins[0]), room.browser(room.admins[0])
    one.open("/console/people")
    stolen = dict(one.cookies)
    other.cookies = dict(one.cookies)
    other.open("/console/me").send("/console/sign-out")
    assert other.at == "/console/sign-in"
    one.cookies = stolen
    one.send("/console/people/invite", {"name": "Eve", "role": "admin"})
    assert one.page.status == 403
    assert "You are signed out" in one.words
    assert one.open("/console/people").at == "/console/sign-in"
    bob = room.browser(room.admins[1]).open("/console/people")
    zoe = room.member("Zoe", Role.ADMIN)
    assert len(room.office.staff.everybody()) == 3
    mine = room.office.staff.rights_of(room.admins[1].id)
    number = next(kept.state.right.number for kept in mine if kept.state.right.role is Role.ADMIN)
    assert room.office.staff.end(zoe.id, number) is None
    bob.send("/console/people/invite", {"name": "Eve", "role": "admin"})
    assert bob.page.status in (403, 303)
    assert all(kept.name != "Eve" for kept in room.office.staff.asked())


@pytest.mark.meets("nist-session-csrf")
def test_T10_a_form_of_another_session_or_page_is_refused(room: Room) -> None:
    admin, other = room.browser(room.admins[0]), room.browser(room.admins[0])
    admin.open("/console/people")
    token = admin.form("/console/people/invite").values["token"]
    other.open("/console/people")
    other.post("/console/people/invite", {"token": token, "name": "Eve", "role": "admin"})
    assert other.page.status == 403
    other.post("/console/people/invite", {"name": "Eve", "role": "admin"})
    assert other.page.status == 403
    assert room.office.staff.asked() == []


@pytest.mark.meets("nist-replay")
def test_T31_a_replayed_sign_in_and_a_replayed_agreement_are_refused(room: Room) -> None:
    tab = Tab(room.app, room.admins[0]).open("/console/sign-in")
    options = tab.asked()
    fields: dict[str, str | list[str]] = dict(tab.form("/console/sign-in").values)
    fields["answer"] = room.admins[0].authenticator.sign(json.dumps(options))
    tab.post("/console/sign-in", fields)
    assert "__Host-Http-staff" in tab.cookies
    thief = Tab(room.app)
    thief.cookies = {name: value for name, value in tab.cookies.items() if not name.endswith("staff")}
    thief.post("/console/sign-in", fields)
    assert thief.page.status == 403
    assert "a touch serves once" in thief.words
    assert "__Host-Http-staff" not in thief.cookies


@pytest.mark.meets("asvs-6.8.4")
def test_a_company_session_changes_nobodys_rights(room: Room) -> None:
    staff = room.office.staff
    staff.connect_company(room.office.signed_in(room.admins[0]), "https://id.example.com 1")
    tab = Tab(room.app, room.admins[0])
    tab.open("/console/sign-in")
    tab.cookies["__Host-Http-staff"] = staff.sign_in_by_company("https://id.example.com 1")
    tab.open("/console/people").send("/console/people/invite", {"name": "Eve", "role": "admin"})
    assert tab.page.status == 403
    assert "your passkey opened" in tab.words


def test_the_last_two_admins_stay(room: Room) -> None:
    tab = room.browser(room.admins[0]).open("/console/people")
    tab.send("/console/people/end")
    assert tab.page.status == 409
    assert "Two admins have to stay" in tab.words


@pytest.mark.parametrize("code", ["", "ABCD", "ABCDE-FGHJK-MNPQ", "00000-00000-0000"])
def test_a_code_that_is_none_or_nobodys_is_told(room: Room, code: str) -> None:
    tab = Tab(room.app).open("/console/join").send("/console/join", {"code": code})
    assert tab.page.status == 403
    assert "Ask your admin" in tab.words or "Look again." in tab.words


@pytest.mark.meets(
    "nist-session-cookie", "asvs-3.3.1", "asvs-3.3.2", "asvs-3.3.4", "asvs-14.2.2", "asvs-14.3.2"
)
def test_cookies_and_headers_are_tight(room: Room) -> None:
    tab = Tab(room.app, room.admins[0]).open("/console/sign-in")
    tab.touch("/console/sign-in")
    fields = tab.page.headers
    assert "script-src 'self'" in fields["content-security-policy"]
    assert "<script>" not in tab.page.text
    signed = Tab(room.app, room.admins[0]).open("/console/sign-in")
    signed.post("/console/sign-in", {})
    assert signed.page.status == 403
    assert "__Host-Http-staff" in tab.cookies


def test_every_page_speaks_czech(room: Room) -> None:
    tab = room.browser(room.admins[0], language="cs")
    for path in ("/console/me", "/console/people"):
        assert 'lang="cs"' in tab.open(path).page.text


@pytest.mark.meets("asvs-7.5.2")
def test_one_sees_where_one_is_signed_in_and_ends_the_others_by_a_touch(room: Room) -> None:
    here, there = room.browser(room.admins[0]), room.browser(room.admins[0])
    stranger = room.browser(room.admins[1])
    theirs = room.office.staff.places(room.admins[1].id)[0].mark
    here.open("/console/me/places")
    assert here.words.count("Passkey") == 2
    marks = [part.partition('"')[0] for part in here.page.text.split('name="place" value="')[1:]]
    assert len(marks) == 1
    here.send("/console/me/places", {"place": marks})
    assert here.page.status == 403
    assert there.open("/console/me").at == "/console/me"
    here.open("/console/me/places").touch("/console/me/places", {"place": [*marks, theirs]})
    assert "You are signed in nowhere else." in here.words
    assert there.open("/console/me").at == "/console/sign-in"
    assert stranger.open("/console/me").at == "/console/me", "nobody ends another one's"


@pytest.mark.meets("asvs-7.4.5")
def test_an_admin_signs_somebody_out_everywhere(room: Room) -> None:
    member = room.member("Dan", Role.AGENT)
    dan = room.browser(member)
    admin = room.browser(room.admins[0]).open("/console/people")
    assert "Signed in at one place" in admin.words
    auditor = room.browser(room.member("Ann", Role.AUDITOR)).open("/console/people")
    assert "Sign out everywhere" not in auditor.words
    admin.send("/console/people/sign-out", {"person": member.id})
    assert dan.open("/console/me").at == "/console/sign-in"
    admin.open("/console/audit")
    assert "signed somebody out elsewhere" in admin.words
