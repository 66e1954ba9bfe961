"""A device's templates are compiled at the build: the same pages come of them, and the compiler stays away."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import PackageLoader, meta
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.exceptions import UndefinedError

from hatch_build import TEMPLATES, compile_templates
from sparekey.web import compiling
from sparekey.web.lean import templates
from tests.device.recorder import Recorder
from tests.shape.tree import ROOT

PAGES = (
    "/login", "/forgot", "/forgot/code", "/forgot/mail", "/nothing", "/home", "/info", "/users", "/users/add",
    "/users/admin", "/phones", "/audit", "/systems", "/systems/add", "/ways", "/ways/sheet", "/ways/key-file",
    "/configuration", "/recordings",
)  # fmt: skip


def walk(folder: Path) -> list[str]:
    """What somebody sees who signs in and looks at everything."""
    folder.mkdir()
    recorder = Recorder(folder)
    recorder.set_up()
    signed_in = recorder.signed_in()
    signed_in.language = "cs"
    recorder.scanning()
    seen = [recorder.browser().get(path).html for path in PAGES[:5]] + [
        signed_in.get(path).html for path in PAGES
    ]
    recorder.agent.close()
    return seen


def test_the_same_pages_come_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compile_templates(ROOT)
    assert templates.found(TEMPLATES) is not None
    ours = walk(tmp_path / "compiled")
    monkeypatch.setattr(templates, "found", lambda _: None)
    assert ours == walk(tmp_path / "jinja")


def test_a_template_that_changed_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "digest", lambda _: "another")
    assert templates.found(TEMPLATES) is None
    monkeypatch.setattr(templates, "COMPILED", "sparekey.web.nothing")
    assert templates.found(TEMPLATES) is None


def test_our_filters_and_tests_are_all_that_templates_use() -> None:
    environment = compiling.environment_of(TEMPLATES, str, lambda one, _many, _n: one)
    environment.filters = {name: environment.filters[name] for name in templates.FILTERS}
    environment.tests = {name: environment.tests[name] for name in templates.Compiled.tests}
    for name in environment.list_templates():
        assert compiling.compiled(environment, name, "sparekey.web.lean.jinja")
        source, *_ = PackageLoader(TEMPLATES[name.partition("/")[0]]).get_source(
            environment, name.partition("/")[2]
        )
        used = meta.find_undeclared_variables(environment.parse(source))
        assert used & set(DEFAULT_NAMESPACE) <= set(templates.GLOBALS)


@pytest.mark.parametrize(
    "source",
    [
        "{{ rows | length }}{{ rows | selectattr(1) | list | length }}",
        "{{ names | join(', ') }}{{ names | join }}{{ rows | list }}",
        "{{ name | urlencode }}{{ name is none }}{{ nothing is none }}{{ name is not none }}",
        "{% for at in range(3) %}{{ loop.index }}{{ at }}{% if not loop.last %}-{% endif %}{% endfor %}",
        "{{ thing.name }}{{ thing['name'] }}{{ rows[0][1] }}{{ thing.other | length }}",
        "{% trans name=name %}Hello {{ name }} <b>{% endtrans %}{{ _('<i>%(a)s', a=name) }}",
        "{% trans count=rows | length %}{{ count }} row{% pluralize %}{{ count }} rows{% endtrans %}",
        "{% macro m(a, b='x') %}{{ a }}{{ b }}{{ caller() }}{% endmacro %}{% call m(1) %}{{ name }}{% endcall %}",
        "{% macro m(a, b='x') %}{{ a }}{{ b }}{% endmacro %}{{ m(name) }}{{ m(1, b=2) }}",
        "{% set ns = 1 %}{% if ns %}{{ ns ~ name }}{% endif %}",
    ],
)
def test_a_compiled_template_says_what_jinja_says(source: str) -> None:
    values = {
        "rows": [(1, ""), (2, "b")], "names": ["<a>", "b c"], "name": "a b/č&<", "nothing": None,
        "thing": {"name": "<n>", "other": [1]},
    }  # fmt: skip

    def forms(one: str, many: str, n: int) -> str:
        return one if n == 1 else many

    environment = compiling.environment_of(TEMPLATES, str, forms)
    code = environment.compile(source, "x", "x", raw=True).replace(
        "jinja2.runtime", "sparekey.web.lean.jinja"
    )
    made: dict[str, Any] = {"environment": None}
    exec(code, made)
    ours = templates.Compiled()
    templates.install_words(ours, str, forms)
    template = templates.Template(ours, SimpleNamespace(**made))
    assert template.render(values) == environment.from_string(source).render(values)


def test_an_undefined_name_raises_as_with_jinja() -> None:
    environment = compiling.environment_of(TEMPLATES, str, lambda one, _many, _n: one)
    for source in ("{{ nothing }}", "{{ thing.nothing }}", "{{ thing['nothing'] }}", "{{ thing.a.b }}"):
        code = environment.compile(source, "x", "x", raw=True).replace(
            "jinja2.runtime", "sparekey.web.lean.jinja"
        )
        made: dict[str, Any] = {"environment": None}
        exec(code, made)
        template = templates.Template(templates.Compiled(), SimpleNamespace(**made))
        with pytest.raises(UndefinedError):
            template.render({"thing": {}})


def test_what_jinja_writes_differently_ends_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = compiling.environment_of(TEMPLATES, str, lambda one, _many, _n: one)
    monkeypatch.setattr(environment, "compile", lambda *_, **__: "import nothing")
    with pytest.raises(ValueError, match="import nothing"):
        compiling.compiled(environment, "web/layout.html", "sparekey.web.lean.jinja")


def test_jinja_is_whole_for_whoever_needs_it_afterwards() -> None:
    code = (
        "import sys; from sparekey.web.lean import jinja; assert 'jinja2.compiler' not in sys.modules;"
        "from jinja2 import Environment, nodes;"
        "assert Environment(autoescape=True).from_string('{% for x in y %}{{ x }}{% endfor %}').render(y='<') == '&lt;'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
