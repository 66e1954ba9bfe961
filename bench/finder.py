"""The finder: processor time of one ONVIF SetUser call, beside other clients where `.cache/peers` has them.

The camera is a process of its own on the loopback. Discovery of a thousand devices in one burst with losses is
measured by tests/system/test_finder_search.py.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path

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
    """Milliseconds of processor time for one call, the connection included."""
    camera = [sys.executable, "-m", "sparekey.demo.foreign", "--at", f"{HOST}:{PORT}"]
    with subprocess.Popen(camera, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None or "ready" not in process.stdout.readline():
                raise RuntimeError("the camera does not start")
            found: dict[str, object] = {"SetUser ms, ours": round(asyncio.run(ours()), 3)}
            for name, script in (("peer-zeep", _ZEEP), ("peer-zeep-async", _ZEEP_ASYNC)):
                found[f"SetUser ms, {name}"] = peer(name, script)
        finally:
            process.terminate()
            process.wait(10)
    found["target"] = "SetUser <= 0.4 ms of processor time"
    return found


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
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(python), "-c", script.format(**told)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=clean,
    )
    return (
        round(float(json.loads(done.stdout)), 3) if done.returncode == 0 else f"broke: {done.stderr[-200:]}"
    )
