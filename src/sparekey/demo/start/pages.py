"""The stories: what to do at the recorder, on the phone and in the mailbox, in the words of the profile."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sparekey.core.crypto import certificate_fingerprint
from sparekey.core.values import MethodName
from sparekey.demo.plan import LAUNCH
from sparekey.demo.start.support import SUPPORT, Support
from sparekey.language.catalogue import N_
from sparekey.profiles import profile
from sparekey.web.face import face
from sparekey.web.form_token import Token
from sparekey.web.guard import Rules
from sparekey.web.page import Band, Pages
from sparekey.web.qr import svg
from sparekey.web.statics import Statics

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request

    from sparekey.demo.start.config import Config
    from sparekey.host.entropy import Entropy

NAME = N_("sparekey demo")
CERTIFICATE = "/demo-authority.crt"
"""Where phones fetch the certificate, with --lan."""
PREPARE = "/prepare"
"""The story of the ways back in that an owner sets up beforehand."""
_LINK = re.compile(r'href="(http://[0-9a-z.:\[\]]+/screen#[0-9a-f]{64})"')


def start_page(config: Config, entropy: Entropy) -> Starlette:
    """The application. Raises InputError for an unknown profile."""
    story = _Story(config, entropy)
    host = f"[{config.name}]" if ":" in config.name else config.name
    names = {f"{host}:{config.port}", f"127.0.0.1:{config.port}"}
    routes = [
        Route("/", story.show),
        Route(PREPARE, story.prepare),
        Route(CERTIFICATE, story.certificate),
        Route(LAUNCH, story.launch),
        *Support(config, story.pages).routes(),
    ]
    return face(routes, pages=story.pages, rules=Rules(own_names=lambda: names), entropy=entropy)


class _Story:
    def __init__(self, config: Config, entropy: Entropy) -> None:
        self._config = config
        self._policy = profile(config.profile)
        self._authority = config.authority.read_bytes() if config.authority else b""
        self._own = f"http://{config.name}:{config.port}"
        self.pages = Pages(
            {"start": "sparekey.demo.start"},
            statics=Statics({"start": "sparekey.demo.start"}),
            token=Token(entropy.bytes(32), entropy),
            band=lambda: Band(NAME),
            look="device",
        )

    async def show(self, request: Request) -> Response:
        words, policy = self.pages.words(request), self._policy
        _ = words.text
        square = (
            svg(self._own.upper(), _("The square that opens this page on a phone")) if self._authority else ""
        )
        return self.pages.page(
            request,
            "start/story.html",
            band=Band(_(NAME)),
            to=self._config,
            profile=policy.title,
            factory=policy.factory_login,
            legal_notice=policy.mail_code.legal_notice,
            reboot_voids=policy.mail_code.reboot_voids,
            forgot=_(policy.words.forgot),
            mail_code=_(policy.words.mail_code),
            prepare=PREPARE,
            support=SUPPORT,
            code_field=_(policy.words.code_field),
            lan=bool(self._authority),
            square=square,
            app=svg(f"{self._config.desk}/app".upper(), _("The square that opens the phone page")),
            certificate=CERTIFICATE,
            fingerprint=certificate_fingerprint(self._authority).hex(":").upper() if self._authority else "",
        )

    async def prepare(self, request: Request) -> Response:
        words, policy = self.pages.words(request), self._policy
        return self.pages.page(
            request,
            "start/prepare.html",
            band=Band(words.text(NAME)),
            to=self._config,
            required=bool(policy.setup.required),
            questions=MethodName.QUESTIONS in policy.methods,
            key_file=MethodName.KEY_FILE in policy.methods,
            sheet=MethodName.RECOVERY_SHEET in policy.methods,
            forgot=words.text(policy.words.forgot),
        )

    async def launch(self, request: Request) -> Response:
        """On to the recorder's own screen, for whoever sits at this computer: what its kiosk does at power-on."""
        here = request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
        found = _LINK.search(self._config.launch.read_text("utf-8")) if here else None
        if found is None:
            raise HTTPException(404)
        # The token stands behind the #: it is in no log, and goes no further than to this browser.
        return RedirectResponse(found[1], 303)

    async def certificate(self, _request: Request) -> Response:
        if not self._authority:
            raise HTTPException(404)
        return Response(self._authority, media_type="application/x-x509-ca-cert")
