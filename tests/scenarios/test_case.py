"""A case at the desk: who may give what, on which evidence, with how many people, and how the owner can stop it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core.case import (
    BY_MAIL,
    HOUR,
    TABLE,
    CancelledByOwner,
    CaseFinished,
    CaseRefused,
    Closed,
    Desk,
    Ending,
    EnterInLog,
    Evidence,
    EvidenceAdded,
    File,
    Held,
    Issued,
    Looked,
    Missing,
    Opened,
    ProposalWithdrawn,
    Proposed,
    RemedyApproved,
    RemedyProposed,
    Standing,
    StandingChanged,
    State,
    TellOwner,
    challenge,
    item,
    missing,
    step,
    terms,
)
from sparekey.core.consent import Consent, keys_of
from sparekey.core.errors import Refusal
from sparekey.core.evidence import Bar, EvidenceKind, EvidencePolicy, Remedy, Weight
from sparekey.core.table import Step, edges
from sparekey.host.snapshot import freeze, thaw

NOW = 1_790_000_000
POLICY = EvidencePolicy(
    version=3,
    weights=(
        Weight(EvidenceKind.MAILBOX_CODE, 100),
        Weight(EvidenceKind.INVOICE, 40),
        Weight(EvidenceKind.REQUEST_FILE, 20),
        Weight(EvidenceKind.LABEL_PHOTO, 0),
    ),
    bars=(
        Bar(Remedy.SECURITY_CODE, 60),
        Bar(Remedy.RESPONSE_FILE, 60, approvals=1, hold=24),
        Bar(Remedy.ERASE_FILE, 60, approvals=1),
    ),
)
KNOWN = Standing(enrolled=True, confirmed=True, owners=("olga",))


def case(standing: Standing = KNOWN, *kinds: EvidenceKind, requester: str = "") -> Opened:
    pieces = tuple(Evidence(kind, "anna", NOW) for kind in kinds or (EvidenceKind.MAILBOX_CODE,))
    return Opened(
        File("4F7Q", "PX-3216-0001", bytes(32), NOW, requester, "owner@example.com", standing, pieces)
    )


def told(state: State, event: object, now: int = NOW) -> Step[State]:
    stepped = step(state, event, Desk(now, POLICY))
    assert thaw(freeze(stepped.state), State) == stepped.state
    return stepped


def proposed(remedy: Remedy, opened: Opened | None = None) -> Proposed:
    state = told(opened or case(), RemedyProposed(remedy, "anna", NOW + 200 * HOUR)).state
    assert isinstance(state, Proposed)
    return state


def approval(state: Proposed, by: str = "bert", key: bytes = b"bert-key") -> RemedyApproved:
    return RemedyApproved(by, key, (item(state.file, state.proposal),))


def test_P15_a_code_is_given_on_enough_evidence_and_entered_in_the_log_first() -> None:
    stepped = told(proposed(Remedy.SECURITY_CODE), approval(proposed(Remedy.SECURITY_CODE)))
    assert isinstance(stepped.state, Issued)
    assert [type(effect) for effect in stepped.effects] == [EnterInLog, TellOwner]
    done = told(stepped.state, CaseFinished())
    assert isinstance(done.state, Closed)
    assert done.state.ending is Ending.DONE


@pytest.mark.meets("nist-recovery-proofing")
def test_B05_T25_too_little_evidence_says_what_would_help() -> None:
    opened = case(KNOWN, EvidenceKind.REQUEST_FILE, EvidenceKind.LABEL_PHOTO)
    assert missing(opened.file, Remedy.SECURITY_CODE, POLICY) is Missing.EVIDENCE
    assert POLICY.still_helpful(opened.file.kinds) == (EvidenceKind.MAILBOX_CODE, EvidenceKind.INVOICE)
    assert (
        told(opened, RemedyProposed(Remedy.SECURITY_CODE, "anna", NOW + HOUR)).refusal is Refusal.NOT_ENOUGH
    )
    more = told(opened, EvidenceAdded(Evidence(EvidenceKind.INVOICE, "anna", NOW))).state
    assert isinstance(more, Opened)
    assert missing(more.file, Remedy.SECURITY_CODE, POLICY) is None


@pytest.mark.meets("nist-recovery-proofing")
@pytest.mark.parametrize(
    ("standing", "remedy", "why"),
    [
        (KNOWN, Remedy.RESPONSE_KEY, Missing.NOT_GIVEN_HERE),
        (Standing(enrolled=True, stolen=True), Remedy.ERASE_FILE, Missing.STOLEN),
        (Standing(), Remedy.SECURITY_CODE, Missing.NOT_ENROLLED),
        (Standing(), Remedy.RESPONSE_FILE, Missing.NOT_ENROLLED),
    ],
)
def test_B05_what_no_evidence_can_change(standing: Standing, remedy: Remedy, why: Missing) -> None:
    opened = case(standing)
    assert missing(opened.file, remedy, POLICY) is why
    assert told(opened, RemedyProposed(remedy, "anna", NOW + HOUR)).refusal is Refusal.NOT_ENOUGH


def test_B05_T25_nobody_decides_on_their_own_device() -> None:
    for name, opened in (("olga", case()), ("anna", case(requester="anna"))):
        answer = told(opened, RemedyProposed(Remedy.SECURITY_CODE, name, NOW + HOUR))
        assert answer.refusal is Refusal.NOT_AUTHORISED
        paper = EvidenceAdded(Evidence(EvidenceKind.INVOICE, name, NOW))
        assert told(opened, paper).refusal is Refusal.NOT_AUTHORISED
        assert told(opened, EvidenceAdded(Evidence(EvidenceKind.MAILBOX_CODE, "", NOW))).refusal is None
    state = proposed(Remedy.SECURITY_CODE)
    assert told(state, approval(state, "olga", b"olga-key")).refusal is Refusal.NOT_AUTHORISED


@pytest.mark.meets("asvs-2.3.5")
def test_B05_T18_to_erase_takes_two_different_people_whatever_the_policy_says() -> None:
    state = proposed(Remedy.ERASE_FILE)
    assert state.proposal.approvals == 2
    first = told(state, approval(state)).state
    assert isinstance(first, Proposed)
    for by, key in (("bert", b"other-key"), ("carl", b"bert-key")):
        assert told(first, approval(first, by, key)).refusal is Refusal.ALREADY_DONE
    assert isinstance(told(first, approval(first, "carl", b"carl-key")).state, Issued)


def test_B05_the_same_paper_from_the_same_person_counts_once() -> None:
    invoice = Evidence(EvidenceKind.INVOICE, "anna", NOW)
    once = told(case(), EvidenceAdded(invoice)).state
    again = told(once, EvidenceAdded(replace(invoice, at=NOW + 1)))
    assert (again.state, again.refusal) == (once, Refusal.ALREADY_DONE)
    assert told(once, EvidenceAdded(replace(invoice, by="bert"))).refusal is None


def test_B05_an_approval_of_something_else_is_none() -> None:
    state = proposed(Remedy.SECURITY_CODE)
    other = proposed(Remedy.RESPONSE_FILE)
    assert (
        told(state, RemedyApproved("bert", b"key", (item(other.file, other.proposal),))).refusal
        is Refusal.NOT_GENUINE
    )
    many = (item(other.file, other.proposal), item(state.file, state.proposal))
    assert told(state, RemedyApproved("bert", b"key", many)).refusal is None
    assert challenge(many) != challenge(tuple(reversed(many)))


@pytest.mark.meets("nist-recovery-issued-address")
def test_B05_without_a_confirmed_address_two_people_and_72_hours() -> None:
    for standing in (Standing(enrolled=True), Standing(enrolled=True, confirmed=True, conflict=True)):
        state = proposed(Remedy.SECURITY_CODE, case(standing))
        assert (state.proposal.approvals, state.proposal.hold) == (2, 72)


@pytest.mark.meets("nist-recovery-told")
def test_B04_a_hold_tells_the_owner_who_can_cancel() -> None:
    state = proposed(Remedy.RESPONSE_FILE)
    stepped = told(state, approval(state))
    assert isinstance(stepped.state, Held)
    assert stepped.effects == (TellOwner("4F7Q", "held", NOW + 24 * HOUR),)
    assert told(stepped.state, Looked(), NOW + 23 * HOUR).state == stepped.state
    cancelled = told(stepped.state, CancelledByOwner(), NOW + 23 * HOUR).state
    assert isinstance(cancelled, Closed)
    assert cancelled.ending is Ending.CANCELLED_BY_OWNER
    issued = told(stepped.state, Looked(), NOW + 24 * HOUR)
    assert isinstance(issued.state, Issued)
    assert told(issued.state, CancelledByOwner()).refusal is Refusal.ALREADY_DONE


def test_B04_a_hold_that_outlives_its_proposal_issues_nothing() -> None:
    state = proposed(Remedy.RESPONSE_FILE)
    held = told(state, approval(state)).state
    late = told(held, Looked(), NOW + 300 * HOUR)
    assert isinstance(late.state, Closed)
    assert late.effects == ()
    assert told(state, approval(state), NOW + 300 * HOUR).refusal is Refusal.EXPIRED


def test_B05_T25_what_was_decided_on_another_standing_counts_no_more() -> None:
    state = proposed(Remedy.RESPONSE_FILE)
    held = told(state, approval(state)).state
    stolen = Standing(enrolled=True, confirmed=True, stolen=True)
    for before in (case(), state, held):
        after = told(before, StandingChanged(stolen)).state
        assert isinstance(after, Opened)
        assert missing(after.file, Remedy.RESPONSE_FILE, POLICY) is Missing.STOLEN


def test_P12_a_code_by_mail_takes_the_mailbox_as_its_proof() -> None:
    nobody = Opened(File("4F7Q", "PX-3216-0001", bytes(32), NOW, "", "", KNOWN))
    assert missing(nobody.file, Remedy.SECURITY_CODE, POLICY) is Missing.EVIDENCE
    asked = told(nobody, RemedyProposed(Remedy.SECURITY_CODE, "anna", NOW + HOUR, BY_MAIL)).state
    assert isinstance(asked, Proposed)
    assert (asked.proposal.approvals, asked.proposal.hold) == (1, 0)
    strict = replace(POLICY, bars=(Bar(Remedy.SECURITY_CODE, 0, approvals=2, hold=24),))
    assert terms(nobody.file, Remedy.SECURITY_CODE, strict) == (2, 24)
    assert terms(nobody.file, Remedy.SECURITY_CODE, strict, BY_MAIL) == (1, 0)
    for standing in (Standing(enrolled=True), Standing(enrolled=True, confirmed=True, conflict=True)):
        assert missing(case(standing).file, Remedy.SECURITY_CODE, POLICY, BY_MAIL) is Missing.NOT_CONFIRMED


def test_B05_stronger_evidence_may_ask_for_a_shorter_hold_and_unknown_options_for_nothing() -> None:
    bars = (Bar(Remedy.SECURITY_CODE, 100), Bar(Remedy.SECURITY_CODE, 40, approvals=2, hold=24))
    policy = replace(POLICY, bars=bars)
    weak, strong = case(KNOWN, EvidenceKind.INVOICE), case()
    assert terms(weak.file, Remedy.SECURITY_CODE, policy) == (2, 24)
    assert terms(strong.file, Remedy.SECURITY_CODE, policy) == (1, 0)
    assert terms(strong.file, Remedy.RESPONSE_KEY, policy) == (1, 0)
    assert policy.bar(Remedy.SECURITY_CODE) == bars[1]
    strange = RemedyProposed(Remedy.RESPONSE_FILE, "anna", NOW + 200 * HOUR, 2)
    assert told(strong, strange).refusal is Refusal.NOT_ENOUGH


def test_P27_refused_with_a_reason_or_taken_back() -> None:
    refused = told(case(), CaseRefused("anna", "no-proof")).state
    assert isinstance(refused, Closed)
    assert (refused.ending, refused.reason) == (Ending.REFUSED, "no-proof")
    back = told(proposed(Remedy.SECURITY_CODE), ProposalWithdrawn("anna")).state
    assert back == case()


@pytest.mark.meets("asvs-2.3.1")
def test_the_diagram_has_no_way_around_the_log() -> None:
    reached = {
        (state, event) for state, event, target in edges(TABLE) if target == "Issued" and state != "Issued"
    }
    assert reached == {("Proposed", "RemedyApproved"), ("Held", "Looked")}


@pytest.mark.meets("nist-recovery-told")
def test_B04_the_owner_is_told_of_every_end_and_the_log_of_every_issue() -> None:
    for before in (case(), proposed(Remedy.SECURITY_CODE)):
        cancelled = told(before, CancelledByOwner())
        assert cancelled.state == Closed(before.file, Ending.CANCELLED_BY_OWNER, "owner", NOW)
        assert cancelled.effects == (TellOwner("4F7Q", "cancelled", 0),)
        refused = told(before, CaseRefused("anna", "no-proof"))
        assert refused.effects == (TellOwner("4F7Q", "refused", 0),)
    state = proposed(Remedy.SECURITY_CODE)
    issued = told(state, approval(state))
    keys = keys_of((Consent("bert", b"bert-key", NOW),))
    entry = EnterInLog("4F7Q", Remedy.SECURITY_CODE, bytes(32), POLICY.version, keys)
    assert issued.effects == (entry, TellOwner("4F7Q", "issued", 0))
    assert told(issued.state, CaseFinished()).state == Closed(state.file, Ending.DONE, "", NOW)


def test_B05_a_proposal_counts_until_the_second_it_expires() -> None:
    now_or_never = RemedyProposed(Remedy.SECURITY_CODE, "anna", NOW)
    assert told(case(), now_or_never).refusal is Refusal.NOT_ENOUGH
    assert told(case(), replace(now_or_never, expires=NOW + 1)).refusal is None
    state = proposed(Remedy.SECURITY_CODE)
    end = state.proposal.expires
    assert told(state, approval(state), end).refusal is Refusal.EXPIRED
    assert told(state, approval(state), end - 1).refusal is None


def test_B04_a_hold_that_ends_with_its_proposal_issues_nothing() -> None:
    brief = told(case(), RemedyProposed(Remedy.RESPONSE_FILE, "anna", NOW + 24 * HOUR)).state
    assert isinstance(brief, Proposed)
    held = told(brief, approval(brief)).state
    late = told(held, Looked(), NOW + 24 * HOUR)
    assert late.state == Closed(brief.file, Ending.WITHDRAWN, "expired", NOW + 24 * HOUR)


def test_B05_T25_what_proved_the_owner_before_is_gone_with_that_owner() -> None:
    for before in (case(), proposed(Remedy.SECURITY_CODE)):
        same = told(before, StandingChanged(replace(KNOWN, stolen=True))).state
        assert isinstance(same, Opened)
        assert same.file.evidence == before.file.evidence
        sold = told(before, StandingChanged(replace(KNOWN, epoch=KNOWN.epoch + 1))).state
        assert isinstance(sold, Opened)
        assert sold.file.evidence == ()


def test_B05_evidence_of_no_weight_helps_nobody_and_of_one_does() -> None:
    light = replace(POLICY, weights=(Weight(EvidenceKind.INVOICE, 1), Weight(EvidenceKind.LABEL_PHOTO, 0)))
    assert light.still_helpful(frozenset()) == (EvidenceKind.INVOICE,)
