"""A camera of ours: over TLS to the key that is remembered, by our own calls (spec/lan.md section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sparekey.core.errors import SparekeyError
from sparekey.core.values import Secret
from sparekey.device.cameras.talk import LIMITS, Heard, Look, heard_of, wait_for
from sparekey.lan.link.client import LinkClient, meet
from sparekey.lan.link.frame import SLOW_DOWN, TOO_FAST, WRONG_LOGIN, Refused
from sparekey.lan.link.letters import Deliver, Fetch, Letters
from sparekey.lan.link.owner import Activate, Check, Known, Login, SetPassword, SetUser
from sparekey.lan.link.ways import Setting

if TYPE_CHECKING:
    from sparekey.core.messages.link_answer import LinkAnswer
    from sparekey.host.entropy import Entropy
    from sparekey.lan.http_digest import Credential
    from sparekey.lan.link.frame import Asked
    from sparekey.lan.target import Target

T = TypeVar("T")

FACTORY = Login("admin", Secret("admin"))
"""What stands on the label of our cameras, in the profiles where one does. It opens nothing but the first password."""


class OwnTalk:
    """`key`: the TLS key that must answer; nothing is said to any other."""

    def __init__(self, target: Target, entropy: Entropy, key: bytes | None) -> None:
        self._target = target
        self._entropy = entropy
        self._key = key

    def look(self) -> Look:
        """By the one call that anybody may make."""
        try:
            met = wait_for(meet(self._target, self._entropy, LIMITS))
        except SparekeyError as error:
            return Look(heard_of(error))
        if isinstance(met, Refused):
            return Look(_heard(met))
        if self._key is not None and met.key != self._key:
            return Look(Heard.OTHER_KEY)
        return Look(Heard.RIGHT, met.abilities.setting is not Setting.DONE)

    def sign_in(self, by: Credential) -> Heard:
        """By a check, which changes nothing."""
        told = self._send(Check(_login(by)))
        return Heard.RIGHT if isinstance(told, Known) else told if isinstance(told, Heard) else Heard.GARBLED

    def set_password(self, by: Credential, user: str, password: str) -> Heard:
        """One's own, or that of another user."""
        if by.user == user:
            return self._done(SetPassword(_login(by), Secret(password)))
        return self._done(SetUser(_login(by), user, Secret(password)))

    def add_user(self, by: Credential, user: str, password: str) -> Heard:
        """A further administrator."""
        return self._done(SetUser(_login(by), user, Secret(password)))

    def activate(self, user: str, password: str) -> Heard:
        """The user name is the camera's own. The login on its label is given only when the camera asks for it."""
        told = self._done(Activate(Secret(password)))
        if told is Heard.WRONG:
            told = self._done(Activate(Secret(password), factory=FACTORY))
        return told

    def fetch(self, by: Credential) -> Letters | Heard:
        """What it has for its desk; else what stood in the way."""
        return self._send(Fetch(_login(by)))

    def deliver(self, by: Credential, answers: tuple[LinkAnswer, ...]) -> Heard:
        """What the desk answered, as much as fits into one call."""
        return self._done(Deliver(_login(by), answers))

    def _done(self, asked: Asked[object]) -> Heard:
        told = self._send(asked)
        return told if isinstance(told, Heard) else Heard.RIGHT

    def _send(self, asked: Asked[T]) -> T | Heard:
        if self._key is None:
            return Heard.IN_THE_OPEN
        client = LinkClient(self._target, self._entropy, key=self._key, limits=LIMITS)
        try:
            told = wait_for(client.send(asked))
        except SparekeyError as error:
            return heard_of(error)
        return _heard(told) if isinstance(told, Refused) else told


def _login(by: Credential) -> Login:
    return Login(by.user, by.password)


def _heard(refused: Refused) -> Heard:
    if refused.slug == WRONG_LOGIN:
        return Heard.WRONG
    if refused.slug in (SLOW_DOWN, TOO_FAST):
        return Heard.LOCKED
    return Heard.REFUSED
