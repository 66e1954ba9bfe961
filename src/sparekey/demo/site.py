"""The site: a mailbox, a support desk, a recorder, two cameras and the page with the story, each a process of its own.

Everything is set up by the ordinary commands (`sparekey desk init`, `sparekey device init`) and runs by them.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from sparekey.core.errors import UnavailableError
from sparekey.demo import certificates, footage, plan, settings
from sparekey.demo.child import Child, plain
from sparekey.demo.doors import BESIDE, CAMERA, CAMERA_NETWORK, LOOPBACK, SWITCHED
from sparekey.demo.plan import LAUNCH

if TYPE_CHECKING:
    from collections.abc import Callable

    from sparekey.demo.plan import Plan
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy

DESK_NAME = "Demo support desk"
RECORDER_NAME = "Front gate recorder"
SERIAL = "7F2K-0042"
MODEL = "PX-3216"
RECORDER_MAC = "02-00-5e-00-53-20"
SENDER = "desk@example.com"
MAIL_USER = "desk"
SECOND_NAME = "Back door recorder"
SECOND_SERIAL = "7F2K-0043"
CAMERA_NAME, BESIDE_NAME = "Garage camera", "Yard camera"
CAMERA_SERIAL, BESIDE_SERIAL = "C2K-0101", "C2K-0102"
CAMERA_MAC, BESIDE_MAC = "02-00-5e-00-53-21", "02-00-5e-00-53-22"
CAMERA_MODEL = "C-220"
CAMERA_PROFILE = "camera-support"
BEHIND, BESIDE_IT = "camera behind the recorder", "camera beside it"
PARTS = ("mailbox", "support desk", "recorder", BEHIND, BESIDE_IT, "start page")
"""The processes, in the order of starting."""
SECOND = "second recorder"
SWITCH = "camera with a switch"
"""Parts beside these: somebody else's recorder on the same desk, and a camera whose switch the demo can press."""
BUTTON = "sparekey.demo.switch"
"""What runs that camera. It is in a checkout alone: no wheel has it."""
SWITCH_NAME, SWITCH_SERIAL = "Shed camera", "C2K-0103"

_INIT_LIMIT = 30


@dataclass(frozen=True)
class Folders:
    """Where the parts keep what is theirs."""

    root: Path

    @property
    def mailbox(self) -> Path:
        """Settings, letters, certificate, password of the mailbox."""
        return self.root / "mailbox"

    @property
    def desk(self) -> Path:
        """The desk's own folder, made by `desk init`."""
        return self.root / "desk"

    @property
    def recorder(self) -> Path:
        """The recorder's own folder, made by `device init`."""
        return self.root / "recorder"

    @property
    def launch(self) -> Path:
        """The file by which the recorder's own screen is opened."""
        return self.recorder / "screen.html"

    @property
    def second(self) -> Path:
        """The second recorder's own folder."""
        return self.root / "second-recorder"

    @property
    def camera(self) -> Path:
        """The folder of the camera behind the recorder, with the authority that vouches for its address."""
        return self.root / "camera"

    @property
    def beside(self) -> Path:
        """The same of the camera beside it."""
        return self.root / "camera-beside"

    @property
    def switched(self) -> Path:
        """The own folder of the camera with a switch."""
        return self.root / "camera-with-a-switch"

    @property
    def tls(self) -> Path:
        """The certificates that the network sees, with --lan."""
        return self.root / "tls"

    @property
    def start(self) -> Path:
        """Settings of the start page."""
        return self.root / "start"

    def log(self, part: str) -> Path:
        """What a process said."""
        return self.root / "logs" / f"{part.replace(' ', '-')}.log"


class Site:
    """Use it as a context: leaving the block ends every process. `say` gets one sentence at each step."""

    def __init__(
        self, folder: Path, plan: Plan, *, clock: Clock, entropy: Entropy, say: Callable[[str], None]
    ) -> None:
        self.folders = Folders(folder)
        self.plan = plan
        self._clock = clock
        self._entropy = entropy
        self._say = say
        self._children: dict[str, Child] = {}
        self._makers: dict[str, Callable[[], None]] = {
            "mailbox": self._make_mailbox,
            "support desk": self._make_desk,
            "recorder": self._make_recorder,
            SECOND: self._make_second,
            BEHIND: self._make_camera,
            SWITCH: self._make_switched,
            BESIDE_IT: self._make_beside,
            "start page": self._make_start,
        }

    def __enter__(self) -> Site:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def start(self, parts: tuple[str, ...] = PARTS) -> None:
        """Make what is not there yet, start the parts that do not run, and wait until all answer. Raises
        UnavailableError.
        """
        parts = tuple(part for part in parts if part not in self._children)
        for part in parts:
            self.make(part)
            self._launch(part)
        if not (self.folders.root / plan.FILE).is_file():
            plan.save(self.plan, self.folders.root)
        self._say("Waiting until all of them answer.")
        for part in parts:
            self._children[part].wait_until_ready(self._clock)

    def make(self, part: str) -> None:
        """Set a part up, if it is not there yet."""
        if not self._settings()[part].is_file():
            self._say(f"Setting up the {part}.")
            self._makers[part]()

    def watch(self) -> None:
        """Raises UnavailableError when a process ended by itself."""
        for child in self._children.values():
            if not child.running:
                raise child.ended_by_itself()

    def cut_power(self, part: str) -> None:
        """Pull the plug of one part, put it back, and wait until it answers."""
        self._children[part].cut_power()
        self._start_again(part)

    def stop(self, part: str) -> None:
        """Pull the plug of one part and leave it out; `start` puts it back."""
        self._children.pop(part).cut_power()

    def restart(self, part: str) -> None:
        """End one part in order, start it again, and wait until it answers."""
        self._children[part].end()
        self._start_again(part)

    def amend(self, part: str, settings_: settings.Settings) -> None:
        """End one part in order, change its settings, start it again, and wait until it answers."""
        self._children[part].end()
        settings.amend(self._settings()[part], settings_)
        self._start_again(part)

    def end(self) -> None:
        """End all of them, the last one first."""
        for child in reversed(self._children.values()):
            child.end()
        self._children.clear()

    def _start_again(self, part: str) -> None:
        self._launch(part)
        self._children[part].wait_until_ready(self._clock)

    def _launch(self, part: str) -> None:
        self._children[part] = Child(part, self._command(part), self.folders.log(part))

    def _settings(self) -> dict[str, Path]:
        here = self.folders
        return {
            "mailbox": here.mailbox / "mailbox.toml",
            "support desk": here.desk / "desk.toml",
            "recorder": here.recorder / "device.toml",
            SECOND: here.second / "device.toml",
            BEHIND: here.camera / "device.toml",
            BESIDE_IT: here.beside / "device.toml",
            SWITCH: here.switched / "device.toml",
            "start page": here.start / "start.toml",
        }

    def _command(self, part: str) -> list[str]:
        programs = {
            "mailbox": ["sparekey.demo.mailbox"],
            "support desk": ["sparekey", "desk", "run"],
            "recorder": ["sparekey", "device", "run"],
            SECOND: ["sparekey", "device", "run"],
            BEHIND: ["sparekey", "device", "run"],
            BESIDE_IT: ["sparekey", "device", "run"],
            SWITCH: [BUTTON],
            "start page": ["sparekey.demo.start"],
        }
        return [*programs[part], "--config", str(self._settings()[part])]

    def _make_mailbox(self) -> None:
        here, ports = self.folders.mailbox, self.plan.ports
        here.mkdir(parents=True, mode=0o700)
        files = certificates.make(here, ("localhost", LOOPBACK), self._clock, self._entropy)
        password = here / "password"
        password.touch(mode=0o600)
        password.write_text(self._entropy.bytes(16).hex(), encoding="utf-8")
        settings.write(
            here / "mailbox.toml",
            {
                "smtp_port": ports.smtp,
                "web_port": ports.mailbox,
                "user": MAIL_USER,
                "password_file": password.name,
                "tls_certificate": files.certificate.name,
                "tls_key": files.key.name,
            },
        )

    def _make_desk(self) -> None:
        here, mailbox, ports = self.folders.desk, self.folders.mailbox, self.plan.ports
        doors = ["--url", self.plan.desk, "--listen", f"{self._bracketed(self.plan.host)}:{ports.desk}"]
        self._init("desk", here, "--name", DESK_NAME, *doors)
        smtp = {
            "host": "localhost",
            "port": ports.smtp,
            "sender": SENDER,
            "user": MAIL_USER,
            "password_file": str((mailbox / "password").absolute()),
            "ca_file": str(certificates.identity(mailbox).authority.absolute()),
        }
        more = {"timezone": zone(), "smtp": smtp, "api": {"on": True}}
        settings.amend(here / "desk.toml", {**self._tls(), **more})

    def _make_recorder(self) -> None:
        screen = f"http://{LOOPBACK}:{self.plan.ports.screen}"
        network = f"https://{self._bracketed(self.plan.host)}:{self.plan.ports.network}"
        doors = ["--listen", screen, "--listen", network, "--screen", screen]
        self._init_recorder(self.folders.recorder, SERIAL, RECORDER_NAME, doors)
        shown = f"https://{self._bracketed(self.plan.host)}:{self.plan.ports.doors}"
        cameras = {"networks": [CAMERA_NETWORK], "doors": shown}
        told = {**self._tls(), "mac": RECORDER_MAC, "cameras": cameras}
        settings.amend(self.folders.recorder / "device.toml", told)
        footage.record(self.folders.recorder, self._clock, self._entropy)

    def _make_second(self) -> None:
        screen = f"http://{LOOPBACK}:{self.plan.ports.second}"
        doors = ["--listen", screen, "--screen", screen]
        self._init_recorder(self.folders.second, SECOND_SERIAL, SECOND_NAME, doors)

    def _make_camera(self) -> None:
        label = ["--serial", CAMERA_SERIAL, "--name", CAMERA_NAME, "--mac", CAMERA_MAC]
        self._init_camera(self.folders.camera, label, CAMERA, {"behind_recorder": True, "desk_online": False})

    def _make_beside(self) -> None:
        label = ["--serial", BESIDE_SERIAL, "--name", BESIDE_NAME, "--mac", BESIDE_MAC]
        self._init_camera(self.folders.beside, label, BESIDE, {})

    def _make_switched(self) -> None:
        label = ["--serial", SWITCH_SERIAL, "--name", SWITCH_NAME]
        self._init_camera(self.folders.switched, label, SWITCHED, {}, self.plan.profile)
        footage.record(self.folders.switched, self._clock, self._entropy)

    def _init_camera(
        self,
        folder: Path,
        label: list[str],
        address: str,
        more: settings.Settings,
        profile: str = CAMERA_PROFILE,
    ) -> None:
        label += ["--kind", "camera", "--model", CAMERA_MODEL, "--profile", profile]
        doors = ["--listen", f"https://{address}:{self.plan.ports.camera}"]
        self._init("device", folder, *label, *self._trust(), *doors)
        files = certificates.make(folder / "tls", ("localhost", address), self._clock, self._entropy)
        tls = {
            "tls_certificate": str(files.certificate.absolute()),
            "tls_key": str(files.key.absolute()),
        }
        settings.amend(folder / "device.toml", {**tls, **more})

    def _init_recorder(self, folder: Path, serial: str, name: str, doors: list[str]) -> None:
        label = ["--serial", serial, "--model", MODEL, "--name", name, "--profile", self.plan.profile]
        self._init("device", folder, *label, *self._trust(), *doors)

    def _trust(self) -> list[str]:
        desk = self.folders.desk
        return ["--trust", str(desk / "trust.sparekey-trust"), "--root", str(desk / "maker-root.pub")]

    def _make_start(self) -> None:
        plan_ = self.plan
        story = {
            "host": plan_.host,
            "name": plan_.name,
            "port": plan_.ports.start,
            "profile": plan_.profile,
            "recorder": plan_.start + LAUNCH,
            "launch": str(self.folders.launch.absolute()),
            "desk_settings": str((self.folders.desk / "desk.toml").absolute()),
            "network": plan_.network,
            "desk": plan_.desk,
            "mailbox": plan_.mailbox,
            "camera": plan_.camera,
            "beside": plan_.beside,
        }
        if plan_.lan:
            story["authority"] = str(certificates.identity(self.folders.tls).authority.absolute())
        self.folders.start.mkdir(parents=True)
        settings.write(self.folders.start / "start.toml", story)

    def _tls(self) -> dict[str, str]:
        """The settings by which a part speaks https on the network; made once for all parts."""
        if not self.plan.lan:
            return {}
        files = certificates.identity(self.folders.tls)
        if not files.authority.is_file():
            files = certificates.make(self.folders.tls, (self.plan.lan,), self._clock, self._entropy)
        return {"tls_certificate": str(files.certificate.absolute()), "tls_key": str(files.key.absolute())}

    @staticmethod
    def _init(app: str, folder: Path, *arguments: str) -> None:
        command = [sys.executable, "-m", "sparekey", app, "init", "--dir", str(folder), *arguments]
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_INIT_LIMIT,
            check=False,
            start_new_session=True,
        )
        if done.returncode:
            said = "; ".join(plain((done.stdout + done.stderr).splitlines())[-3:])
            raise UnavailableError("init", f"sparekey {app} init did not work: {said}")

    @staticmethod
    def _bracketed(host: str) -> str:
        return f"[{host}]" if ":" in host else host


def zone(local: Path = Path("/etc/localtime")) -> str:
    """The name of this machine's time zone, such as `Europe/Prague`; `UTC` where it cannot be told."""
    _, found, name = str(local.resolve()).partition("/zoneinfo/")
    return name if found and name in available_timezones() else "UTC"
