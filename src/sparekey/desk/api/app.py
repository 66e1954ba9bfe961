"""The interface for programs as one application: its calls behind a guard of their own, and their document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sparekey.core.messages.armour import BATCH_ARMOUR_LIMIT
from sparekey.desk.api.call import SECURITY
from sparekey.desk.api.case_calls import CaseCalls
from sparekey.desk.api.deciding_calls import DecidingCalls
from sparekey.desk.api.desk import Desk
from sparekey.desk.api.entrance import SMALL
from sparekey.desk.api.limits import ROOT
from sparekey.desk.api.order_calls import OrderCalls
from sparekey.desk.api.other_calls import OtherCalls
from sparekey.desk.api.problems import Documents, handle
from sparekey.desk.api.shapes import Problem
from sparekey.web.guard import Guard, Rules

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from starlette.requests import Request

    from sparekey.host.entropy import Entropy

VERSION = "1"
TARGET_LIMIT = 4096
_TOLD = (
    "A help desk's own system opens and follows cases of this support desk here. No call approves anything: that is a"
    " person's touch of a passkey. Every problem is a document of RFC 9457."
)


def api_app(desk: Desk, *, url: str, own_names: Callable[[], Collection[str]], entropy: Entropy) -> FastAPI:
    """All calls. `url`: the desk's public address. `own_names`: the hosts that we answer to."""
    documents = Documents(url)
    rules = Rules(
        own_names=own_names,
        body_limit=BATCH_ARMOUR_LIMIT + SMALL,
        target_limit=TARGET_LIMIT,
        machine_paths=(ROOT,),
        only_https=url.startswith("https:"),
    )
    app = FastAPI(
        title="sparekey desk",
        version=VERSION,
        description=_TOLD,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[Middleware(Guard, rules=rules, pages=documents, entropy=entropy, gone=ClientDisconnect)],
    )
    for calls in (CaseCalls(desk), DecidingCalls(desk), OrderCalls(desk), OtherCalls(desk, documents)):
        app.router.routes += calls.routes()
    handle(app, documents)

    async def described(_request: Request) -> Response:
        return JSONResponse(document(app))

    app.router.routes.append(Route(f"{ROOT}/openapi.json", described, methods=["GET"]))
    return app


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document."""
    made = app.openapi()
    schemas = made["components"]["schemas"]
    schemas["Problem"] = Problem.model_json_schema()
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    made["components"]["securitySchemes"] = {
        SECURITY: {"type": "http", "scheme": "bearer", "description": "Made by an admin of the desk."}
    }
    return made
