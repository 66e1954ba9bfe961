"""What every file of the tree keeps to: size, name, words, identities."""

from __future__ import annotations

import ipaddress
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.shape.tree import ROOT, SOURCE, files, name, texts

MOST_LINES = 400
SIZED = {".py", ".html", ".js", ".css", ".toml"}
NAMELESS = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
UNFINISHED = re.compile(r"\b(?:TO" + "DO|FIX" + "ME|XX" + r"X)\b")
REGISTRIES = {"pypi": "org", "pythonhosted": "org", "npmjs": "(?:org|com)", "yarnpkg": "com", "unpkg": "com",
              "jsdelivr": "net", "crates": "io"}  # fmt: skip

IPV4 = re.compile(r"(?<!section )(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\w)")
IPV6 = re.compile(r"(?<![\w:])[23f][0-9a-f]{3}:[0-9a-f:]*[0-9a-f:](?![\w:])", re.IGNORECASE)
MAC = re.compile(r"(?<![\w:-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?![:-]?\w)", re.IGNORECASE)
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@((?:[\w-]+\.)+[a-z]{2,})\b", re.IGNORECASE)

EXAMPLE_NETWORKS = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/32", "127.0.0.0/8", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/24", "239.255.255.0/24", "255.255.255.255/32", "255.255.255.0/32", "255.255.0.0/32",
        "::/127", "2001:db8::/32", "fe80::/10", "ff02::/16",
    )
]  # fmt: skip
EXAMPLE_MACS = ("02005e0053", "00005e0053", "0000000000", "ffffffffff")
EXAMPLE_DOMAIN = re.compile(
    r"(?:^|\.)(?:example\.(?:com|net|org)|example|test|invalid|localhost)$", re.IGNORECASE
)


def is_example_address(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return True  # a version, a time, a fingerprint: no address
    return any(address in network for network in EXAMPLE_NETWORKS)


def is_example_mac(text: str) -> bool:
    return re.sub("[:-]", "", text).lower().startswith(EXAMPLE_MACS)


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    long = {
        name(path): lines
        for path in files()
        if path.suffix in SIZED and ".min." not in path.name
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert not long, f"split what has more than {MOST_LINES} lines"


def test_every_module_is_named_after_one_thing() -> None:
    modules = [path for path in files() if path.suffix == ".py"]
    nameless = {
        name(path) for path in modules if NAMELESS & {path.stem, *path.relative_to(ROOT).parent.parts}
    }
    assert modules
    assert not nameless


def test_nothing_is_left_for_later_in_the_text() -> None:
    assert not {where for where, text in texts() if UNFINISHED.search(text)}


@pytest.mark.meets("asvs-15.2.4")
def test_no_package_registry_is_named() -> None:
    hosts = re.compile("|".join(rf"\b{host}\.{top}\b" for host, top in REGISTRIES.items()), re.IGNORECASE)
    assert not {where for where, text in texts() if hosts.search(text)}


def test_every_identity_is_invented() -> None:
    real = set()
    for where, text in texts():
        found = [match.group() for pattern in (IPV4, IPV6) for match in pattern.finditer(text)]
        real |= {f"{where}: {address}" for address in found if not is_example_address(address)}
        found = [match.group() for match in MAC.finditer(text)]
        real |= {f"{where}: {address}" for address in found if not is_example_mac(address)}
        real |= {
            f"{where}: {match.group()}"
            for match in EMAIL.finditer(text)
            if not EXAMPLE_DOMAIN.search(match.group(1))
        }
    assert not real, "use 192.0.2.0/24, 2001:db8::/32, 02-00-5e-00-53-xx and example.com"


@pytest.mark.parametrize(
    ("pattern", "real", "example"),
    [
        (IPV4, "at 10.20" + ".30.40:80", "at 192.0.2.7:80"),
        (IPV6, "[2a00" + ":1450::7]", "[2001:db8::7]"),
        (MAC, "B8-27" + "-EB-00-00-01", "02:00:5e:00:53:01"),
        (EMAIL, "someone@mail" + ".cz", "owner@mail.example.com"),
    ],
)
def test_the_identity_patterns_tell_real_from_invented(
    pattern: re.Pattern[str], real: str, example: str
) -> None:
    def invented(text: str) -> bool:
        match = pattern.search(text)
        assert match
        if pattern is EMAIL:
            return bool(EXAMPLE_DOMAIN.search(match.group(1)))
        return (is_example_mac if pattern is MAC else is_example_address)(match.group())

    assert not invented(real)
    assert invented(example)


def test_the_licence_and_the_type_marker_are_there() -> None:
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
    assert (SOURCE / "py.typed").is_file()


@pytest.mark.meets("asvs-13.4.1")
def test_the_wheel_holds_the_whole_package(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    own = {path.relative_to(ROOT / "src").as_posix() for path in files() if SOURCE in path.parents}
    compiled = {entry.removesuffix(".po") + ".mo" for entry in own if entry.endswith(".po")}
    compiled.add("sparekey/web/compiled/device__login.py")
    switch = {entry for entry in own if entry.startswith("sparekey/demo/switch/")}
    assert switch
    assert (own - switch) | compiled <= packed
    assert not [entry for entry in packed if entry.startswith("sparekey/demo/switch")], (
        "a button for tests alone"
    )


SECRET = re.compile(r"PRIVATE KEY-----|(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])")


@pytest.mark.meets("etsi-5.4-3")
def test_no_secret_stands_in_the_source() -> None:
    own = [(where, text) for where, text in texts() if where.startswith("src/") and "/vendor/" not in where]
    held = {where for where, text in own if SECRET.search(text)}
    assert not held, "keys are made on the machine that uses them"
