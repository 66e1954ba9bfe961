"""Writes what sparekey is shipped with, from the locks and the metadata of what is installed:
`python -m tests.shape.supply`.

`packaging/sparekey.cdx.json` is the bill of materials (CycloneDX 1.6), `docs/ref/licences.md` the same for people.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from sparekey import __version__
from tests.shape.tree import ROOT

BILL = ROOT / "packaging" / "sparekey.cdx.json"
PAGE = ROOT / "docs" / "ref" / "licences.md"
EXTRAS = ("device", "desk", "finder", "vault", "gpio")
PIN = re.compile(r"^([a-z0-9][a-z0-9-]*)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)

VENDORED = (
    ("npm", "@picocss/pico", "2.1.1", "MIT", "web/static/vendor"),
    ("npm", "zxing-wasm", "3.1.4", "MIT AND Apache-2.0", "desk/phone/static/vendor"),
    ("pypi", "zxcvbn", "4.5.0", "MIT", "profiles/vendor"),
)
"""What is in the package itself: whose name it is, name, version, licence, where."""
ELSEWHERE = {"httpx2-jsfetch": "BSD-3-Clause", "pywin32-ctypes": "BSD-3-Clause", "tzdata": "Apache-2.0"}
"""Licences of what is installed on other systems only; as their own metadata says."""
SPDX = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "BSD": "BSD-2-Clause",
    "Apache Software License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "GPL-3.0": "GPL-3.0-only",
    "BSD, Public Domain": "BSD-2-Clause AND Unlicense",
    "Dual License": "Apache-2.0 OR BSD-3-Clause",
}
"""What packages write that do not use the names of SPDX yet."""
INTRODUCTION = """# Licences

sparekey itself is Apache-2.0. This is what an installation brings along, from the locks and from what each part says
of itself; `packaging/sparekey.cdx.json` says the same to programs (CycloneDX). A test holds both to the locks;
`.venv/bin/python -m tests.shape.supply` writes them again.

What is not permissive: `psycopg` (LGPL) speaks with PostgreSQL, `gpiod` (LGPL) reads a reset button, `pykeepass` (GPL)
writes the vault. Only the desk needs the first; the extras `gpio` and `vault` are for whoever asks for them.
"""


@dataclass(frozen=True)
class Part:
    """One distribution of others. `extras`: what asks for it."""

    name: str
    version: str
    licence: str
    extras: tuple[str, ...]


def pinned(extra: str) -> dict[str, str]:
    """Name -> version in one lock."""
    return dict(PIN.findall((ROOT / "locks" / f"{extra}.txt").read_text("utf-8")))


def parts() -> list[Part]:
    """Everything that any extra installs, by name."""
    pins = {extra: pinned(extra) for extra in EXTRAS}
    names = sorted({name for found in pins.values() for name in found})
    return [
        Part(name, version, licence(name), tuple(extra for extra in EXTRAS if name in pins[extra]))
        for name in names
        for version in {found[name] for found in pins.values() if name in found}
    ]


def licence(name: str) -> str:
    """As the installed distribution says; as the bill says where this system does not install it."""
    try:
        told = metadata.distribution(name).metadata.json
    except metadata.PackageNotFoundError:
        return ELSEWHERE.get(name) or recorded().get(name, "")
    classes = [line for line in told.get("classifier", []) if line.startswith("License ::")]
    said = told.get("license_expression") or told.get("license") or next(iter(classes), "")
    said = str(said).rpartition(" :: ")[2]
    return SPDX.get(said, said)


def recorded() -> dict[str, str]:
    """Name -> licence in the bill as it is."""
    found: list[dict[str, Any]] = json.loads(BILL.read_text("utf-8"))["components"] if BILL.is_file() else []
    return {one["name"]: one["licenses"][0]["expression"] for one in found}


def bill(everything: Iterable[Part]) -> str:
    """The bill of materials: no time and no random number in it, so it is the same for the same locks."""
    python = [
        _component("pypi", part.name, part.version, part.licence, ",".join(part.extras))
        for part in everything
    ]
    inside = [_component(*one) for one in VENDORED]
    about = {"type": "application", "name": "sparekey", "version": __version__, "bom-ref": "sparekey"}
    whole = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": about | {"licenses": [{"expression": "Apache-2.0"}]}},
        "components": [*python, *inside],
    }
    return json.dumps(whole, indent=1) + "\n"


def _component(kind: str, name: str, version: str, said: str, where: str) -> dict[str, Any]:
    purl = f"pkg:{kind}/{name.replace('@', '%40')}@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "licenses": [{"expression": said}],
        "properties": [{"name": "sparekey:where", "value": where}],
    }


def page(everything: Iterable[Part]) -> str:
    """The page for people."""
    rows = [
        f"| {part.name} | {part.version} | {part.licence} | {', '.join(part.extras)} |" for part in everything
    ]
    inside = [
        f"| {name} | {version} | {said} | in the package: `{where}` |"
        for _, name, version, said, where in VENDORED
    ]
    return "\n".join(
        [INTRODUCTION, "| part | version | licence | for |", "|---|---|---|---|", *rows, *inside, ""]
    )


if __name__ == "__main__":
    found = parts()
    BILL.write_text(bill(found), encoding="utf-8")
    PAGE.write_text(page(found), encoding="utf-8")
