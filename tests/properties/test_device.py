"""The device over any sequence of events: what must never happen, never does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from sparekey.core.budget import FAILURES_LIMIT, find
from sparekey.core.codes import Code, code_from_bits
from sparekey.core.crypto import PasswordHash, sha256
from sparekey.core.device import (
    NETWORK_REQUESTS_LIMIT,
    PRESENCE_LASTS,
    REQUESTS_LIMIT,
    TABLE,
    Activated,
    AddressChanged,
    Booted,
    Guarded,
    MustSet,
    PasswordChosen,
    ProofShown,
    RecoveryOpened,
    RequestCancelled,
    SignedIn,
    State,
    Ticked,
    TryCounted,
    step,
)
from sparekey.core.effects import Effect, EndSessions
from sparekey.core.errors import Refusal
from sparekey.core.record import Account, Proved, Record, Situation
from sparekey.core.table import Step, edges
from sparekey.core.values import Face, MethodName, Moment
from sparekey.host.snapshot import freeze, thaw
from tests.core.samples import CHEAP, DEVICE_KEY, POLICY, VOLATILE, ask
from tests.vectors.desk import HEADER, MADE

EDGES = set(edges(TABLE))
FACES = st.sampled_from(Face)
CLAIMS = st.sampled_from([sha256(b"one"), sha256(b"two"), sha256(b"three"), b""])
SPANS = st.sampled_from([1, 29, 30, 60, 599, 600, 1801, 3600, 6 * 3600, 86_399, 86_400, 8 * 86_400])
GUEST = "guest"


class Device(RuleBasedStateMachine):
    """Throws events at the machine, and keeps its own books beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.state: State = MustSet(Record())
        self.uptime = 0
        self.wall: int | None = MADE
        self.boot = 0
        self.made = 0
        self.codes: dict[str, Code] = {}
        self.credit: dict[str, int] = {}
        self.rights: set[str] = set()
        self.verdicts = dict.fromkeys(Face, 0)
        self.policy = POLICY

    @initialize(volatile=st.booleans(), ready=st.booleans())
    def begins(self, volatile: bool, ready: bool) -> None:
        self.policy = VOLATILE if volatile else POLICY
        if ready:
            self.apply(Activated("admin", self.password(), "owner@example.com", Face.SCREEN))
            record = self.state.record
            guest = Account(GUEST, self.password())
            self.state = Guarded(replace(record, accounts=(*record.accounts, guest)))

    # What happens

    @rule()
    def power_comes_on(self) -> None:
        self.boot += 1
        self.uptime = 0
        self.credit.clear()
        self.rights.clear()
        self.apply(Booted())

    @rule(span=SPANS, ticks=st.booleans())
    def time_passes(self, span: int, ticks: bool) -> None:
        self.uptime += span
        if self.wall is not None:
            self.wall += span
        if ticks:
            self.apply(Ticked())

    @rule(wall=st.sampled_from([None, 0, MADE, MADE + 86_400, 1 << 33]))
    def somebody_sets_the_clock(self, wall: int | None) -> None:
        self.wall = wall

    @rule(face=FACES, address=st.sampled_from([None, "owner@example.com"]))
    def activation(self, face: Face, address: str | None) -> None:
        result = self.apply(Activated("admin", self.password(), address, face))
        if face is Face.NETWORK and self.uptime > PRESENCE_LASTS:
            assert result.refusal in {Refusal.NEEDS_PRESENCE, Refusal.ALREADY_DONE}

    @rule(account=st.sampled_from(["admin", GUEST]), off=st.sampled_from([0, 0, 0, -1, 1]), face=FACES)
    def sign_in(self, account: str, off: int, face: Face) -> None:
        self.apply(SignedIn(account, self.state.record.generation + off, face))

    @rule(faces=st.lists(FACES, min_size=3, max_size=4))
    def many_want_in_at_once(self, faces: list[Face]) -> None:
        for place, face in enumerate(faces):
            self.recovery(face, sha256(bytes([place])))

    @rule(face=FACES, claim=CLAIMS)
    def recovery(self, face: Face, claim: bytes) -> None:
        record = self.state.record
        if record.admin is None or record.reserved is None:
            return
        self.made += 1
        number, code = f"{self.made:08}", code_from_bits(self.made * 7919)
        made = ask(number, claim, face, code, record, self.now())
        self.codes[number] = code
        self.apply(RecoveryOpened(made))

    @rule(place=st.integers(0, 3), claim=CLAIMS, face=FACES)
    def a_try_is_counted(self, place: int, claim: bytes, face: Face) -> None:
        self.count(self.number(place), claim, face)

    @rule(place=st.integers(0, 3), claim=CLAIMS, face=FACES, right=st.booleans())
    def a_proof_is_shown(self, place: int, claim: bytes, face: Face, right: bool) -> None:
        self.show(self.number(place), claim, face, right=right)

    @rule(place=st.integers(0, 2), face=FACES, wrong=st.sampled_from([1, 4, 5, 20, 101]))
    def its_holder_types(self, place: int, face: Face, wrong: int) -> None:
        number, claim = self.held(place)
        for _ in range(wrong):
            self.uptime += find(self.state.record.budgets, MethodName.MAIL_CODE, face).waits(self.uptime)
            self.count(number, claim, face)
            self.show(number, claim, face, right=False)

    @rule(place=st.integers(0, 2), face=FACES, waits=st.sampled_from([0, 0, 599, 600]))
    def its_holder_recovers(self, place: int, face: Face, waits: int) -> None:
        number, claim = self.held(place)
        self.count(number, claim, face)
        self.show(number, claim, face, right=True)
        self.uptime += waits
        self.apply(PasswordChosen(number, claim, face, self.password()))

    @rule(place=st.integers(0, 3), claim=CLAIMS, face=FACES)
    def a_password_is_chosen(self, place: int, claim: bytes, face: Face) -> None:
        self.apply(PasswordChosen(self.number(place), claim, face, self.password()))

    @rule(place=st.integers(0, 3), claim=CLAIMS, face=FACES, signed_in=st.booleans())
    def a_request_is_cancelled(self, place: int, claim: bytes, face: Face, signed_in: bool) -> None:
        self.apply(RequestCancelled(self.number(place), claim, face, signed_in))

    @rule(
        address=st.sampled_from(["owner@example.com", "second@example.com", "third@example.com"]), face=FACES
    )
    def the_address_is_changed(self, address: str, face: Face) -> None:
        self.apply(AddressChanged("admin", address, face))

    @rule(event=st.sampled_from([None, "event", 7]))
    def something_that_is_no_event(self, event: object) -> None:
        assert self.apply(event).refusal is Refusal.NOT_NOW

    # What must hold

    def apply(self, event: Any) -> Step[State]:
        """One step, and everything that a single step must keep."""
        before, now = self.state, self.now()
        result: Step[State] = step(before, event, now)
        self.state = result.state
        edge = (type(before).__name__, type(event).__name__, type(result.state).__name__)
        assert edge in EDGES or result == Step(before, refusal=Refusal.NOT_NOW)
        for effect in result.effects:
            assert thaw(freeze(effect), Effect) == effect
        stored = b"".join(freeze(effect) for effect in result.effects)
        assert not any(code.text.encode() in stored for code in self.codes.values())
        self._strangers_change_nothing(before, event, result)
        self._counters(before, event, result)
        self._passwords(before, event, result, now)
        return result

    def _strangers_change_nothing(self, before: State, event: Any, result: Step[State]) -> None:
        if isinstance(event, TryCounted | ProofShown | PasswordChosen | RequestCancelled):
            request = before.record.request(event.number)
            holder = request is not None and request.ask.claim == event.claim
            admin = isinstance(event, RequestCancelled) and event.signed_in
            if isinstance(event, TryCounted | ProofShown) and request is not None:
                dead = request.ask.expired(before.record.age, self.now().moment)
                assert not (dead and result.refusal is None), "a dead request was used"
            if not (holder or admin or event.face is Face.SCREEN):
                assert result.state == before
                assert result.refusal in {Refusal.NOT_AUTHORISED, Refusal.NO_SUCH_REQUEST, Refusal.NOT_NOW}
                assert result.effects == ()

    def _counters(self, before: State, event: Any, result: Step[State]) -> None:
        signed_in = isinstance(event, SignedIn) and event.account == "admin"
        lowered = result.refusal is None and (signed_in or isinstance(event, PasswordChosen))
        for face in Face:
            was, is_ = (
                find(state.record.budgets, MethodName.MAIL_CODE, face).counted
                for state in (before, result.state)
            )
            if lowered:
                assert is_ == 0
                self.verdicts[face] = 0
            elif isinstance(event, TryCounted) and event.face is face and result.refusal is None:
                assert is_ == was + 1 <= FAILURES_LIMIT
            else:
                assert is_ == was, f"{event} changed the counter of the {face.value}"

    def _passwords(self, before: State, event: Any, result: Step[State], now: Situation) -> None:
        was, is_ = before.record, result.state.record
        if is_.generation == was.generation:
            kept = was.admin is None or (is_.admin is not None and is_.admin.password == was.admin.password)
            assert kept, "a password changed without a recovery"
            return
        assert is_.generation == was.generation + 1
        assert isinstance(event, PasswordChosen)
        request = was.request(event.number)
        assert isinstance(request, Proved), "no password without a right"
        assert was.age.at(now.moment) < request.until
        assert event.number in self.rights, "no right code was shown since the boot"
        assert not request.ask.expired(was.age, now.moment)
        assert event.face is Face.SCREEN or request.ask.claim == event.claim
        assert is_.admin is not None
        assert is_.admin.password == event.password
        assert is_.requests == ()
        assert EndSessions(is_.generation) in result.effects
        assert all(account.suspended for account in is_.accounts if account is not is_.admin)
        self.credit.clear()

    @invariant()
    def every_state_survives_a_reboot_of_its_bytes(self) -> None:
        assert thaw(freeze(self.state), State) == self.state

    @invariant()
    def there_is_always_exactly_one_way_in(self) -> None:
        if isinstance(self.state, Guarded):
            assert self.state.record.admin is not None
            assert not self.state.record.admin.suspended
        else:
            assert self.state.record.accounts == ()

    @invariant()
    def places_are_kept(self) -> None:
        asks = [request.ask for request in self.state.record.requests]
        assert len(asks) <= REQUESTS_LIMIT
        assert sum(made.face is Face.NETWORK for made in asks) <= NETWORK_REQUESTS_LIMIT
        assert len({made.number for made in asks}) == len(asks)
        assert len({made.claim for made in asks}) == len(asks)

    @invariant()
    def nobody_gets_a_try_more_than_the_odds_say(self) -> None:
        assert sum(self.verdicts.values()) <= 2 * FAILURES_LIMIT

    # Tools

    def count(self, number: str, claim: bytes, face: Face) -> None:
        if self.apply(TryCounted(number, claim, face)).refusal is None:
            self.credit[number] = self.credit.get(number, 0) + 1

    def show(self, number: str, claim: bytes, face: Face, *, right: bool) -> None:
        code = self.codes.get(number, code_from_bits(1))
        shown = code if right else code_from_bits(code.bits ^ 1)
        known = self.codes.get(number)
        result = self.apply(ProofShown(number, claim, face, shown))
        judged = result.refusal is Refusal.WRONG_CODE or result.refusal is None
        if judged:
            assert self.credit.get(number, 0) > 0, "a verdict without a counted try"
            self.credit[number] -= 1
            self.verdicts[face] += 1
            assert (result.refusal is None) == (right and known is not None)
            if right:
                self.rights.add(number)

    def number(self, place: int) -> str:
        asks = [request.ask.number for request in self.state.record.requests]
        return asks[place] if place < len(asks) else "ZZZZZZZZ"

    def held(self, place: int) -> tuple[str, bytes]:
        asks = [request.ask for request in self.state.record.requests]
        return (asks[place].number, asks[place].claim) if place < len(asks) else ("ZZZZZZZZ", b"")

    def password(self) -> PasswordHash:
        self.made += 1
        return PasswordHash(CHEAP, bytes(16), self.made.to_bytes(32, "big"))

    def now(self) -> Situation:
        moment = Moment(self.uptime, self.wall, self.boot.to_bytes(32, "big"))
        return Situation(moment, self.policy, HEADER.identity, DEVICE_KEY)


def test_T03_every_promise_holds_over_any_sequence_of_events() -> None:
    run_state_machine_as_test(Device)
