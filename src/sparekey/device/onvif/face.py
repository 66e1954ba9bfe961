"""ONVIF over HTTP: one service for all listeners, off until the owner made an ONVIF user (spec/lan.md section 4)."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from sparekey.core.values import Face
from sparekey.device.crowd import source_of
from sparekey.lan.onvif.names import PATH
from sparekey.web.lean import Response, Route

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sparekey.device.agent import Agent
    from sparekey.device.pages.door import Door
    from sparekey.lan.onvif.service import OnvifService

REALM = "onvif"
_BODY_LIMIT = 64 * 1024


class OnvifFace:
    """The service of one device, made when it is first needed."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self._lock = threading.Lock()
        self._service: OnvifService | None = None

    @property
    def is_on(self) -> bool:
        """Whether anybody could sign in."""
        return self._agent.config.settings.onvif.allowed and self._agent.is_set_up and self._agent.onvif.any()

    def answer(self, request: Request, body: bytes) -> Response:
        """One request."""
        from sparekey.lan.onvif.service import Request as Asked

        client = request.client.host if request.client else ""
        # A recorder that goes on with an ended password must not slow down a person at the same address.
        source, uptime = f"onvif {source_of(client)}", self._agent.now().moment.uptime
        if self._agent.entrance.waits(source, uptime):
            return Response(status_code=429, headers={"retry-after": "60"})
        headers = {name: value for name, value in request.headers.items() if name != "host"}
        query = request.scope["query_string"].decode("latin-1")
        target = f"{PATH}?{query}" if query else PATH
        asked = Asked(request.method, target, headers, body, _base(request))
        with self._lock:
            answer = self._made().answer(asked, self._agent.clock.wall())
        if answer.failed_login:
            self._agent.entrance.knock(source, uptime)
        response = Response(answer.body, answer.status)
        for name, value in answer.headers:
            response.headers.append(name, value)
        return response

    def _made(self) -> OnvifService:
        """The messages, their reader and the gates are loaded when somebody asks: most devices never need them."""
        if self._service is None:
            from sparekey.device.onvif.device import OurDevice
            from sparekey.lan.onvif.digest_gate import DigestGate
            from sparekey.lan.onvif.security import TokenGate
            from sparekey.lan.onvif.service import OnvifService

            # A begun second counts: a client signs by the whole seconds that it was told.
            gate = TokenGate(age=lambda: self._agent.now().moment.uptime + 1)
            digest = DigestGate(self._agent.entropy.bytes(32), REALM)
            device = OurDevice(self._agent, self._agent.onvif)
            self._service = OnvifService(device, gate, digest, secrets_need_tls=True)
        return self._service


def routes(door: Door) -> list[BaseRoute]:
    """The service's one path; nothing where the maker switched it off."""
    if not door.agent.config.settings.onvif.allowed:
        return []
    face = OnvifFace(door.agent)

    async def endpoint(request: Request) -> Response:
        if not face.is_on or door.face(request) is not Face.NETWORK:
            return Response(status_code=404)
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > _BODY_LIMIT:
                return Response(status_code=413)
        return await door.work(face.answer, request, bytes(body))

    return [Route(PATH, endpoint, methods=["POST"])]


def _base(request: Request) -> str:
    """Scheme, address and port that the request came to, from the socket."""
    host, port = request.scope.get("server") or ("", None)
    bare = host.partition("%")[0]
    shown = f"[{bare}]" if ":" in bare else bare
    return f"{request.url.scheme}://{shown}:{port}"
