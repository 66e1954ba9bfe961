"""The finder: searches beside other people's, many new passwords, and processor time of one ONVIF SetUser call.

Searches and many cameras live in network namespaces that are made for it, where the machine lets us. This machine's
kernel may know no netem: losses are made by those who answer. Programs of others are taken from `.cache/peers`.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench import _network
from sparekey.core.values import Secret
from sparekey.demo.foreign.camera import PASSWORD, USER
from sparekey.finder.onvif_talk import OnvifTalk
from sparekey.finder.talk import Heard
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy
from sparekey.lan.http_digest import Credential
from sparekey.lan.target import Target
from sparekey.language.catalogue import translator

CALLS = 500
LONGEST = 400
"""Seconds for one part, on a machine that does other things too."""
HOST, PORT = "127.0.1.41", 8791
PEERS = Path(__file__).parents[1] / ".cache" / "peers"
_ZEEP = """
import json, time, onvif
from pathlib import Path
wsdl = Path(onvif.__file__).parent / "wsdl"
if not wsdl.is_dir(): wsdl = next(Path(onvif.__file__).parents[1].rglob("devicemgmt.wsdl")).parent
camera = onvif.ONVIFCamera({host!r}, {port}, {user!r}, {password!r}, str(wsdl))
service = camera.create_devicemgmt_service()
users = [{{"Username": {user!r}, "Password": {password!r}, "UserLevel": "Administrator"}}]
service.SetUser({{"User": users}})
begun = time.process_time()
for _ in range({calls}): service.SetUser({{"User": users}})
print(json.dumps((time.process_time() - begun) * 1000 / {calls}))
"""
_ZEEP_ASYNC = """
import asyncio, json, time, onvif
async def main():
    camera = onvif.ONVIFCamera({host!r}, {port}, {user!r}, {password!r})
    await camera.update_xaddrs()
    service = await camera.create_devicemgmt_service()
    users = [{{"Username": {user!r}, "Password": {password!r}, "UserLevel": "Administrator"}}]
    await service.SetUser({{"User": users}})
    begun = time.process_time()
    for _ in range({calls}): await service.SetUser({{"User": users}})
    print(json.dumps((time.process_time() - begun) * 1000 / {calls}))
    await camera.close()
asyncio.run(main())
"""


def measure() -> dict[str, object]:
    """Milliseconds of processor time for one call; searches and rotations as `_searches` and `_rotation` tell."""
    camera = [sys.executable, "-m", "sparekey.demo.foreign", "--at", f"{HOST}:{PORT}"]
    with subprocess.Popen(camera, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None or "ready" not in process.stdout.readline():
                raise RuntimeError("the camera does not start")
            found: dict[str, object] = {"SetUser ms, ours": best(lambda: asyncio.run(ours()))}
            for name, script in (("peer-zeep", _ZEEP), ("peer-zeep-async", _ZEEP_ASYNC)):
                found[f"SetUser ms, {name}"] = peer(name, script)
        finally:
            process.terminate()
            process.wait(10)
    for about, module in (("search", "bench._discovery"), ("rotate", "bench._rotation")):
        found |= {f"{about}, {name}": told for name, told in in_namespaces(module).items()}
    found["losses"] = "5 % each way are made by those who answer; the kernel's netem is not used"
    found["targets"] = "SetUser <= 0.4 ms; all found within 1.2 x the window; 1,000 verified"
    return found


def in_namespaces(module: str) -> dict[str, object]:
    """What a part of this bench tells that runs in a network of its own, or why it does not."""
    if not _network.can():
        return {"": "not measured: it needs Linux, and a machine that lets you make network namespaces"}
    done = subprocess.run(
        _network.in_a_namespace(module),
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
        env=_network.environment(),
    )
    if done.returncode:
        return {"": f"broke: {done.stderr[-300:]}"}
    told: dict[str, object] = json.loads(done.stdout)
    return told


async def ours() -> float:
    """The camera's password is set to the same one again."""
    login = Credential(USER, Secret(PASSWORD))
    target = Target(HOST, PORT, "/onvif/device_service")
    talk = OnvifTalk(target, SystemEntropy(), SystemClock(), translator("en"), in_the_open=True)
    await talk.meet()
    for _ in range(20):
        if (await talk.check(login)).heard is not Heard.RIGHT:
            raise RuntimeError("the camera refuses its login")
    begun = time.process_time()
    for _ in range(CALLS):
        if (await talk.change(login, login.password)).heard is not Heard.RIGHT:
            raise RuntimeError("the camera refuses the change")
    spent = (time.process_time() - begun) * 1000 / CALLS
    talk.close()
    return spent


def peer(name: str, script: str) -> object:
    """The same by another client, or why not."""
    python = PEERS / name / "bin" / "python"
    if not (PEERS / name / "locked").is_file():
        return "not installed here: ./dev test tests/system installs it"
    told = {"host": HOST, "port": PORT, "user": USER, "password": PASSWORD, "calls": CALLS // 5}
    command = [str(python), "-c", script.format(**told)]
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    def once() -> float:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True, env=clean)
        return float(json.loads(done.stdout))

    try:
        return best(once)
    except subprocess.CalledProcessError as error:
        return f"broke: {error.stderr[-200:]}"


def best(measured: Callable[[], float]) -> float:
    """The least of three: what else this machine does only adds to it."""
    return round(min(measured() for _ in range(3)), 3)
