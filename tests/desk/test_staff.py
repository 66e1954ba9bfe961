"""Who is let in, who may sign in, and whose touch counts."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sparekey.core.admission import WAIT, Agreed, Right, Role
from sparekey.core.errors import InputError, Refusal, UnavailableError, UntrustedError
from sparekey.core.tlog.leaf import Admitted, EntryKind
from sparekey.desk.staff.challenges import LIFE
from sparekey.desk.staff.invitations import INVITED
from sparekey.desk.staff.limits import SessionLimits
from sparekey.desk.staff.people import Opening
from sparekey.desk.store.database import Database
from tests.desk.office import DAY, Member, Office


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def admitted(office: Office) -> list[Admitted]:
    return [leaf for leaf in office.log.log.leaves if isinstance(leaf, Admitted)]


def refused(slug: str, call: object, *arguments: object) -> None:
    assert callable(call)
    with pytest.raises(UntrustedError) as caught:
        call(*arguments)
    assert caught.value.slug == slug


def test_T30_the_first_two_admins_come_from_the_server_and_everybody_sees_it(office: Office) -> None:
    alice, bob = office.admins()
    assert office.signed_in(alice).person.roles == office.signed_in(bob).person.roles == {Role.ADMIN}
    assert [(leaf.kind, leaf.approvers) for leaf in admitted(office)] == [
        (EntryKind.PASSKEY, ()),
        (EntryKind.ROLE, ()),
    ] * 2


def test_T30_a_third_from_the_server_waits_for_two_admins_like_everybody(office: Office) -> None:
    office.admins()
    eve = office.join(office.invite("Eve", Role.ADMIN))
    refused("no-role", office.token, eve)
    assert len(office.asked(eve.id)) == 2
    assert len(admitted(office)) == 4


def test_T30_a_dead_log_lets_no_crowd_of_first_admins_in(office: Office) -> None:
    codes = [office.invite(name, Role.ADMIN) for name in ("Alice", "Bob", "Eve")]
    office.log.up = False
    for code in codes:
        with pytest.raises(UnavailableError):
            office.join(code)
    office.log.up = True
    office.staff.settle()
    names = {person.name for person in office.staff.everybody() if person.may(Role.ADMIN)}
    assert names == {"Alice", "Bob"}


def test_B05_a_new_approver_needs_two_admins_waits_and_stands_in_the_log(office: Office) -> None:
    admins = office.admins()
    office.clock.forward(2 * DAY)
    carol = office.join(office.invite("Carol", Role.AGENT, Role.APPROVER, by=office.signed_in(admins[0])))
    rights = office.asked(carol.id)
    assert {right.role for right in rights} == {None, Role.AGENT, Role.APPROVER}
    for admin in admins:
        refused("no-role", office.token, carol)
        assert office.agree(admin, rights) == {right.number: None for right in rights}
    entries = admitted(office)[4:]
    assert {entry.kind for entry in entries} == {EntryKind.PASSKEY, EntryKind.APPROVER, EntryKind.ROLE}
    keys = sorted(key.id for admin in admins for key in office.signed_in(admin).person.keys)
    assert {entry.approvers for entry in entries} == {tuple(keys)}
    office.clock.forward(WAIT - 1)
    refused("no-role", office.token, carol)
    office.clock.forward(1)
    assert office.signed_in(carol).person.roles == {Role.AGENT, Role.APPROVER}


@pytest.mark.meets("asvs-6.7.1")
def test_T30_nothing_holds_before_the_log_has_it(office: Office) -> None:
    admins = office.admins()
    carol = office.join(office.invite("Carol", Role.AGENT, by=office.signed_in(admins[0])))
    rights = office.asked(carol.id)
    office.agree(admins[0], rights)
    office.log.up = False
    with pytest.raises(UnavailableError):
        office.agree(admins[1], rights)
    office.clock.forward(4 * DAY)
    refused("no-role", office.token, carol)
    with pytest.raises(UnavailableError):
        office.staff.settle()
    office.log.up = True
    office.staff.settle()
    assert office.signed_in(carol).person.roles == {Role.AGENT}
    times = {kept.state.at for kept in office.staff.rights_of(carol.id) if isinstance(kept.state, Agreed)}
    assert times == {entry.time for entry in admitted(office)[4:]}


def test_T30_one_admin_alone_lets_nobody_in(office: Office) -> None:
    alice, _ = office.admins()
    carol = office.join(office.invite("Carol", Role.ADMIN, by=office.signed_in(alice)))
    rights = office.asked(carol.id)
    assert set(office.agree(alice, rights).values()) == {None}
    assert set(office.agree(alice, rights[::-1]).values()) == {Refusal.ALREADY_DONE}
    office.clock.forward(10 * DAY)
    refused("no-role", office.token, carol)


@pytest.mark.meets("nist-binding-more", "asvs-6.4.4")
def test_T30_a_second_passkey_waits_for_two_admins_too(office: Office) -> None:
    admins = alice, _ = office.admins()
    office.clock.forward(2 * DAY)
    session, second = office.signed_in(alice), office.authenticator()
    challenge = office.staff.challenge(f"passkey {session.mark}", alice.browser)
    asked = office.staff.passkeys.to_make(session.person, challenge, session.person.keys)
    assert len(json.loads(asked)["excludeCredentials"]) == 1
    answer = second.make(asked)
    office.staff.add_passkey(session, answer, challenge, alice.browser)
    refused("passkey", office.staff.add_passkey, session, answer, challenge, alice.browser)
    with_second = Member(alice.id, alice.name, alice.browser, second)
    refused("no-role", office.token, with_second)
    for admin in admins:
        office.agree(admin, office.asked(alice.id))
    office.clock.forward(WAIT)
    assert len(office.signed_in(with_second).person.keys) == 2


@pytest.mark.meets("asvs-6.4.1")
def test_an_invitation_serves_once_and_for_a_day(office: Office) -> None:
    code = office.invite("Alice", Role.ADMIN)
    invitation = office.staff.invitation(code.shown.lower().replace("-", " "))
    assert invitation is not None
    assert (invitation.name, invitation.roles) == ("Alice", (Role.ADMIN,))
    office.join(code)
    assert office.staff.invitation(code.text) is None
    late = office.invite("Bob", Role.ADMIN)
    office.clock.forward(INVITED)
    assert office.staff.invitation(late.text) is None


def test_two_who_use_one_invitation_at_once_make_one_person(office: Office) -> None:
    invitation = office.staff.invitation(office.invite("Alice", Role.ADMIN).text)
    assert invitation is not None
    tries = []
    for browser in ("a" * 32, "b" * 32):
        person = office.staff.new_person(invitation)
        challenge = office.staff.challenge(f"join {invitation.mark.hex()} {person.id}", browser)
        answer = office.authenticator().make(office.staff.passkeys.to_make(person, challenge))
        tries.append((invitation, person, answer, challenge, browser))
    office.staff.join(*tries[0])
    refused("invitation", office.staff.join, *tries[1])
    assert [person.name for person in office.staff.everybody()] == ["Alice"]


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\x00b"])
def test_a_name_is_short_and_plain(office: Office, name: str) -> None:
    with pytest.raises(InputError):
        office.invite(name, Role.AGENT)


def test_an_invitation_names_a_role(office: Office) -> None:
    with pytest.raises(InputError):
        office.invite("Carol")


@pytest.mark.meets("asvs-6.7.2")
def test_T31_a_challenge_serves_its_browser_for_five_minutes_and_once(office: Office) -> None:
    alice, _ = office.admins()
    challenge = office.staff.challenge("sign-in", alice.browser)
    answer = alice.authenticator.sign(office.staff.passkeys.to_sign(challenge))
    refused("stale-challenge", office.staff.sign_in, answer, challenge, "b" * 32)
    other = office.staff.challenge("sign-in", alice.browser)
    refused("passkey", office.staff.sign_in, answer, other, alice.browser)
    refused("stale-challenge", office.staff.sign_in, answer, challenge[:-1] + b"?", alice.browser)
    refused("stale-challenge", office.staff.sign_in, answer, b"", alice.browser)
    assert office.staff.sign_in(answer, challenge, alice.browser)
    refused("replayed", office.staff.sign_in, answer, challenge, alice.browser)
    late = office.staff.challenge("sign-in", alice.browser)
    answer = alice.authenticator.sign(office.staff.passkeys.to_sign(late))
    office.clock.forward(LIFE)
    refused("stale-challenge", office.staff.sign_in, answer, late, alice.browser)


@pytest.mark.meets("nist-passkeys", "nist-biometrics", "nist-phishing", "asvs-6.5.7")
def test_T31_a_passkey_of_another_page_or_without_its_person_is_refused(office: Office) -> None:
    alice, _ = office.admins()
    for change in ("origin", "verifies"):
        challenge = office.staff.challenge("sign-in", alice.browser)
        holder = office.authenticator("https://desk.example.net")
        holder.credentials = alice.authenticator.credentials
        if change == "verifies":
            holder = office.authenticator(verifies=False)
            holder.credentials = alice.authenticator.credentials
        answer = holder.sign(office.staff.passkeys.to_sign(challenge))
        refused("passkey", office.staff.sign_in, answer, challenge, alice.browser)


@pytest.mark.meets("nist-passkeys")
@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "x", "{" * 5000, '{"id":"AA","rawId":"AA"}', "9" * 9000]
)
def test_T31_answers_that_nobody_signed_are_refused(office: Office, answer: str) -> None:
    office.admins()
    challenge = office.staff.challenge("sign-in", "a" * 32)
    refused("passkey", office.staff.sign_in, answer, challenge, "a" * 32)


@pytest.mark.meets("nist-intent", "asvs-7.5.3")
def test_T31_a_touch_is_for_exactly_these_items_in_this_order_and_serves_once(office: Office) -> None:
    alice, bob = office.admins()
    session, items = office.signed_in(alice), [b"1" * 32, b"2" * 32]
    answer = office.touch(session, alice, items)

    def use(session: object, items: object) -> None:
        with office.staff.touch(session, items, answer):  # type: ignore[arg-type]
            pass

    for other in (items[::-1], items[:1], [*items, b"3" * 32]):
        refused("passkey", use, session, other)
    refused("passkey", use, office.signed_in(bob), items)
    use(session, items)
    refused("replayed", use, session, items)


def test_T31_an_authenticator_that_counts_never_goes_back(office: Office) -> None:
    holder = office.authenticator()
    holder.counts = True
    alice = office.join(office.invite("Alice", Role.ADMIN), holder)
    for count in (2, 3):
        assert office.signed_in(alice).person.keys[0].count == holder.uses == count
    holder.uses = 1
    refused("passkey", office.token, alice)


def test_a_touch_may_be_sent_again_when_the_store_failed_in_the_middle(office: Office) -> None:
    alice, _ = office.admins()
    session, items = office.signed_in(alice), [b"1" * 32]
    answer = office.touch(session, alice, items)
    with pytest.raises(UnavailableError), office.staff.touch(session, items, answer):
        raise UnavailableError("store", "gone")
    with office.staff.touch(session, items, answer) as key:
        assert key in session.person.keys


@pytest.mark.meets("asvs-6.5.6", "asvs-8.3.2")
def test_T31_a_signature_of_a_key_that_was_taken_away_counts_no_more(office: Office) -> None:
    admins = office.admins()
    carol = office.member("Carol", Role.APPROVER, admins=admins)
    session = office.signed_in(carol)
    kept = [one for one in office.staff.rights_of(carol.id) if one.state.right.role is None]
    token = office.token(carol)
    assert office.staff.end(admins[0].id, kept[0].state.right.number) is None
    assert office.staff.session(token) is None
    with pytest.raises(UntrustedError):
        office.token(carol)
    fresh = replace(session, person=next(p for p in office.staff.everybody() if p.id == carol.id))
    answer = office.touch(session, carol, [b"1" * 32])
    with pytest.raises(UntrustedError), office.staff.touch(fresh, [b"1" * 32], answer):
        pass


@pytest.mark.meets("nist-session-out", "asvs-7.3.1", "asvs-7.3.2")
def test_T32_a_session_ends_when_idle_when_old_and_with_signing_out(database: Database) -> None:
    office = Office(database, SessionLimits(idle=600, longest=3600))
    alice, _ = office.admins()
    idle, old, out = office.token(alice), office.token(alice), office.signed_in(alice)
    for _ in range(6):
        office.clock.forward(599)
        assert office.staff.session(old) is not None
    assert office.staff.session(idle) is None
    office.clock.forward(10)
    assert office.staff.session(old) is None
    token = office.token(alice)
    session = office.staff.session(token)
    assert session is not None
    office.staff.sign_out(session)
    for stolen in (token, out.mark, session.mark, "", None):
        assert office.staff.session(stolen) is None


@pytest.mark.meets("nist-invalidation", "asvs-8.3.2")
def test_T32_a_role_that_was_taken_away_is_gone_at_the_next_click(office: Office) -> None:
    admins = office.admins()
    carol = office.member("Carol", Role.AGENT, Role.AUDITOR, admins=admins)
    token = office.token(carol)
    numbers = {one.state.right.role: one.state.right.number for one in office.staff.rights_of(carol.id)}
    assert office.staff.end(admins[1].id, numbers[Role.AGENT]) is None
    session = office.staff.session(token)
    assert session is not None
    assert session.person.roles == {Role.AUDITOR}
    assert office.staff.end(admins[1].id, numbers[Role.AUDITOR]) is None
    assert office.staff.session(token) is None
    assert office.staff.end(admins[1].id, numbers[Role.AUDITOR]) is Refusal.NOT_NOW


def test_two_admins_stay_unless_the_server_says_otherwise(office: Office) -> None:
    alice, bob = office.admins()
    numbers = [one.state.right.number for one in office.staff.rights_of(bob.id)]
    for number in numbers:  # the passkey too: without it an admin is none
        assert office.staff.end(alice.id, number) is Refusal.LAST_ADMIN
    assert office.staff.end("", numbers[0]) is None
    office.join(office.invite("Zoe", Role.ADMIN))
    assert len([person for person in office.staff.everybody() if person.may(Role.ADMIN) and person.keys]) == 2
    assert office.staff.end(alice.id, "ZZZZZZZZ") is Refusal.NO_SUCH_REQUEST


def test_a_role_is_asked_for_once(office: Office) -> None:
    admins = alice, _ = office.admins()
    carol = office.member("Carol", Role.AGENT, admins=admins)
    session = office.signed_in(alice)
    assert office.staff.ask_role(session, carol.id, Role.APPROVER)
    assert not office.staff.ask_role(session, carol.id, Role.APPROVER)
    assert not office.staff.ask_role(session, carol.id, Role.AGENT)
    assert not office.staff.ask_role(session, "nobody", Role.AGENT)
    (right,) = office.asked(carol.id)
    assert right.role is Role.APPROVER
    foreign = Right(right.number, right.person, right.key, Role.ADMIN)
    assert office.agree(alice, [foreign]) == {right.number: Refusal.NOT_GENUINE}


@pytest.mark.meets("asvs-6.8.1", "asvs-10.5.2")
def test_the_company_opens_sessions_for_whom_it_was_connected_to(office: Office) -> None:
    alice, bob = office.admins()
    refused("no-role", office.staff.sign_in_by_company, "https://id.example.com alice")
    subject = "https://id.example.com alice"
    assert office.staff.connect_company(office.signed_in(alice), subject)
    assert office.staff.connect_company(office.signed_in(alice), subject)
    assert not office.staff.connect_company(office.signed_in(bob), subject)
    session = office.staff.session(office.staff.sign_in_by_company(subject))
    assert session is not None
    assert (session.person.id, session.opening) == (alice.id, Opening.COMPANY)


@pytest.mark.meets("nist-binding", "asvs-16.3.1")
def test_what_the_staff_did_stands_there_newest_first(office: Office) -> None:
    alice, _ = office.admins()
    office.staff.note(office.signed_in(alice), "case-refused", "4F7Q0001")
    newest = office.staff.deeds()[0][1]
    assert (newest.name, newest.what, newest.about) == ("Alice", "case-refused", "4F7Q0001")
    numbers = [number for number, _ in office.staff.deeds()]
    assert numbers == sorted(numbers, reverse=True)
    assert [number for number, _ in office.staff.deeds(before=numbers[2])] == numbers[3:]
    assert {deed.by for _, deed in office.staff.deeds(by=alice.id)} == {alice.id}


@pytest.mark.meets("nist-session-secret", "asvs-7.2.3")
def test_T02_neither_session_nor_invitation_can_be_read_from_the_store(
    office: Office, database: Database
) -> None:
    alice, _ = office.admins()
    code, token = office.invite("Carol", Role.AGENT), office.token(alice)
    with database.reading() as connection:
        tables = [
            *connection.exec_driver_sql("select * from staff_invitations"),
            *connection.exec_driver_sql("select * from staff_sessions"),
        ]
    assert token not in repr(tables)
    assert code.text not in repr(tables)
