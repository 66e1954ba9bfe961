"""The company's own sign-in at the console: it opens a session for whom it was connected to, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from sparekey.core.admission import Role
from sparekey.core.errors import InputError, UnavailableError, UntrustedError
from sparekey.core.evidence import Remedy
from sparekey.desk import config
from sparekey.desk.staff.company import CompanyConfig, Vouched, check_company
from sparekey.desk.store.database import Database
from tests.desk.desk_console import Room, Tab
from tests.desk.test_setup import init

ISSUER = "https://login.example.com"
NAMED = CompanyConfig("Example login", ISSUER, "support-desk")
BACK = "/console/company/back"
COOKIE = "__Host-Http-staff"


@dataclass
class Fake:
    """A provider in memory. `codes`: whom each code that it gave out names, with what it was asked. `at_once`: where it
    sends browsers without asking anybody.
    """

    subject: str = "alice"
    away: bool = False
    at_once: str = ""
    codes: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        if self.away:
            raise UnavailableError("company")
        code = f"code-{len(self.codes)}"
        self.codes[code] = (self.subject, nonce, verifier)
        if self.at_once:
            return f"{self.at_once}?" + urlencode({"state": state, "code": code})
        return f"{ISSUER}/authorize?" + urlencode({"state": state, "nonce": nonce})

    def vouched(self, code: str, *, nonce: str, verifier: str) -> Vouched:
        if self.away:
            raise UnavailableError("company")
        subject, asked, proof = self.codes.pop(code, ("", "", ""))
        if (asked, proof) != (nonce, verifier):
            raise UntrustedError("company")
        return Vouched(ISSUER, subject)


@pytest.fixture
def provider() -> Fake:
    return Fake()


@pytest.fixture
def room(database: Database, provider: Fake) -> Room:
    return Room(database, provider=provider)


def away(tab: Tab) -> dict[str, str]:
    """Press the link to the company's sign-in; what it hands back."""
    tab.follow = False
    tab.open("/console/company")
    tab.follow = True
    assert tab.page.status == 303, tab.words
    address = urlsplit(tab.page.headers["location"])
    assert f"{address.scheme}://{address.netloc}" == ISSUER
    assert "staff" not in tab.page.headers.get("set-cookie", "")
    return {"state": parse_qs(address.query)["state"][0], "code": "code-0"}


def returned(tab: Tab, brought: dict[str, str]) -> Tab:
    """Come back with it: a visit from elsewhere, which brings no strict cookie, then our own page goes on."""
    mine = tab.cookies.pop(COOKIE, None)
    tab.open(f"{BACK}?{urlencode(brought)}")
    if mine is not None:
        tab.cookies[COOKIE] = mine
    assert tab.page.status == 200, tab.words
    return tab.send(BACK)


def connected(room: Room) -> None:
    tab = room.browser(room.admins[0])
    returned(tab, away(tab))
    assert tab.at == "/console/me"
    assert "is connected" in tab.words


def test_somebody_connects_their_account_and_signs_in_by_it(room: Room, provider: Fake) -> None:
    tab = room.browser(room.admins[0]).open("/console/me")
    assert "Connect Example login" in tab.words
    connected(room)
    fresh = Tab(room.app).open("/console/sign-in")
    assert "Sign in with Example login" in fresh.words
    returned(fresh, away(fresh))
    assert fresh.at == "/console/me"
    assert "Alice" in fresh.words
    deeds = [deed.what for _, deed in room.office.staff.deeds()]
    assert deeds[0] == "signed-in-company"
    assert "company-connected" in deeds
    assert provider.codes == {}


@pytest.mark.meets("asvs-6.8.1")
def test_an_account_that_nobody_connected_opens_nothing(room: Room) -> None:
    tab = Tab(room.app).open("/console/sign-in")
    returned(tab, away(tab))
    assert tab.page.status == 403
    assert "This company account opens nothing here" in tab.words
    assert COOKIE not in tab.cookies


@pytest.mark.meets("asvs-7.6.1")
def test_whose_rights_ended_is_not_let_in_by_the_company(room: Room) -> None:
    connected(room)
    staff = room.office.staff
    for kept in staff.rights_of(room.admins[0].id):
        staff.end("", kept.state.right.number)
    tab = Tab(room.app).open("/console/sign-in")
    returned(tab, away(tab))
    assert tab.page.status == 403
    assert COOKIE not in tab.cookies


@pytest.mark.meets("asvs-10.5.2")
def test_an_account_serves_one_person(room: Room) -> None:
    connected(room)
    tab = room.browser(room.admins[1])
    returned(tab, away(tab))
    assert tab.page.status == 409
    assert "belongs to somebody else" in tab.words


@pytest.mark.meets("asvs-7.6.1")
def test_the_connection_is_taken_away_with_what_it_opened(room: Room) -> None:
    connected(room)
    open_one = Tab(room.app).open("/console/sign-in")
    returned(open_one, away(open_one))
    tab = room.browser(room.admins[0]).open("/console/me").send("/console/company/disconnect")
    assert "Connect Example login" in tab.words
    assert open_one.open("/console/me").at == "/console/sign-in"
    again = Tab(room.app).open("/console/sign-in")
    returned(again, away(again))
    assert again.page.status == 403


@pytest.mark.meets("asvs-10.1.2", "asvs-10.2.1")
def test_T46_what_another_browser_began_opens_nothing_here(room: Room) -> None:
    connected(room)
    thief, victim = Tab(room.app).open("/console/sign-in"), Tab(room.app).open("/console/sign-in")
    returned(victim, away(thief))
    assert victim.page.status == 403
    assert "began in another window" in victim.words
    assert COOKIE not in victim.cookies


@pytest.mark.meets("asvs-10.1.2")
@pytest.mark.parametrize(
    "changed",
    [
        {"state": ""},
        {"state": "00" * 56},
        {"state": "no hex"},
        {"code": "code-7"},
        {"iss": "https://login.example.net"},
    ],
)
def test_T46_an_answer_that_does_not_hold_opens_nothing(room: Room, changed: dict[str, str]) -> None:
    connected(room)
    tab = Tab(room.app).open("/console/sign-in")
    returned(tab, {**away(tab), **changed})
    assert tab.page.status == 403
    assert COOKIE not in tab.cookies


@pytest.mark.meets("asvs-10.5.1")
def test_T46_an_answer_serves_once_and_for_five_minutes(room: Room) -> None:
    connected(room)
    tab = Tab(room.app).open("/console/sign-in")
    brought = away(tab)
    returned(tab, brought)
    assert COOKIE in tab.cookies
    tab.cookies.pop(COOKIE)
    returned(tab, brought)
    assert tab.page.status == 403
    late = Tab(room.app).open("/console/sign-in")
    brought = away(late)
    room.office.clock.forward(300)
    returned(late, brought)
    assert "took too long" in late.words


def test_T46_coming_back_changes_nothing_before_our_own_page_goes_on(room: Room, provider: Fake) -> None:
    connected(room)
    tab = Tab(room.app).open("/console/sign-in")
    brought = away(tab)
    tab.open(f"{BACK}?{urlencode(brought)}")
    assert provider.codes != {}
    assert COOKIE not in tab.cookies
    tab.post(BACK, {**brought})
    assert tab.page.status == 403


@pytest.mark.parametrize("brought", [{}, {"error": "access_denied"}, {"code": "c" * 2049, "state": "00"}])
def test_who_is_turned_away_there_reads_what_to_do(room: Room, brought: dict[str, str]) -> None:
    tab = Tab(room.app).open(f"{BACK}?{urlencode(brought)}")
    assert tab.page.status in (403, 414)
    assert "access_denied" not in tab.words
    assert "Try it once more" in tab.words or "too long" in tab.words


def test_a_provider_that_does_not_answer_leaves_the_passkey(room: Room, provider: Fake) -> None:
    connected(room)
    tab = Tab(room.app).open("/console/sign-in")
    brought = away(tab)
    provider.away = True
    returned(tab, brought)
    assert tab.page.status == 503
    assert "with your passkey" in tab.words
    assert tab.open("/console/company").page.status == 503
    assert room.browser(room.admins[0]).at == "/console/me"


def test_what_a_company_session_may_not(room: Room) -> None:
    connected(room)
    tab = Tab(room.app, room.admins[0]).open("/console/sign-in")
    returned(tab, away(tab))
    assert tab.open("/console/company").page.status == 403
    assert "your passkey opened" in tab.words
    assert tab.open("/console/people").send("/console/people/end").page.status == 403


def test_T46_an_approval_in_a_company_session_is_the_passkeys_all_the_same(room: Room) -> None:
    bert = room.member("Bert", Role.APPROVER)
    room.office.staff.connect_company(room.office.signed_in(bert), f"{ISSUER} alice")
    room.work.enrol()
    number = room.work.opened(room.work.file())
    room.work.prove(number)
    room.work.cases.propose(number, Remedy.RESPONSE_FILE, "anna")
    tab = Tab(room.app, bert).open("/console/sign-in")
    returned(tab, away(tab))
    tab.open("/console/approvals").send("/console/approvals", {"number": number})
    tab.send("/console/approvals/touch", {"answer": "{}"})
    assert tab.page.status == 403
    tab.open("/console/approvals").send("/console/approvals", {"number": number})
    tab.touch("/console/approvals/touch")
    assert tab.page.status == 200
    assert "approved" in tab.words


def test_a_desk_without_it_says_nothing_of_it(database: Database) -> None:
    plain = Room(database)
    tab = Tab(plain.app).open("/console/sign-in")
    assert "/console/company" not in tab.page.text
    assert tab.open("/console/company").page.status == 404


def test_the_pages_speak_czech(room: Room) -> None:
    tab = Tab(room.app, language="cs").open("/console/sign-in")
    brought = away(tab)
    tab.open(f"{BACK}?{urlencode(brought)}")
    assert 'lang="cs"' in tab.page.text
    assert "You are back" not in tab.words


def test_the_settings_are_read(tmp_path: Path) -> None:
    path = init(tmp_path / "desk")
    with path.open("a", encoding="utf-8") as file:
        file.write(
            '[company]\nname = "Example login"\nissuer = "https://login.example.com/realm"\n'
            'client_id = "support-desk"\nclient_secret_file = "company-secret"\n'
        )
    read = config.load(path).company
    assert read is not None
    assert read.client_secret_file == tmp_path / "desk" / "company-secret"
    assert config.load(init(tmp_path / "other")).company is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "n" * 41},
        {"issuer": "http://login.example.com"},
        {"issuer": "https://user@login.example.com"},
        {"issuer": "https://login.example.com?a=b"},
        {"issuer": "login.example.com"},
        {"client_id": ""},
        {"timeout": 0},
    ],
)
def test_settings_that_cannot_be_are_named(wrong: dict[str, str]) -> None:
    check_company(NAMED, "desk.toml")
    check_company(replace(NAMED, issuer="http://localhost:9000"), "desk.toml")
    with pytest.raises(InputError, match=f"company.{next(iter(wrong))}"):
        check_company(replace(NAMED, **wrong), "desk.toml")  # type: ignore[arg-type]


@pytest.mark.parametrize("subject", ["", "s" * 500])
def test_nobody_is_kept_under_a_name_that_is_none(subject: str) -> None:
    with pytest.raises(UntrustedError):
        _ = Vouched(ISSUER, subject).account
