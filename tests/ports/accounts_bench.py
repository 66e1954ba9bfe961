"""A recorder in memory on a real account store: the port's suite and the tests of the journal share it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sparekey.core.codes import SavedCode
from sparekey.core.crypto import PasswordHash, password_matches, sha256
from sparekey.core.device import Guarded, MustSet, events, step
from sparekey.core.effects import Erase, RevokeAccount, SetPassword
from sparekey.core.errors import Refusal, UnavailableError
from sparekey.core.model import DeviceKind, Model, Switch
from sparekey.core.values import Face, MethodName
from sparekey.device.accounts.command import CommandAccounts
from sparekey.device.accounts.embedded import EmbeddedAccounts
from sparekey.device.accounts.journal import Journal
from sparekey.device.accounts.port import AccountStore
from sparekey.device.accounts.program import FAILED, SLOW, MakersProgram, Program
from sparekey.host.clock import SystemClock
from sparekey.profiles import profile
from sparekey.testing.clock import FixedClock
from sparekey.testing.desk import MemoryDesk
from sparekey.testing.device import CHEAP, MemoryDevice
from sparekey.testing.entropy import FixedEntropy
from sparekey.testing.power import PowerSwitch

OLD = "correct old password"
NEW = "a quite new password"
CLAIM = sha256(b"the owner's browser")
NETWORK, SCREEN = Face.NETWORK, Face.SCREEN
ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide" / "accounts.md"
PATIENCE = 2.0
"""Seconds that a hanging program is waited for here: plenty for one that works, also on a busy machine."""


def guides_program() -> str:
    """The example that the guide shows."""
    (program,) = re.findall(r"(?ms)^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"))
    return str(program)


def process(folder: Path, seconds: float = 60.0) -> MakersProgram:
    """The guide's program, as a real process on a file in this folder."""
    folder.mkdir(exist_ok=True)
    script = folder / "accounts.py"
    script.write_text(guides_program(), encoding="utf-8")
    command = (sys.executable, "-I", str(script), str(folder / "accounts.json"))
    return MakersProgram(command, SystemClock(), seconds)


class Matcher:
    """Compares passwords as the agent does; `worked` counts the hashes it made."""

    def __init__(self) -> None:
        self.worked = 0
        self._nobody = PasswordHash(CHEAP, bytes(16), bytes(32))

    def matches(self, password: str, kept: PasswordHash | None) -> bool:
        self.worked += 1
        return password_matches(password, kept or self._nobody) and kept is not None


class InProcess:
    """The guide's program without a process of its own, for long runs."""

    def __init__(self, folder: Path) -> None:
        self._path = str(folder / "accounts.json")
        names: dict[str, Any] = {"__name__": "guide"}
        exec(guides_program(), names)
        self._answer: Callable[[dict[str, Any], str], dict[str, Any]] = names["answer"]

    def ask(self, question: bytes) -> bytes:
        try:
            answer = self._answer(json.loads(question), self._path)
        except Exception as error:
            raise UnavailableError(FAILED) from error
        return json.dumps({"version": 1, **answer}).encode()


class Faulty:
    """A program that fails at the operations of `faults`, each in its way, until told otherwise."""

    def __init__(self, program: Program, folder: Path, **faults: str) -> None:
        self._program = program
        self._file = folder / "accounts.json"
        self.faults = faults

    def ask(self, question: bytes) -> bytes:
        asked = json.loads(question)
        operation = asked["operation"]
        fault = self.faults.get(operation, "")
        if fault.startswith("done, "):
            self._program.ask(question)
        if fault.startswith("half, "):
            torn = {asked["name"]: asked["hash"][:40]}
            self._file.write_text(json.dumps(torn), encoding="utf-8")
        if fault.endswith("dead"):
            raise UnavailableError(FAILED)
        if fault.endswith("hang"):
            raise UnavailableError(SLOW)
        if fault.endswith("garbage"):
            return b'{"version": 1, "right": tru'
        if fault.endswith("lie"):
            return b'{"version": 1}'
        return self._program.ask(question)


class Cuttable:
    """A program with instants before and after each of its answers."""

    def __init__(self, program: Program, switch: PowerSwitch) -> None:
        self._program = program
        self._switch = switch

    def ask(self, question: bytes) -> bytes:
        operation = json.loads(question)["operation"]
        self._switch.instant(f"before {operation} is asked")
        answer = self._program.ask(question)
        self._switch.instant(f"after {operation} was answered")
        return answer


class Recorder(MemoryDevice):
    """A `MemoryDevice` whose orders go through the journal to an account store."""

    def __init__(self, accounts: AccountStore, switch: PowerSwitch, profile_name: str = "sparekey") -> None:
        clock, entropy = FixedClock(), FixedEntropy()
        super().__init__(
            policy=profile(profile_name),
            trust=MemoryDesk(clock=clock, entropy=entropy).trust,
            clock=clock,
            entropy=entropy,
            switch=switch,
            model=Model("C-220", DeviceKind.CAMERA, Switch.UNDER_FLAP),
            makers_store={} if accounts.external else None,
        )
        self.use(accounts)
        self.switch = switch
        self.sheet: SavedCode | None = None

    def use(self, accounts: AccountStore) -> None:
        """Work with this store from now on."""
        self.accounts = accounts
        self.journal = Journal(accounts)
        self.makers_store = {} if accounts.external else None

    def ready(self) -> Recorder:
        """Switched on, set up, with a recovery sheet in the drawer."""
        self.power_on()
        assert self.first_password(OLD) is None
        self.sheet = self.make_sheet()
        return self

    def first_password(self, password: str) -> Refusal | None:
        return self.change(events.Activated("admin", self.hash(password), None, NETWORK))

    def prove_sheet(self) -> Refusal | None:
        return self.prove(MethodName.RECOVERY_SHEET, CLAIM, self.sheet)

    def recover(self, password: str = NEW) -> Refusal | None:
        """Prove the sheet and choose a new password; what the person is told."""
        return self.prove_sheet() or self.change(events.PasswordChosen(CLAIM, NETWORK, self.hash(password)))

    def change(self, event: object) -> Refusal | None:
        return self.journal.change(self._driver, event)

    def tick(self) -> None:
        self.tell(events.Ticked())

    def opens(self, name: str, password: str) -> bool:
        """Whether this name and password sign in now."""
        if not self.accounts.verify(self.record, name, password):
            return False
        signed_in = events.SignedIn(name, self.record.generation, NETWORK)
        return step(self.state, signed_in, self.situation).refusal is None

    def works(self, password: str) -> bool:
        return self.opens("admin", password)

    def settled(self) -> bool:
        """Whether nothing is waiting: no change reserved, no order kept."""
        return isinstance(self.state, Guarded | MustSet) and not self.store.orders

    def _tell_makers_store(self, effect: SetPassword | RevokeAccount) -> None:
        self.journal.carry_out(effect, self._driver)

    def _erase(self, effect: Erase) -> None:
        self.device_key = self._entropy.bytes(32)
        self._switch.instant("key destroyed")
        try:
            verified = self.accounts.erase()
        except UnavailableError:
            verified = False
        self.tell(events.Wiped(verified))


def embedded(_folder: Path, _switch: PowerSwitch) -> AccountStore:
    return EmbeddedAccounts(Matcher())


def command(folder: Path, switch: PowerSwitch) -> AccountStore:
    return CommandAccounts(Cuttable(process(folder), switch))
