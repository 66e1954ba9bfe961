"""The device itself, behind all its pages: one machine on one storage; what people do to it are its calls."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core import policy as rules
from sparekey.core.crypto import Argon2Cost, equal
from sparekey.core.device import Applying, Erasing, MustSet, State, step
from sparekey.core.device.events import (
    Activated,
    Booted,
    Noted,
    SignedIn,
    Ticked,
    Wiped,
)
from sparekey.core.device.life import PRESENCE_LASTS
from sparekey.core.effects import Effect, EndSessions, Erase, Happened, Notify, WriteAudit
from sparekey.core.errors import InputError, Refusal, UnavailableError, UntrustedError
from sparekey.core.messages.trust import read_trust
from sparekey.core.policy import Afterwards
from sparekey.core.record import Record, Situation
from sparekey.core.values import Face, Moment
from sparekey.device import audit, identity, notices, phones, relay, screen, sessions, trust
from sparekey.device.accounts.choice import open_store
from sparekey.device.accounts.journal import Journal
from sparekey.device.cameras import store as cameras
from sparekey.device.cameras.safe import Safe
from sparekey.device.carrying import Carrying
from sparekey.device.entrance import Entrance
from sparekey.device.erase import Eraser, Room
from sparekey.device.network import open_network
from sparekey.device.onvif import users as onvif_users
from sparekey.device.passwords import Passwords
from sparekey.device.reboot import Reboot
from sparekey.device.recordings.encrypted import EncryptedRecordings
from sparekey.device.registration import Registration
from sparekey.host.driver import Driver
from sparekey.host.sqlite_store import SqliteFile, SqliteStore
from sparekey.profiles.blocklist import CommonPasswords

if TYPE_CHECKING:
    from collections.abc import Callable

    from sparekey.device.config import Config
    from sparekey.device.identity import Keys
    from sparekey.device.recordings.port import Recordings
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy

SCHEMA = (
    sessions.SCHEMA,
    audit.SCHEMA,
    trust.SCHEMA,
    cameras.SCHEMA,
    notices.SCHEMA,
    onvif_users.SCHEMA,
    screen.SCHEMA,
    relay.SCHEMA,
    phones.SCHEMA,
    phones.SERIES_SCHEMA,
    relay.LETTERS_SCHEMA,
    relay.RETIRED,
    sessions.SOURCE_SCHEMA,
)
"""The tables beside the machine's own. New ones go to the end: a file knows how many it has."""

_LOG = logging.getLogger("sparekey.device")


@dataclass(frozen=True)
class Wait:
    """The login is not looked at now: too many wrong passwords came from there. `seconds`: until one is."""

    seconds: int


class Agent:
    """Owns the storage, the driver and what the moment is. Every call is safe from several threads.

    A refusal is returned; None or a value means done.
    """

    def __init__(
        self,
        config: Config,
        keys: Keys,
        *,
        clock: Clock,
        entropy: Entropy,
        cost: Argon2Cost | None = None,
        recordings: Recordings | None = None,
    ) -> None:
        """Open the storage and read the trust file. Raises as `SqliteFile` and `trust.hold`.

        `recordings`: a maker's own store of them; by default encrypted files beside the storage.
        """
        self.config = config
        self.keys = keys
        self.clock = clock
        self.entropy = entropy
        self._booted_at = clock.monotonic()
        self._boot_key = entropy.bytes(32)
        self._touched_at = 0
        self._untidy = False
        self._file = SqliteFile(config.settings.storage, SCHEMA)
        self._root = trust.read_root(config.settings.root)
        self.trust = trust.hold(self._file, config.settings.trust, self._root)
        self.audit = audit.Audit(self._file)
        self.notices = notices.Notices(self._file)
        self.relay = relay.Relay(self._file)
        self.registration = Registration(self)
        self.carrying = Carrying(self)
        self._when_told: list[Callable[[], None]] = []
        self.send_again: Callable[[], None] = lambda: None
        self.sessions = sessions.Sessions(self._file, entropy)
        safe = Safe(keys.device_key, entropy)
        self.cameras = cameras.Cameras(self._file, safe)
        self.screens = screen.Screens(self._file, entropy, config.settings.screen_file)
        self.reboot = Reboot(config.settings.reboot)
        self.passwords = Passwords(entropy, cost or Argon2Cost())
        self.entrance = Entrance(entropy)
        self.accounts = open_store(config.settings.accounts, self.passwords, clock)
        self.network = open_network(config.settings.network, clock)
        self._journal = Journal(self.accounts)
        self.recordings: Recordings = recordings or EncryptedRecordings(
            config.settings.recordings, config.settings.recordings_key, entropy
        )
        self._rooms = [
            Room("recordings", self.recordings.erase, self.recordings.is_empty, recordings=True),
            Room("sessions", self.sessions.erase, self.sessions.is_empty, self.sessions.end_before),
            Room("audit", self.audit.erase, self.audit.is_empty),
            Room("relayed", self.relay.erase, self.relay.is_empty),
            Room("cameras", self.cameras.forget_all, self.cameras.is_empty),
        ]
        self.onvif = onvif_users.OnvifUsers(self._file, self)
        self.phones = phones.Phones(self._file, self)
        self._eraser = Eraser(config.settings.key, self.accounts, self._rooms)
        self._when_erased: list[Callable[[], None]] = [lambda: safe.rekey(self.keys.device_key)]
        self._store = SqliteStore(self._file)
        self._driver: Driver[State] = Driver(
            store=self._store,
            states=State,
            effects=Effect,
            first=MustSet(Record()),
            step=step,
            situation=self.now,
            perform=self._perform,
        )

    def add(self, room: Room) -> None:
        """Another part of the device keeps something of its owner. Call before `boot`."""
        self._rooms.append(room)

    def when_erased(self, call: Callable[[], None]) -> None:
        """Call this after an erase: the device key is a new one, and nobody owns the device."""
        self._when_erased.append(call)

    def boot(self) -> None:
        """Finish what an earlier run stored, then count the boot. Call before any door opens."""
        self._driver.resume()
        self._driver.tell(Booted())
        self._file.settle()  # also what an erase left in the log of writes when power failed

    def tick(self) -> None:
        """Five minutes went by."""
        self._driver.tell(Ticked())
        self._tidy()

    def tell(self, event: object) -> Refusal | None:
        """Put any event to the machine. Safe from several threads; durable when it returns."""
        refusal = self._journal.change(self._driver, event)
        self._tidy()
        self.stir()
        return refusal

    def note(self, what: Happened, face: Face, account: str = "") -> None:
        """Have a line on the audit page, before what it says is done. Raises UnavailableError when it cannot be had."""
        if self.tell(Noted(what, account, face)) is not None:
            raise UnavailableError("not-noted", "this cannot be done now")

    def stir(self) -> None:
        """Something happened that others may want to look at."""
        for call in self._when_told:
            call()

    def when_told(self, call: Callable[[], None]) -> None:
        """Call this after every event and every `stir`; it must cost nothing."""
        self._when_told.append(call)

    def offer_trust(self, data: bytes) -> None:
        """A trust file that came with a reply: held from now on if the root signed it and it is newer."""
        try:
            self.trust = trust.keep(self._file, data, read_trust(data, self._root), self._root)
        except (InputError, UntrustedError) as error:
            _LOG.warning("a trust file was not taken", extra={"why": error.slug})

    def close(self) -> None:
        """Write down the age and close the storage."""
        self.tick()
        self._file.close()

    def now(self) -> Situation:
        """The moment, the profile, the device."""
        uptime = int(self.clock.monotonic() - self._booted_at)
        clock = self.clock.wall()
        trusted = self.config.settings.clock_trusted and self.record.lasting.trusts(clock)
        moment = Moment(uptime, clock if trusted else None, self._boot_key, clock)
        return Situation(
            moment,
            self.config.policy,
            self.config.identity,
            self.keys.device_key,
            self.trust,
            model=self.config.model,
            mac=self.config.told_mac,
            external=self.accounts.external,
            presence_at=self._touched_at,
            cost=self.passwords.cost,
        )

    @property
    def is_erasing(self) -> bool:
        """Whether an erase has begun that is not complete: nothing else happens before that."""
        return isinstance(self._driver.state, Erasing)

    @property
    def afterwards(self) -> Afterwards:
        """What follows a recovery. A device that cannot restart itself does not say that it does."""
        asked = self.config.policy.afterwards
        return Afterwards.NOTHING if asked is Afterwards.REBOOTS and not self.reboot.can else asked

    def touch(self) -> None:
        """Somebody pressed the button: whoever it is stands beside the device."""
        self._touched_at = self.now().moment.uptime

    @property
    def record(self) -> Record:
        """What the device remembers."""
        return self._driver.state.record

    @property
    def is_set_up(self) -> bool:
        """Whether there is a password, in use or on its way into the maker's account store."""
        return bool(self._driver.state.record.accounts) or isinstance(self._driver.state, Applying)

    @property
    def account(self) -> str:
        """The user name of the one account that a device begins with."""
        factory = self.config.policy.factory_login
        return factory.account if factory else "admin"

    def age(self) -> int:
        """Seconds that the device was switched on in its life."""
        return self.record.age.at(self.now().moment)

    # Set up

    def may_set_up(self, face: Face) -> Refusal | None:
        """Whether the first password would be taken now."""
        if self.is_set_up:
            return Refusal.ALREADY_DONE
        late = face is Face.NETWORK and not self.now().present(PRESENCE_LASTS)
        return Refusal.NEEDS_PRESENCE if late else None

    def password_fault(self, password: str, account: str = "") -> rules.PasswordFault | None:
        """What is wrong with a new password. `account`: whose, where it is not the first one's."""
        identity, policy = self.config.identity, self.config.policy
        named = (self.account, account, identity.serial, identity.model, self.config.settings.name)
        return rules.password_fault(
            password, policy.password, (*named, *policy.vendor_words), CommonPasswords()
        )

    def activate(self, password: str, address: str | None, face: Face) -> Refusal | None:
        """Set the first password, and the reserved address if `values.mail_address` has read one."""
        refusal = self.may_set_up(face)
        if refusal is not None:
            return refusal
        kept = self.passwords.hash(password)
        return self.tell(Activated(self.account, kept, address, face))

    # Sign in

    def sign_in(self, user: str, password: str, *, source: str, face: Face) -> str | Wait | None:
        """The session's cookie value; None when user name or password are not right, whichever it was.

        `source`: who asks, for the delay and for the list of who is signed in. Unknown and suspended users cost the
        same and get the same.
        """
        waits = self.entrance.knock(source, self.now().moment.uptime)
        if waits:
            return Wait(waits)
        record = self.record
        if not self.knows(user, password) or self.tell(SignedIn(user, record.generation, face)) is not None:
            return None
        self.entrance.welcome(source)
        where = "" if face is Face.SCREEN else source
        return self.sessions.open(user, record.generation, self._instant(), where)

    def knows(self, user: str, password: str) -> bool:
        """Whether this is the user's password. Unknown users cost the same. Raises UnavailableError when the maker's
        account store does not answer.
        """
        return not self.is_erasing and self.accounts.verify(self.record, user, password)

    def factory_sign_in(self, user: str, password: str, *, source: str) -> str | Wait | None:
        """While there is no password: a pass that opens the set-up page alone; None when it is not right."""
        factory = self.config.policy.factory_login
        if factory is None or self.is_set_up:
            return None
        waits = self.entrance.knock(source, self.now().moment.uptime)
        if waits:
            return Wait(waits)
        if not equal(f"{user}\n{password}".encode(), f"{factory.account}\n{factory.password}".encode()):
            return None
        self.entrance.welcome(source)
        return self.entrance.new_pass()

    def has_pass(self, token: str | None) -> bool:
        """Whether this is the pass of a factory login, or none is asked for."""
        if self.config.policy.factory_login is None:
            return True
        return token is not None and self.entrance.has_pass(token)

    def signed_in(self, token: str | None, *, stays: bool = True) -> str | None:
        """The account that a session's cookie stands for. `stays`: looking keeps the session from idling out."""
        return self.sessions.account(token, self.record, self._instant(), stays=stays)

    def sign_out(self, token: str) -> None:
        """End a session."""
        self.sessions.close(token)

    def places(self) -> list[sessions.Place]:
        """Who is signed in where."""
        return self.sessions.places(self.record, self._instant())

    def _instant(self) -> sessions.Instant:
        moment = self.now().moment
        return sessions.Instant(self.record.age.boots, moment.uptime, moment.wall)

    def _perform(self, order: int, effect: Effect) -> None:
        if isinstance(effect, EndSessions):
            for room in self._rooms:
                room.end_before(effect.generation)
        elif isinstance(effect, WriteAudit):
            self.audit.write(order, effect)
        elif isinstance(effect, Notify):
            self._keep_notice(order, effect)
        elif isinstance(effect, Erase):
            self._erase(effect)
        else:
            self._journal.carry_out(effect, self._driver)

    def _keep_notice(self, order: int, effect: Notify) -> None:
        self.notices.seal(order, effect, self)
        # It names an address, and must not outlive an erase that is ordered beside it.
        self._store.done([order])

    def _tidy(self) -> None:
        """After an erase and all its orders: nothing of before is left in the log of writes."""
        if self._untidy:
            self._untidy = False
            self._file.settle()

    def _erase(self, order: Erase) -> None:
        if not self.is_erasing:  # it comes a second time, and the first was complete
            return
        gone = self._eraser.erase(recordings=order.recordings)
        if gone:
            try:
                self.keys = identity.renew(self.keys, self.config.settings.key, self.entropy)
            except UnavailableError:
                gone = False
        self._driver.tell(Wiped(gone))
        self._untidy = True
        if gone:
            for call in self._when_erased:
                call()
