"""No sequence of events gets where it must not: the device's machine under random owners, strangers and power cuts."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sparekey.core import crypto
from sparekey.core.budget import Budget, stopped
from sparekey.core.codes import code_from_bits, saved_from_bits
from sparekey.core.device import TABLE, Applying, Erasing, Guarded, MustSet, State, events, step
from sparekey.core.effects import Happened, SetPassword
from sparekey.core.errors import Refusal
from sparekey.core.keys import dated_key
from sparekey.core.messages.key_file import KeyFile
from sparekey.core.methods import (
    METHODS,
    key_file,
    mail_code,
    questions,
    recovery_sheet,
    security_code,
    support,
)
from sparekey.core.model import DeviceKind, Model, Switch
from sparekey.core.record import Action, Ask, Questions, Record, Right, Situation
from sparekey.core.table import edges
from sparekey.core.values import Face, Identity, MethodName, Moment, Role
from sparekey.host.snapshot import freeze, thaw
from sparekey.profiles import names, profile
from sparekey.testing.clock import FixedClock
from sparekey.testing.desk import MemoryDesk
from sparekey.testing.device import CHEAP
from sparekey.testing.entropy import FixedEntropy

CLAIMS = [crypto.sha256(name) for name in (b"owner", b"stranger", b"kiosk")]
ANSWERS = ("first answer", "second answer", "third answer")
EDGES = set(edges(TABLE))
FACES, CLAIM, METHOD = st.sampled_from(list(Face)), st.sampled_from(CLAIMS), st.sampled_from(list(MethodName))


def hashed(password: str) -> crypto.PasswordHash:
    return crypto.hash_password(password, bytes(16), CHEAP)


HASHES = [hashed(f"password number {number}") for number in range(4)]


class DeviceMachine(RuleBasedStateMachine):
    """Every event in any order, with right and wrong contents, and the clock going anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.state: State = MustSet(Record())
        self.uptime, self.wall, self.drawn = 0, 1_790_000_000, 0
        self.boot_key, self.trusted = bytes(32), True
        self.clock = FixedClock()
        self.desk = MemoryDesk(clock=self.clock, entropy=FixedEntropy())

    @initialize(
        name=st.sampled_from(names()),
        kind=st.sampled_from(list(DeviceKind)),
        external=st.sampled_from([False, False, True]),
        set_up=st.sampled_from([True, True, True, False]),
    )
    def begin(self, name: str, kind: DeviceKind, external: bool, set_up: bool) -> None:
        self.policy, self.external = profile(name), external
        self.model = Model("X", kind, Switch.ON_CABLE)
        if set_up:
            self.tell(events.Activated("admin", HASHES[0], "owner@example.com", Face.SCREEN))
            self.tell(events.PasswordApplied(taken=True))
            self.owner_changes("admin", 0, Face.SCREEN, 0)

    def situation(self) -> Situation:
        return Situation(
            moment=Moment(self.uptime, self.wall if self.trusted else None, self.boot_key, self.wall),
            policy=self.policy,
            identity=Identity("PX-3216-0001", "PX-3216", "1.0.0"),
            device_key=bytes(range(32)),
            trust=self.desk.trust,
            model=self.model,
            external=self.external,
            cost=CHEAP,
        )

    def tell(self, event: object) -> Refusal | None:
        """One event, and everything that must hold between the state before and the state after."""
        before, now = self.state, self.situation()
        stepped = step(before, event, now)
        after = stepped.state
        if (type(before), type(event)) in TABLE:
            assert (type(before).__name__, type(event).__name__, type(after).__name__) in EDGES
        else:
            assert stepped.refusal is Refusal.NOT_NOW
            assert after == before
        assert thaw(freeze(after), State) == after
        for effect in stepped.effects:
            assert isinstance(effect, SetPassword) or b"password number" not in freeze(effect)
        self.check_counters(before.record, after.record, event)
        self.check_password(before, after, event, now)
        self.state = after
        return stepped.refusal

    def check_counters(self, before: Record, after: Record, event: object) -> None:
        """Three events lower a counter and no other; the network never touches the screen's; no verdict raises one."""
        lowering = after.generation > before.generation or isinstance(event, events.SignedIn)
        counted = {(kept.method, kept.face): kept.counted for kept in after.budgets}
        for kept in before.budgets:
            now = counted.get((kept.method, kept.face), 0)
            assert lowering or now >= kept.counted
            face = getattr(event, "face", None)
            if kept.face is Face.SCREEN and face is Face.NETWORK and not lowering:
                assert now == kept.counted
        if isinstance(event, events.ProofShown):
            assert after.budgets == before.budgets, "a verdict never comes before its count"

    def check_password(self, before: State, after: State, event: object, now: Situation) -> None:
        """A password changes by the owner's own hand, by an unexpired right of its holder, or not at all."""
        if isinstance(after, Applying | Erasing) and type(before) is not type(after):
            began = events.PasswordChosen | events.DefaultChosen | events.ButtonHeld | events.Activated
            owners = events.PasswordChanged | events.AccountSet | events.AccountRemoved | events.ResetChosen
            assert isinstance(event, began | owners)
        if isinstance(event, events.PasswordChosen) and after != before:
            right = before.record.right(event.face, event.claim, now.moment)
            assert right is not None
            assert right.action is not Action.ERASE
            self.check_right(right, event)
        if after.record.generation > before.record.generation:
            assert isinstance(event, events.PasswordChosen | events.Wiped | events.PasswordApplied)
        if isinstance(before, Guarded) and isinstance(after, Guarded):
            old, new = before.record.admin, after.record.admin
            if old is not None and new is not None and old.password != new.password:
                assert isinstance(event, events.PasswordChosen | events.PasswordChanged | events.AccountSet)

    def check_right(self, right: Right, event: events.PasswordChosen) -> None:
        assert right.claim == event.claim or right.face is event.face is Face.SCREEN

    @rule(what=st.sampled_from(list(Happened)), face=FACES)
    def somebody_notes(self, what: Happened, face: Face) -> None:
        before = self.state
        self.tell(events.Noted(what, "guard", face))
        assert self.state == before

    @rule(
        seconds=st.sampled_from([1, 29, 30, 400, 3600, 86_400, 8 * 86_400]), wall=st.sampled_from([0, 1, -1])
    )
    def time_passes(self, seconds: int, wall: int) -> None:
        self.uptime += seconds
        self.wall = max(0, self.wall + wall * seconds)

    @rule(trusted=st.booleans())
    def boot(self, trusted: bool) -> None:
        self.uptime, self.trusted = 0, trusted
        self.boot_key = crypto.sha256(self.boot_key)
        self.tell(events.Booted())
        assert self.state.record.rights == ()
        assert self.state.record.charges == ()

    @rule()
    def tick(self) -> None:
        self.tell(events.Ticked())

    @rule(number=st.integers(0, 3), address=st.sampled_from([None, "owner@example.com"]), face=FACES)
    def activate(self, number: int, address: str | None, face: Face) -> None:
        self.tell(events.Activated("admin", HASHES[number], address, face))

    @rule(account=st.sampled_from(["admin", "guard", "nobody"]), older=st.integers(0, 1), face=FACES)
    def sign_in(self, account: str, older: int, face: Face) -> None:
        self.tell(events.SignedIn(account, self.state.record.generation - older, face))

    @rule(
        account=st.sampled_from(["admin", "guard"]),
        older=st.integers(0, 1),
        face=FACES,
        number=st.integers(0, 3),
    )
    def owner_changes(self, account: str, older: int, face: Face, number: int) -> None:
        confirmed, record, now = self.state.record.generation - older, self.state.record, self.situation()
        answers = questions.hash_answers(ANSWERS, bytes(16), CHEAP)
        told = Questions(("a?", "b?", "c?"), answers)
        for event in (
            events.AddressChanged(account, confirmed, face, f"new{number}@example.com"),
            events.QuestionsSet(account, confirmed, face, told, 30),
            events.KeyFileMade(account, confirmed, face, key_file.keep(self.key_file(), record, now)),
            events.SheetMade(account, confirmed, face, recovery_sheet.keep(saved_from_bits(7), record, now)),
            events.SavedProved(account, face, self.key_file()),
            events.PasswordChanged(account, confirmed, face, HASHES[number]),
            events.AccountSet(account, confirmed, face, "guard", Role.VIEWER, HASHES[number]),
        ):
            self.tell(event)

    @rule(method=METHOD, face=FACES, claim=CLAIM)
    def open_request(self, method: MethodName, face: Face, claim: bytes) -> None:
        record, now = self.state.record, self.situation()
        ask = self.ask(method, face, claim, record, now)
        if ask is None:
            return
        refusal = self.tell(events.RecoveryOpened(ask))
        if METHODS[method].greyed(record, now, face):
            assert refusal is not None
        network = [kept for kept in self.state.record.requests if kept.face is Face.NETWORK]
        assert len(self.state.record.requests) <= 3
        assert len(network) <= 2

    def ask(self, method: MethodName, face: Face, claim: bytes, record: Record, now: Situation) -> Ask | None:
        self.drawn += 1
        number = f"{self.drawn:08d}"
        if method is MethodName.MAIL_CODE and record.reserved:
            code = code_from_bits(self.drawn)
            ask, _ = mail_code.challenge(
                record, now, face=face, claim=claim, number=number, code=code, tls=bytes(32), locale="en"
            )
            return ask
        if method is MethodName.SECURITY_CODE:
            return security_code.challenge(record, now, face=face, claim=claim, number=number)
        if method in (MethodName.RESPONSE_FILE, MethodName.TECHNICIAN):
            ask, _ = support.challenge(
                record,
                now,
                method=method,
                face=face,
                claim=claim,
                number=number,
                salt=bytes(16),
                tls=bytes(32),
            )
            return ask
        return None

    @rule(
        method=METHOD,
        face=FACES,
        claim=CLAIM,
        right=st.booleans(),
        counted=st.booleans(),
        choose=st.booleans(),
    )
    def prove(
        self, method: MethodName, face: Face, claim: bytes, right: bool, counted: bool, choose: bool
    ) -> None:
        asked = METHODS[method].asks
        ask = next((kept for kept in self.state.record.requests if kept.method is asked), None)
        number = ask.number if ask else ""
        if counted:
            self.tell(events.TryCounted(method, number, claim, face))
        proof = self.proof(method, ask) if right else code_from_bits(99)
        waiting = len(self.state.record.charges)
        refusal = self.tell(events.ProofShown(method, number, claim, face, proof))
        if not waiting:
            assert refusal is not None, "nothing is judged that was not counted"
        if choose:
            self.tell(events.PasswordChosen(claim, face, HASHES[self.drawn % 4]))

    @rule(method=METHOD, face=FACES, claim=CLAIM, holder=CLAIM, number=st.integers(0, 3))
    def recover(self, method: MethodName, face: Face, claim: bytes, holder: bytes, number: int) -> None:
        """A whole recovery, whose last word may come from somebody else."""
        asked = METHODS[method].asks
        if asked is not None:
            self.open_request(asked, face, claim)
        ask = self.state.record.claimed(asked, claim) if asked else None
        shown = ask.number if ask else ""
        self.tell(events.TryCounted(method, shown, claim, face))
        self.tell(events.ProofShown(method, shown, claim, face, self.proof(method, ask)))
        self.tell(events.PasswordChosen(holder, face, HASHES[number]))

    def proof(self, method: MethodName, ask: Ask | None) -> object:
        if method is MethodName.QUESTIONS:
            return questions.Answers(questions.hash_answers(ANSWERS, bytes(16), CHEAP))
        if method is MethodName.KEY_FILE:
            return self.key_file()
        if method is MethodName.RECOVERY_SHEET:
            return saved_from_bits(7)
        if method is MethodName.MAIL_CODE and ask:
            return code_from_bits(int(ask.number))
        if method is MethodName.SECURITY_CODE and ask and ask.frozen:
            now = self.situation()
            key = dated_key(now.device_key)
            return security_code.code_of_day(key, security_code.spoken(ask, now), ask.frozen.day)
        return None

    def key_file(self) -> KeyFile:
        return KeyFile("PX-3216-0001", self.state.record.generation, bytes(32), bytes(16))

    @rule(face=FACES, claim=CLAIM)
    def choose_default(self, face: Face, claim: bytes) -> None:
        self.tell(events.DefaultChosen(claim, face))

    @rule(face=FACES, account=st.sampled_from(["admin", "guard", "nobody"]), late=st.booleans())
    def reset(self, face: Face, account: str, late: bool) -> None:
        self.tell(events.ResetChosen(account, self.state.record.generation - late, face))

    @rule(face=FACES, claim=CLAIM, signed_in=st.booleans(), place=st.integers(0, 2))
    def cancel(self, face: Face, claim: bytes, signed_in: bool, place: int) -> None:
        requests = self.state.record.requests
        number = requests[place].number if place < len(requests) else "00000000"
        self.tell(events.RequestCancelled(number, claim, face, signed_in))

    @rule(seconds=st.sampled_from([1, 5]))
    def hold_button(self, seconds: int) -> None:
        self.tell(events.ButtonHeld(seconds))

    @rule(verified=st.booleans())
    def wiped(self, verified: bool) -> None:
        self.tell(events.Wiped(verified))

    @rule(taken=st.booleans())
    def applied(self, taken: bool) -> None:
        self.tell(events.PasswordApplied(taken))

    @invariant()
    def nothing_is_half(self) -> None:
        """Guarded has an admin; must-set has nobody and no way in but setting a password."""
        if isinstance(self.state, Guarded):
            assert self.state.record.admin is not None
        if isinstance(self.state, MustSet):
            record = self.state.record
            assert (record.accounts, record.requests, record.rights, record.budgets) == ((), (), (), ())

    @invariant()
    def a_right_never_outlives_its_time(self) -> None:
        later = replace(self.situation().moment, uptime=self.uptime + 31 * 60)
        for claim in CLAIMS:
            for face in Face:
                assert self.state.record.right(face, claim, later) is None


TestDevice = DeviceMachine.TestCase
TestDevice.settings = settings(max_examples=200, stateful_step_count=60, deadline=None)


def test_every_budget_pauses_and_only_typed_ones_stop() -> None:
    for strong in (False, True):
        budget = Budget(MethodName.KEY_FILE, Face.SCREEN, strong)
        for _ in range(100):
            budget = budget.count(0)
        assert budget.waits(0) == 3600
        assert stopped((budget,), budget) is not strong
        assert budget.reboot().waits(0) == 3600
