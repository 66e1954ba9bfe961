"""The protocol is proved, and breaking it is noticed, wherever there is a verifier."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CHECK = Path(__file__).resolve().parents[2] / "formal" / "check"
NO_VERIFIER = 77


@pytest.mark.meets("etsi-5.4-4")
def test_every_claim_comes_out_as_it_says_and_every_break_is_caught() -> None:
    done = subprocess.run([sys.executable, CHECK], capture_output=True, text=True, check=False, timeout=600)
    if done.returncode == NO_VERIFIER:
        pytest.skip(done.stderr.strip())
    wrong = [line for line in done.stdout.splitlines() if not line.startswith(("ok ", "all as expected"))]
    assert not wrong
    assert done.returncode == 0, done.stderr
