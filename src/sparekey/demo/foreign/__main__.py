"""`python -m sparekey.demo.foreign --at ADDRESS:PORT ...`: cameras of another maker on this machine's loopback."""

from __future__ import annotations

import argparse
import asyncio
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

from sparekey.core.errors import InputError
from sparekey.demo.foreign.camera import MODEL, ForeignCamera
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy
from sparekey.lan import sockets
from sparekey.lan.discovery import wsdiscovery as wsd
from sparekey.lan.interfaces import Interface
from sparekey.lan.onvif.digest_gate import DigestGate
from sparekey.lan.onvif.names import PATH
from sparekey.lan.onvif.security import TokenGate
from sparekey.lan.onvif.service import OnvifService, Request
from sparekey.lan.responder import answer_onvif

LOOPBACK = Interface("lo", 1)


def serve(address: str, port: int, serial: str) -> ThreadingHTTPServer:
    """One camera's Device service, in the open, as many have it."""
    entropy, clock, one_at_a_time = SystemEntropy(), SystemClock(), threading.Lock()
    service = OnvifService(ForeignCamera(serial), TokenGate(), DigestGate(entropy.bytes(32), "camera"))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # an answer leaves in one piece

        def do_POST(self) -> None:
            body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), 1 << 16))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request("POST", self.path, headers, body, f"http://{address}:{port}")
            with one_at_a_time:
                answer = service.answer(request, clock.wall())
            self.send_response(answer.status)
            for name, value in (*answer.headers, ("Content-Length", str(len(answer.body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_said: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer((address, port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Voices(asyncio.DatagramProtocol):
    """All cameras' answers to WS-Discovery."""

    def __init__(self, services: list[wsd.Service]) -> None:
        self._services = services
        self._entropy = SystemEntropy()
        self._count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is there."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Somebody looks for cameras, or sends something else."""
        for service in self._services:
            self._count += 1
            try:
                reply = answer_onvif(data, service, self._name, self._sequence)
            except InputError:
                return
            if reply is not None:
                self._transport.sendto(reply.data, addr)

    def _name(self) -> str:
        return f"urn:uuid:{self._entropy.bytes(16).hex()}"

    def _sequence(self) -> wsd.Sequence:
        return wsd.Sequence(1, self._count)


async def run(places: list[tuple[str, int]]) -> None:
    """Until it is told to end."""
    services = []
    for number, (address, port) in enumerate(places):
        serve(address, port, f"EX7-{number:04d}")
        link = f"http://{address}:{port}{PATH}"
        endpoint = f"urn:uuid:00000000-0000-4000-8000-{number:012d}"
        scopes = (f"onvif://www.onvif.org/hardware/{MODEL}", "onvif://www.onvif.org/name/Example%20Cameras")
        services.append(
            wsd.Service(endpoint=endpoint, types=(wsd.TRANSMITTER,), scopes=scopes, links=(link,))
        )
    socket = sockets.group_socket(wsd.GROUP, wsd.PORT, LOOPBACK)
    await asyncio.get_running_loop().create_datagram_endpoint(lambda: Voices(services), sock=socket)
    print(f"sparekey other maker's cameras: ready at {len(places)} places", flush=True)
    await asyncio.Event().wait()


def main() -> int:
    """Run them."""
    parser = argparse.ArgumentParser(prog="sparekey.demo.foreign", allow_abbrev=False)
    parser.add_argument("--at", action="append", required=True)
    places = [(at.partition(":")[0], int(at.partition(":")[2])) for at in parser.parse_args().at]
    asyncio.run(run(places))
    return 0


if __name__ == "__main__":
    sys.exit(main())
