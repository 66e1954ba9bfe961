"""Programs of a help desk that call a desk in this very process."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sparekey.desk.api.app import api_app
from sparekey.desk.api.desk import Desk
from sparekey.desk.api.entrance import Entrance
from sparekey.desk.api.repeats import Repeats
from sparekey.desk.api.scopes import Scope
from sparekey.desk.api.tokens import Tokens
from sparekey.desk.cases.vault import Vault
from sparekey.desk.source import Sources
from sparekey.desk.store.database import Database
from tests.desk.logbook import Logbook
from tests.desk.office import HOST, Office
from tests.desk.workshop import Workshop
from tests.web.asgi import Answer, call

URL = f"https://{HOST}"
ROOT = "/api/v1"
SPOKEN = {
    "spoken": {
        "serial": "PX-3216-0001",
        "started": "2026-09-21 10:00:00",
        "number": "7KM2-Q4XZ",
        "day": "2026-09-21",
    }
}


class Bench(Workshop):
    """A desk with a shop that answers programs. `node()` of its parts shares the database alone."""

    def __init__(self, database: Database, *, per_hour: int = 1000, shop: bool = True) -> None:
        super().__init__(database)
        self.office = Office(database, clock=self.clock)
        self.ledger = Logbook(database).ledger
        self.tokens = Tokens(database, self.clock, self.entropy)
        self.repeats = Repeats(database, Vault(self.keyring))
        self.per_hour = per_hour
        self.selling = shop
        self.app = self.another()

    def another(self) -> Any:
        """The calls of one more node."""
        entrance = Entrance(
            tokens=self.tokens,
            repeats=self.repeats,
            counts=self.cases.budget,
            sources=Sources(bytes(32)),
            clock=self.clock,
            per_hour=self.per_hour,
        )
        orders = self.orders if self.selling else None
        desk = Desk(self.cases, orders, self.office.staff, self.ledger, entrance, self.clock)
        return api_app(desk, url=URL, own_names=lambda: {f"{HOST}:443"}, entropy=self.entropy)

    def program(self, *scopes: Scope, name: str = "Tickets") -> Program:
        """One with a token for these, or for everything."""
        made = self.tokens.make(name, scopes or tuple(Scope), 90)
        return Program(self.app, made.secret, made.token.actor)


@dataclass
class Program:
    """One that holds a token."""

    app: Any
    secret: str = field(repr=False)
    actor: str = ""
    client: str = "192.0.2.9"

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: dict[str, str] | None = None,
        *,
        raw: bytes = b"",
    ) -> Answer:
        """One call; the body as JSON, or `raw`."""
        sent = {"authorization": f"Bearer {self.secret}"} if self.secret else {}
        data = raw
        if body is not None:
            data = json.dumps(body).encode()
            sent["content-type"] = "application/json"
        sent |= headers or {}
        return call(self.app, method, ROOT + path, sent, data, host=HOST, client=self.client)

    def told(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> Any:
        """What a call that works answers."""
        answer = self.ask(method, path, body, headers)
        assert answer.status < 300, (answer.status, answer.text)
        return json.loads(answer.text)

    def problem(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: dict[str, str] | None = None,
        *,
        raw: bytes = b"",
    ) -> tuple[int, str]:
        """Status and slug of what a call ends in."""
        return problem(self.ask(method, path, body, headers, raw=raw))

    def open(self, body: object = None) -> str:
        """The number of a case for what a caller reads out, or for this."""
        (receipt,) = self.told("POST", "/cases", body or SPOKEN)["receipts"]
        return str(receipt["case"])


def problem(answer: Answer) -> tuple[int, str]:
    """Status and slug; the document is whole."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    document = json.loads(answer.text)
    assert document["status"] == answer.status
    assert document["type"] == f"{URL}{ROOT}/problems#{document['slug']}"
    assert document["title"]
    assert document["detail"]
    return answer.status, document["slug"]
