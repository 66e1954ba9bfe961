"""The store of a maker who keeps them elsewhere: a program asked in JSON (spec/accounts.md section 3)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from sparekey.core.effects import SetPassword
from sparekey.core.errors import InputError, UnavailableError
from sparekey.device.accounts.phc import phc, read_phc
from sparekey.device.accounts.program import GARBLED, SLOW

if TYPE_CHECKING:
    from sparekey.core.crypto import PasswordHash
    from sparekey.core.effects import RevokeAccount
    from sparekey.core.record import Record
    from sparekey.device.accounts.program import Program

VERSION = 1
"""Of the questions and answers."""
PASSWORD_LIMIT = 1024
"""Characters of a password that the program is asked about. A longer one is nobody's."""
NAMES_LIMIT = 1000
"""Accounts in one answer."""
NOBODY = "nobody"
"""Asked about in place of a name that no account can have."""
UNCERTAIN = "account-store-uncertain"
"""The store shows neither what it showed before nor what was ordered."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", re.ASCII)
_UNKNOWN = object()


class CommandAccounts:
    """An `AccountStore` that a program keeps. Nothing it says is believed but what it shows afterwards."""

    external = True

    def __init__(self, program: Program) -> None:
        self._program = program

    def verify(self, record: Record, name: str, password: str) -> bool:
        """Whether this is the password. Every name is asked about; only the record's accounts count."""
        askable = _NAME.fullmatch(name) is not None and _askable(password)
        asked, typed = (name, password) if askable else (NOBODY, "")
        right = self._ask("verify", "right", name=asked, password=typed)
        if not isinstance(right, bool):
            raise _garbled()
        return right and askable and record.account(name) is not None

    def carry_out(self, order: SetPassword | RevokeAccount) -> bool:
        """Look, change, look again. A change that failed or lied did what the second look shows."""
        if _NAME.fullmatch(order.account) is None:
            return not isinstance(order, SetPassword)
        wanted = order.password if isinstance(order, SetPassword) else None
        before = self._look(order.account)
        if before == wanted:
            return True
        if wanted is None:
            self._try("revoke", name=order.account)
        else:
            self._try("set", name=order.account, hash=phc(wanted))
        after = self._shown(order.account)
        if after == wanted:
            return True
        if after == before:
            return False
        raise UnavailableError(UNCERTAIN, "the account program shows neither what was nor what was ordered")

    def names(self, record: Record) -> tuple[str, ...]:
        """The accounts that the program keeps, those included that the record does not know."""
        return self._names()

    def erase(self) -> bool:
        """Order it, and see whether the list is empty."""
        self._try("erase")
        return not self._names()

    def _names(self) -> tuple[str, ...]:
        names = self._ask("list", "names")
        if not isinstance(names, list) or len(names) > NAMES_LIMIT:
            raise _garbled()
        good = all(isinstance(name, str) and _NAME.fullmatch(name) for name in names)
        if not good or len(set(names)) != len(names):
            raise _garbled()
        return tuple(sorted(names))

    def _look(self, name: str) -> object:
        """What the store shows, or `_UNKNOWN`: a store that broke half-way may be mended by a change."""
        try:
            return self._shown(name)
        except UnavailableError as error:
            if error.slug == SLOW:
                raise
            return _UNKNOWN

    def _shown(self, name: str) -> PasswordHash | None:
        shown = self._ask("shown", "hash", name=name)
        if shown is None:
            return None
        if isinstance(shown, str):
            try:
                return read_phc(shown)
            except InputError:
                pass
        raise _garbled()

    def _try(self, operation: str, **fields: str) -> None:
        """Order a change. Whether it came about is for the next look to say."""
        try:
            self._ask(operation, None, **fields)
        except UnavailableError:
            return

    def _ask(self, operation: str, wanted: str | None, **fields: str) -> Any:
        """One call; the value of the one field that its answer must have besides the version."""
        question = {"version": VERSION, "operation": operation, **fields}
        answer = _read(self._program.ask(json.dumps(question).encode() + b"\n"))
        names = {"version"} if wanted is None else {"version", wanted}
        if answer is None or set(answer) != names:
            raise _garbled()
        if type(answer["version"]) is not int or answer["version"] != VERSION:
            raise _garbled()
        return None if wanted is None else answer[wanted]


def _read(answer: bytes) -> dict[str, Any] | None:
    """One JSON object in UTF-8, no name twice, or None. A parser's error holds the text: none leaves here."""
    try:
        read = json.loads(answer.decode(), object_pairs_hook=_once, parse_constant=_never)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a name comes twice")
    return read


def _never(_name: str) -> Any:
    raise ValueError("not a JSON number")


def _askable(password: str) -> bool:
    """Whether a person can have it: not endless, and made of characters."""
    return len(password) <= PASSWORD_LIMIT and not any("\ud800" <= letter <= "\udfff" for letter in password)


def _garbled() -> UnavailableError:
    return UnavailableError(GARBLED, "the account program answered something else than its guide asks for")
