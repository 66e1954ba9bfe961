"""`sparekey device init` and `status`: what they write, what they say, what they never do."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from sparekey.__main__ import main
from sparekey.core.crypto import signing_public
from sparekey.core.model import Switch
from sparekey.core.values import Face
from sparekey.device import config
from tests.device.recorder import NEW, OWNER, ROOT, Recorder, choose


@pytest.fixture
def given(tmp_path: Path) -> list[str]:
    """The arguments of an init that works, into `made/`."""
    source = tmp_path / "from the desk"
    source.mkdir()
    Recorder(source)
    trust, root = source / "trust.sparekey-trust", source / "maker-root.pub"
    label = ["--serial", "7F2K-0042", "--model", "PX-3216", "--name", 'The "front" door\\']
    return ["--dir", str(tmp_path / "made"), *label, "--trust", str(trust), "--root", str(root)]


def test_init_makes_a_folder_that_run_takes(
    tmp_path: Path, given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["device", "init", *given, "--profile", "hikvision", "--listen", "http://127.0.0.1:1"]) == 0
    made = tmp_path / "made"
    assert f"sparekey device run --config {made / 'device.toml'}" in capsys.readouterr().out
    read = config.read(made / "device.toml")
    assert read.settings.name == 'The "front" door\\'
    assert read.policy.name == "hikvision"
    assert read.settings.listen == ("http://127.0.0.1:1",)
    assert read.settings.root.read_text().strip() == signing_public(ROOT).hex()
    assert tomllib.loads((made / "device.toml").read_text())["trust"] == "trust.sparekey-trust"


def test_init_makes_a_camera_and_keeps_its_sheet(tmp_path: Path, given: list[str]) -> None:
    (tmp_path / "own.toml").write_text('name = "PX-3216"\nkind = "camera"\nswitch = "on-cable"\n')
    more = ["--kind", "camera", "--sheet", str(tmp_path / "own.toml"), "--mac", "02-00-5e-00-53-01"]
    assert main(["device", "init", *given, *more]) == 0
    (tmp_path / "own.toml").unlink()
    read = config.read(tmp_path / "made" / "device.toml")
    assert (read.kind, read.model.switch) == (config.Kind.CAMERA, Switch.ON_CABLE)
    assert read.told_mac == "02-00-5e-00-53-01"


def test_init_never_overwrites(tmp_path: Path, given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["device", "init", *given]) == 0
    written = (tmp_path / "made" / "device.toml").read_text()
    assert main(["device", "init", *given, "--firmware", "2.0.0"]) == 2
    assert capsys.readouterr().err.startswith("sparekey: exists\n")
    assert (tmp_path / "made" / "device.toml").read_text() == written


@pytest.mark.parametrize(
    ("more", "slug", "code"),
    [
        (["--listen", "http://0.0.0.0:80"], "config", 2),
        (["--serial", "?"], "bad-serial", 2),
        (["--profile", "none"], "no-profile", 2),
        (["--trust", "/nowhere"], "no-file", 4),
        (["--root", "/dev/null"], "root", 2),
    ],
)
def test_init_writes_nothing_when_something_is_wrong(
    tmp_path: Path,
    given: list[str],
    more: list[str],
    slug: str,
    code: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["device", "init", *given, *more]) == code
    assert capsys.readouterr().err.splitlines()[0] == f"sparekey: {slug}"
    assert not (tmp_path / "made").exists()


def test_T13_init_refuses_a_trust_file_of_another_root(
    tmp_path: Path, given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "other.pub"
    root.write_text(signing_public(bytes(range(32))).hex())
    assert main(["device", "init", *given, "--root", str(root)]) == 3
    assert capsys.readouterr().err.splitlines()[0] == "sparekey: signature"


def test_status_tells_how_the_device_is_while_it_runs(
    tmp_path: Path, given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    recorder = Recorder(tmp_path)
    path = tmp_path / "device.toml"
    path.write_text(
        'name = "Front door recorder"\nserial = "7F2K-0042"\nmodel = "PX-3216"\nclock_trusted = false\n'
        'trust = "trust.sparekey-trust"\nroot = "maker-root.pub"\n'
    )

    def status() -> str:
        assert main(["device", "status", "--config", str(path)]) == 0
        return capsys.readouterr().out

    assert "password set: no\ne-mail address for codes set: no\nopen requests: 0\ngeneration: 1\n" in status()
    recorder.set_up()
    recorder.scanning()
    assert "password set: yes\ne-mail address for codes set: yes\nopen requests: 1\n" in status()
    choose(recorder.choosing(client="192.0.2.78"))
    said = status()
    assert "open requests: 0\ngeneration: 2\nlast recovery: by mail-code on 2026-09-21 14:13 UTC\n" in said
    assert OWNER not in said
    assert NEW not in said


def test_status_of_a_device_that_never_ran(
    tmp_path: Path, given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["device", "init", *given])
    capsys.readouterr()
    assert main(["device", "status", "--config", str(tmp_path / "made" / "device.toml")]) == 0
    assert "password set: no" in capsys.readouterr().out
    assert not (tmp_path / "made" / "device.sqlite").exists()


def test_status_of_a_storage_that_is_none(
    tmp_path: Path, given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["device", "init", *given])
    (tmp_path / "made" / "device.sqlite").write_bytes(b"x" * 4096)
    capsys.readouterr()
    assert main(["device", "status", "--config", str(tmp_path / "made" / "device.toml")]) == 4
    assert capsys.readouterr().err.startswith("sparekey: store\n")


@pytest.mark.meets("asvs-16.2.1")
def test_both_faces_stand_in_the_audit(recorder: Recorder) -> None:
    recorder.signed_in()
    recorder.signed_in(face=Face.SCREEN, scheme="http", host="localhost")
    assert [entry.face for entry in recorder.agent.audit.last(2)] == [Face.SCREEN, Face.NETWORK]
