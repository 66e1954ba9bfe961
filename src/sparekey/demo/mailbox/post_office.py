"""The SMTP side (RFC 5321): nothing is taken without TLS (RFC 3207) and the right password (RFC 4954)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from sparekey.core.crypto import equal
from sparekey.host import tls

if TYPE_CHECKING:
    import asyncio

    from aiosmtpd.smtp import Envelope, Session

    from sparekey.demo.mailbox.config import Config
    from sparekey.demo.mailbox.letters import Letters
    from sparekey.host.clock import Clock

LETTER_LIMIT = 256 * 1024
"""Bytes of one letter."""


class PostOffice:
    """Takes letters in."""

    def __init__(self, config: Config, letters: Letters, clock: Clock) -> None:
        self._letters = letters
        self._clock = clock
        self._user = config.user.encode()
        self._password = config.password.encode()
        self._tls = tls.server(config.tls_certificate, config.tls_key)

    def connection(self) -> asyncio.Protocol:
        """What answers one caller; made inside a running loop."""
        return SMTP(
            self,
            hostname="localhost",
            ident="sparekey demo mailbox",
            data_size_limit=LETTER_LIMIT,
            enable_SMTPUTF8=True,
            tls_context=self._tls,
            require_starttls=True,
            auth_required=True,
            authenticator=self.admit,
        )

    def admit(
        self, _server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, given: object
    ) -> AuthResult:
        """Whether the caller knows the password."""
        known = isinstance(given, LoginPassword) and mechanism in ("PLAIN", "LOGIN")
        right = (
            isinstance(given, LoginPassword)
            and equal(given.login, self._user)
            and equal(given.password, self._password)
        )
        return AuthResult(success=known and right, handled=False)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the letter before saying so."""
        content = envelope.original_content or b""
        self._letters.add(content, [str(to) for to in envelope.rcpt_tos], self._clock.wall())
        return "250 taken"
