"""What the desk decides about an enrolment, line by line of spec/enrolment.md section 5, and how a dispute goes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core.consent import Consent
from sparekey.core.crypto import sha256
from sparekey.core.errors import Refusal
from sparekey.core.messages.enrol import COUNT_LIMIT, EnrolBody, refresh_mac
from sparekey.core.messages.header import Kind
from sparekey.core.registry import (
    DISPUTES,
    HOLD,
    Admission,
    Admitted,
    Again,
    Agreed,
    Asked,
    Claim,
    Decision,
    Dismissed,
    Disputed,
    Ended,
    Held,
    LetIn,
    Objected,
    Office,
    Old,
    Outcome,
    Pending,
    Source,
    TellPresentOwner,
    TimePassed,
    Waits,
    Why,
    decide,
    dispute_item,
    found_item,
    step,
)
from sparekey.core.table import edges
from tests.core.messages_samples import fixed, header
from tests.vectors.pages import examples, table

TOKEN, LISTED = fixed("factory token"), sha256(fixed("factory token"))
ABOUT = header(Kind.ENROL)
FIRST, FACTORY = Admission.FIRST_USE, Admission.FACTORY


def body(key: str = "K1", *, count: int = 1, epoch: int = 1, token: bytes | None = TOKEN) -> EnrolBody:
    made = EnrolBody(fixed(key), fixed("log id", 16), count, epoch, "en", ("owner@example.com",), token=token)
    return replace(made, refresh=refresh_mac(made.key, ABOUT, made))


def asked(made: EnrolBody, *, seen: bool = False) -> Asked:
    return Asked(sha256(made.encoded), ABOUT, made, seen)


def held(made: EnrolBody, epoch: int = 1, source: Source = Source.FACTORY, **marks: bool) -> Held:
    return Held(sha256(made.encoded), made, epoch, source, **marks)


def judged(
    made: EnrolBody,
    row: Held | None = None,
    listed: bytes | None = LISTED,
    admission: Admission = FIRST,
    stolen: bool = False,
) -> Decision:
    return decide(asked(made), row, listed, admission, stolen=stolen)


def test_a_token_lets_a_newcomer_in_and_its_epoch_counts() -> None:
    assert judged(body()) == Admitted(1, Source.FACTORY, begins=True)
    assert judged(body(epoch=4), admission=FACTORY) == Admitted(4, Source.FACTORY, begins=True)


@pytest.mark.parametrize("token", [None, fixed("another token")])
def test_a_listed_serial_needs_its_token(token: bytes | None) -> None:
    assert judged(body(token=token)) == Waits(Why.NO_TOKEN)


def test_without_a_list_the_first_one_is_taken_where_the_desk_wants_it_and_proves_nothing() -> None:
    assert judged(body(epoch=7), listed=None) == Admitted(1, Source.FIRST_USE, begins=True)
    assert judged(body(), listed=None, admission=FACTORY) == Waits(Why.NOT_LISTED)


def test_the_same_one_again_is_told_the_same_and_a_replaced_one_is_old() -> None:
    first = body()
    assert judged(first, held(first)) == Again()
    assert decide(asked(first, seen=True), held(body("K2"), 2), LISTED, FIRST, stolen=False) == Old()
    assert decide(asked(first, seen=True), None, LISTED, FIRST, stolen=False) == Old()


def test_of_one_key_only_a_higher_count_is_taken() -> None:
    row = held(body(count=3))
    assert judged(body(count=2), row) == Old()
    assert judged(replace(body(count=3), locale="cs"), row) == Old()
    assert judged(body(count=4), row) == Admitted(1, Source.FACTORY, begins=False)


def test_a_refresh_keeps_the_epoch_and_a_token_makes_a_first_use_row_better() -> None:
    row = held(body(token=None), 5, Source.FIRST_USE)
    assert judged(body(count=2, token=None), row, None) == Admitted(5, Source.FIRST_USE, begins=False)
    assert judged(body(count=2), row) == Admitted(5, Source.FACTORY, begins=False)
    changed = body("K2", token=None)
    changed = replace(changed, refresh=refresh_mac(fixed("K1"), ABOUT, changed))
    assert judged(changed, row, None) == Admitted(5, Source.FIRST_USE, begins=False)
    assert judged(body(count=2), held(body()), stolen=True) == Admitted(1, Source.FACTORY, begins=False)


def test_another_key_without_proof_waits_for_two_people() -> None:
    assert judged(body("K2", token=None), held(body(token=None), 1, Source.FIRST_USE), None) == Waits(
        Why.OTHER_KEY
    )
    assert judged(body("K2", token=fixed("wrong"), epoch=9), held(body())) == Waits(Why.OTHER_KEY)


def test_a_token_after_an_erase_begins_the_next_owners_epoch() -> None:
    assert judged(body("K2", epoch=2), held(body())) == Admitted(2, Source.FACTORY, begins=True)
    assert judged(body("K2", epoch=9), held(body())) == Admitted(9, Source.FACTORY, begins=True)


def test_C33_an_enrolment_that_was_held_back_begins_no_epoch_after_the_next_owners() -> None:
    kept_back = body("K1", count=2, epoch=1)
    assert judged(kept_back, held(body("K2", epoch=2), 2)) == Waits(Why.OLDER_EPOCH)
    before = judged(kept_back)
    assert before == Admitted(1, Source.FACTORY, begins=True), "delivered first, it is what it says it is"
    assert judged(body("K2", epoch=2), held(kept_back, 1)) == Admitted(2, Source.FACTORY, begins=True)


def test_who_came_first_without_proof_does_not_keep_the_factorys_device_out() -> None:
    squatter = held(body("evil", epoch=COUNT_LIMIT, token=None), 1, Source.FIRST_USE)
    assert judged(body(), squatter) == Admitted(2, Source.FACTORY, begins=True)
    listed_later = held(body("K2", epoch=2), 1, Source.FIRST_USE)
    assert judged(body("K1", epoch=1), listed_later) == Waits(Why.OLDER_EPOCH)
    let_in = held(body("K2", token=None), 3, Source.PEOPLE)
    assert judged(body(epoch=3), let_in) == Waits(Why.OLDER_EPOCH)


def test_of_a_stolen_device_nothing_new_comes_in_by_itself() -> None:
    assert judged(body("K2", epoch=2), held(body()), stolen=True) == Waits(Why.STOLEN)
    assert judged(body(), stolen=True) == Waits(Why.STOLEN)
    assert judged(body("K2", epoch=2), held(body(), 2, released=True), stolen=True) == Waits(Why.STOLEN)


def test_a_device_that_was_given_away_takes_the_next_owner_and_nothing_of_before() -> None:
    given = held(body(), 2, released=True)
    assert judged(body(count=9), given) == Waits(Why.OLDER_EPOCH), "sealed before it was given away"
    assert judged(body("K2", epoch=2), given) == Admitted(2, Source.FACTORY, begins=True)
    unlisted = held(body(token=None), 2, Source.FIRST_USE, released=True)
    assert judged(body("K2", token=None), unlisted, None) == Admitted(2, Source.FIRST_USE, begins=True)
    assert judged(body("K2", token=None), unlisted, None, FACTORY) == Waits(Why.NOT_LISTED)


def test_an_epoch_never_passes_its_end() -> None:
    last = held(body("K1", epoch=1, token=None), COUNT_LIMIT, Source.FIRST_USE)
    assert judged(body("K2"), last) == Admitted(COUNT_LIMIT, Source.FACTORY, begins=True)


# Disputes

CLAIM = Claim("PX-3216-0001", bytes(range(32)), Why.OTHER_KEY, 2, 1000)
ITEMS = (dispute_item(CLAIM),)
OFFICE = Office(2000, 2, owners=("olga",))


def agree(
    state: object, by: str, key: int, items: tuple[bytes, ...] = ITEMS
) -> tuple[object, Refusal | None]:
    made = step(state, Agreed(by, bytes([key]) * 8, items), OFFICE)
    return made.state, made.refusal


def test_two_different_people_with_two_passkeys_and_then_72_hours() -> None:
    state, refusal = agree(Disputed(CLAIM), "ann", 1)
    assert (state, refusal) == (Disputed(CLAIM, (Consent("ann", b"\x01" * 8, 2000),)), None)
    assert agree(state, "ann", 2) == (state, Refusal.ALREADY_DONE)
    assert agree(state, "bob", 1) == (state, Refusal.ALREADY_DONE)
    assert agree(state, "olga", 3) == (state, Refusal.NOT_AUTHORISED)
    assert agree(state, "bob", 3, ()) == (state, Refusal.NOT_GENUINE)
    made = step(state, Agreed("bob", b"\x02" * 8, ITEMS), OFFICE)
    assert made.effects == (TellPresentOwner(2000 + HOLD),)
    pending = made.state
    assert isinstance(pending, Pending)
    agreed = (Consent("ann", b"\x01" * 8, 2000), Consent("bob", b"\x02" * 8, 2000))
    assert pending == Pending(CLAIM, agreed, 2000 + HOLD)
    early = step(pending, TimePassed(), replace(OFFICE, now=pending.until - 1))
    assert (early.state, early.effects) == (pending, ())
    late = step(pending, TimePassed(), replace(OFFICE, now=pending.until))
    assert (late.state, late.effects) == (Ended(CLAIM, Outcome.ADMITTED, pending.until), (LetIn(),))
    moved = step(pending, TimePassed(), Office(pending.until, 3))
    assert (moved.state, moved.effects) == (Ended(CLAIM, Outcome.OVERTAKEN, pending.until), ())


@pytest.mark.parametrize("state", [Disputed(CLAIM), Pending(CLAIM, (), 9000)])
def test_one_no_is_enough(state: object) -> None:
    assert step(state, Dismissed("bob"), OFFICE).state == Ended(CLAIM, Outcome.DISMISSED, 2000, "bob")
    assert step(state, Objected(), OFFICE).state == Ended(CLAIM, Outcome.OBJECTED, 2000)


def test_what_ended_stays_ended() -> None:
    ended = Ended(CLAIM, Outcome.DISMISSED, 1)
    for event in (Agreed("ann", bytes(8), ITEMS), Dismissed("ann"), Objected(), TimePassed()):
        assert step(ended, event, OFFICE).refusal is Refusal.NOT_NOW


@pytest.mark.meets("asvs-2.1.1", "asvs-2.1.2", "asvs-5.1.1", "asvs-6.1.3", "asvs-8.1.1")
def test_the_page_says_the_same() -> None:
    told = [(a, b, c) for a, b, targets in table("enrolment", "state | event") for c in targets.split(", ")]
    assert sorted(told) == edges(DISPUTES)
    assert [row[0] for row in table("enrolment", "why")] == [why.value for why in Why]
    block = examples("enrolment")["dispute"]
    claim = Claim(block["serial"], bytes.fromhex(block["request"]), Why.STOLEN, int(block["epoch"]), 0)
    assert dispute_item(claim).hex() == block["item"]
    block = examples("enrolment")["found"]
    assert found_item(block["serial"], int(block["epoch"]), int(block["reported"])).hex() == block["item"]
