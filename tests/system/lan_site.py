"""Two machines on one cable, in network namespaces of their own: a device, and somebody who looks for it from an
address of another network. `python -m tests.system.lan_site site|finder ...`; started by test_lan_site.py.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from sparekey.core.errors import SparekeyError
from sparekey.core.values import MethodName
from sparekey.host.entropy import SystemEntropy
from sparekey.lan import sockets
from sparekey.lan.discovery import mdns
from sparekey.lan.interfaces import interfaces
from sparekey.lan.link import recovery
from sparekey.lan.link.client import LinkClient, Met, meet
from sparekey.lan.target import Target

DEVICE, FINDER = "192.0.2.20/24", "198.51.100.5/24"
PATIENCE = 30
HERE = Path(__file__).parents[2]


def run(*command: str) -> None:
    subprocess.run(command, check=True, timeout=PATIENCE)


def cable(other: int, finder: str = FINDER) -> None:
    """From this namespace to that of another process: `dev0` here, `find0` there, at the address `finder`."""
    there = ("nsenter", "-t", str(other), "-n")
    for place in ((), there):
        run(
            *place,
            "sysctl",
            "-qw",
            "net.ipv6.conf.default.accept_dad=0",
            "net.ipv6.conf.default.dad_transmits=0",
        )
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "dev0", "type", "veth", "peer", "name", "find0", "netns", str(other))
    for place, name, address in (((), "dev0", DEVICE), (there, "find0", finder)):
        run(*place, "ip", "address", "add", address, "dev", name)
        run(*place, "ip", "link", "set", name, "up")


def site(config: str) -> None:
    """Here the device, beside it the finder; what the finder found."""
    other = subprocess.Popen(("unshare", "-n", "sleep", "1000"))
    try:
        time.sleep(0.3)
        cable(other.pid)
        command = (sys.executable, "-m", "sparekey", "device", "run", "--config", config)
        with subprocess.Popen(command, stdout=subprocess.PIPE) as device:
            try:
                assert device.stdout is not None
                for _ in range(2):
                    assert b"ready at" in device.stdout.readline()
                there = ("nsenter", "-t", str(other.pid), "-n")
                me = (sys.executable, "-m", "tests.system.lan_site", "finder")
                run(*there, *me)
            finally:
                device.terminate()
                device.wait(PATIENCE)
    finally:
        other.kill()
        other.wait()


class Asking(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.came: asyncio.Queue[tuple[bytes, str]] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        zone = f"%{socket.if_indextoname(addr[3])}" if len(addr) == 4 and addr[3] else ""
        self.came.put_nowait((data, f"{addr[0]}{zone}"))


async def asked(group: str, seconds: float) -> list[dict[str, Any]]:
    (interface,) = (each for each in interfaces() if each.name == "find0")
    transport, heard = await asyncio.get_running_loop().create_datagram_endpoint(
        Asking, sock=sockets.asking_socket(group, interface, mdns.HOPS)
    )
    found: list[dict[str, Any]] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not found:
                transport.sendto(mdns.question(), sockets.group_target(group, mdns.PORT, interface))
                with suppress(TimeoutError):
                    async with asyncio.timeout(1):
                        data, sender = await heard.came.get()
                        for each in mdns.read_answer(data, sender):
                            port = int(each.links[0].rstrip("/").rpartition(":")[2])
                            found.append({"sender": sender, "port": port, "addresses": each.addresses})
    transport.close()
    return found


async def find() -> dict[str, Any]:
    told: dict[str, Any] = {"v4": await asked(mdns.GROUP, 2), "v6": await asked(mdns.GROUP6, 20)}
    if told["v6"]:
        first = told["v6"][0]
        target = Target(first["sender"], first["port"], tls=True)
        entropy = SystemEntropy()
        try:
            met = await meet(target, entropy)
            assert isinstance(met, Met)
            client = LinkClient(target, entropy, key=met.key)
            opened = await client.send(recovery.Begin(MethodName.RESPONSE_FILE))
            assert isinstance(opened, recovery.Opened)
            request = opened.request
            told["called"] = request is not None and request.header.tls == met.key
            told["ident"] = met.key.hex()[:16]
        except SparekeyError as error:
            told["called"] = error.slug
    return told


if __name__ == "__main__":
    os.environ["PYTHONPATH"] = f"{HERE / 'src'}:{HERE}"
    os.chdir(HERE)
    if sys.argv[1] == "site":
        site(sys.argv[2])
    else:
        print(json.dumps(asyncio.run(find())), flush=True)
