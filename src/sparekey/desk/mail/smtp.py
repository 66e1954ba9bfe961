"""The mail server, spoken to by SMTP (RFC 5321): over TLS that is checked, or not at all."""

from __future__ import annotations

import io
import smtplib
import socket
import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError
from sparekey.desk.keyring import read_secret
from sparekey.desk.mail.ports import Delivery
from sparekey.host import tls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import WriteableBuffer

    from sparekey.desk.config import SmtpConfig
    from sparekey.host.clock import Clock

STEPS = 3
"""How many timeouts the beginning of a conversation may take in all, and each mail after it."""
SAID_LIMIT = 64 * 1024
"""Bytes that a server may say in one of these parts."""


class SmtpMailer:
    """Opens conversations. `greeting`: our own host name in EHLO, given so that nobody looks it up."""

    def __init__(self, config: SmtpConfig, greeting: str, clock: Clock) -> None:
        self._config = config
        self._greeting = greeting
        self._clock = clock

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
        patience = _Patience(self._clock, config.timeout)
        with _translated(), _Client(patience, config, self._greeting) as client:
            if config.starttls:
                client.starttls(context=self._tls())
            if config.user:
                client.login(config.user, self._password())
            yield _Session(client, patience)

    def _tls(self) -> ssl.SSLContext:
        try:
            return tls.caller(self._config.ca_file)
        except OSError:
            raise InputError("config", f"smtp.ca_file: no certificates in {self._config.ca_file}") from None

    def _password(self) -> str:
        path = self._config.password_file
        text = read_secret(path).strip() if path else ""
        if not text:
            raise InputError("config", f"smtp.password_file: {path} is empty")
        return text


class _Patience:
    """What a server has left of the time and of the words that it gets. One that says a byte a second keeps nobody."""

    def __init__(self, clock: Clock, timeout: int) -> None:
        self._clock = clock
        self._timeout = timeout
        self.renew()

    def renew(self) -> None:
        """Another part begins."""
        self._until = self._clock.monotonic() + STEPS * self._timeout
        self._said = 0

    def hear(self, line: socket.socket, buffer: WriteableBuffer) -> int:
        """Some bytes. Raises TimeoutError, ConnectionAbortedError when it talks without end."""
        left = self._until - self._clock.monotonic()
        if left <= 0:
            raise TimeoutError
        line.settimeout(min(left, self._timeout))
        try:
            heard = line.recv_into(buffer)
        finally:
            line.settimeout(self._timeout)
        self._said += heard
        if self._said > SAID_LIMIT:
            raise ConnectionAbortedError
        return heard


class _Line(io.RawIOBase):
    """What the server says."""

    def __init__(self, line: socket.socket, patience: _Patience) -> None:
        self._line = line
        self._patience = patience

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        return self._patience.hear(self._line, buffer)


class _Client(smtplib.SMTP):
    """A client that does not wait for ever."""

    def __init__(self, patience: _Patience, config: SmtpConfig, greeting: str) -> None:
        self._patience = patience
        super().__init__(config.host, config.port, local_hostname=greeting, timeout=config.timeout)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Line(self.sock, self._patience))
        return super().getreply()


class _Session:
    def __init__(self, client: smtplib.SMTP, patience: _Patience) -> None:
        self._client = client
        self._patience = patience

    def send(self, sender: str, recipient: str, message: bytes) -> Delivery:
        self._patience.renew()
        try:
            self._client.sendmail(sender, [recipient], message)
        except smtplib.SMTPRecipientsRefused as error:
            return _meant(error.recipients[recipient][0])
        except smtplib.SMTPSenderRefused as error:
            _meant(error.smtp_code)
            return Delivery.LATER  # it is us whom it refuses, and whoever waits for the mail cannot help it
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
