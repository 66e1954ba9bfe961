"""What a site is made of and where its doors are; decided once, and kept beside it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError
from sparekey.demo import settings
from sparekey.demo.doors import BESIDE, CAMERA, LOOPBACK, SWITCHED, Ports, choose, is_free
from sparekey.host.config import load

if TYPE_CHECKING:
    from pathlib import Path

FILE = "demo.toml"
"""The plan's own file in the site's folder."""
LAUNCH = "/recorder"
"""The path at the start page that opens the recorder's own screen, as its kiosk does at power-on."""
_HERE = ("screen", "smtp", "mailbox", "second", "camera")
"""Doors that nobody reaches from another machine."""


@dataclass(frozen=True)
class Plan:
    """`lan`: the address for phones, or "" when everything stays on this machine."""

    profile: str
    ports: Ports
    lan: str = ""

    @property
    def host(self) -> str:
        """The address that the desk, the recorder's web page and the start page listen at."""
        return self.lan or LOOPBACK

    @property
    def scheme(self) -> str:
        """`http` stays on this machine; the network gets `https`."""
        return "https" if self.lan else "http"

    @property
    def name(self) -> str:
        """The host's name in links: browsers let `localhost` do what else only https may."""
        return self.lan or "localhost"

    @property
    def start(self) -> str:
        """The page that tells the story. Plain http in every case: here phones fetch the certificate."""
        return f"http://{_bracketed(self.name)}:{self.ports.start}"

    @property
    def desk(self) -> str:
        """The support desk."""
        return f"{self.scheme}://{_bracketed(self.name)}:{self.ports.desk}"

    @property
    def screen(self) -> str:
        """The recorder's own screen: only on this machine."""
        return f"http://{LOOPBACK}:{self.ports.screen}"

    @property
    def network(self) -> str:
        """The recorder's page for everybody else."""
        return f"https://{_bracketed(self.name)}:{self.ports.network}"

    @property
    def second(self) -> str:
        """The screen of the second recorder."""
        return f"http://{LOOPBACK}:{self.ports.second}"

    @property
    def camera(self) -> str:
        """The page of the camera behind the recorder: only on this machine, as it would be on the recorder's own
        network.
        """
        return f"https://{CAMERA}:{self.ports.camera}"

    @property
    def beside(self) -> str:
        """The page of the camera that is beside the recorder."""
        return f"https://{BESIDE}:{self.ports.camera}"

    @property
    def switched(self) -> str:
        """The page of a camera with a switch on its body."""
        return f"https://{SWITCHED}:{self.ports.camera}"

    @property
    def mailbox(self) -> str:
        """Where the mail is read: only on this machine."""
        return f"http://localhost:{self.ports.mailbox}"


def make(profile: str, lan: str, first_port: int) -> Plan:
    """A plan with free ports."""
    return Plan(profile, choose(lan or LOOPBACK, first_port), lan)


def save(plan: Plan, folder: Path) -> None:
    """Keep it: from now on the folder is a whole site."""
    settings.write(folder / FILE, asdict(plan))


def kept(folder: Path, profile: str | None, lan: str) -> Plan | None:
    """The plan of a site that was kept in this folder, or None for a folder that is empty or not there.

    The desk's address stands in the recorder's trust file: a kept site comes back with the same doors or not
    at all. Raises InputError when the folder is something else, UnavailableError when a door is taken.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return None
    if not (folder / FILE).is_file():
        raise InputError("keep", f"{folder} is not empty and holds no demo; name a new folder")
    plan = load(folder / FILE, Plan)
    if profile not in (None, plan.profile) or lan != plan.lan:
        was = f"--profile {plan.profile}" + (f" --lan {plan.lan}" if plan.lan else "")
        raise InputError("keep", f"the demo in {folder} was made with {was}; use that, or a new folder")
    for door, port in asdict(plan.ports).items():
        if not is_free(LOOPBACK if door in _HERE else plan.host, port):
            raise UnavailableError(
                "door-taken",
                f"the demo in {folder} needs port {port}, which another program uses; end that one",
            )
    return plan


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
