"""The model sheets that come with the program."""

from __future__ import annotations

import pytest

from sparekey.core.errors import InputError
from sparekey.core.model import DeviceKind, Switch
from sparekey.core.values import MODEL_LIMIT, label
from sparekey.profiles import model, model_names


def test_each_sheet_is_called_like_its_model() -> None:
    assert {name: model(name).name for name in model_names()} == {name: name for name in model_names()}
    assert all(label("model", name, MODEL_LIMIT) for name in model_names())


def test_every_kind_of_thing_and_every_place_of_a_switch_is_there() -> None:
    sheets = [model(name) for name in model_names()]
    assert {sheet.kind for sheet in sheets} == set(DeviceKind)
    assert {sheet.switch for sheet in sheets if sheet.kind is DeviceKind.CAMERA} == set(Switch)


@pytest.mark.parametrize("name", ["", "C-999", "../sparekey", "c-220", "models/C-220"])
def test_a_sheet_that_is_not_there_is_told(name: str) -> None:
    with pytest.raises(InputError, match="known are C-220"):
        model(name)
