"""The mail server, spoken to by SMTP (RFC 5321): over TLS that is checked, or not at all."""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError
from sparekey.desk.keyring import read_secret
from sparekey.desk.mail.ports import Delivery

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sparekey.desk.config import SmtpConfig


class SmtpMailer:
    """Opens conversations. `greeting`: our own host name in EHLO, given so that nobody looks it up."""

    def __init__(self, config: SmtpConfig, greeting: str) -> None:
        self._config = config
        self._greeting = greeting

    def check(self) -> None:
        """Read what the configuration names. Raises InputError (`config`, `key-mode`), UnavailableError."""
        if self._config.starttls:
            self._tls()
        if self._config.password_file:
            self._password()

    @contextmanager
    def session(self) -> Iterator[_Session]:
        """Connect, encrypt, sign in. Every failure is UnavailableError with the error's class name only."""
        config = self._config
        with (
            _translated(),
            smtplib.SMTP(
                config.host, config.port, local_hostname=self._greeting, timeout=config.timeout
            ) as client,
        ):
            if config.starttls:
                client.starttls(context=self._tls())
            if config.user:
                client.login(config.user, self._password())
            yield _Session(client)

    def _tls(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self._config.ca_file)
        except (OSError, ssl.SSLError):
            raise InputError("config", f"smtp.ca_file: no certificates in {self._config.ca_file}") from None

    def _password(self) -> str:
        path = self._config.password_file
        text = read_secret(path).strip() if path else ""
        if not text:
            raise InputError("config", f"smtp.password_file: {path} is empty")
        return text


class _Session:
    def __init__(self, client: smtplib.SMTP) -> None:
        self._client = client

    def send(self, sender: str, recipient: str, message: bytes) -> Delivery:
        try:
            self._client.sendmail(sender, [recipient], message)
        except smtplib.SMTPRecipientsRefused as error:
            return _meant(error.recipients[recipient][0])
        except smtplib.SMTPResponseException as error:
            return _meant(error.smtp_code)
        return Delivery.TAKEN


def _meant(code: int) -> Delivery:
    if code in (421, -1):
        raise UnavailableError("smtp", "the mail server ended the conversation")
    return Delivery.NEVER if 500 <= code < 600 else Delivery.LATER


_REASONS: dict[type[Exception], str] = {
    ssl.SSLCertVerificationError: "its certificate does not hold for this name; see smtp.host and smtp.ca_file",
    ssl.SSLError: "it speaks no TLS that we speak; is smtp.port the one for STARTTLS?",
    smtplib.SMTPNotSupportedError: "it offers no STARTTLS or no sign-in at this port; 587 is the usual one",
    smtplib.SMTPAuthenticationError: "it does not take this user and password",
    smtplib.SMTPServerDisconnected: "it hung up; is smtp.port the one for STARTTLS?",
    ConnectionRefusedError: "nothing listens at smtp.host and smtp.port",
    TimeoutError: "it does not answer in time; does a firewall keep us from it?",
    socket.gaierror: "there is no machine of the name smtp.host",
}
"""What to look at, by what happened; the first that fits."""


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (smtplib.SMTPException, OSError, ValueError) as error:  # whose text may hold mail
        mend = next((told for kind, told in _REASONS.items() if isinstance(error, kind)), "")
        raise UnavailableError(
            "smtp", f"the mail server does not take mail ({mend or type(error).__name__})"
        ) from None
