"""Pages: templates, the reader's language, the band on top, and the hidden field of every form."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from markupsafe import Markup

from sparekey.core.codes import ALPHABET, CODE_LENGTH
from sparekey.language.catalogue import LANGUAGES, Translator, choose, translator
from sparekey.web import answers as kits
from sparekey.web import cookies, forms, problems
from sparekey.web.form_token import FIELD
from sparekey.web.lean import templates
from sparekey.web.stencil import Stencil, hole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2 import Environment
    from starlette.requests import HTTPConnection, Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.web.answers import Answers
    from sparekey.web.form_token import Token
    from sparekey.web.lean.templates import Compiled
    from sparekey.web.statics import Statics

LANGUAGE_COOKIE = "language"
"""Keeps the language that somebody chose, for a year."""

_YEAR = 365 * 86400


@dataclass(frozen=True)
class Band:
    """Where am I? The line on top of every page: a device says all three, a desk only its name."""

    name: str
    model: str = ""
    serial: str = ""


@dataclass(frozen=True)
class KeptLost:
    """One row of the table shown before anything is lost: what `stays` and what is `lost`, in words or ""."""

    thing: str
    stays: str = ""
    lost: str = ""


@dataclass
class _Reader:
    """Who the page being rendered is for. `hidden`: the value of a form's hidden field, by the form's purpose."""

    words: Translator
    hidden: Callable[[str], str]
    has_form: bool = False


_READER: ContextVar[_Reader] = ContextVar("reader")
_WORDS = "sparekey.words"
"""Where a request keeps the translator of whoever asks."""


class Pages:
    """Renders the templates of the web layer and of one application."""

    def __init__(
        self,
        packages: Mapping[str, str],
        *,
        statics: Statics,
        token: Token,
        band: Callable[[], Band],
        look: Literal["device", "desk"],
        at_screen: Callable[[HTTPConnection], bool] = lambda _: False,
        band_for: Callable[[HTTPConnection], Band | None] = lambda _: None,
        camera: bool = False,
        also: Mapping[str, object] | None = None,
        answers: Answers | None = None,
    ) -> None:
        """`packages`: short name -> package with a `templates/` folder; "web" is always there, so that
        `{"device": "sparekey.device.pages"}` finds `device/login.html` and `web/layout.html`.

        `at_screen`: whether a request comes from the recorder's own screen, where the keyboard opens alone.
        `camera`: the pages stand on a camera, and say so. `also`: names that every template sees besides.
        `answers`: what pages come as; Starlette's by default.
        """
        self._answers = answers or kits.of_starlette()
        self.statics = statics
        self.token = token
        self._band = band
        self._band_for = band_for
        self._at_screen = at_screen
        self._camera = camera
        self._stencils: dict[tuple[object, ...], Stencil] = {}
        self._environment = _environment({"web": "sparekey.web", **packages})
        self._environment.globals.update(
            look=look,
            languages=LANGUAGES,
            static=statics.url,
            token=self._hidden,
            code_keys=[ALPHABET[start : start + 8] for start in range(0, len(ALPHABET), 8)],
            code_length=CODE_LENGTH,
            **(also or {}),
        )

    def words(self, request: HTTPConnection) -> Translator:
        """The translator for this reader: their choice, else their browser's wish."""
        found: Translator | None = request.scope.get(_WORDS)
        if found is None:
            wish = request.headers.get("accept-language")
            found = translator(choose(wish, cookies.read(request, LANGUAGE_COOKIE)), camera=self._camera)
            request.scope[_WORDS] = found
        return found

    def page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        band: Band | None = None,
        here: str | None = None,
        browser: str = "",
        **values: Any,
    ) -> Response:
        """One whole page. `here`: where the language switch comes back to, a path; by default this address.
        `browser`: the mark to give to a browser that has none yet, when the page was made for it.

        Templates see `values` and: `band`, `language`, `here`, `at_screen`, `look`, `_()`, `{% trans %}`,
        `static(path)`, `token(purpose)`. An undefined name in a template raises.
        """
        known = self.token.browser(request)
        mark = known or browser or self.token.new_browser()
        reader = _Reader(self.words(request), lambda purpose: self.token.make(mark, purpose))
        told = {
            "band": band or self._band_for(request) or self._band(),
            "here": here if here is not None else _address(request),
            "at_screen": self._at_screen(request),
        }
        response = self._answers.page(self._render(reader, template, values, told), status)
        if known is None and reader.has_form:
            self.token.remember(response, request, mark)
        return response

    def filled(self, request: Request, template: str, values: Mapping[str, str], **choices: bool) -> Response:
        """The same page for many readers: rendered once for each language and each of `choices`, then filled in.

        Of `values` the template sees holes: it may show them, and not ask what they are.
        """
        known = self.token.browser(request)
        mark = known or self.token.new_browser()
        words, band = self.words(request), self._band_for(request) or self._band()
        at_screen = self._at_screen(request)
        key = (template, words.code, band, at_screen, *sorted(choices.items()))
        if key not in self._stencils:
            reader = _Reader(words, lambda purpose: hole(f"{FIELD} {purpose}"))
            told = {"band": band, "here": hole("here"), "at_screen": at_screen}
            shown = {**{name: hole(name) for name in values}, **choices}
            self._stencils[key] = Stencil(self._render(reader, template, shown, told))
        stencil = self._stencils[key]
        forms = {name: name.partition(" ")[2] for name in stencil.holes if name.startswith(f"{FIELD} ")}
        filling = {"here": _address(request), **values}
        filling |= {name: self.token.make(mark, purpose) for name, purpose in forms.items()}
        response = self._answers.page(stencil.filled(filling.__getitem__))
        if known is None and forms:
            self.token.remember(response, request, mark)
        return response

    def _render(
        self, reader: _Reader, template: str, values: Mapping[str, object], told: Mapping[str, object]
    ) -> str:
        mark = _READER.set(reader)
        try:
            return self._environment.get_template(template).render(values, language=reader.words.code, **told)
        finally:
            _READER.reset(mark)

    def problem(
        self,
        request: Request,
        status: int,
        title: str,
        text: str,
        *,
        reference: str = "",
        back: str = "",
        bare: bool = False,
    ) -> Response:
        """A page that says what happened and what to do. `title` and `text` are messages in English.

        `bare` hides name, model and serial: for those who may not be talking to us on purpose.
        `back`: the path of a page to go on from.
        """
        words = self.words(request)
        return self.page(
            request,
            "web/problem.html",
            status=status,
            band=Band("") if bare else None,
            here="/",
            title=words.text(title),
            text=words.text(text),
            reference=reference,
            back=back,
        )

    async def form(self, request: Request, purpose: str, limits: forms.Limits | None = None) -> forms.Form:
        """The posted form, its hidden field already checked. The only way in for a form.

        Raises InputError as `forms.read`, UntrustedError (`form-token`).
        """
        form = await forms.read(request, limits)
        self.token.check(request, form.exact(FIELD), purpose)
        return form

    def routes(self) -> list[BaseRoute]:
        """The static files and the language switch."""
        return [
            self.statics.route(self._answers, lambda request: problems.missing(self, request, 404, None)),
            self._answers.route("/language", self._switch, methods=["POST"]),
        ]

    async def _switch(self, request: Request) -> Response:
        form = await self.form(request, "language")
        code, back = form.text("language"), form.text("back")
        own = back.startswith("/") and back[1:2] not in ("/", "\\") and back.isprintable()
        response = self._answers.redirect(back if own else "/", 303)
        if code in LANGUAGES:
            cookies.put(response, request, LANGUAGE_COOKIE, code, seconds=_YEAR, same_site="lax")
        return response

    def _hidden(self, purpose: str) -> Markup:
        reader = _READER.get()
        reader.has_form = True
        return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, reader.hidden(purpose))


def _environment(sources: Mapping[str, str]) -> Environment | Compiled:
    """Where templates come from: compiled when the package was built, or Jinja itself."""
    compiled = templates.found(sources)
    if compiled is not None:
        templates.install_words(compiled, _text, _forms)
        return compiled
    from sparekey.web.compiling import environment_of

    return environment_of(sources, _text, _forms)


def _text(message: str) -> str:
    return _READER.get().words.text(message)


def _forms(one: str, many: str, n: int) -> str:
    return _READER.get().words.forms(one, many, n)


def _address(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}"
