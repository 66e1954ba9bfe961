"""The way to a company's sign-in: OpenID Connect Discovery, and the authorization code with PKCE (RFC 7636).

No token is kept or logged: of all that the provider says, only its issuer and subject leave this file.
"""

from __future__ import annotations

import json
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx2
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from sparekey.core.errors import InputError, UnavailableError, UntrustedError
from sparekey.desk.keyring import read_secret
from sparekey.desk.staff.company import Vouched, is_safe
from sparekey.host import tls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sparekey.desk.staff.company import CompanyConfig
    from sparekey.host.clock import Clock

ANSWER_LIMIT = 256 * 1024
"""Bytes of one answer of the provider."""
KNOWN_FOR = 600
"""Seconds for which a discovery document is believed."""
AT_ONCE = 8
"""Conversations at a time: a crowd of strangers who press the button holds no more of our threads than that."""
LEEWAY = 60
"""Seconds that the provider's clock may differ from ours."""

_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_DISCOVERY = "/.well-known/openid-configuration"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True)
class _Found:
    """What the discovery document says. `secret`: how the client shows its secret."""

    authorization: str
    token: str
    keys: str
    secret: str
    at: int


class OpenIdProvider:
    """One provider. `back`: the address at the desk that it sends browsers back to."""

    def __init__(self, config: CompanyConfig, back: str, clock: Clock) -> None:
        self._config = config
        self._back = back
        self._clock = clock
        self._tls = _context(config)
        self._secret = _secret(config)
        self._here = config.issuer.startswith("http:")
        self._found: _Found | None = None
        self._places = threading.BoundedSemaphore(AT_ONCE)

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """As `Provider.address`."""
        found = self._discovered()
        with self._client(found) as client:
            url, _ = client.create_authorization_url(
                found.authorization, state=state, nonce=nonce, code_verifier=verifier
            )
        return str(url)

    def vouched(self, code: str, *, nonce: str, verifier: str) -> Vouched:
        """As `Provider.vouched`."""
        found = self._discovered()
        with self._talking():
            return self._checked(self._token(found, code, verifier), self._get(found.keys), nonce)

    def _token(self, found: _Found, code: str, verifier: str) -> object:
        """The ID token in exchange for a code; what else came with it is dropped."""
        try:
            with self._client(found) as client:
                said = client.fetch_token(found.token, code=code, code_verifier=verifier)
        except AuthlibBaseError as error:  # whose text may be the provider's
            raise UntrustedError("company", f"it takes no such code ({type(error).__name__})") from None
        except (TypeError, AttributeError):  # Authlib stumbles over an answer that is no object
            raise _away("no token") from None
        return said.get("id_token")

    def _get(self, url: str) -> dict[str, Any]:
        """The object that stands at an address."""
        with httpx2.Client(**self._ways()) as client:
            answer = client.get(url)
        said = json.loads(answer.content) if answer.status_code == 200 else None
        if not isinstance(said, dict):
            raise _away("no answer")
        return said

    @contextmanager
    def _talking(self) -> Iterator[None]:
        """One conversation. Breakage of the other side is UnavailableError."""
        if not self._places.acquire(blocking=False):
            raise _away("too many at once")
        try:
            yield
        except (httpx2.HTTPError, ValueError) as error:
            raise _away(type(error).__name__) from None
        finally:
            self._places.release()

    def _checked(self, said: object, keys: dict[str, Any], nonce: str) -> Vouched:
        """Whom the ID token names (OpenID Connect Core section 3.1.3.7)."""
        config = self._config
        try:
            known = KeySet.import_key_set({"keys": keys["keys"]})
            token = jwt.decode(str(said), known, algorithms=_ALGORITHMS)
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": config.issuer},
                    "aud": {"essential": True, "value": config.client_id},
                    "nonce": {"essential": True, "value": nonce},
                },
                {"nonce": nonce, "client_id": config.client_id},
            )
            claims.validate(now=self._clock.wall(), leeway=LEEWAY)
            subject = claims["sub"]
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise UntrustedError("company", f"its word does not hold ({type(error).__name__})") from None
        if not isinstance(subject, str) or not subject.isascii() or not subject.isprintable():
            raise UntrustedError("company", "it names nobody")
        return Vouched(config.issuer, subject)

    def _discovered(self) -> _Found:
        now, known = self._clock.wall(), self._found
        if known is not None and 0 <= now - known.at < KNOWN_FOR:
            return known
        with self._talking():
            found = self._read(self._get(self._config.issuer.rstrip("/") + _DISCOVERY), now)
        self._found = found
        return found

    def _read(self, said: dict[str, Any], now: int) -> _Found:
        if said.get("issuer") != self._config.issuer:
            raise _away("another issuer answers")
        authorization, token, keys = (str(said.get(name, "")) for name in _ENDPOINTS)
        if not all(is_safe(place, here=self._here) for place in (authorization, token, keys)):
            raise _away("an endpoint is not at https://")
        ways = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        secret = "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
        return _Found(authorization, token, keys, secret if self._secret else "none", now)

    def _client(self, found: _Found) -> OAuth2Client:
        return OAuth2Client(
            client_id=self._config.client_id,
            client_secret=self._secret or None,
            token_endpoint_auth_method=found.secret,
            redirect_uri=self._back,
            scope="openid",
            code_challenge_method="S256",
            **self._ways(),
        )

    def _ways(self) -> dict[str, Any]:
        """How every conversation goes: nobody is followed elsewhere, nothing is taken from the environment."""
        return {
            "transport": _Bounded(verify=self._tls, trust_env=False),
            "timeout": self._config.timeout,
            "follow_redirects": False,
            "trust_env": False,
        }


class _Bounded(httpx2.HTTPTransport):
    """Takes no more than `ANSWER_LIMIT` of an answer."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = super().handle_request(request)
        assert isinstance(response.stream, httpx2.SyncByteStream)  # noqa: S101 - the type checker's
        response.stream = _Counted(response.stream)
        return response


class _Counted(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream) -> None:
        self._stream = stream

    def __iter__(self) -> Any:
        total = 0
        for part in self._stream:
            total += len(part)
            if total > ANSWER_LIMIT:
                raise httpx2.ReadError("too long")
            yield part

    def close(self) -> None:
        self._stream.close()


def _context(config: CompanyConfig) -> ssl.SSLContext:
    try:
        return tls.caller(config.ca_file)
    except OSError:
        raise InputError("config", f"company.ca_file: no certificates in {config.ca_file}") from None


def _secret(config: CompanyConfig) -> str:
    path = config.client_secret_file
    if path is None:
        return ""
    text = read_secret(path).strip()
    if not text:
        raise InputError("config", f"company.client_secret_file: {path} is empty")
    return text


def _away(why: str) -> UnavailableError:
    return UnavailableError("company", f"the company's sign-in does not answer as it should ({why})")
