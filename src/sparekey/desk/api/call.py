"""One call of the interface: an address, a method, what it takes, what it answers, and which problems it may end in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fastapi.routing import APIRoute

from sparekey.desk.api.entrance import JSON, Terms
from sparekey.desk.api.limits import ROOT
from sparekey.desk.api.problems import MEDIA, OURS

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from sparekey.desk.api.entrance import Entrance

SECURITY = "token"
"""What the document calls our way of showing a token."""
KEY_PATTERN = r'^("[!#-\[\]-~]{1,128}"|[!#-+\--~]{1,128})$'
"""A string of RFC 9651, or what stands in one without its quotes."""
_KEYED = (
    {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "Made up once for each call; with the same one the call happens once.",
        "schema": {"type": "string", "pattern": KEY_PATTERN},
    },
)
_VERSIONED = (
    {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "description": "The ETag of the case as you saw it; a case that has changed since then stays as it is.",
        "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    },
)
_LIMITS = {
    name: {"schema": {"type": "string"}, "description": told}
    for name, told in (
        ("RateLimit-Policy", "Calls of one token in an hour."),
        ("RateLimit", "How many are left, and for how many seconds."),
    )
}


@dataclass(frozen=True)
class Spec:
    """A call as the document shows it. `answer`: the shape of the body. `statuses`: of problems besides those that
    every call may end in. `versioned`: it takes If-Match. `headers`: of the answer. `leads`: where in the answer the
    number for which other calls stands.
    """

    method: str
    path: str
    name: str
    told: str
    answer: Any
    status: int = 200
    terms: Terms = field(default_factory=Terms)
    statuses: tuple[int, ...] = ()
    versioned: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    leads: tuple[str, tuple[str, ...]] | None = None
    tag: str = "cases"


class Call(APIRoute):
    """Its route. Everything that comes goes through the entrance first."""

    def __init__(self, spec: Spec, endpoint: Callable[..., Any], entrance: Entrance) -> None:
        self._entrance = entrance
        self._terms = spec.terms
        super().__init__(
            f"{ROOT}{spec.path}",
            endpoint,
            methods=[spec.method],
            response_model=spec.answer,
            status_code=spec.status,
            operation_id=spec.name,
            name=spec.name,
            summary=spec.told,
            description="",
            tags=[spec.tag],
            responses=_responses(spec),
            openapi_extra=_extra(spec),
        )

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What is done with a request."""
        go = super().get_route_handler()

        async def handle(request: Request) -> Response:
            return await self._entrance.enter(request, self._terms, go)

        return handle


def _responses(spec: Spec) -> dict[int | str, dict[str, Any]]:
    terms = spec.terms
    statuses = {413, 414, 421, 500, 503, *spec.statuses}
    if terms.tokens:
        statuses |= {401, 403, 429}
    if terms.asks or spec.method != "GET":
        statuses.add(422)
    if terms.media:
        statuses |= {400, 415}
    if terms.tokens and spec.method != "GET":
        statuses |= {400, 403, 409}
    if spec.versioned:
        statuses.add(412)
    statuses.add(422)
    problem = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    limits = _LIMITS if terms.tokens else {}
    made: dict[int | str, dict[str, Any]] = {
        status: {"description": _described(status), "content": problem} for status in sorted(statuses)
    }
    headers = {
        name: {"schema": {"type": "string"}, "description": told} for name, told in spec.headers.items()
    }
    made[spec.status] = {"description": "As asked.", "headers": {**headers, **limits}}
    if spec.leads is not None:
        where, calls = spec.leads
        value = {"number": f"$response.body#{where}"}
        made[spec.status]["links"] = {name: {"operationId": name, "parameters": value} for name in calls}
    return made


def _described(status: int) -> str:
    slugs = sorted(slug for slug, problem in OURS.items() if problem.status == status)
    return "A problem" + (f", such as {', '.join(slugs)}." if slugs else ".")


def _extra(spec: Spec) -> dict[str, Any]:
    terms, made = spec.terms, dict[str, Any]()
    parameters: list[dict[str, Any]] = []
    if terms.tokens:
        made["security"] = [{SECURITY: [terms.scope.value] if terms.scope else []}]
        if spec.method != "GET":
            parameters += _KEYED
    if spec.versioned:
        parameters += _VERSIONED
    if parameters:
        made["parameters"] = parameters
    raw = [media for media in terms.media if media != JSON]
    if raw:
        binary = {"schema": {"type": "string", "format": "binary"}}
        made["requestBody"] = {"required": True, "content": dict.fromkeys(raw, binary)}
    return made
