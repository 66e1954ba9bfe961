"""The company's own sign-in (OpenID Connect): it may open a session of the staff (spec/support.md section 8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from sparekey.core import crypto
from sparekey.core.errors import InputError, UntrustedError
from sparekey.desklink.address import is_loopback

if TYPE_CHECKING:
    from sparekey.desk.staff.challenges import Challenges
    from sparekey.host.clock import Clock

BACK = "/console/company/back"
"""The path at the desk that the company's sign-in sends browsers back to."""
CODE_LIMIT = 2048
"""Characters of what the company's sign-in hands back."""
SUBJECT_LIMIT = 512


@dataclass(frozen=True)
class CompanyConfig:
    """`[company]` in `desk.toml`. `name`: what the staff calls it. `issuer`: its address, as in its discovery document.
    `ca_file`: trusted instead of the system's authorities. `timeout`: seconds for each step.
    """

    name: str
    issuer: str
    client_id: str
    client_secret_file: Path | None = None
    ca_file: Path | None = None
    timeout: int = 10


@dataclass(frozen=True)
class Vouched:
    """What the company's sign-in said of somebody: who says it, and whom they call that."""

    issuer: str
    subject: str = field(repr=False)

    @property
    def account(self) -> str:
        """By what the desk knows the account. Raises UntrustedError (`company`) for one that is too long to keep."""
        account = f"{self.issuer} {self.subject}"
        if not self.subject or len(account) > SUBJECT_LIMIT:
            raise UntrustedError("company", "it names nobody that can be kept")
        return account


class Provider(Protocol):
    """The company's sign-in. Both raise UnavailableError (`company`) when it does not answer as it should."""

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where a browser goes to sign in. Of the PKCE verifier only the hash is in it."""

    def vouched(self, code: str, *, nonce: str, verifier: str) -> Vouched:
        """Who came back with this code. Raises UntrustedError (`company`) when what it says does not hold."""


class Company:
    """Sends browsers to the company's sign-in, and reads what they bring back. Nothing is kept in between: all three
    of state, nonce and PKCE verifier come from one challenge, bound to the browser and to what it wanted.
    """

    def __init__(
        self, config: CompanyConfig, provider: Provider, challenges: Challenges, clock: Clock
    ) -> None:
        self.name = config.name
        self._issuer = config.issuer
        self._provider = provider
        self._challenges = challenges
        self._clock = clock

    def address(self, purpose: str, browser: str) -> str:
        """Where this browser goes. Raises UnavailableError (`company`)."""
        challenge = self._challenges.make(_purpose(purpose), browser, self._clock.wall())
        nonce, verifier = self._secrets(challenge)
        return self._provider.address(state=challenge.hex(), nonce=nonce, verifier=verifier)

    def account(self, purpose: str, browser: str, *, state: str, code: str, issuer: str = "") -> str:
        """Whom a browser that came back is to the company. `issuer`: who says that they answer (RFC 9207), or empty.

        Raises UntrustedError (`stale-challenge`, `company`), UnavailableError (`company`).
        """
        try:
            challenge = bytes.fromhex(state)
        except ValueError:
            challenge = b""
        self._challenges.check(challenge, _purpose(purpose), browser, self._clock.wall())
        if issuer not in ("", self._issuer) or not 0 < len(code) <= CODE_LIMIT:
            raise UntrustedError("company", "this answer is not from the company's sign-in")
        nonce, verifier = self._secrets(challenge)
        return self._provider.vouched(code, nonce=nonce, verifier=verifier).account

    def _secrets(self, challenge: bytes) -> tuple[str, str]:
        """Nonce and PKCE verifier."""
        verifier = self._challenges.verifier(challenge)
        return crypto.sha256(b"company nonce\x00" + verifier.encode()).hex(), verifier


def _purpose(purpose: str) -> str:
    return f"company {purpose}"


def check_company(config: CompanyConfig, source: str) -> None:
    """Raises InputError (`config`) that says what to change."""
    if not 0 < len(config.name) <= 40 or not config.name.isprintable():
        raise InputError("config", f"{source}: company.name has 1 to 40 characters")
    if not is_safe(config.issuer) or "?" in config.issuer or "#" in config.issuer or len(config.issuer) > 200:
        raise InputError("config", f"{source}: company.issuer starts with https:// and has no ? and no #")
    if not 0 < len(config.client_id) <= 200:
        raise InputError(
            "config", f"{source}: company.client_id is what the company's sign-in calls this desk"
        )
    if not 1 <= config.timeout <= 60:
        raise InputError("config", f"{source}: company.timeout is 1 to 60 s")


def is_safe(url: str, *, here: bool = True) -> bool:
    """Whether what is said at an address can be neither read nor changed on the way: https, or (`here`) this very
    machine.
    """
    parts = urlsplit(url)
    if not parts.hostname or "@" in parts.netloc or not url.isprintable():
        return False
    return parts.scheme == "https" or (here and parts.scheme == "http" and is_loopback(parts.hostname))
