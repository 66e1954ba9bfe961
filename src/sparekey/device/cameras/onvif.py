"""A camera of any make, by the Device service of ONVIF: digest or a token, each password once, never Basic in clear."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sparekey.core.errors import InputError, SparekeyError
from sparekey.device.cameras.talk import LIMITS, Heard, Look, heard_of, wait_for
from sparekey.lan.http import Client, Consent, Request
from sparekey.lan.http_digest import challenges
from sparekey.lan.onvif import client as onvif
from sparekey.lan.onvif.device import Level, User
from sparekey.lan.onvif.soap import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from sparekey.host.entropy import Entropy
    from sparekey.lan.http_digest import Credential
    from sparekey.lan.http_reply import Reply
    from sparekey.lan.onvif.client import Call
    from sparekey.lan.target import Target

T = TypeVar("T")

_NONCE = 16
_LOCKED = {403, 423, 429, 503}
"""Statuses by which cameras say that they take no password for a while."""


class OnvifTalk:
    """`pin`: the TLS key that must answer. `in_the_open`: the owner agreed that a new password travels unencrypted."""

    def __init__(
        self, target: Target, entropy: Entropy, pin: bytes | None, *, in_the_open: bool = False
    ) -> None:
        self._target = target
        self._entropy = entropy
        self._pin = pin
        # Basic only to a key that is known; what the owner agreed to is about new passwords, not about logins.
        self._consent = Consent(basic=pin is not None, cleartext=in_the_open)

    def look(self) -> Look:
        """The clock, which everybody may ask; then the users, which nobody may who is not signed in."""
        try:
            reply = self._post(onvif.get_system_date_and_time())
            onvif.get_system_date_and_time().read(reply.body)
            users = self._post(onvif.get_users())
            told = None if users.status in (401, 403) else onvif.get_users().read(users.body)
        except SparekeyError as error:
            return Look(heard_of(error))
        return Look(Heard.RIGHT, told is not None and not isinstance(told, Fault))

    def sign_in(self, by: Credential) -> Heard:
        """By the list of users, which is for administrators."""
        return self._signed(onvif.get_users(), by)

    def set_password(self, by: Credential, user: str, password: str) -> Heard:
        """SetUser. The level stays that of an administrator: it is what the recorder signs in as."""
        call = _of_user(onvif.set_user, user, password)
        return self._signed(call, by, secret=True) if call else Heard.REFUSED

    def add_user(self, by: Credential, user: str, password: str) -> Heard:
        """CreateUsers; where there is such a user already, SetUser."""
        call = _of_user(onvif.create_users, user, password)
        heard = self._signed(call, by, secret=True) if call else Heard.REFUSED
        return self.set_password(by, user, password) if heard is Heard.REFUSED else heard

    def activate(self, user: str, password: str) -> Heard:
        """CreateUsers without a login, where the camera lets anybody do it."""
        call = _of_user(onvif.create_users, user, password)
        if call is None:
            return Heard.REFUSED
        try:
            reply = self._post(call, secret=True)
            return Heard.WRONG if reply.status in (401, 403) else _meaning(call, reply)
        except SparekeyError as error:
            return heard_of(error)

    def _signed(self, call: Call[object], by: Credential, *, secret: bool = False) -> Heard:
        """Ask without a login first: the answer says how the camera wants it, and then it is given once."""
        try:
            asked = self._post(onvif.get_users())
            if asked.status == 401 and challenges(asked.all("www-authenticate")):
                reply = self._post(call, by=by, secret=secret)
                return Heard.WRONG if reply.status == 401 else _meaning(call, reply)
            if not isinstance(onvif.get_users().read(asked.body), Fault):
                return Heard.FACTORY
            now = onvif.get_system_date_and_time().read(self._post(onvif.get_system_date_and_time()).body)
            if isinstance(now, Fault):
                return Heard.GARBLED
            body = call.message(by, self._entropy.bytes(_NONCE), now)
            return _meaning(call, self._send(call, body, secret=secret))
        except SparekeyError as error:
            return heard_of(error)

    def _post(self, call: Call[object], *, by: Credential | None = None, secret: bool = False) -> Reply:
        return self._send(call, call.message(), by=by, secret=secret)

    def _send(
        self, call: Call[object], body: bytes, *, by: Credential | None = None, secret: bool = False
    ) -> Reply:
        client = Client(
            self._target,
            self._entropy,
            credential=by,
            pin=self._pin if self._target.tls else None,
            consent=self._consent,
            limits=LIMITS,
        )
        headers = (("Content-Type", call.content_type),)
        return wait_for(client.send(Request("POST", headers=headers, body=body, secret=secret)))


def _of_user(order: Callable[[User], Call[None]], user: str, password: str) -> Call[None] | None:
    """None for what ONVIF cannot carry unchanged, such as a password that ends with a space."""
    try:
        return order(User(user, Level.ADMINISTRATOR, password))
    except InputError:
        return None


def _meaning(call: Call[object], reply: Reply) -> Heard:
    if reply.status in _LOCKED:
        return Heard.LOCKED
    told = call.read(reply.body)
    if not isinstance(told, Fault):
        return Heard.RIGHT
    if "lock" in told.reason.lower():
        return Heard.LOCKED
    return Heard.WRONG if "NotAuthorized" in told.subcodes else Heard.REFUSED
