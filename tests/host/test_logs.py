from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from sparekey.host.logs import JsonLines, to_stderr


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, put back afterwards."""
    logger = logging.getLogger()
    handlers, level = list(logger.handlers), logger.level
    yield logger
    logger.handlers[:] = handlers
    logger.setLevel(level)


def line(**extra: Any) -> dict[str, Any]:
    record = logging.LogRecord("sparekey.desk", logging.INFO, "", 1, "mail %s", ("queued",), None)
    record.__dict__.update(extra)
    text = JsonLines().format(record)
    assert "\n" not in text
    made: dict[str, Any] = json.loads(text)
    return made


@pytest.mark.meets("asvs-16.2.1", "asvs-16.2.2", "asvs-16.2.4")
def test_a_line_is_one_object() -> None:
    made = line(request="00ff", place=1)
    assert made.pop("time")
    assert made == {
        "level": "info",
        "logger": "sparekey.desk",
        "event": "mail queued",
        "request": "00ff",
        "place": 1,
    }


@pytest.mark.meets("asvs-16.2.5")
def test_T06_an_exception_shows_its_class_and_not_its_text() -> None:
    error = ValueError("the password is hunter2")
    made = line(exc_info=(ValueError, error, None))
    assert made["error"] == "ValueError"
    assert "hunter2" not in json.dumps(made)


@pytest.mark.meets("asvs-1.3.10", "asvs-16.4.1")
def test_a_line_end_inside_a_value_does_not_make_a_second_line() -> None:
    assert line(name_="a\n{}")["name_"] == "a\n{}"


@pytest.mark.meets("asvs-16.2.3")
def test_the_logs_go_to_standard_error(root: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    to_stderr(logging.WARNING)
    logging.getLogger("sparekey.test").warning("hello")
    logging.getLogger("sparekey.test").info("not this")
    told = capsys.readouterr()
    assert told.out == ""
    assert json.loads(told.err)["event"] == "hello"
    assert len(root.handlers) == 1
