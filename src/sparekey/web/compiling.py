"""Jinja with its compiler: for the build, and where templates were not compiled then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def environment_of(
    sources: Mapping[str, str], text: Callable[[str], str], forms: Callable[[str, str, int], str]
) -> Environment:
    """Templates by short name -> package with a `templates/` folder. `text`, `forms`: what translates."""
    environment = Environment(
        loader=PrefixLoader({name: PackageLoader(package) for name, package in sources.items()}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(text, forms, newstyle=True)  # type: ignore[attr-defined]  # by the extension
    return environment


def compiled(environment: Environment, template: str, runtime: str) -> str:
    """A template as Python. `runtime`: the module that it imports instead of Jinja's own."""
    source, *_ = _loader(environment).get_source(environment, template)
    code = environment.compile(source, template, template, raw=True)
    head, _, rest = code.partition("\n")
    names = head.removeprefix("from jinja2.runtime import ")
    if names == head:
        raise ValueError(f"Jinja writes {head!r}")
    return f"from {runtime} import {names}\nenvironment = None\n{rest}\n"


def _loader(environment: Environment) -> PrefixLoader:
    if not isinstance(environment.loader, PrefixLoader):
        raise TypeError("these are no templates of ours")
    return environment.loader
