"""The locks: names, versions and hashes, nothing else, and all that pyproject.toml asks for."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.shape.tree import ROOT

PIN = re.compile(r"([a-z0-9.-]+)==([\w.]+)(?: ; [^\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
EXTRAS = ("dev", "device", "desk", "finder", "vault", "gpio")
PEERS = ("peer-zeep", "peer-zeep-async", "peer-desk", "peer-discovery", "peer-log", "fuzz")
NODE = ROOT / "tests" / "system" / "onvif_clients"


def pinned(extra: str) -> dict[str, str]:
    """Name to version; fails on a line that is neither a pin nor a hash, and on a pin without a hash."""
    pins: dict[str, str] = {}
    open_entry = False
    for line in (ROOT / "locks" / f"{extra}.txt").read_text(encoding="utf-8").splitlines():
        entry, digest = PIN.fullmatch(line), HASH.fullmatch(line)
        assert bool(digest) if open_entry else bool(entry), line
        if entry:
            pins[entry.group(1)] = entry.group(2)
        open_entry = line.endswith("\\")
    assert not open_entry
    return pins


def asked(extra: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = [Requirement(line) for line in project["dependencies"]]
    for requirement in map(Requirement, project["optional-dependencies"][extra]):
        found += [
            inner
            for name in requirement.extras
            if requirement.name == project["name"]
            for inner in asked(name)
        ] or [requirement]
    return found


@pytest.mark.meets("asvs-15.2.4")
@pytest.mark.parametrize("extra", EXTRAS)
def test_a_lock_holds_what_its_extra_asks_for(extra: str) -> None:
    pins = pinned(extra)
    for requirement in asked(extra):
        assert pins[canonicalize_name(requirement.name)] in requirement.specifier, (
            f"./dev lock: {requirement}"
        )


@pytest.mark.parametrize("extra", EXTRAS)
def test_what_is_tested_is_what_is_shipped(extra: str) -> None:
    assert pinned(extra).items() <= pinned("dev").items()


def test_there_is_one_lock_for_each_extra() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(project["optional-dependencies"]) == set(EXTRAS)
    assert set(project_groups()) == set(PEERS)
    assert {path.stem for path in (ROOT / "locks").iterdir()} == {*EXTRAS, *PEERS}


def project_groups() -> dict[str, list[str]]:
    groups: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "dependency-groups"
    ]
    return groups


@pytest.mark.parametrize("peer", PEERS)
def test_other_peoples_programs_are_locked_as_well(peer: str) -> None:
    pins = pinned(peer)
    for requirement in map(Requirement, project_groups()[peer]):
        assert pins[canonicalize_name(requirement.name)] in requirement.specifier


@pytest.mark.meets("asvs-15.2.4")
def test_the_programs_for_node_are_locked_by_hash_and_from_no_host() -> None:
    asked_for = json.loads((NODE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = json.loads((NODE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert packages.pop("")["dependencies"] == asked_for
    assert {f"node_modules/{name}" for name in asked_for} <= set(packages)
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert package["integrity"].startswith("sha512-"), name
