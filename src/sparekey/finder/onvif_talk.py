"""A camera of any make, by the Device service of ONVIF (Core Specification section 8.4).

It signs in by HTTP Digest where the camera asks for it, else by a UsernameToken: neither shows the password. A new one
travels as it is, so it goes over TLS to a key that a person vouched for, or with the explicit yes of `in_the_open`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sparekey.core.errors import InputError
from sparekey.finder.talk import Heard, Said
from sparekey.lan.http import Client, Consent, Limits, Request
from sparekey.lan.http_digest import challenges
from sparekey.lan.line import Line
from sparekey.lan.onvif import client as onvif
from sparekey.lan.onvif.device import Level, User
from sparekey.lan.onvif.soap import Fault
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from sparekey.core.values import Secret
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy
    from sparekey.lan.http_digest import Credential
    from sparekey.lan.http_reply import Reply
    from sparekey.lan.onvif.client import Call
    from sparekey.lan.target import Target
    from sparekey.language.catalogue import Translator

T = TypeVar("T")

LIMITS = Limits(connect=5.0, total=15.0, body=256 * 1024)
UNTOLD = 16
"""Characters of a password where the camera tells no limit: what the strictest of the large makers take."""
FEWEST = 8
_NONCE = 16
_BUSY = {403, 423, 429, 503}
"""Statuses by which cameras say that they look at no login for a while."""
_LEVELS = {level.value: level for level in Level}

_TOLD = {
    Heard.WRONG: N_("User name or password is not right. Nothing was changed."),
    Heard.BUSY: N_("The camera looks at no login for a while. Nothing more was tried; try again in an hour."),
    Heard.REFUSED: N_("The camera does not take the new password. The old one still works."),
}
_NO_SUCH = N_("The camera lists no such user. Nothing was changed.")
_OPEN = N_("The camera wants no login at all. Set its first password with its maker's own tool.")


class OnvifTalk:
    """Use `meet` once before the other calls. `pin`: the key that must answer over https."""

    def __init__(
        self,
        target: Target,
        entropy: Entropy,
        clock: Clock,
        words: Translator,
        *,
        pin: bytes | None = None,
        in_the_open: bool = False,
    ) -> None:
        self._line = Line(target, pin=pin, keeps=True)
        self._target = target
        self._entropy = entropy
        self._clock = clock
        self._words = words
        self._consent = Consent(basic=in_the_open, cleartext=in_the_open)
        self._clients: dict[Credential | None, Client] = {}
        self._levels: dict[str, Level | None] = {}
        self._by_http = False
        self._open = False
        self._ahead = 0
        self.place = f"{'https' if target.tls else 'http'}://{target.authority}{target.path}"
        self.least, self.most = FEWEST, UNTOLD

    async def meet(self) -> None:
        """What everybody may ask: the camera's clock, how long a password may be, and how it wants to be signed in
        to. Raises SparekeyError.
        """
        clock = onvif.get_system_date_and_time()
        told = clock.read((await self._send(clock, clock.message())).body)
        self._ahead = 0 if isinstance(told, Fault) else told - self._clock.wall()
        limits = onvif.get_service_capabilities()
        try:
            most = limits.read((await self._send(limits, limits.message())).body)
        except InputError:
            most = 0  # what cannot be read tells nothing
        if isinstance(most, int) and most:
            self.most = most
        asked = await self._send(onvif.get_users(), onvif.get_users().message())
        self._by_http = asked.status == 401 and bool(challenges(asked.all("www-authenticate")))
        self._open = asked.status == 200 and not isinstance(onvif.get_users().read(asked.body), Fault)

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    async def check(self, login: Credential) -> Said:
        """By the list of users, which is for administrators."""
        said, users = await self._signed(onvif.get_users(), login)
        self._levels |= {user.name: _LEVELS.get(user.level) for user in users or ()}
        return said

    async def change(self, login: Credential, password: Secret) -> Said:
        """SetUser, at the level that the account has: known from the check before it."""
        level = self._levels.get(login.user)
        if level is None:
            return Said(Heard.REFUSED, self._words.text(_NO_SUCH))
        call = onvif.set_user(User(login.user, level, password.text))
        return (await self._signed(call, login, secret=True))[0]

    async def _signed(
        self, call: Call[T], login: Credential, *, secret: bool = False
    ) -> tuple[Said, T | None]:
        if self._open:
            return Said(Heard.REFUSED, self._words.text(_OPEN)), None
        if self._by_http:
            reply = await self._send(call, call.message(), login=login, secret=secret)
        else:
            body = call.message(login, self._entropy.bytes(_NONCE), self._clock.wall() + self._ahead)
            reply = await self._send(call, body, secret=secret)
        return self._meaning(call, reply)

    def _meaning(self, call: Call[T], reply: Reply) -> tuple[Said, T | None]:
        heard, told = Heard.WRONG, None
        if reply.status in _BUSY:
            heard = Heard.BUSY
        elif reply.status != 401:
            answer = call.read(reply.body)
            if not isinstance(answer, Fault):
                return Said(Heard.RIGHT), answer
            if "lock" in answer.reason.lower():
                heard = Heard.BUSY
            elif "NotAuthorized" not in answer.subcodes:
                heard = Heard.REFUSED
        return Said(heard, self._words.text(_TOLD[heard])), told

    async def _send(
        self, call: Call[object], body: bytes, *, login: Credential | None = None, secret: bool = False
    ) -> Reply:
        client = self._clients.get(login)
        if client is None:
            client = self._clients[login] = Client(
                self._target,
                self._entropy,
                credential=login,
                consent=self._consent,
                limits=LIMITS,
                line=self._line,
            )
        headers = (("Content-Type", call.content_type),)
        return await client.send(Request("POST", headers=headers, body=body, secret=secret))
