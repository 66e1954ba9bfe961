"""Jinja's runtime without its compiler, which takes more memory than all pages.

Whoever imports any part of `jinja2` gets the whole of it: its package imports the compiler. So its runtime is imported
while a bare package stands in its place; afterwards everything is as if nobody had imported it.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any


class EvalContext:
    """Jinja's own of this name stands among the nodes of its compiler."""

    def __init__(self, environment: Any, _template: str | None = None) -> None:
        self.environment = environment
        self.autoescape = environment.autoescape
        self.volatile = False


def _runtime() -> Any:
    if "jinja2" in sys.modules:
        return import_module("jinja2.runtime")
    spec = find_spec("jinja2")
    bare, nodes = ModuleType("jinja2"), ModuleType("jinja2.nodes")
    bare.__path__ = list((spec and spec.submodule_search_locations) or ())
    nodes.EvalContext = EvalContext  # type: ignore[attr-defined]
    sys.modules |= {"jinja2": bare, "jinja2.nodes": nodes}
    try:
        return import_module("jinja2.runtime")
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "jinja2"]:
            del sys.modules[name]


_RUNTIME = _runtime()
Context: Any = _RUNTIME.Context
StrictUndefined: Any = _RUNTIME.StrictUndefined
new_context: Any = _RUNTIME.new_context


def __getattr__(name: str) -> Any:
    """What compiled templates import."""
    return getattr(_RUNTIME, name)
