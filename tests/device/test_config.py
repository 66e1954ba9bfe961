"""device.toml and the files it names: every mistake is told in words, with the file and what to do."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from sparekey.__main__ import main
from sparekey.core.crypto import signing_public
from sparekey.core.errors import InputError, UnavailableError, UntrustedError
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.trust import sign_trust
from sparekey.core.model import Switch
from sparekey.core.values import Face
from sparekey.device import config, identity, trust
from sparekey.host.sqlite_store import SqliteFile
from sparekey.testing.clock import FixedClock
from sparekey.testing.desk import MemoryDesk
from sparekey.testing.entropy import FixedEntropy

ROOT = bytes(range(32))
PLAIN = """
name = "Front door recorder"
serial = "7F2K-0042"
model = "PX-3216"
trust = "trust.sparekey-trust"
root = "maker-root.pub"
listen = ["http://127.0.0.1:0"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a trust file and its root."""
    desk = MemoryDesk(clock=FixedClock(), entropy=FixedEntropy())
    (tmp_path / "trust.sparekey-trust").write_text(wrap(FileKind.TRUST, sign_trust(desk.trust, ROOT), {}))
    (tmp_path / "maker-root.pub").write_text(signing_public(ROOT).hex())
    return tmp_path


def written(folder: Path, text: str) -> Path:
    path = folder / "device.toml"
    path.write_text(text)
    return path


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.strip().splitlines()


def test_relative_paths_start_at_the_file(folder: Path) -> None:
    read = config.read(written(folder, PLAIN))
    assert read.settings.storage == folder / "device.sqlite"
    assert read.settings.trust == folder / "trust.sparekey-trust"
    assert read.settings.tls_key is None
    assert read.policy.name == "sparekey"
    assert not read.settings.clock_trusted


def test_the_screen_is_one_of_the_listeners_and_stands_on_loopback(folder: Path) -> None:
    text = PLAIN.replace("listen = [", 'screen = "http://127.0.0.1:85"\nlisten = ["http://127.0.0.1:85", ')
    first, second = config.read(written(folder, text)).listeners
    assert (first.face, second.face) == (Face.SCREEN, Face.NETWORK)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ('listen = "http://127.0.0.1:8500"', "listen must be a list"),
        ("listen = [8500]", "listen[0] must be a text"),
        ("listen = []", "listen must name 1 to 8 addresses"),
        (
            'listen = ["http://0.0.0.0:8500"]',
            "http://0.0.0.0:8500 carries passwords in clear over the network",
        ),
        ('listen = ["http://192.0.2.4:8500"]', "use https:// there"),
        ('listen = ["http://recorder.local:8500"]', "use https:// there"),
        ('listen = ["ftp://127.0.0.1:8500"]', "does not look like"),
        ('listen = ["http://127.0.0.1"]', "does not look like"),
        ('listen = ["http://127.0.0.1:99999"]', "does not look like"),
        ('listen = ["http://user@127.0.0.1:80"]', "does not look like"),
        ('listen = ["http://127.0.0.1:80/path"]', "does not look like"),
        ('listen = ["http://[::1"]', "does not look like"),
        (
            'listen = ["https://0.0.0.0:1"]\nscreen = "https://0.0.0.0:1"',
            "can be reached from other machines",
        ),
        ('listen = ["http://[::1]:1"]\nscreen = "http://127.0.0.1:1"', "screen must be one of"),
        ('name = ""', "name must have 1 to 64 characters"),
        ('name = "a\\u0007"', "that can be printed"),
        ('kind = "toaster"', "kind must be one of recorder"),
        ('kind = "camera"', "kind must be recorder, as the sheet of PX-3216 says"),
        ('sheet = "C-220"', "sheet: it is for the model C-220, not for PX-3216"),
        ('mac = "02-00-5e"', "mac must look like"),
        ("behind_recorder = true", "behind_recorder is for cameras"),
        ('language = "tlh"', "language must be one of en, cs"),
        ('tls_key = "key.pem"', "give both or neither"),
        ('colour = "red"', "there is no setting colour"),
        ("clock_trusted = 1", "clock_trusted must be true or false"),
        ("serial = ", "Invalid value"),
    ],
)
def test_a_mistake_is_told_in_two_lines_with_the_file(
    folder: Path, change: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = {line.split(" =")[0] for line in change.splitlines()}
    kept = [line for line in PLAIN.strip().splitlines() if line.split(" =")[0] not in changed]
    path = written(folder, "\n".join([*kept, change]))
    assert main(["device", "run", "--config", str(path)]) == 2
    slug, hint = told(capsys)
    assert slug == "sparekey: config"
    assert hint.startswith(str(path))
    assert says in hint


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ('sheet = "../C-220"', "no-model"),
        ('serial = "?"', "bad-serial"),
        ('model = ""', "bad-model"),
        ('profile = "none"', "no-profile"),
    ],
)
def test_a_wrong_label_or_profile_is_told(
    folder: Path, change: str, slug: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = [line for line in PLAIN.strip().splitlines() if line.split(" =")[0] != change.split(" =")[0]]
    assert main(["device", "run", "--config", str(written(folder, "\n".join([*kept, change])))]) == 2
    assert told(capsys)[0] == f"sparekey: {slug}"


def test_a_camera_is_what_its_sheet_says(folder: Path) -> None:
    camera = PLAIN.replace("PX-3216", "C-220") + 'mac = "02:00:5E:00:53:01"\n'
    read = config.read(written(folder, camera))
    assert (read.kind, read.model.switch) == (config.Kind.CAMERA, Switch.UNDER_FLAP)
    assert read.told_mac == "02-00-5e-00-53-01"
    assert not config.read(written(folder, camera + "behind_recorder = true\n")).told_mac


def test_a_sheet_may_be_a_file_of_the_maker(folder: Path) -> None:
    (folder / "own.toml").write_text('name = "OWN-1"\nkind = "camera"\nswitch = "on-cable"\n')
    text = PLAIN.replace("PX-3216", "OWN-1")
    assert config.read(written(folder, text + 'sheet = "own.toml"\n')).model.switch is Switch.ON_CABLE
    bare = config.read(written(folder, text + 'kind = "camera"\n')).model
    assert (bare.name, bare.kind, bare.switch) == ("OWN-1", config.Kind.CAMERA, Switch.NONE)
    assert config.read(written(folder, text)).kind is config.Kind.RECORDER


def test_a_missing_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["device", "run", "--config", str(tmp_path / "device.toml")]) == 4
    slug, hint = told(capsys)
    assert slug == "sparekey: no-config"
    assert hint == f"cannot read {tmp_path / 'device.toml'}: No such file or directory"


def test_T13_a_trust_file_with_another_signature_is_refused(folder: Path) -> None:
    (folder / "maker-root.pub").write_text(signing_public(bytes(32)).hex())
    read = config.read(written(folder, PLAIN))
    with pytest.raises(UntrustedError, match="signature") as caught:
        trust.hold(
            SqliteFile(None, (trust.SCHEMA,)), read.settings.trust, trust.read_root(read.settings.root)
        )
    assert str(read.settings.trust) in caught.value.hint


def test_T13_an_older_trust_file_or_another_desk_is_refused_after_a_newer_one(folder: Path) -> None:
    from dataclasses import replace

    file = SqliteFile(None, (trust.SCHEMA,))
    root = signing_public(ROOT)
    path = folder / "trust.sparekey-trust"
    first, _ = trust.read_file(path, root)

    def offer(**changes: object) -> int:
        changed = replace(first, **changes)  # type: ignore[arg-type]
        path.write_text(wrap(FileKind.TRUST, sign_trust(changed, ROOT), {}))
        return trust.hold(file, path, root).version

    assert offer(version=2) == 2
    assert offer(version=2) == 2
    assert offer(version=1) == 2, "the newer one that came with a reply stays"
    with pytest.raises(UntrustedError, match="other-desk"):
        offer(version=3, desk=bytes(8))
    assert offer(version=3) == 3


@pytest.mark.parametrize("content", [b"", b"\xff" * 40, b"nonsense", b"00" * 31, b"x" * 5000])
def test_T14_a_root_that_is_none_is_told(folder: Path, content: bytes) -> None:
    (folder / "maker-root.pub").write_bytes(content)
    with pytest.raises(InputError) as caught:
        trust.read_root(folder / "maker-root.pub")
    assert "maker-root.pub" in caught.value.hint


@pytest.mark.parametrize(
    "content", ["", "hello", "-----BEGIN SPAREKEY TRUST FILE-----\n\nAAAA\n-----END SPAREKEY TRUST FILE-----"]
)
def test_T14_a_trust_file_that_is_none_is_told(folder: Path, content: str) -> None:
    path = folder / "trust.sparekey-trust"
    path.write_text(content)
    with pytest.raises(InputError) as caught:
        trust.read_file(path, signing_public(ROOT))
    assert str(path) in caught.value.hint


@pytest.mark.meets("etsi-5.4-1", "etsi-5.4-4")
def test_keys_are_made_once_and_belong_to_nobody_else(folder: Path) -> None:
    read = config.read(written(folder, PLAIN))
    keys = identity.ready(read, FixedEntropy())
    for path in (read.settings.key, keys.tls_key, keys.tls_certificate):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = identity.ready(read, FixedEntropy("other dice"))
    assert again == keys
    assert len(keys.device_key) == len(keys.tls_hash) == 32
    assert repr(keys).count("PosixPath") == 2
    assert keys.device_key.hex() not in repr(keys)


def test_the_hash_follows_a_certificate_that_was_replaced(folder: Path) -> None:
    read = config.read(written(folder, PLAIN))
    first = identity.ready(read, FixedEntropy())
    first.tls_certificate.unlink()
    second = identity.ready(read, FixedEntropy("other dice"))
    assert second.device_key == first.device_key
    assert second.tls_hash != first.tls_hash


@pytest.mark.meets("asvs-13.3.2")
def test_a_key_that_others_can_read_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(folder, PLAIN)
    key = folder / "device.key"
    key.write_bytes(bytes(32))
    key.chmod(0o640)
    assert main(["device", "run", "--config", str(path)]) == 2
    slug, hint = told(capsys)
    assert slug == "sparekey: key-mode"
    assert hint == f"others on this machine can read {key}; close it: chmod 600 {key}"


def test_a_key_of_another_length_is_refused(folder: Path) -> None:
    (folder / "device.key").touch(mode=0o600)
    with pytest.raises(InputError, match="exactly 32 bytes"):
        identity.ready(config.read(written(folder, PLAIN)), FixedEntropy())


def test_a_given_certificate_that_is_none_is_told(folder: Path) -> None:
    (folder / "own.crt").write_text("hello")
    (folder / "own.key").touch(mode=0o600)
    text = PLAIN + 'tls_certificate = "own.crt"\ntls_key = "own.key"\n'
    with pytest.raises(InputError, match="not a PEM certificate") as caught:
        identity.ready(config.read(written(folder, text)), FixedEntropy())
    assert "own.crt" in caught.value.hint


def test_a_given_certificate_that_is_missing_is_told(folder: Path) -> None:
    text = PLAIN + 'tls_certificate = "own.crt"\ntls_key = "own.key"\n'
    with pytest.raises(UnavailableError, match=r"own\.key"):
        identity.ready(config.read(written(folder, text)), FixedEntropy())
