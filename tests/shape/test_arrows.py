"""Who may import whom: the contracts in pyproject.toml, and what they cannot say."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.shape.tree import ROOT, SOURCE, imports, name

# What a pure core may use of the standard library: nothing that reads the world or changes it.
PURE = {
    "__future__", "abc", "base64", "binascii", "collections", "contextlib", "dataclasses", "datetime", "enum",
    "functools", "hashlib", "hmac", "ipaddress", "itertools", "json", "math", "operator", "re", "string",
    "struct", "textwrap", "types", "typing", "unicodedata", "xml",
}  # fmt: skip


@pytest.mark.meets("asvs-11.2.1", "asvs-15.2.3", "etsi-5.5-2", "etsi-5.6-9")
def test_the_import_contracts_hold() -> None:
    """In a process of its own: the linter switches off every logger that it finds."""
    program = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True, no_logo=True))"
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert not ended.returncode, ended.stdout


def test_the_core_imports_only_what_is_pure() -> None:
    foreign = {
        f"{name(path)} imports {module}"
        for path in SOURCE.glob("core/**/*.py")
        for module in imports(path)
        if not module.startswith(("sparekey.core", "cryptography")) and module.split(".")[0] not in PURE
    }
    assert not foreign, "core/ is values in, values out"
    assert sys.stdlib_module_names >= PURE


@pytest.mark.meets("asvs-15.2.3", "etsi-5.6-6")
@pytest.mark.parametrize(
    ("imported", "importers"),
    [
        ("sparekey.testing", {"testing", "demo"}),
        ("sparekey.demo", {"demo", "__main__.py"}),
        ("sparekey.web", {"web", "device", "desk", "demo", "testing"}),
    ],
)
def test_only_its_own_circle_imports_it(imported: str, importers: set[str]) -> None:
    strangers = {
        name(path)
        for path in SOURCE.rglob("*.py")
        if path.relative_to(SOURCE).parts[0] not in importers
        and any(module == imported or module.startswith(imported + ".") for module in imports(path))
    }
    assert not strangers
