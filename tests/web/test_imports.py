"""A device has little memory: what is only needed now and then is only loaded then."""

from __future__ import annotations

import subprocess
import sys

FRAMEWORK = "starlette.applications, starlette.responses, starlette.routing, jinja2.ext, uvicorn"
OURS = "face, cookies, forms, form_token, guard, origin, page, qr, statics"


def loaded(names: str) -> set[str]:
    code = f"import sys, {names}\nprint(*sys.modules)"
    return set(
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.split()
    )


def test_the_web_layer_loads_little_beside_its_framework() -> None:
    ours = ", ".join(f"sparekey.web.{name}" for name in OURS.split(", "))
    more = {name.partition(".")[0] for name in loaded(f"{FRAMEWORK}, {ours}") - loaded(FRAMEWORK)}
    assert not more & {"babel", "segno", "cryptography", "email", "http", "urllib", "xml"}
