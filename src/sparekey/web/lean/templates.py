"""Renders templates that were compiled when the package was built: a device needs no compiler of templates.

`hatch_build.py` writes them, by Jinja, into `sparekey/web/compiled`. What they need of an environment is here; the rest
is Jinja's own runtime. A template that changed since then is seen, and Jinja compiles it as always: `found`.
"""

from __future__ import annotations

import hashlib
from importlib import import_module
from pathlib import Path
from types import FunctionType, SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

COMPILED = "sparekey.web.compiled"
"""The package of what was compiled, and of its digest."""

FILTERS: dict[str, Callable[..., Any]] = {
    "join": lambda context, values, between="": between.join(map(str, values)),
    "length": len,
    "list": lambda context, values: list(values),
    "selectattr": lambda context, rows, at: (row for row in rows if row[at]),
    "urlencode": lambda text: quote(str(text)),
}
"""What our templates use of Jinja's filters, for the plain values that they have. Some are given the context too."""

GLOBALS: dict[str, Any] = {"range": range}
"""What they use of Jinja's names."""


def module_of(template: str) -> str:
    """The module that a template is compiled to: `device/own-sheet.html` -> `device__own_sheet`."""
    return template.removesuffix(".html").replace("/", "__").replace("-", "_").replace(".", "_")


def digest(sources: Mapping[str, str]) -> str:
    """Of every template: short name -> package, as `Pages` takes them."""
    hashed = hashlib.sha256()
    for name, package in sorted(sources.items()):
        folder = Path(import_module(package).__path__[0], "templates")
        for path in sorted(folder.rglob("*.html")):
            data = path.read_bytes()
            hashed.update(f"{name}/{path.relative_to(folder)}\n{len(data)}\n".encode() + data)
    return hashed.hexdigest()


class Template:
    """One compiled template of one environment. The names are Jinja's."""

    def __init__(self, environment: Compiled, module: Any) -> None:
        self.environment = environment
        self.name = module.name
        self.root_render_func = _of(environment, module.root)
        self.blocks = {name: _of(environment, block) for name, block in module.blocks.items()}
        self._module: Any = None

    def new_context(
        self, values: Any = None, shared: bool = False, local: Mapping[str, Any] | None = None
    ) -> Any:
        """As Jinja makes one. `shared`: `values` is a whole context already."""
        return self.environment.new_context(
            self.environment, self.name, self.blocks, values, shared, self.environment.globals, local
        )

    def render(self, values: Mapping[str, Any], **more: Any) -> str:
        """The text."""
        return "".join(self.root_render_func(self.new_context({**values, **more})))

    def _get_default_module(self, _context: Any = None) -> Any:
        """What other templates import of it; all of them have the same globals."""
        if self._module is None:
            self._module = self.make_module()
        return self._module

    def make_module(
        self, values: Any = None, shared: bool = False, local: Mapping[str, Any] | None = None
    ) -> Any:
        """What another template imports of it, with its own context."""
        context = self.new_context(values, shared, local)
        for _ in self.root_render_func(context):
            pass
        return SimpleNamespace(**context.get_exported(), __name__=self.name)


def _of(environment: Compiled, function: Any) -> Any:
    """A compiled function has its environment as the last of its defaults."""
    defaults = (*function.__defaults__[:-1], environment)
    return FunctionType(function.__code__, function.__globals__, function.__name__, defaults)


class Compiled:
    """What compiled templates find where Jinja has its environment. The names are Jinja's."""

    filters = FILTERS
    tests: ClassVar[dict[str, Callable[..., Any]]] = {"none": lambda value: value is None}
    autoescape = True
    is_async = False
    concat = staticmethod("".join)

    def __init__(self) -> None:
        from sparekey.web.lean import jinja

        self.undefined = jinja.StrictUndefined
        self.context_class = jinja.Context
        self.new_context = jinja.new_context
        self.globals: dict[str, Any] = dict(GLOBALS)
        self._templates: dict[str, Template] = {}

    def get_template(self, name: str, _parent: str | None = None) -> Template:
        """Loaded when it is first needed."""
        if name not in self._templates:
            self._templates[name] = Template(self, import_module(f"{COMPILED}.{module_of(name)}"))
        return self._templates[name]

    def getattr(self, thing: Any, name: str) -> Any:
        """`thing.name`, else `thing[name]`."""
        try:
            return getattr(thing, name)
        except AttributeError:
            return self.getitem(thing, name)

    def getitem(self, thing: Any, key: Any) -> Any:
        """`thing[key]`."""
        try:
            return thing[key]
        except (AttributeError, TypeError, LookupError):
            return self.undefined(obj=thing, name=key)


def found(sources: Mapping[str, str]) -> Compiled | None:
    """What was compiled; None where nothing was, or something else than what is there now."""
    try:
        known = import_module(COMPILED)
    except ImportError:
        return None
    same = dict(sources) == known.SOURCES and digest(sources) == known.DIGEST
    return Compiled() if same else None


def install_words(
    environment: Compiled, text: Callable[[str], str], forms: Callable[[str, str, int], str]
) -> None:
    """What `{% trans %}` calls, as Jinja's extension has it in its new style; and `_`."""

    def gettext(message: str, /, **values: Any) -> Markup:
        return Markup(text(message)) % values  # noqa: S704 - our own words; what is filled in is escaped

    def ngettext(one: str, many: str, n: int, /, **values: Any) -> Markup:
        return Markup(forms(one, many, n)) % {"num": n, **values}  # noqa: S704 - as above

    environment.globals.update(_=gettext, gettext=gettext, ngettext=ngettext)
