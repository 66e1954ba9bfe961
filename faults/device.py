"""A device in a folder of its own, as its program starts it: configuration, keys, storage, agent."""

from __future__ import annotations

from pathlib import Path

from sparekey.core import crypto
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.trust import sign_trust
from sparekey.core.values import Face, MethodName
from sparekey.device import config, identity
from sparekey.device.agent import Agent
from sparekey.device.install import CONFIG, install
from sparekey.device.recordings.port import Media
from sparekey.device.recovery import Recovering
from sparekey.host.entropy import SystemEntropy
from sparekey.testing.clock import FixedClock
from sparekey.testing.desk import MemoryDesk
from sparekey.testing.device import CHEAP
from sparekey.testing.entropy import FixedEntropy

OLD, NEW = "an old password to lose", "a quite new secret sentence"
OWNER = "owner@example.com"
CLAIM = crypto.sha256(b"who lost it")
ROOT = bytes(32)


class Device:
    """The agent of a folder that was installed before, switched on."""

    def __init__(self, folder: Path) -> None:
        entropy = SystemEntropy()
        read = config.read(folder / CONFIG)
        self.folder, self.settings = folder, read.settings
        keys = identity.ready(read, entropy)
        self.agent = Agent(read, keys, clock=FixedClock(), entropy=entropy, cost=CHEAP)
        self.agent.boot()
        self.recovering = Recovering(self.agent)

    def standing(self) -> str:
        """Which password works; "must-set" when there is none; all that is true, so one word is the good answer."""
        holds = [
            word for word, password in (("old", OLD), ("new", NEW)) if self.agent.knows("admin", password)
        ]
        if not self.agent.is_set_up:
            holds.append("must-set")
        if self.agent.is_erasing:
            holds.append("erasing")
        return " and ".join(holds) or "nobody"

    def activate(self, password: str = OLD) -> None:
        """Its owner sets it up."""
        refused = self.agent.activate(password, OWNER, Face.SCREEN)
        if refused is not None:
            raise AssertionError(refused)

    def record(self) -> None:
        """A recording, so that there is something to lose."""
        self.agent.recordings.write("Camera 1", 1_790_000_000, 60, Media.JPEG, b"a picture of the yard" * 200)

    def secrets(self) -> list[bytes]:
        """What nobody may find any more after an erase: the device key, and the recordings' where those go too."""
        files = (self.settings.key, self.settings.recordings_key)
        return [path.read_bytes() for path in files if path.exists()]


def desk() -> MemoryDesk:
    """The same desk each time."""
    return MemoryDesk(clock=FixedClock(), entropy=FixedEntropy())


def installed(folder: Path, profile: str, model: str, support: MemoryDesk) -> Device:
    """A new device of this profile that trusts this desk."""
    folder.mkdir()
    trust, root = folder / "given.trust", folder / "given.root"
    trust.write_text(wrap(FileKind.TRUST, sign_trust(support.trust, ROOT), {}))
    root.write_text(crypto.signing_public(ROOT).hex() + "\n")
    settings = config.Settings(
        "Front door", "7F2K-0042", model, trust, root, profile=profile, clock_trusted=True
    )
    install(folder, settings)
    return Device(folder)


__all__ = ["CLAIM", "NEW", "OLD", "OWNER", "Device", "MethodName", "desk", "installed"]
