"""What stands around the desk: the mail server, and the public address with its certificate. Each look raises a
SparekeyError that says what to mend, or returns what was found.
"""

from __future__ import annotations

import socket
import ssl
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sparekey.core.errors import InputError, UnavailableError, UntrustedError
from sparekey.desk.mail.smtp import SmtpMailer
from sparekey.desk.staff.company import BACK
from sparekey.desk.staff.openid import OpenIdProvider
from sparekey.desk.trust import load_trust
from sparekey.host import tls

if TYPE_CHECKING:
    from sparekey.desk.config import DeskConfig
    from sparekey.host.clock import Clock

PATIENCE = 10
"""Seconds that the public address may take."""
RENEW = 14
"""Days of a certificate that should be left: renewing it takes a person some, when the machine did not."""

_DAY = 86400
_ANSWER_LIMIT = 128 * 1024


def mail(config: DeskConfig, clock: Clock) -> str:
    """The mail server lets us in, over checked TLS where it is another machine."""
    mailer = SmtpMailer(config.smtp, greeting=urlsplit(config.url).hostname or "localhost", clock=clock)
    mailer.check()
    with mailer.session():
        encrypted = "over TLS" if config.smtp.starttls else "on this machine"
        return f"{config.smtp.host} takes our mail {encrypted}"


def company(config: DeskConfig, clock: Clock) -> str:
    """The company's own sign-in, where there is one, answers as the one that desk.toml names."""
    named = config.company
    if named is None:
        return "none; the staff signs in by passkey"
    OpenIdProvider(named, f"{config.url}{BACK}", clock).address(state="", nonce="", verifier="")
    return f"{named.issuer} answers; there, {config.url}{BACK} has to be registered"


def address(config: DeskConfig, clock: Clock) -> str:
    """This very desk answers there, with a certificate that browsers take for a while yet."""
    parts = urlsplit(config.url)
    host = parts.hostname or ""
    connection: HTTPConnection
    if parts.scheme == "https":
        trusting = tls.caller()
        connection = HTTPSConnection(host, parts.port or 443, timeout=PATIENCE, context=trusting)
    else:
        connection = HTTPConnection(host, parts.port or 80, timeout=PATIENCE)
    try:
        connection.connect()
        days = _days_left(connection.sock, clock)
        status, text = _fetched(connection, "/trust")
    except ssl.SSLCertVerificationError as error:
        raise UntrustedError("tls", _certificate(error, host)) from None
    except (OSError, HTTPException) as error:
        raise UnavailableError(
            "address",
            f"nothing answers at {config.url} ({type(error).__name__}): start the desk and the proxy in front of it",
        ) from None
    finally:
        connection.close()
    if status != 200 or text != load_trust(config.trust, config.root)[1].encode():
        raise InputError(
            "address",
            f"{config.url} answers, but it is not this desk (status {status}): the proxy has to lead to"
            f" {config.listen} and pass the Host header on",
        )
    if days is None:
        return f"{config.url} leads here"
    if days < RENEW:
        raise InputError(
            "tls", f"the certificate of {host} ends in {days} days: renew it, and reload the proxy"
        )
    return f"{config.url} leads here; its certificate is good for {days} more days"


def _days_left(link: socket.socket | None, clock: Clock) -> int | None:
    if not isinstance(link, ssl.SSLSocket):
        return None
    told = link.getpeercert() or {}
    return (ssl.cert_time_to_seconds(str(told["notAfter"])) - clock.wall()) // _DAY


def _fetched(connection: HTTPConnection, path: str) -> tuple[int, bytes]:
    connection.request("GET", path)
    answer: HTTPResponse = connection.getresponse()
    return answer.status, answer.read(_ANSWER_LIMIT)


def _certificate(error: ssl.SSLCertVerificationError, host: str) -> str:
    told = error.verify_message
    if "expired" in told:
        return f"the certificate of {host} is over: renew it, and reload the proxy"
    if "mismatch" in told or "match" in told:
        return f"the certificate at this address is not for {host}: give the proxy the right one"
    if "self-signed" in told or "issuer" in told:
        return (
            f"the certificate of {host} is not vouched for by an authority that this machine trusts: devices and"
            " browsers refuse it too; does the proxy send the whole chain?"
        )
    return f"the certificate of {host} does not hold ({told})"
