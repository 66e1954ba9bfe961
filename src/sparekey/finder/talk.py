"""A device whose password is changed: what can be asked of it, whoever made it, and how ours is asked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from sparekey.finder.noes import no
from sparekey.lan.link.frame import SLOW_DOWN, TOO_FAST, WRONG_LOGIN, Refused
from sparekey.lan.link.owner import Check, Login, SetPassword

if TYPE_CHECKING:
    from sparekey.core.values import Secret
    from sparekey.finder.trusting import Known
    from sparekey.lan.http_digest import Credential
    from sparekey.language.catalogue import Translator


class Heard(Enum):
    """What a device says to a login, or to a change."""

    RIGHT = "right"
    WRONG = "wrong"
    BUSY = "busy"
    """It looks at no login for a while. Nothing more is tried."""
    REFUSED = "refused"
    """The login is right; it does not take the new password."""


@dataclass(frozen=True)
class Said:
    """`why`: in words, for those that are not right."""

    heard: Heard
    why: str = ""


class Talk(Protocol):
    """One device. `place`: how it is called the next time. `least`, `most`: characters of its passwords. Both calls
    raise SparekeyError.
    """

    place: str
    least: int
    most: int

    async def check(self, login: Credential) -> Said:
        """Is this its login? One try."""

    async def change(self, login: Credential, password: Secret) -> Said:
        """Give this account a new password."""

    def close(self) -> None:
        """Hang up, in the event loop of the calls."""


class OwnTalk:
    """A device of ours, by its own calls, over TLS to the key that is known."""

    def __init__(self, known: Known, words: Translator) -> None:
        self._known = known
        self._words = words
        self.place = known.place
        self.least, self.most = known.abilities.least, known.abilities.most

    async def check(self, login: Credential) -> Said:
        """By the call that changes nothing."""
        return self._said(await self._known.send(Check(Login(login.user, login.password))))

    async def change(self, login: Credential, password: Secret) -> Said:
        """One's own new password."""
        return self._said(await self._known.send(SetPassword(Login(login.user, login.password), password)))

    def close(self) -> None:
        """Every call has a connection of its own."""

    def _said(self, answer: object) -> Said:
        if not isinstance(answer, Refused):
            return Said(Heard.RIGHT)
        busy = answer.slug in (SLOW_DOWN, TOO_FAST)
        heard = Heard.WRONG if answer.slug == WRONG_LOGIN else Heard.BUSY if busy else Heard.REFUSED
        return Said(heard, no(answer, self._words))
