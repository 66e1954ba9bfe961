"""What a site is made of: ports, settings, certificates, and what its processes say."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from sparekey.core.crypto import certificate_fingerprint, tls_key_hash
from sparekey.core.errors import InputError, MisuseError, UnavailableError
from sparekey.demo import __main__ as command
from sparekey.demo import certificates, plan, settings
from sparekey.demo.child import plain
from sparekey.demo.doors import Ports, choose
from sparekey.demo.plan import Plan
from sparekey.demo.site import zone
from sparekey.testing.clock import FixedClock
from sparekey.testing.entropy import FixedEntropy

PORTS = Ports(
    start=8700,
    desk=8710,
    screen=8720,
    network=8723,
    smtp=8725,
    mailbox=8730,
    second=8740,
    camera=8743,
    doors=8760,
)


def taken(*ports: int) -> Callable[[str, int], bool]:
    return lambda _host, port: port not in ports


def test_free_ports_are_the_preferred_ones() -> None:
    assert choose("127.0.0.1", free=taken()) == PORTS


def test_a_taken_port_is_replaced_by_the_next_free_one() -> None:
    ports = choose("192.0.2.4", free=taken(8710, 8711, 8720, 8723, 8724))
    assert (ports.desk, ports.screen, ports.network, ports.smtp) == (8712, 8721, 8725, 8726)
    assert len(set(asdict(ports).values())) == len(asdict(ports))


def test_a_machine_without_a_free_port_is_told() -> None:
    with pytest.raises(UnavailableError, match="no-port"):
        choose("127.0.0.1", free=lambda _host, _port: False)


def test_on_this_machine_all_links_say_localhost() -> None:
    at_home = Plan("sparekey", PORTS)
    assert (at_home.desk, at_home.screen) == ("http://localhost:8710", "http://127.0.0.1:8720")
    assert at_home.network == "https://localhost:8723"


@pytest.mark.meets("nist-channel", "asvs-12.2.1")
def test_on_the_network_what_carries_secrets_speaks_https() -> None:
    around = Plan("sparekey", PORTS, "192.0.2.4")
    assert (around.desk, around.network) == ("https://192.0.2.4:8710", "https://192.0.2.4:8723")
    assert (around.screen, around.mailbox) == ("http://127.0.0.1:8720", "http://localhost:8730")
    assert around.start == "http://192.0.2.4:8700"
    assert Plan("sparekey", PORTS, "2001:db8::4").desk == "https://[2001:db8::4]:8710"


def test_a_kept_site_comes_back_with_the_same_doors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "is_free", taken())
    made = Plan("hikvision", PORTS)
    assert plan.kept(tmp_path / "none", None, "") is None
    assert plan.kept(tmp_path, None, "") is None
    plan.save(made, tmp_path)
    assert plan.kept(tmp_path, None, "") == made
    assert plan.kept(tmp_path, "hikvision", "") == made
    for profile, lan in (("patronum", ""), (None, "192.0.2.4")):
        with pytest.raises(InputError, match="--profile hikvision"):
            plan.kept(tmp_path, profile, lan)
    monkeypatch.setattr(plan, "is_free", taken(8723))
    with pytest.raises(UnavailableError, match="8723"):
        plan.kept(tmp_path, None, "")


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(InputError, match="not empty"):
        plan.kept(tmp_path, None, "")


def test_settings_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    given = {
        "name": 'Fröhlich "1"\n',
        "port": 1,
        "on": True,
        "list": ["a", "b"],
        "smtp": {"host": "h", "port": 2},
    }
    settings.write(path, given)
    settings.amend(path, {"port": 3, "name": "x"})
    assert tomllib.loads(path.read_text()) == given | {"port": 3, "name": "x"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(MisuseError):
        settings.text({"half": 0.5})


def test_the_certificates_are_made_once_and_their_authority_key_is_nowhere(tmp_path: Path) -> None:
    files = certificates.make(tmp_path, ("192.0.2.4",), FixedClock(), FixedEntropy())
    assert files == certificates.identity(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["authority.pem", "certificate.pem", "key.pem"]
    assert stat.S_IMODE(files.key.stat().st_mode) == 0o600
    assert tls_key_hash(files.certificate.read_bytes()) != tls_key_hash(files.authority.read_bytes())
    shown = certificates.fingerprint(files.authority.read_bytes())
    assert bytes.fromhex(shown.replace(":", "")) == certificate_fingerprint(files.authority.read_bytes())


def test_the_inner_workings_of_python_are_not_shown() -> None:
    said = [
        "ready",
        "Traceback (most recent call last):",
        '  File "x.py", line 1',
        "OSError: disk full",
        "",
        "end",
    ]
    assert plain(said) == ["ready", "OSError: disk full", "", "end"]
    assert plain(['  File "x.py", line 1', "    raise", "OSError: disk full"]) == ["OSError: disk full"]


def test_the_time_zone_is_the_one_of_this_machine(tmp_path: Path) -> None:
    prague = tmp_path / "usr" / "zoneinfo" / "Europe" / "Prague"
    prague.parent.mkdir(parents=True)
    prague.touch()
    (tmp_path / "localtime").symlink_to(prague)
    assert zone(tmp_path / "localtime") == "Europe/Prague"
    assert zone(prague.parent) == "UTC"
    assert zone(tmp_path / "none") == "UTC"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--json"],
        ["--check", "--lan"],
        ["--check", "--profile", "patronum"],
        ["--port", "0"],
        ["--port", "66000"],
    ],
)
def test_what_does_not_go_together_is_told(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(InputError):
        command.main(arguments)


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find_spec", lambda name: None if name == "aiosmtpd" else name)
    with pytest.raises(UnavailableError, match="aiosmtpd"):
        command.main([])


def test_a_check_does_not_write_into_a_folder_of_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signal.signal", lambda *_: None)
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(InputError, match="not empty"):
        command.main(["--check", "--keep", str(tmp_path)])
