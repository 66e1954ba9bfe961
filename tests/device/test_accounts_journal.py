"""Programs that lie, hang, die, break or come back late: one password works, and what is told is true."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import pytest

from sparekey.core.device import Applying, Erasing, Guarded, MustSet, State, events
from sparekey.core.effects import Happened, RevokeAccount, SetPassword
from sparekey.core.errors import Refusal, UnavailableError
from sparekey.core.model import Model
from sparekey.core.record import Record
from sparekey.core.table import Step
from sparekey.core.values import MethodName, Role
from sparekey.device.accounts.command import CommandAccounts
from sparekey.device.accounts.program import GARBLED, MakersProgram
from sparekey.host.clock import SystemClock
from sparekey.testing.power import PowerCutError, PowerSwitch
from tests.ports.accounts_bench import (
    CLAIM,
    NETWORK,
    NEW,
    OLD,
    PATIENCE,
    Cuttable,
    Faulty,
    InProcess,
    Recorder,
    guides_program,
)

FAULTS = (
    "dead",
    "hang",
    "garbage",
    "lie",
    "done, dead",
    "done, hang",
    "done, garbage",
    "half, dead",
    "half, hang",
)


class Bench:
    """A recorder whose program can be made to fail."""

    def __init__(self, folder: Path, cut_at: int | None = None, profile: str = "sparekey") -> None:
        for left in folder.iterdir():
            left.unlink()
        self.switch = PowerSwitch(cut_at)
        self.program = Faulty(InProcess(folder), folder)
        accounts = CommandAccounts(Cuttable(self.program, self.switch))
        self.device = Recorder(accounts, self.switch, profile)

    def fail(self, **faults: str) -> None:
        """From now on; without a word it works again."""
        self.program.faults = faults

    def one_works(self) -> bool:
        """Exactly one of the old and the new password, and the right one for the record."""
        old, new = self.device.works(OLD), self.device.works(NEW)
        return old != new and (
            isinstance(self.device.state, Applying) or new == (self.device.record.generation == 2)
        )


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    made = Bench(tmp_path)
    made.device.ready()
    return made


@pytest.mark.parametrize("fault", FAULTS)
def test_B10_what_is_told_is_true(fault: str, bench: Bench) -> None:
    bench.fail(set=fault)
    told = bench.device.recover()
    bench.fail()
    if told is None:
        assert fault.startswith("done, ")
        assert bench.device.works(NEW)
        assert not bench.device.works(OLD)
    elif told is Refusal.STORE_REFUSED:
        assert bench.device.works(OLD)
        assert not bench.device.works(NEW)
        again = bench.device.change(events.PasswordChosen(CLAIM, NETWORK, bench.device.hash(NEW)))
        assert again is None, "the right is still there, the sheet need not be typed again"
    else:
        assert told is Refusal.STORE_WAITS
        assert fault.startswith("half, ")
        bench.device.tick()
        assert bench.one_works()
    assert bench.device.works(NEW)
    assert bench.device.settled()
    assert bench.device.sessions == []


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("looking", ["", "dead", "hang", "garbage"])
def test_B10_power_cut_at_every_instant_with_a_program_that_fails(
    fault: str, looking: str, tmp_path: Path
) -> None:
    """The program fails until the second boot after the cut, which comes at every instant of the recovery."""
    cut_at = 0
    while True:
        bench = Bench(tmp_path)
        bench.device.ready()
        bench.fail(set=fault, **({"shown": looking} if looking else {}))
        cut_at += 1
        bench.switch.cut_at = bench.switch.passed + cut_at
        try:
            bench.device.recover()
        except PowerCutError as cut:
            where = str(cut)
        else:
            break
        bench.device.power_on()
        bench.device.power_on()
        bench.fail()
        bench.device.power_on()
        assert bench.device.settled(), where
        assert bench.one_works(), where
        if bench.device.works(OLD):
            assert bench.device.recover() is None, where
        assert bench.device.works(NEW), where
    assert cut_at > 10


@pytest.mark.parametrize("fault", ["dead", "hang", "garbage"])
def test_B10_a_program_that_comes_back_after_three_boots(fault: str, bench: Bench) -> None:
    device = bench.device
    bench.fail(shown=fault, set=fault, verify=fault, list=fault)
    assert device.recover() is Refusal.STORE_WAITS
    for _ in range(3):
        device.power_on()
        device.tick()
        assert isinstance(device.state, Applying)
        assert not device.store.orders, "nothing piles up while it is away"
        with pytest.raises(UnavailableError):
            device.works(OLD)
    bench.fail()
    assert device.works(OLD), "until it was asked, nothing has changed"
    device.power_on()
    assert device.works(NEW)
    assert not device.works(OLD)
    assert device.settled()
    assert device.record.generation == 2


def test_B10_a_tick_is_enough_when_it_comes_back(bench: Bench) -> None:
    bench.fail(shown="dead")
    assert bench.device.recover() is Refusal.STORE_WAITS
    bench.device.tick()
    assert isinstance(bench.device.state, Applying)
    bench.fail()
    bench.device.tick()
    assert bench.device.works(NEW)
    assert bench.device.settled()


def test_B10_while_it_waits_the_password_that_works_opens_what_was(bench: Bench) -> None:
    for fault, works, fails in (("dead", OLD, NEW), ("done, dead", NEW, OLD)):
        device = bench.device
        bench.fail(set=fault, shown="dead")
        if isinstance(device.state, Guarded):
            assert device.recover() is Refusal.STORE_WAITS
        device.tick()
        assert isinstance(device.state, Applying)
        assert device.works(works)
        assert not device.works(fails)
        assert device.sign_in(works) is None
        assert device.sign_in(fails) is Refusal.NOT_AUTHORISED
        assert device.tell(events.SignedIn("admin", 2, NETWORK)) is Refusal.NOT_AUTHORISED
        assert device.tell(events.SignedIn("nobody", 1, NETWORK)) is Refusal.NOT_AUTHORISED
        assert device.recover("yet another password") is Refusal.NOT_NOW
        changed = events.PasswordChanged("admin", 1, NETWORK, device.hash(OLD))
        assert device.tell(changed) is Refusal.NOT_NOW
    bench.fail()
    bench.device.tick()
    assert bench.device.sessions == [], "whoever came in meanwhile is out again"


def test_B10_whoever_the_recovery_suspends_stays_out_while_it_waits(bench: Bench) -> None:
    device = bench.device
    added = events.AccountSet("admin", 1, NETWORK, "guard", Role.VIEWER, device.hash("guard's password"))
    assert device.change(added) is None
    assert device.opens("guard", "guard's password")
    bench.fail(shown="hang")
    assert device.recover() is Refusal.STORE_WAITS
    assert device.works(OLD)
    assert not device.opens("guard", "guard's password")


@pytest.mark.parametrize("fault", FAULTS)
def test_B10_a_first_password_counts_when_the_store_shows_it(fault: str, tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    device = bench.device
    device.power_on()
    bench.fail(set=fault)
    told = device.first_password(OLD)
    bench.fail()
    if told is Refusal.STORE_REFUSED:
        assert isinstance(device.state, MustSet)
        assert device.first_password(OLD) is None
    elif told is Refusal.STORE_WAITS:
        assert device.first_password(NEW) is Refusal.NOT_NOW, "somebody was faster"
        device.tick()
    assert isinstance(device.state, Guarded)
    assert device.works(OLD)
    assert [line.what for line in device.audit.values()].count(Happened.ACTIVATED) == 1


def test_B10_the_button_is_the_way_out_of_a_store_that_never_takes_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path, profile="patronum")
    device = bench.device
    device.power_on()
    assert device.first_password(OLD) is None
    bench.fail(shown="dead", set="dead", erase="dead")
    device.make_sheet()
    assert device.set_questions(("a?", "b?", "c?"), ("first one", "second one", "third one")) is None
    answers = device.answers(("first one", "second one", "third one"))
    assert device.prove(MethodName.QUESTIONS, CLAIM, answers) is None
    chosen = events.PasswordChosen(CLAIM, NETWORK, device.hash(NEW))
    assert device.change(chosen) is Refusal.STORE_WAITS
    assert device.tell(events.ButtonHeld(1)) is Refusal.NOT_NOW, "held too shortly"
    assert device.tell(events.ButtonHeld(10)) is None
    assert isinstance(device.state, Erasing)
    device.tick()
    assert isinstance(device.state, Erasing), "the store still names an account"
    bench.fail(shown="dead", set="dead")
    device.tick()
    assert isinstance(device.state, MustSet)
    assert device.accounts.names(device.record) == ()
    bench.fail()
    device.power_on()
    assert isinstance(device.state, MustSet)
    assert device.accounts.names(device.record) == (), "the order that was reserved is forgotten"


def test_B10_no_button_no_way_out(bench: Bench) -> None:
    bench.device.model = Model("PX-3216")
    bench.fail(shown="dead")
    assert bench.device.recover() is Refusal.STORE_WAITS
    assert bench.device.tell(events.ButtonHeld(10)) is Refusal.NOT_OFFERED


class Still:
    """A machine in one state."""

    def __init__(self, state: State) -> None:
        self.state = state

    def tell(self, event: object) -> Step[State]:
        raise AssertionError(event)


def test_B10_an_order_that_something_overtook_is_dropped(bench: Bench, tmp_path: Path) -> None:
    device = bench.device
    other = SetPassword("admin", device.hash("overtaken"))
    stranger = SetPassword("guard", device.hash(NEW))
    what = Happened.PASSWORD_RECOVERED
    reserved = Applying(device.record, device.record, "admin", device.hash(NEW), NETWORK, what)
    erasing = Erasing(device.record, recordings=False, face=NETWORK)
    before = (tmp_path / "accounts.json").read_bytes()
    for state in (reserved, MustSet(Record()), Guarded(device.record), erasing):
        for order in (other, stranger, RevokeAccount("admin")):
            device.journal.carry_out(order, Still(state))
    assert (tmp_path / "accounts.json").read_bytes() == before


def test_B10_waiting_is_logged_without_a_secret(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bench.fail(shown="garbage")
    assert bench.device.recover() is Refusal.STORE_WAITS
    (line,) = (record for record in caplog.records if record.name.endswith("accounts.journal"))
    assert (line.getMessage(), line.__dict__["slug"]) == ("account-store-waits", GARBLED)
    assert "argon2" not in caplog.text
    assert NEW not in caplog.text


REAL = """
import time

healthy = answer


def answer(question, path):
    with open(path + ".faults", encoding="utf-8") as file:
        fault = json.load(file).get(question["operation"], "")
    if fault.startswith("done, "):
        healthy(question, path)
    if fault.endswith("dead"):
        os.kill(os.getpid(), signal.SIGKILL)
    if fault.endswith("hang"):
        signal.alarm(0)
        time.sleep(600)
    if fault.endswith("garbage"):
        print("tru", flush=True)
        os._exit(0)
    return {} if fault.endswith("lie") else healthy(question, path)


main(sys.argv[1])
"""


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if not fault.startswith("half, ")])
def test_B10_the_same_with_a_real_process(fault: str, tmp_path: Path) -> None:
    definitions, _, _ = guides_program().partition('if __name__ == "__main__":')
    script, faults = tmp_path / "accounts.py", tmp_path / "accounts.json.faults"
    script.write_text(definitions + REAL, encoding="utf-8")
    faults.write_text("{}", encoding="utf-8")
    command = (sys.executable, "-I", str(script), str(tmp_path / "accounts.json"))
    program = MakersProgram(command, SystemClock(), PATIENCE if fault.endswith("hang") else 60.0)
    device = Recorder(CommandAccounts(program), PowerSwitch()).ready()
    faults.write_text(json.dumps({"set": fault}), encoding="utf-8")
    told = device.recover()
    assert told is (None if fault.startswith("done, ") else Refusal.STORE_REFUSED)
    works, fails = (NEW, OLD) if told is None else (OLD, NEW)
    assert device.works(works)
    assert not device.works(fails)
