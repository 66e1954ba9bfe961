"""The guide's own lines, typed at a desk that runs: from a token to a first case."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shape.tree import ROOT
from tests.system.test_desk_process import Desk, sparekey

SMTP = '\n[smtp]\nhost = "localhost"\nport = 9\nsender = "desk@example.com"\nstarttls = false\n'
GUIDE = ROOT / "docs" / "guide" / "desk-api.md"


def lines(heading: str) -> str:
    """What the guide says to type under a heading."""
    part = GUIDE.read_text(encoding="utf-8").partition(f"## {heading}\n")[2]
    return str(re.findall(r"^```\w+\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)[0])


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed here")
def test_the_guide_leads_from_a_token_to_a_first_case(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "desk", SMTP + "\n" + lines("Switch it on"))
    settings = str(tmp_path / "desk" / "desk.toml")
    made = lines("Let a program in").splitlines()[0].replace("desk.toml", settings)
    command = re.findall(r'"[^"]*"|\S+', made.removeprefix("sparekey desk "))
    said = sparekey(*(word.strip('"') for word in command))
    assert said.returncode == 0, said.stderr
    token = said.stdout.splitlines()[-1]
    assert "do not answer yet" not in said.stdout
    typed = lines("A first case").replace("https://desk.example.com", desk.url)
    with desk.running():
        ran = subprocess.run(
            ["sh", "-euc", typed],
            cwd=tmp_path,
            env=os.environ | {"TOKEN": token},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (ran.returncode, ran.stderr) == (0, "")
        status, headers, text = desk.call("GET", "/api/v1/cases")
        assert (status, json.loads(text)["slug"]) == (401, "token")
        assert headers["content-type"] == "application/problem+json"
        assert desk.call("GET", "/help")[0] == 200
        written = json.loads((ROOT / "docs/ref/openapi.json").read_text(encoding="utf-8"))
        assert json.loads(desk.call("GET", "/api/v1/openapi.json")[2]) == written
    answers = [json.loads(part) for part in re.split(r"(?<=\})(?=\{)", ran.stdout)]
    assert answers[0]["scopes"] == ["cases:note", "cases:open", "cases:read"]
    number = answers[1]["receipts"][0]["case"]
    assert [line["number"] for line in answers[2]["cases"]] == [number]
    assert token not in desk.logged
    assert "Traceback" not in desk.logged


def test_a_desk_that_answers_no_programs_has_no_such_address_and_loads_nothing_for_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "desk", SMTP)
    with desk.running():
        assert desk.call("GET", "/api/v1/log")[0] == 404
    asked = "import sys, sparekey.desk.serve; print('fastapi' in sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60
    )
    assert loaded.stdout == "False\n"
