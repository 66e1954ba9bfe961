"""Pages are loaded when somebody asks for them, and every one is found."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from sparekey.device import pages
from sparekey.device.pages.door import Door
from tests.device.recorder import Recorder

FOLDER = Path(str(pages.__file__)).parent
MODULES = sorted(
    [path.stem for path in FOLDER.glob("*.py") if "\ndef routes(" in path.read_text("utf-8")]
    + [name for names in pages.GROUPS.values() for name in names if "." in name]
)


@pytest.mark.parametrize("name", MODULES)
def test_every_route_of_every_group_is_found_by_its_path(name: str, recorder: Recorder) -> None:
    cameras = cast("Any", SimpleNamespace(doors=None))
    door = Door(recorder.agent, recorder.entropy, lambda _: 0, cameras)
    rooms = pages.Rooms(door)
    module = import_module(name if "." in name else f"{pages.HERE}.{name}")
    routes = module.routes(door)
    assert routes
    for route in routes:
        found = [(each.path, each.methods) for each in cast("Any", rooms.routes(route.path))]
        assert (route.path, route.methods) in found


def test_a_path_of_nobody_loads_nothing(recorder: Recorder) -> None:
    rooms = pages.Rooms(Door(recorder.agent, recorder.entropy, lambda _: 0, None))
    assert rooms.routes("/wp-admin/") == rooms.routes("/camera/remote") == []
