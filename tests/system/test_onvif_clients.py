"""Four clients that others wrote walk the Device service over a real port, and read what it means.

They cannot all be beside one another, and some are no Python, so none is in the development environment: `./dev test`
installs each from its own lock below `.cache/peers`.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sparekey.host.clock import SystemClock
from tests.lan.onvif.camera import ADMIN, Camera
from tests.system.onvif_door import door

WALKS = Path(__file__).with_name("onvif_clients")
INSTALLED = Path(__file__).parents[2] / ".cache" / "peers"
PEERS = {"zeep_walk.py": "peer-zeep", "zeep_async_walk.py": "peer-zeep-async"}
WAITS = 120
"""Seconds for a client to finish; loading ONVIF's WSDL takes some of them."""
AHEAD = 86_400
"""Seconds that the camera's clock is ahead: a client that does not ask for the time first is not let in."""

USERS = {"admin": "Administrator", "guard": "Operator", "viewer": "User"}
ADDRESSES = {"192.0.2.7": 24, "2001:db8::7": 64}


def command(client: str) -> list[str]:
    """How the walk of a client is started. Skips where the client is missing."""
    home = INSTALLED / PEERS.get(client, "node")
    if not (home / "locked").exists():
        pytest.skip(f"{home.name} is not installed: ./dev test tests/system installs it")
    return ["node" if client.endswith(".js") else str(home / "bin" / "python"), str(WALKS / client)]


def walk(client: str, home: Path, camera: Camera, *way: str, ahead: int = 0) -> dict[str, Any]:
    """What the client told after its walk."""
    start = command(client)
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "NO_PROXY": "127.0.0.1"}
    environment["NODE_PATH"] = str(INSTALLED / "node" / "node_modules")
    with door(camera, ahead=ahead) as port:
        done = subprocess.run(
            [*start, str(port), ADMIN.user, ADMIN.password.text, *way],
            env=environment, capture_output=True, text=True, check=False, timeout=WAITS,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert isinstance(told, dict)
    return told


def said(told: Any, *names: str) -> Any:
    """One value; some clients begin names in lower case."""
    for name in names:
        lower = name if name.isupper() else name[0].lower() + name[1:]
        told = told[name] if name in told else told[lower]
    return told


def check(told: dict[str, Any], camera: Camera) -> None:
    known = camera.information()
    assert [said(told["information"], name) for name in ("Manufacturer", "Model", "SerialNumber")] == [
        known.manufacturer, known.model, known.serial,
    ]  # fmt: skip
    assert "/onvif/device_service" in said(told["capabilities"], "XAddr")
    assert str(said(told["capabilities"], "System", "DiscoveryBye")).lower() == "true"
    assert "http://127.0.0.1:" in told["services"][0]
    wired, wireless = told["interfaces"]
    assert said(wired, "Info", "HwAddress") == "02-00-5e-00-53-07"
    assert said(wired, "IPv4", "Config", "FromDHCP", "Address") == "192.0.2.7"
    assert "2001:db8::7" in json.dumps(said(wired, "IPv6", "Config", "Manual"))
    assert str(said(wireless, "Enabled")).lower() == "false"
    assert told["scopes"] == list(camera.scopes())
    assert told["users"] == USERS
    assert told["afterwards"] == USERS | {"finder": "Administrator"}
    # A client tells the subcodes or the reason.
    for name, subcode, reason in (
        ("clash", "UsernameClash", "Username already exists."),
        ("stranger", "UsernameMissing", "Username not recognized."),
        ("missing", "UsernameMissing", "Username not recognized."),
    ):
        assert subcode in told[name] or reason in told[name]
    assert told["gone"] != "no fault"
    assert {user.name: user.level.value for user in camera.everybody} == USERS, (
        "the failed deletion deleted nobody"
    )


def moment(clock: Any) -> tuple[int, ...]:
    date, time = clock["UTCDateTime"]["Date"], clock["UTCDateTime"]["Time"]
    return tuple(int(part) for part in (date["Year"], date["Month"], date["Day"], time["Hour"]))


@pytest.mark.parametrize(
    ("client", "ahead"),
    [("zeep_walk.py", 0), ("zeep_async_walk.py", AHEAD), ("node_onvif_walk.js", AHEAD)],
)
def test_a_client_walks_the_service_by_username_token(client: str, ahead: int, tmp_path: Path) -> None:
    camera = Camera()
    told = walk(client, tmp_path, camera, ahead=ahead)
    check(told, camera)
    assert None not in moment(told["clock"])
    assert told["clock"]["TimeZone"]["TZ"] == camera.clock().zone
    assert told["reboot"] == "Rebooting in 5 seconds."
    assert "reboot" in camera.done
    if client == "zeep_walk.py":
        assert told["http digest"] == 200, "and requests signs in by HTTP"


@pytest.mark.parametrize("way", ["ws", "http"])
def test_the_most_used_client_of_node_walks_it_both_ways(way: str, tmp_path: Path) -> None:
    camera, before = Camera(), SystemClock().wall()
    told = walk("onvif_walk.js", tmp_path, camera, way, ahead=AHEAD)
    check(told, camera)
    assert told["clock"] >= before + AHEAD, "it signs in by the camera's clock"
    assert camera.done == ["soft"]
