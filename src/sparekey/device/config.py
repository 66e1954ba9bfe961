"""`device.toml`: what its maker decides once about a recorder or camera, and where its doors are."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from sparekey.core.errors import InputError
from sparekey.core.model import DeviceKind, Model
from sparekey.core.policy import Policy
from sparekey.core.values import Face, Identity
from sparekey.device.accounts.choice import AccountSettings
from sparekey.device.accounts.choice import check as check_accounts
from sparekey.device.button.choice import ButtonSettings
from sparekey.device.button.choice import check as check_button
from sparekey.device.cameras import settings as cameras
from sparekey.device.lan_settings import LanSettings, NetworkSettings, OnvifSettings
from sparekey.device.lan_settings import check as check_lan
from sparekey.host.config import load
from sparekey.language.catalogue import LANGUAGES
from sparekey.profiles import model, model_names, profile

NAME_LIMIT = 64
"""Characters of the name on top of every page."""
LISTENERS_LIMIT = 8


Kind = DeviceKind
"""What the thing is; pages call it by this word."""
_MAC = re.compile(r"[0-9a-f]{2}(?:-[0-9a-f]{2}){5}")


@dataclass(frozen=True)
class Listener:
    """One door. `host`: a name or an address without brackets. Port 0 takes any free one. `onvif`: only the ONVIF
    service is behind it.
    """

    tls: bool
    host: str
    port: int
    face: Face = Face.NETWORK
    onvif: bool = False

    def url(self, port: int | None = None) -> str:
        """As people write it; `port` when the real one is known."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port if port is None else port}"


@dataclass(frozen=True)
class Settings:
    """The file's content, one field for each line.

    `listen`: URLs. `screen`: the one of them that the recorder's own screen shows; whoever opened it by `screen_file`,
    which only the kiosk's user can read, stands in front of the recorder. `usb`: the folder where a USB stick shows.
    `reboot`: the command that restarts the device, where its profile has it restart after a recovery.
    `names`: further names and addresses by which people open the pages.
    `sheet`: the name of a model sheet that comes with the program, or a path that ends in `.toml`; empty for the
    one that is called like the model, if there is one. `kind`: what the sheet says, when left out.
    `mac`: the network address; `behind_recorder`: whether a camera is plugged into a recorder's own network.
    `clock_trusted`: the owner or NTP sets the clock. `tls_certificate` and `tls_key` come in pairs; without
    them the device makes its own.
    `desk_online`: it speaks to its desk by itself where there is a network; `desk_ca`: the authority that the
    desk's certificate comes from, if not the system's. `factory_token`: what the factory left where no reset erases.
    """

    name: str
    serial: str
    model: str
    trust: Path
    root: Path
    firmware: str = "1.0.0"
    kind: Kind | None = None
    sheet: str = ""
    mac: str = ""
    behind_recorder: bool = False
    accounts: AccountSettings = field(default_factory=AccountSettings)
    button: ButtonSettings = field(default_factory=ButtonSettings)
    cameras: cameras.CameraSettings = field(default_factory=cameras.CameraSettings)
    profile: str = "sparekey"
    language: str = "en"
    listen: tuple[str, ...] = ("http://127.0.0.1:8500", "https://0.0.0.0:8543", "https://[::]:8543")
    screen: str = ""
    screen_file: Path = Path("screen.html")
    usb: Path | None = None
    reboot: tuple[str, ...] = ()
    storage: Path = Path("device.sqlite")
    key: Path = Path("device.key")
    recordings: Path = Path("recordings")
    recordings_key: Path = Path("recordings.key")
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    names: tuple[str, ...] = ()
    clock_trusted: bool = False
    desk_online: bool = True
    desk_ca: Path | None = None
    factory_token: Path | None = None
    lan: LanSettings = field(default_factory=LanSettings)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    onvif: OnvifSettings = field(default_factory=OnvifSettings)


@dataclass(frozen=True)
class Config:
    """The settings after every check, with whole paths."""

    settings: Settings
    folder: Path
    identity: Identity
    policy: Policy
    model: Model
    listeners: tuple[Listener, ...]

    @property
    def kind(self) -> Kind:
        """Recorder or camera."""
        return self.model.kind

    @property
    def told_mac(self) -> str:
        """The network address that stands in what is read out to support: that of a camera reached directly."""
        alone = self.kind is Kind.CAMERA and not self.settings.behind_recorder
        return self.settings.mac if alone else ""


def read(path: Path) -> Config:
    """Read and check a file. Relative paths in it start at its own folder.

    Raises UnavailableError when it cannot be read, InputError when something in it does not fit.
    """
    return check(load(path, Settings), path.absolute())


def check(settings: Settings, path: Path) -> Config:
    """Check what types cannot say. `path`: the file, for messages and relative paths. Raises InputError."""
    if not 0 < len(settings.name) <= NAME_LIMIT or not settings.name.isprintable():
        raise _unfit(path, f"name must have 1 to {NAME_LIMIT} characters that can be printed")
    if settings.language not in LANGUAGES:
        raise _unfit(path, f"language must be one of {', '.join(LANGUAGES)}")
    check_accounts(settings.accounts, str(path))
    check_lan(settings.network, str(path))
    cameras.check(settings.cameras, str(path))
    if (settings.tls_certificate is None) != (settings.tls_key is None):
        raise _unfit(path, "tls_certificate and tls_key belong together: give both or neither")
    if not 0 < len(settings.listen) <= LISTENERS_LIMIT:
        raise _unfit(path, f"listen must name 1 to {LISTENERS_LIMIT} addresses")
    if settings.screen and settings.screen not in settings.listen:
        raise _unfit(path, "screen must be one of the addresses in listen")
    folder = path.parent
    mac = settings.mac.lower().replace(":", "-")
    if mac and not _MAC.fullmatch(mac):
        raise _unfit(path, "mac must look like 02-00-5e-00-53-01")
    sheet = _sheet(settings, path)
    if settings.behind_recorder and sheet.kind is not Kind.CAMERA:
        raise _unfit(path, "behind_recorder is for cameras")
    check_button(settings.button, sheet, str(path))
    return Config(
        settings=replace(
            settings,
            kind=sheet.kind,
            mac=mac,
            trust=folder / settings.trust,
            root=folder / settings.root,
            storage=folder / settings.storage,
            key=folder / settings.key,
            screen_file=folder / settings.screen_file,
            usb=settings.usb and folder / settings.usb,
            recordings=folder / settings.recordings,
            recordings_key=folder / settings.recordings_key,
            tls_certificate=settings.tls_certificate and folder / settings.tls_certificate,
            tls_key=settings.tls_key and folder / settings.tls_key,
            desk_ca=settings.desk_ca and folder / settings.desk_ca,
            factory_token=settings.factory_token and folder / settings.factory_token,
        ),
        folder=folder,
        identity=Identity(settings.serial, settings.model, settings.firmware),
        policy=profile(settings.profile),
        model=sheet,
        listeners=(
            *(_listener(url, settings.screen, path) for url in settings.listen),
            *([_plain(settings.onvif.plain, path)] if settings.onvif.plain else ()),
        ),
    )


def _sheet(settings: Settings, path: Path) -> Model:
    if settings.sheet.endswith(".toml"):
        sheet = load(path.parent / settings.sheet, Model)
    elif settings.sheet or settings.model in model_names():
        sheet = model(settings.sheet or settings.model)
    else:
        sheet = Model(settings.model, settings.kind or Kind.RECORDER)
    if sheet.name != settings.model:
        raise _unfit(path, f"sheet: it is for the model {sheet.name}, not for {settings.model}")
    if settings.kind not in (None, sheet.kind):
        raise _unfit(path, f"kind must be {sheet.kind.value}, as the sheet of {sheet.name} says")
    return sheet


def _listener(url: str, screen: str, path: Path) -> Listener:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    plain = Listener(parts.scheme == "https", host, port or 0)
    if port is None or parts.scheme not in ("http", "https") or url.lower() != plain.url():
        raise _unfit(
            path, f"listen: {url!r} does not look like http://127.0.0.1:8500 or https://0.0.0.0:8543"
        )
    if parts.scheme == "http" and not _is_loopback(host):
        raise _unfit(path, f"listen: {url} carries passwords in clear over the network; use https:// there")
    if url == screen and not _is_loopback(host):
        raise _unfit(path, f"screen: {url} can be reached from other machines; use one of 127.0.0.1 there")
    return replace(plain, face=Face.SCREEN if url == screen else Face.NETWORK)


def _plain(url: str, path: Path) -> Listener:
    """Where ONVIF is spoken without TLS; only digests travel there."""
    parts = urlsplit(url)
    try:
        plain = Listener(False, parts.hostname or "", parts.port or 0, onvif=True)
    except ValueError:
        plain = Listener(False, "", 0)
    if not plain.host or url.lower() != plain.url():
        raise _unfit(path, f"onvif.plain: {url!r} does not look like http://0.0.0.0:8000")
    return plain


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _unfit(path: Path, what: str) -> InputError:
    return InputError("config", f"{path}: {what}")
