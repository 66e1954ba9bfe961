"""The Device service over HTTP: a request in, an answer out, no socket. Faults and refusals are answers; only the port
can raise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sparekey.core.errors import UnavailableError
from sparekey.lan.onvif.access import Access
from sparekey.lan.onvif.device import OnvifDevice, User
from sparekey.lan.onvif.device_service import OPERATIONS, SECRET, Situation
from sparekey.lan.onvif.digest_gate import DigestGate
from sparekey.lan.onvif.names import DEVICE, MEDIA_TYPE, PATH
from sparekey.lan.onvif.security import TokenGate, has_token, read_token
from sparekey.lan.onvif.soap import (
    ACTION_FAILED,
    NOT_AUTHORIZED,
    NOT_SUPPORTED,
    PROHIBITED,
    REQUEST,
    UNKNOWN_ACTION,
    Envelope,
    Fault,
    fault_status,
    read_request,
    write_envelope,
    write_fault,
)

_MEDIA_TYPES = {MEDIA_TYPE, "application/xml", "text/xml"}


@dataclass(frozen=True)
class Request:
    """One HTTP request. `target`: path and query as the request line has them. `headers`: by lower-case name, decoded
    as Latin-1. `base`: scheme, address and port that it came to, from the socket and not from the `Host` header,
    such as `http://192.0.2.7:8000`.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    base: str


@dataclass(frozen=True)
class Answer:
    """One HTTP answer, without its `Content-Length`. `failed_login`: somebody tried to sign in and could not; whoever
    serves this slows that source down.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    failed_login: bool = False


class OnvifService:
    """The answering side. It remembers what was used to sign in, so there is one per process, and one call at a
    time. `secrets_need_tls`: a message that brings a new password is taken over TLS only.
    """

    def __init__(
        self, device: OnvifDevice, gate: TokenGate, digest: DigestGate, *, secrets_need_tls: bool = False
    ) -> None:
        self._device = device
        self._secrets_need_tls = secrets_need_tls
        self._gate = gate
        self._digest = digest

    def answer(self, request: Request, now: int) -> Answer:
        """Answer one request. `now`: Unix seconds by the device's clock."""
        if request.target.partition("?")[0] != PATH:
            return _plain(404)
        if request.method != "POST":
            return _plain(405, ("Allow", "POST"))
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _MEDIA_TYPES:
            return _plain(415)
        if not request.body or len(request.body) > REQUEST.size:
            return _plain(413 if request.body else 400)
        envelope = read_request(request.body)
        if isinstance(envelope, Fault):
            return _fault(envelope)
        asked = envelope.body
        if asked.space != DEVICE:
            return _fault(UNKNOWN_ACTION)
        if asked.name not in OPERATIONS:
            return _fault(NOT_SUPPORTED)
        access, rule = OPERATIONS[asked.name]
        try:
            if access is not Access.PRE_AUTH:
                user = self._user(request, envelope, now)
                if isinstance(user, Answer):
                    return user
                if not access.allows(user.level):
                    return _fault(NOT_AUTHORIZED)
            if self._secrets_need_tls and asked.name in SECRET and not request.base.startswith("https:"):
                return _fault(PROHIBITED)
            said = rule(asked, Situation(self._device, now, request.base, self._digest.algorithms))
        except UnavailableError:
            return _fault(ACTION_FAILED)
        if isinstance(said, Fault):
            return _fault(said)
        return _soap(200, write_envelope(f"<tds:{asked.name}Response>{said}</tds:{asked.name}Response>"))

    def _user(self, request: Request, envelope: Envelope, now: int) -> User | Answer:
        """Who asks. Signing in by HTTP is judged first; whoever does both must do both well (Core, section 5.9.1)."""
        users = {user.name: user for user in self._device.users()}

        def password_of(name: str) -> str | None:
            return users[name].password if name in users else None

        header = request.headers.get("authorization")
        verdict = None
        if header is not None:
            verdict = self._digest.check(header, request.method, request.target, password_of, now)
            if verdict.name is None:
                return self._challenge(now, stale=verdict.stale, failed_login=not verdict.stale)
        if has_token(envelope.header):
            token = read_token(envelope.header)
            strange = token is None or (verdict is not None and verdict.name != token.name)
            if token is None or strange or not self._gate.opens(token, password_of(token.name), now):
                return _fault(NOT_AUTHORIZED, failed_login=True)
            return users[token.name]
        return users[verdict.name] if verdict and verdict.name else self._challenge(now)

    def _challenge(self, now: int, *, stale: bool = False, failed_login: bool = False) -> Answer:
        headers = tuple(("WWW-Authenticate", each) for each in self._digest.challenges(now, stale=stale))
        return _soap(401, write_fault(NOT_AUTHORIZED), *headers, failed_login=failed_login)


def _soap(status: int, body: bytes, *headers: tuple[str, str], failed_login: bool = False) -> Answer:
    own = (("Content-Type", f"{MEDIA_TYPE}; charset=utf-8"), ("Cache-Control", "no-store"))
    return Answer(status, (*own, *headers), body, failed_login)


def _fault(fault: Fault, *, failed_login: bool = False) -> Answer:
    return _soap(fault_status(fault), write_fault(fault), failed_login=failed_login)


def _plain(status: int, *headers: tuple[str, str]) -> Answer:
    return Answer(status, (("Content-Type", "text/plain; charset=utf-8"), *headers), b"")
