"""Tokens of programs, on every engine: shown once, kept as a hash, ended at once, and never told to anybody."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from sqlalchemy import MetaData, select

from sparekey.core.errors import InputError, UnavailableError
from sparekey.desk.api.scopes import Scope
from sparekey.desk.api.tables import api_tokens
from sparekey.desk.api.tokens import TOKENS_MOST, Tokens
from sparekey.desk.cases.budget import OPENED_BY_PROGRAM
from sparekey.desk.store.database import Database
from sparekey.testing.clock import FixedClock
from sparekey.testing.entropy import FixedEntropy
from tests.desk.api.programs import SPOKEN, Bench, Program, problem
from tests.desk.casework import SERIAL

DAY = 86400


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database)


@pytest.fixture
def tokens(database: Database) -> Tokens:
    return Tokens(database, FixedClock(), FixedEntropy("tokens"))


def test_a_token_is_found_by_its_secret_at_every_node(open_database: Callable[[], Database]) -> None:
    clock = FixedClock()
    one, other = (Tokens(open_database(), clock, FixedEntropy("tokens")) for _ in range(2))
    made = one.make("  Ticket   system ", [Scope.READ, Scope.OPEN], 30, "alice")
    found = other.find(made.secret)
    assert found == made.token
    assert (found.name, found.by) == ("Ticket system", "alice")
    assert found.scopes == {Scope.READ, Scope.OPEN}
    assert other.names() == {made.token.actor: "Ticket system"}
    assert one.revoke(made.token.id)
    assert other.find(made.secret) is None
    assert not other.revoke(made.token.id)


def test_a_token_is_over_when_its_days_are(database: Database) -> None:
    clock = FixedClock()
    tokens = Tokens(database, clock, FixedEntropy())
    made = tokens.make("Tickets", [Scope.READ], 2)
    clock.forward(2 * DAY - 1)
    assert tokens.find(made.secret) is not None
    clock.forward(1)
    assert tokens.find(made.secret) is None
    assert [token.holds(clock.wall()) for token in tokens.all()] == [False]


@pytest.mark.parametrize(
    ("name", "scopes", "days", "slug"),
    [
        ("", [Scope.READ], 1, "token-name"),
        ("x" * 61, [Scope.READ], 1, "token-name"),
        ("a\x00b", [Scope.READ], 1, "token-name"),
        ("x", [], 1, "token-scopes"),
        ("x", [Scope.READ], 0, "token-days"),
        ("x", [Scope.READ], 367, "token-days"),
    ],
)
def test_a_token_needs_a_name_a_use_and_an_end(
    tokens: Tokens, name: str, scopes: list[Scope], days: int, slug: str
) -> None:
    with pytest.raises(InputError) as error:
        tokens.make(name, scopes, days)
    assert error.value.slug == slug
    assert tokens.all() == []


def test_there_is_room_for_a_hundred_and_what_is_taken_away_makes_room(tokens: Tokens) -> None:
    made = [tokens.make("x", [Scope.READ], 1) for _ in range(TOKENS_MOST)]
    with pytest.raises(InputError, match="take some away"):
        tokens.make("x", [Scope.READ], 1)
    assert tokens.revoke(made[0].token.id)
    tokens.make("x", [Scope.READ], 1)


def test_T48_no_token_lies_in_the_database(database: Database, tokens: Tokens) -> None:
    made = tokens.make("Tickets", [Scope.READ], 1)
    secret = made.secret.rpartition("_")[2]
    everything = MetaData()
    everything.reflect(database.engine)
    with database.reading() as connection:
        for table in everything.tables.values():
            for row in connection.execute(select(table)):
                assert secret not in repr(tuple(row))
                assert bytes.fromhex(secret) not in b"".join(part for part in row if isinstance(part, bytes))
        (row,) = connection.execute(select(api_tokens)).all()
    assert len(row.mark) == 32
    assert secret not in repr(made)


def test_T48_a_token_of_one_use_opens_nothing_else(bench: Bench) -> None:
    number = bench.program().open()
    calls: dict[Scope, tuple[tuple[str, str, object], ...]] = {
        Scope.OPEN: (("POST", "/cases", SPOKEN),),
        Scope.READ: (("GET", "/cases", None), ("GET", f"/cases/{number}", None)),
        Scope.EVIDENCE: (
            ("POST", f"/cases/{number}/evidence", {"kind": "invoice"}),
            ("POST", f"/cases/{number}/papers?kind=invoice", None),
            ("POST", f"/cases/{number}/mailbox-code", None),
        ),
        Scope.NOTE: (("POST", f"/cases/{number}/notes", {"text": "x"}),),
        Scope.DECIDE: (
            ("PUT", f"/cases/{number}/proposal", {"remedy": "security-code"}),
            ("DELETE", f"/cases/{number}/proposal", None),
            ("POST", f"/cases/{number}/refusal", {"reason": "mistake"}),
            ("POST", f"/cases/{number}/finish", None),
        ),
        Scope.ANSWERS: (("GET", f"/cases/{number}/answer", None),),
        Scope.ORDERS: (("GET", "/orders", None),),
        Scope.STATEMENTS: (("POST", "/statements", None),),
    }
    assert calls.keys() == set(Scope)
    for mine in Scope:
        desk = bench.program(mine)
        for scope, asked in calls.items():
            for method, path, body in asked if scope is not mine else ():
                answer = desk.ask(method, path, body)
                assert problem(answer) == (403, "scope"), (mine, path)
                assert f'scope="{scope.value}"' in answer.headers["www-authenticate"]
    assert bench.cases.show(number).version == 1  # type: ignore[union-attr]


def test_T48_no_call_approves_and_every_reading_of_an_answer_is_written_down_first(bench: Bench) -> None:
    desk = bench.program()
    paths = desk.told("GET", "/openapi.json")["paths"]
    assert not [path for path in paths if "approv" in path]
    number = desk.open()
    assert desk.problem("GET", f"/cases/{number}/answer") == (409, "not-now")
    ((_, deed), *_) = bench.office.staff.deeds(by=desk.actor)
    assert (deed.what, deed.about) == ("case-answer", number)


def test_T48_a_stolen_token_ends_at_the_next_call(bench: Bench) -> None:
    thief = bench.program()
    assert thief.told("GET", "/token")
    assert bench.tokens.revoke(thief.actor.removeprefix("api-"))
    assert thief.problem("GET", "/token") == (401, "token")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Basic eA=="},
        {"authorization": "Bearer"},
        {"authorization": "Bearer x"},
        {"authorization": "Bearer sparekey_00000000_" + "0" * 64},
        {"authorization": "Bearer é"},
        {"cookie": "token={secret}"},
        {"cookie": "__Host-Http-staff={secret}"},
        {"x-api-key": "{secret}"},
        {"authorization": "{secret}"},
        {"authorization": "Bearer {secret}, Bearer {secret}"},
    ],
)
def test_T48_a_token_is_taken_from_one_place_alone(bench: Bench, headers: dict[str, str]) -> None:
    desk = bench.program()
    secret, desk.secret = desk.secret, ""
    sent = {name: value.replace("{secret}", secret) for name, value in headers.items()}
    answer = desk.ask("GET", "/token", headers=sent)
    assert problem(answer) == (401, "token")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert desk.ask("GET", f"/token?access_token={secret}").status == 401


def test_T48_a_token_stands_in_no_answer_and_no_log(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    desk = bench.program()
    secret = desk.secret.rpartition("_")[2]
    answers = [
        desk.ask("GET", "/token"),
        desk.ask("GET", f"/{desk.secret}"),
        desk.ask("GET", f"/cases?{desk.secret}=1"),
        desk.ask("GET", f"/cases?serial={desk.secret}{'x' * 48}"),
        desk.ask("POST", "/cases", {desk.secret: desk.secret}),
        desk.ask("POST", "/cases", {"request": desk.secret}),
        desk.ask("POST", "/cases", {"spoken": {"serial": desk.secret, "started": 1, secret: 2}}),
        desk.ask(
            "POST", "/cases", raw=f'{{"{desk.secret}'.encode(), headers={"content-type": "application/json"}
        ),
        desk.ask("GET", "/token", headers={"idempotency-key": desk.secret, "if-match": desk.secret}),
        desk.ask("POST", "/cases", SPOKEN, headers={"idempotency-key": f"{desk.secret} {desk.secret}"}),
    ]
    bench.cases.lines = _broken  # type: ignore[method-assign,assignment]
    answers.append(desk.ask("GET", "/cases"))
    assert answers[-1].status == 500
    for answer in answers:
        assert secret not in answer.text
        assert secret not in str(answer.headers)
    assert secret not in caplog.text
    assert "reference" in answers[-1].text


def _broken(*_: object, **__: object) -> list[object]:
    raise RuntimeError("a bug that knows a secret")


def test_T48_a_database_that_is_gone_is_told_and_names_nothing(bench: Bench) -> None:
    desk = bench.program()

    def gone(*_: object, **__: object) -> list[object]:
        raise UnavailableError("store", "the database does not answer (OperationalError)")

    bench.cases.lines = gone  # type: ignore[method-assign,assignment]
    answer = desk.ask("GET", "/cases")
    assert problem(answer) == (503, "unavailable")
    assert answer.headers["retry-after"] == "30"
    assert "OperationalError" not in answer.text


def test_T49_wrong_tokens_are_counted_and_never_keep_a_right_one_out(bench: Bench) -> None:
    desk = bench.program()
    stranger = Program(bench.app, "sparekey_00000000_" + "0" * 64)
    assert {stranger.problem("GET", "/token") for _ in range(60)} == {(401, "token")}
    answer = stranger.ask("GET", "/token")
    assert problem(answer) == (429, "rate")
    assert 0 < int(answer.headers["retry-after"]) <= 3600
    assert desk.told("GET", "/token")["name"] == "Tickets"
    assert Program(bench.app, stranger.secret, client="198.51.100.7").problem("GET", "/token") == (
        401,
        "token",
    )
    bench.clock.forward(3600)
    assert stranger.problem("GET", "/token") == (401, "token")


def test_T49_one_token_calls_so_often_an_hour_and_hears_how_often(database: Database) -> None:
    bench = Bench(database, per_hour=3)
    desk, other = bench.program(), bench.program(name="Other")
    left = [desk.ask("GET", "/token").headers["ratelimit"].partition(";t=")[0] for _ in range(3)]
    assert left == ['"hour";r=2', '"hour";r=1', '"hour";r=0']
    answer = desk.ask("GET", "/token")
    assert problem(answer) == (429, "rate")
    assert answer.headers["ratelimit-policy"] == '"hour";q=3;w=3600'
    assert 0 < int(answer.headers["retry-after"]) <= 3600
    assert other.told("GET", "/token")
    bench.clock.forward(3600)
    assert desk.told("GET", "/token")


def test_T49_cases_that_nobody_sealed_are_counted_for_their_program_alone(bench: Bench) -> None:
    desk, other = bench.program(), bench.program(name="Other")

    def opened(program: Program, place: int) -> tuple[int, str]:
        asked = {"spoken": {**SPOKEN["spoken"], "serial": f"PX-{place}"}}
        answer = program.ask("POST", "/cases", asked)
        return (201, "") if answer.status == 201 else problem(answer)

    bench.cases.budget.take(((OPENED_BY_PROGRAM, desk.actor.encode()),), bench.clock.wall(), 599)
    assert opened(desk, 1) == (201, "")
    answer = desk.ask("POST", "/cases", {"spoken": {**SPOKEN["spoken"], "serial": "PX-2"}})
    assert problem(answer) == (422, "nothing-opened")
    assert '"slug":"too-many"' in answer.text
    assert opened(other, 3) == (201, "")
    assert desk.told("POST", "/cases", {"request": bench.file()})


def test_T49_known_and_unknown_serials_get_the_same_answers(bench: Bench) -> None:
    bench.enrol()
    scopes = [scope for scope in Scope if scope is not Scope.DECIDE]
    desk = bench.program(*scopes)
    told = []
    for serial in (SERIAL, "PX-3216-9999"):
        answers = [desk.ask("POST", "/cases", {"spoken": {**SPOKEN["spoken"], "serial": serial}})]
        number = answers[0].headers["location"].rpartition("/")[2]
        answers += [
            desk.ask("GET", f"/cases/{number}"),
            desk.ask("GET", f"/cases?serial={serial}"),
            desk.ask("POST", f"/cases/{number}/mailbox-code"),
            desk.ask("POST", f"/cases/{number}/evidence", {"kind": "mailbox-code", "code": "0000-0000"}),
            desk.ask("POST", f"/cases/{number}/evidence", {"kind": "invoice"}),
            desk.ask("POST", f"/cases/{number}/evidence", {"kind": "installer"}),
            desk.ask("GET", f"/cases/{number}/answer"),
            desk.ask("GET", f"/cases/{number}"),
        ]
        told.append(
            [(answer.status, answer.text.replace(number, "N").replace(serial, "S")) for answer in answers]
        )
    assert told[0] == told[1]
    assert "judgement" in told[0][1][1]
    assert "waits_for" not in told[0][1][1]
