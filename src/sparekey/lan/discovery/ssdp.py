"""SSDP (UPnP Device Architecture 1.1, section 1.3), as far as Axis cameras answer it: UDP 1900.

Only answers for Axis' own service count: televisions and routers speak SSDP too.
"""

from __future__ import annotations

from sparekey.core.errors import InputError
from sparekey.lan.discovery.found import (
    Found,
    Protocol,
    distinct,
    link,
    mac_address,
    plain,
    sender_address,
)
from sparekey.lan.target import read_target

GROUP = "239.255.255.250"
PORT = 1900
AXIS = "urn:axis-com:service:BasicService:1"
WINDOW = 3.0
"""Seconds in which devices answer."""
SIZE_LIMIT = 4 * 1024
"""Bytes of an answer."""
HEADERS_LIMIT = 48


def search(target: str = AXIS) -> bytes:
    """The question; devices wait up to two seconds before they answer."""
    lines = ["M-SEARCH * HTTP/1.1", f"HOST: {GROUP}:{PORT}", 'MAN: "ssdp:discover"', "MX: 2", f"ST: {target}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def read_answer(data: bytes, sender: str) -> tuple[Found, ...]:
    """What an answer, or an announcement of presence, says; always one device. The link to its description is kept
    only when it leads to the sender: nobody is sent elsewhere by a datagram. Raises InputError.
    """
    source = sender_address(sender)
    headers = _headers(data)
    kind = headers.get("st", headers.get("nt", ""))
    if kind.lower() != AXIS.lower():
        raise InputError("no-camera", "the answer is not from a camera")
    ident = headers.get("usn", "").partition("::")[0].removeprefix("uuid:")
    mac = mac_address(ident[-12:])
    return (
        Found(
            protocols=(Protocol.SSDP,),
            sender=source,
            ident=plain(ident),
            brand="Axis",
            serial=mac.replace("-", "").upper(),
            macs=distinct([mac]),
            links=distinct([_own_link(headers.get("location", ""), source)]),
        ),
    )


def _own_link(location: str, source: str) -> str:
    try:
        host = read_target(location).host
    except InputError:
        return ""
    return link(location) if host.partition("%")[0] == source.partition("%")[0] else ""


def _headers(data: bytes) -> dict[str, str]:
    """Headers by name in lower case; of two with one name the first counts."""
    if len(data) > SIZE_LIMIT:
        raise InputError("oversize", "this answer is larger than any that is expected here")
    first, *lines = data.decode("utf-8", "replace").strip("\0").split("\n")
    start = first.split()
    if (start[:2] != ["HTTP/1.1", "200"] and start[:2] != ["NOTIFY", "*"]) or len(lines) > HEADERS_LIMIT:
        raise InputError("ssdp", "this is no answer to a search")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    if headers.get("nts", "ssdp:alive").lower() != "ssdp:alive":
        raise InputError("ssdp", "the device says that it leaves")
    return headers
