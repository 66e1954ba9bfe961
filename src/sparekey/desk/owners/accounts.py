"""Who an owner is: whoever reads a mailbox, or holds the passkey that they added later."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from sparekey.core import crypto
from sparekey.core.codes import Code, code_from_entropy, read_code
from sparekey.core.errors import Refusal, UntrustedError
from sparekey.core.values import mail_address
from sparekey.desk.cases.budget import ALL, Limit, take
from sparekey.desk.owners.tables import NOBODY, accounts, codes, pairings, passkeys, sessions, touches
from sparekey.desk.staff.people import Passkey, Person

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from sparekey.desk.cases.vault import Vault
    from sparekey.desk.keyring import Keyring
    from sparekey.desk.staff.challenges import Challenges
    from sparekey.desk.staff.passkeys import Passkeys
    from sparekey.desk.store.database import Database
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy

CODE_LASTS = 15 * 60
TRIES = 5
"""Wrong codes after which a new one must be asked for."""
AHEAD = 600
"""Seconds by which the clocks of two nodes may differ: a session that was used later than that ends."""
IDLE = 7 * 86400
LONGEST = 30 * 86400
"""Seconds that a session lives without use, and in all."""
FRESH = 10 * 60
"""Seconds after signing in for which an owner may decide over a device without showing again who they are."""
PASSKEYS_LIMIT = 8

MAILED = Limit("owner-mail", 4, 10)
"""Codes to one address."""
ASKED_HERE = Limit("owner-source", 20, 60)
"""Codes that one source asks for."""
MAILED_ALL = Limit("owner-all", 1000, 10_000)
HELD_BACK = Limit("owner-held-back", 2**31, 2**31)
"""Codes that did not go out: counted, never refused."""
TYPED_HERE = Limit("owner-typed", 60, 300)
"""Codes that one source types."""


@dataclass(frozen=True)
class Owner:
    """Somebody who signed in. `session`: what the store knows the browser by. `since`: when they did."""

    id: str
    session: bytes = field(repr=False)
    since: int


class Accounts:
    """Every method raises UnavailableError when the database fails; then nothing changed."""

    def __init__(
        self,
        *,
        database: Database,
        keyring: Keyring,
        vault: Vault,
        keys: Passkeys,
        challenges: Challenges,
        clock: Clock,
        entropy: Entropy,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self.database = database
        self.keys = keys
        self.vault = vault
        self.clock = clock
        self._challenges = challenges
        self._entropy = entropy
        self._wake = wake
        tickets = (keyring.ticket, *keyring.old_tickets)
        self._marking = [crypto.derive(ticket, "owner mark") for ticket in tickets]
        self._coding = crypto.derive(keyring.ticket, "owner code")

    # By a mailed code

    def ask(self, typed: str, locale: str, browser: str, source: bytes) -> None:
        """Have a code mailed. Whoever asks is told the same for every address, known or not, also when too many were
        sent. Raises InputError (`bad-address`).
        """
        address = mail_address(typed)
        mark, here, now = self._marks(address)[0], _hashed(browser), self.clock.wall()
        with self.database.writing() as connection:
            if not take(connection, ((MAILED, mark), (ASKED_HERE, source), (MAILED_ALL, ALL)), now):
                # One written transaction, as where a mail goes out: syncing the disk takes longer than all the rest.
                take(connection, ((HELD_BACK, ALL),), now)
                return
            mine = (codes.c.mark == mark) & (codes.c.browser == here)
            row = connection.execute(select(codes).where(mine)).first()
            if row is not None and row.until > now and row.tries < TRIES:
                again = {"due": now, "attempts": 0, "round": row.round + 1, "locale": locale}
                connection.execute(update(codes).where(mine).values(**again))
            else:
                connection.execute(delete(codes).where(mine))
                connection.execute(
                    insert(codes).values(
                        mark=mark,
                        browser=here,
                        nonce=self._entropy.bytes(16),
                        address=self.vault.seal(_row_name(mark), address.encode()),
                        locale=locale,
                        until=now + CODE_LASTS,
                        tries=0,
                        round=0,
                        due=now,
                        attempts=0,
                    )
                )
        self._wake()

    def enter(self, address: str, typed: str, browser: str, source: bytes) -> str | Refusal:
        """The session's cookie value for a right code. The try is stored before the code is looked at. Raises
        InputError when the code has not the form of one (no try), or the address.
        """
        code, mark = read_code(typed), self._marks(mail_address(address))[0]
        here, now = _hashed(browser), self.clock.wall()
        mine = (codes.c.mark == mark) & (codes.c.browser == here)
        with self.database.writing() as connection:
            if not take(connection, ((TYPED_HERE, source),), now):
                return Refusal.TOO_MANY_TRIES
            row = connection.execute(select(codes).where(mine).with_for_update()).first()
            connection.execute(update(codes).where(mine).values(tries=codes.c.tries + 1))
        right = self.code(mark, row.nonce if row else bytes(16), here)
        if not crypto.equal(right.text.encode(), code.text.encode()) or row is None:
            return Refusal.WRONG_CODE
        if row.tries >= TRIES or row.until <= now:
            return Refusal.EXPIRED
        with self.database.writing() as connection:
            if not connection.execute(delete(codes).where(codes.c.id == row.id)).rowcount:
                return Refusal.WRONG_CODE  # it was used a moment ago
            return self._open(connection, self._account(connection, address, now), now)

    def code(self, mark: bytes, nonce: bytes, browser: bytes) -> Code:
        """What is mailed, and what is compared."""
        return code_from_entropy(crypto.mac(self._coding, mark + nonce + browser)[:5])

    def address(self, mark: bytes, sealed: bytes) -> str:
        """Where it is mailed to. Raises UnavailableError as `Vault.open`."""
        return self.vault.open(_row_name(mark), sealed).decode()

    # By a passkey

    def challenge(self, purpose: str, browser: str) -> bytes:
        """A fresh one."""
        return self._challenges.make(f"owner {purpose}", browser, self.clock.wall())

    def to_add(self, owner: Owner, challenge: bytes) -> str:
        """What a browser is asked, so that it makes a passkey for an account."""
        return self.keys.to_make(Person(f"owner-{owner.id}", "My devices"), challenge, self.passkeys(owner))

    def add(self, owner: Owner, answer: str, challenge: bytes, browser: str) -> None:
        """A passkey was made. Raises UntrustedError (`passkey`, `stale-challenge`, `replayed`)."""
        now = self.clock.wall()
        self._challenges.check(challenge, "owner add", browser, now)
        made = self.keys.made(answer, challenge)
        with self.database.writing() as connection:
            self._spend(connection, challenge, now)
            count = select(func.count()).select_from(passkeys).where(passkeys.c.owner == owner.id)
            if connection.execute(count).scalar_one() >= PASSKEYS_LIMIT:
                raise UntrustedError("passkey", "there are enough passkeys already")
            try:
                connection.execute(
                    insert(passkeys).values(
                        id=made.id,
                        owner=owner.id,
                        credential=made.credential,
                        public=made.public,
                        uses=made.count,
                        made=now,
                    )
                )
            except IntegrityError:
                raise UntrustedError("passkey", "this passkey is known already") from None

    def sign_in(self, answer: str, challenge: bytes, browser: str) -> str:
        """The session's cookie value. Raises UntrustedError (`passkey`, `stale-challenge`, `replayed`)."""
        now = self.clock.wall()
        self._challenges.check(challenge, "owner sign-in", browser, now)
        credential = self.keys.signer(answer)
        with self.database.reading() as connection:
            row = connection.execute(select(passkeys).where(passkeys.c.credential == credential)).first()
        if row is None:
            raise UntrustedError("passkey", "this passkey is not known here")
        count = self.keys.signed(answer, challenge, _passkey(row))
        with self.database.writing() as connection:
            self._spend(connection, challenge, now)
            connection.execute(update(passkeys).where(passkeys.c.id == row.id).values(uses=count))
            return self._open(connection, row.owner, now)

    def passkeys(self, owner: Owner) -> list[Passkey]:
        """Of an account, the oldest first."""
        query = select(passkeys).where(passkeys.c.owner == owner.id).order_by(passkeys.c.made)
        with self.database.reading() as connection:
            return [_passkey(row) for row in connection.execute(query)]

    # Signed in

    def owner(self, token: str | None) -> Owner | None:
        """Whose session this is."""
        if not token:
            return None
        mark, now = _hashed(token), self.clock.wall()
        query = select(sessions).where(sessions.c.mark == mark)
        with self.database.reading() as connection:
            row = connection.execute(query).first()
        if row is None or now - row.used >= IDLE or now - row.made >= LONGEST or row.used - now > AHEAD:
            return None
        if now - row.used >= 3600:
            with self.database.writing() as connection:
                connection.execute(update(sessions).where(sessions.c.mark == mark).values(used=now))
        return Owner(row.owner, mark, row.made)

    def is_fresh(self, owner: Owner) -> bool:
        """Whether they showed a moment ago who they are."""
        return 0 <= self.clock.wall() - owner.since < FRESH

    def sign_out(self, owner: Owner) -> None:
        """End this session."""
        with self.database.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.mark == owner.session))

    def elsewhere(self, owner: Owner) -> list[tuple[int, int]]:
        """When other browsers of theirs signed in and were used last (to an hour), the latest first."""
        now = self.clock.wall()
        mine = select(sessions).where(sessions.c.owner == owner.id, sessions.c.mark != owner.session)
        good = mine.where(sessions.c.used > now - IDLE, sessions.c.made > now - LONGEST)
        with self.database.reading() as connection:
            rows = connection.execute(good.order_by(sessions.c.made.desc()))
            return [(row.made, row.used) for row in rows]

    def end_elsewhere(self, owner: Owner) -> None:
        """End every other session of theirs."""
        with self.database.writing() as connection:
            others = delete(sessions).where(sessions.c.owner == owner.id, sessions.c.mark != owner.session)
            connection.execute(others)

    def forget(self, owner: Owner) -> None:
        """Everything about an account."""
        with self.database.writing() as connection:
            over = {"owner": NOBODY, "ended": self.clock.wall(), "why": "owner"}
            connection.execute(update(pairings).where(pairings.c.owner == owner.id).values(**over))
            for table in (passkeys, sessions):
                connection.execute(delete(table).where(table.c.owner == owner.id))
            connection.execute(delete(accounts).where(accounts.c.id == owner.id))

    def prune(self) -> None:
        """Forget sessions, challenges and codes that are over."""
        now = self.clock.wall()
        with self.database.writing() as connection:
            connection.execute(delete(codes).where(codes.c.until < now - CODE_LASTS))
            connection.execute(delete(sessions).where(sessions.c.used < now - IDLE))
            connection.execute(delete(touches).where(touches.c.at < now - 86400))

    def _marks(self, address: str) -> list[bytes]:
        return [crypto.mac(key, address.lower().encode()) for key in self._marking]

    def _account(self, connection: Connection, typed: str, now: int) -> str:
        """The account of an address; made when somebody first signs in with it."""
        marks = self._marks(mail_address(typed))
        found: str | None = connection.execute(
            select(accounts.c.id).where(accounts.c.mark.in_(marks))
        ).scalar()
        if found is not None:
            connection.execute(update(accounts).where(accounts.c.id == found).values(mark=marks[0]))
            return found
        id_ = self._entropy.bytes(8).hex()
        connection.execute(insert(accounts).values(id=id_, mark=marks[0], made=now))
        return id_

    def _open(self, connection: Connection, owner: str, now: int) -> str:
        token = self._entropy.bytes(32).hex()
        connection.execute(insert(sessions).values(mark=_hashed(token), owner=owner, made=now, used=now))
        return token

    def _spend(self, connection: Connection, challenge: bytes, now: int) -> None:
        try:
            connection.execute(insert(touches).values(challenge=crypto.sha256(challenge), at=now))
        except IntegrityError:
            raise UntrustedError("replayed", "this was signed before") from None


def _passkey(row: Any) -> Passkey:
    return Passkey(bytes(row.id), row.owner, "", bytes(row.credential), bytes(row.public), row.uses, row.made)


def _hashed(text: str) -> bytes:
    return crypto.sha256(text.encode())


def _row_name(mark: bytes) -> str:
    return f"owner {mark.hex()}"
