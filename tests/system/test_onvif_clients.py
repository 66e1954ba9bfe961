"""Four clients that others wrote walk the Device service over a real port, and read what it means: that of a camera in
this process, which allows everything, and that of the real agent, on a cable of its own. A fifth one finds the agent.

They cannot all be beside one another, and some are no Python, so none is in the development environment: `./dev test`
installs each from its own lock below `.cache/peers`.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sparekey.host.clock import SystemClock
from tests.device.recorder import OLD
from tests.lan.onvif.camera import ADMIN, Camera
from tests.system.lan_site import HERE
from tests.system.onvif_door import door
from tests.system.test_device_process import Device, set_up
from tests.system.test_lan_site import NAMESPACE, can_split

WALKS = Path(__file__).with_name("onvif_clients")
INSTALLED = Path(__file__).parents[2] / ".cache" / "peers"
PEERS = {
    "zeep_walk.py": "peer-zeep",
    "zeep_async_walk.py": "peer-zeep-async",
    "discovery_walk.py": "peer-discovery",
}
WAITS = 120
"""Seconds for a client to finish; loading ONVIF's WSDL takes some of them."""
AHEAD = 86_400
"""Seconds that the camera's clock is ahead: a client that does not ask for the time first is not let in."""

USERS = {"admin": "Administrator", "guard": "Operator", "viewer": "User"}
OURS = {"nvr": "Administrator", "viewer": "User"}
"""Those of the agent, made on its pages."""
TLS, PLAIN = "https://192.0.2.20:8543", "http://192.0.2.20:8000"

alone = pytest.mark.skipif(not can_split(), reason="network namespaces of our own are not allowed here")


def command(client: str) -> list[str]:
    """How the walk of a client is started. Skips where the client is missing."""
    home = INSTALLED / PEERS.get(client, "node")
    if not (home / "locked").exists():
        pytest.skip(f"{home.name} is not installed: ./dev test tests/system installs it")
    return ["node" if client.endswith(".js") else str(home / "bin" / "python"), str(WALKS / client)]


def run(home: Path, *walking: str) -> dict[str, Any]:
    """What the client told after its walk."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "NO_PROXY": "127.0.0.1,192.0.2.20"}
    environment |= {"NODE_PATH": str(INSTALLED / "node" / "node_modules"), "NODE_NO_WARNINGS": "1"}
    environment["PYTHONPATH"] = f"{HERE / 'src'}:{HERE}"
    done = subprocess.run(
        walking, cwd=HERE, env=environment, capture_output=True, text=True, check=False, timeout=WAITS
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert isinstance(told, dict)
    return told


def walk(client: str, home: Path, camera: Camera, *way: str, ahead: int = 0) -> dict[str, Any]:
    """Through the camera's door."""
    start = command(client)
    with door(camera, ahead=ahead) as port:
        return run(home, *start, f"http://127.0.0.1:{port}", ADMIN.user, ADMIN.password.text, *way)


def said(told: Any, *names: str) -> Any:
    """One value; some clients begin names in lower case."""
    for name in names:
        lower = name if name.isupper() else name[0].lower() + name[1:]
        told = told[name] if name in told else told[lower]
    return told


def check_users(told: dict[str, Any], users: dict[str, str]) -> None:
    assert told["users"] == users
    assert told["afterwards"] == users | {"finder": "Administrator"}
    # A client tells the subcodes or the reason.
    for name, subcode, reason in (
        ("clash", "UsernameClash", "Username already exists."),
        ("stranger", "UsernameMissing", "Username not recognized."),
        ("missing", "UsernameMissing", "Username not recognized."),
    ):
        assert subcode in told[name] or reason in told[name]
    assert told["gone"] != "no fault"


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
    check_users(told, USERS)
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


def with_systems(folder: Path) -> tuple[Device, str]:
    """A recorder whose owner made two ONVIF users on its pages; the password of the administrator. It stands still."""
    device = Device(folder)
    device.start()
    set_up(device)
    browser = device.browser()
    browser.get("/login")
    browser.press("/login", {"password": OLD})
    passwords = []
    for name, role in OURS.items():
        browser.get("/systems/add")
        page = browser.press("/systems/add", {"name": name, "role": role, "current": OLD})
        found = re.search(r"(?:[0-9a-z]{5}-){3}[0-9a-z]{5}", page.words)
        assert found, page.words
        passwords.append(found[0])
    device.cut_power()
    text = device.config.read_text()
    line = next(line for line in text.splitlines() if line.startswith("listen"))
    text = text.replace(line, 'listen = ["https://0.0.0.0:8543", "https://[::]:8543"]')
    device.config.write_text(text + '\n[onvif]\nmanufacturer = "Example"\nplain = "http://0.0.0.0:8000"\n')
    return device, passwords[0]


def beside_the_agent(device: Device, how: str, *walking: str) -> dict[str, Any]:
    site = (*NAMESPACE, sys.executable, "-m", "tests.system.onvif_site", how)
    return run(device.folder, *site, str(device.config), *walking)


def kept(device: Device) -> dict[str, str]:
    """Its ONVIF users, while it stands still."""
    with closing(sqlite3.connect(device.folder / "device.sqlite")) as connection:
        return dict(connection.execute("SELECT name, level FROM onvif_users"))


def check_agent(told: dict[str, Any]) -> None:
    known = [said(told["information"], name) for name in ("Manufacturer", "Model", "SerialNumber")]
    assert known == ["Example", "PX-3216", "7F2K-0042"]
    assert said(told["capabilities"], "XAddr") == f"{TLS}/onvif/device_service"
    assert told["services"] == [f"{TLS}/onvif/device_service"] * len(told["services"])
    wired = told["interfaces"]
    (wired,) = wired if isinstance(wired, list) else (wired,)
    assert said(wired, "Info", "Name") == "dev0"
    assert "192.0.2.20" in json.dumps(said(wired, "IPv4", "Config", "Manual"))
    assert "fe80::" in json.dumps(said(wired, "IPv6", "Config"))
    assert told["scopes"] == [
        "onvif://www.onvif.org/type/Network_Video_Transmitter",
        "onvif://www.onvif.org/hardware/PX-3216",
        "onvif://www.onvif.org/name/PX-3216",
    ]
    assert told["users"] == OURS
    for name in {"reboot", "default"} & set(told):
        assert "OperationProhibited" in told[name] or "not Permitted" in told[name]


@alone
@pytest.mark.parametrize(
    ("client", "way"),
    [
        ("zeep_walk.py", ()),
        ("zeep_async_walk.py", ()),
        ("onvif_walk.js", ("ws",)),
        ("onvif_walk.js", ("http",)),
        ("node_onvif_walk.js", ()),
    ],
)
def test_a_client_walks_the_real_agent(client: str, way: tuple[str, ...], tmp_path: Path) -> None:
    start = command(client)
    device, password = with_systems(tmp_path)
    told = beside_the_agent(device, "walk", *start, TLS, "nvr", password, *way)
    check_agent(told)
    check_users(told, OURS)
    if client == "zeep_walk.py":
        assert told["http digest"] == 200
    assert kept(device) == OURS, "the failed deletion deleted nobody"


@alone
def test_P14_device_a_third_party_finds_the_real_agent_and_hears_no_more_than_its_model(
    tmp_path: Path,
) -> None:
    start = command("discovery_walk.py")
    device, _ = with_systems(tmp_path)
    told = beside_the_agent(device, "watch", *start)
    for asked in ("everything", "by type", "by scope", "resolved"):
        (found,) = told[asked]
        assert found == told["hello"], asked
    assert told["printers"] == told["another model"] == []
    found = told["hello"]
    assert told["bye"] == found["endpoint"]
    assert f"{TLS}/onvif/device_service" in found["addresses"]
    assert f"{PLAIN}/onvif/device_service" in found["addresses"]
    everything = json.dumps(told)
    assert "PX-3216" in everything
    for secret in ("7F2K-0042", "Front door", "1.0.0"):
        assert secret not in everything
