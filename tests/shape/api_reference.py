"""Writes docs/ref/openapi.json from the desk's interface for programs: `python -m tests.shape.api_reference`."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import Mock

from sparekey.desk.api.app import api_app, document
from sparekey.desk.api.desk import Desk
from tests.shape.tree import ROOT

REFERENCE = ROOT / "docs" / "ref" / "openapi.json"


def described() -> dict[str, Any]:
    """The document, of a desk that is asked nothing."""
    desk = Desk(Mock(), Mock(), Mock(), Mock(), Mock(), Mock())
    return document(api_app(desk, url="https://desk.example.com", own_names=set, entropy=Mock()))


if __name__ == "__main__":
    text = json.dumps(described(), indent=1, sort_keys=True, ensure_ascii=False)
    REFERENCE.write_text(text + "\n", encoding="utf-8")
