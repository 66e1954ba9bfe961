"""Many cameras at once, in a network namespace: all answer every WS-Discovery question in one burst.

`python -m bench._crowd COUNT LOSS INTERFACE`. LOSS: of each question on its way to each camera, and of each answer.
"""

from __future__ import annotations

import re
import socket
import struct
import sys
from random import Random  # noqa: TID251 - losses that are the same in every run

from sparekey.lan import sockets
from sparekey.lan.discovery import wsdiscovery as wsd
from sparekey.lan.interfaces import interfaces

_ID = re.compile(rb"MessageID[^>]*>([^<]+)<")
_HERE = "urn:uuid:@"
_PKTINFO = 8  # Linux, ip(7): by which address a datagram leaves


def address_of(number: int) -> str:
    """Where camera `number` is, in the network that is kept for measurements (RFC 2544)."""
    return f"198.18.{1 + number // 250}.{1 + number % 250}"


def answers(count: int) -> list[tuple[bytes, bytes, list[tuple[int, int, bytes]]]]:
    """What each camera says before and after the question's number, and by which address it says so."""
    made = []
    for number in range(count):
        service = wsd.Service(
            endpoint=f"urn:uuid:00000000-0000-4000-8000-{number:012x}",
            types=(wsd.TRANSMITTER, wsd.DEVICE_TYPE),
            scopes=("onvif://www.onvif.org/hardware/EX-7", "onvif://www.onvif.org/name/Example%20Cameras"),
            links=(f"http://{address_of(number)}/onvif/device_service",),
        )
        text = wsd.matches(wsd.Kind.PROBE_MATCHES, service, _HERE, f"urn:uuid:{number}", wsd.Sequence(1, 1))
        before, _, after = text.partition(_HERE.encode())
        source = socket.inet_aton(address_of(number))
        made.append(
            (before, after, [(socket.IPPROTO_IP, _PKTINFO, struct.pack("@I4s4s", 0, source, bytes(4)))])
        )
    return made


def main() -> None:
    """Until it is ended."""
    count, loss, name = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
    (interface,) = (each for each in interfaces() if each.name == name)
    dice, cameras = Random(53), answers(count)  # noqa: S311
    with sockets.group_socket(wsd.GROUP, wsd.PORT, interface) as opened:
        opened.setblocking(True)
        print("ready", flush=True)
        while True:
            asked, address = opened.recvfrom(65535)
            found = _ID.search(asked)
            if found is None or b"ProbeMatches" in asked or b"Probe" not in asked:
                continue
            for before, after, by in cameras:
                if loss and (dice.random() < loss or dice.random() < loss):
                    continue
                opened.sendmsg([before, found[1], after], by, 0, address)


if __name__ == "__main__":
    main()
