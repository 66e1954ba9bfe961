"""The simulated attacker at a desk: a short run that has to end well, and broken desks that have to be found out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.datastructures import Headers

from attack.desk import Desk
from attack.referee import PromiseBrokenError
from attack.site import in_turn
from sparekey.core import mailing
from sparekey.core.case import judging, rules
from sparekey.core.codes import Code
from sparekey.core.values import mask
from sparekey.desk import intake
from sparekey.desk.api.entrance import Entrance
from sparekey.desk.cases import carrying
from sparekey.desk.cases.codes import CaseCodes, Door
from sparekey.desk.cases.doors import Doors
from sparekey.desk.cases.opening import Trouble
from sparekey.desk.cases.reception import Receipt, Reception
from sparekey.desk.cases.typed import Typed
from sparekey.desk.owners import accounts
from sparekey.desk.owners.accounts import Accounts
from sparekey.desk.staff.people import Passkey, Session
from sparekey.desk.staff.staff import Staff
from sparekey.web.guard import Guard


def desk(folder: Path, seed: int = 0) -> Desk:
    return Desk(folder, "sparekey", random.Random(seed))


def broken(folder: Path, steps: int, *acts: str) -> str:
    """A desk with one fault, attacked in these ways: it has to be found out."""
    with in_turn(), pytest.raises(PromiseBrokenError) as found:
        made = desk(folder)
        made.only(*acts)
        made.play(steps)
    return str(found.value)


def test_T03_T45_an_attacker_at_desk_and_recorder_at_once_breaks_no_promise(tmp_path: Path) -> None:
    with in_turn():
        made = desk(tmp_path)
        made.play(150)
    judge = made.judge
    assert judge.tried["case code"] > 5, "next to nothing was tried"
    assert judge.tried["sign-in code"] > 5, "next to nothing was tried"
    assert judge.issued, "the honest ones got nothing"


def test_a_desk_that_counts_no_codes_of_cases_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Doors, "_counted", lambda *_: True)
    told = broken(tmp_path, 250, "lucky")
    assert "case code" in told or "when the tries were used up" in told


def test_a_desk_that_compares_no_code_of_a_case_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = CaseCodes.is_right

    def loose(self: CaseCodes, door: Door, typed: Code, number: str, address: str = "") -> bool:
        return door is Door.STATUS or right(self, door, typed, number, address)

    monkeypatch.setattr(CaseCodes, "is_right", loose)
    assert "opened the case" in broken(tmp_path, 150, "guess_case")


def test_a_desk_where_one_code_opens_every_case_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = CaseCodes.is_right

    def one_for_all(self: CaseCodes, door: Door, typed: Code, number: str, address: str = "") -> bool:
        return right(self, door, typed, "00000000" if door is Door.STATUS else number, address)

    monkeypatch.setattr(CaseCodes, "is_right", one_for_all)
    monkeypatch.setattr(Doors, "status_code", lambda self, _: self._codes.code(Door.STATUS, "00000000"))
    assert "opened" in broken(tmp_path, 150, "open", "guess_case", "lucky")


@pytest.mark.parametrize("name", ["browser", "tries"])
def test_a_desk_that_binds_no_sign_in_code_is_found_out(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "tries":
        monkeypatch.setattr(accounts, "TRIES", 1_000_000)
    else:
        enter, ask = Accounts.enter, Accounts.ask
        monkeypatch.setattr(Accounts, "enter", lambda self, a, t, _, s: enter(self, a, t, "", s))
        monkeypatch.setattr(Accounts, "ask", lambda self, a, t, _, s: ask(self, a, t, "", s))
    assert broken(tmp_path, 150, "lucky") == "a stranger signed in as an owner"


def test_a_desk_where_people_decide_for_themselves_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "_is_own", lambda *_: False)
    assert "of their own" in broken(tmp_path, 150, "insider")


def test_a_desk_without_holds_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terms = judging.terms
    monkeypatch.setattr(rules, "terms", lambda *given: (terms(*given)[0], 0))
    assert "without evidence, approvals or hold" in broken(tmp_path, 250, "console")


def test_a_desk_that_asks_one_person_too_few_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stolen session without the passkey is enough there."""

    @contextmanager
    def untouched(_staff: Staff, session: Session, _items: object, _answer: str) -> Iterator[Passkey]:
        yield session.person.keys[0]

    monkeypatch.setattr(Staff, "touch", untouched)
    told = broken(tmp_path, 250, "sign_for_somebody")
    assert "without evidence, approvals or hold" in told or "let in" in told


def test_a_desk_that_tells_no_owner_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "OWNERS", ())
    assert "was not told" in broken(tmp_path, 250, "papers")


def test_a_desk_that_mails_without_end_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailing, "may_send", lambda *_: mailing.Sending.GO)
    assert "in an hour" in broken(tmp_path, 150, "press_square")


def test_a_desk_whose_small_limits_lock_owners_out_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = mailing.may_send
    monkeypatch.setattr(
        mailing,
        "may_send",
        lambda sent, ticketed, limits: go(replace(sent, address_hour=6), ticketed, limits),
    )
    assert "did not come" in broken(tmp_path, 150, "press_square")


def test_a_desk_that_shows_addresses_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "mask", lambda address: address)
    assert mask("owner@example.com") != "owner@example.com"
    assert "told a stranger the address" in broken(tmp_path, 100, "press_square")


def test_a_desk_that_answers_by_what_it_knows_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = Reception.typed

    def knowing(self: Reception, given: Typed, *more: Any) -> Receipt:
        if self._registry.opened(given.serial) is None:
            return Receipt(trouble=Trouble.SERIAL)
        return typed(self, given, *more)

    monkeypatch.setattr(Reception, "typed", knowing)
    assert "answered differently" in broken(tmp_path, 100, "compare")


def test_a_desk_that_takes_posts_of_foreign_pages_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ours(_guard: Guard, _scope: object, _headers: Headers, _scheme: str, _host: str) -> bool:
        return True

    monkeypatch.setattr(Guard, "_ours", ours)
    assert "took a post from" in broken(tmp_path, 200, "no_origin", "browse")


def test_a_desk_whose_tokens_open_everything_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_in = Entrance._let_in
    monkeypatch.setattr(Entrance, "_let_in", lambda self, request, _: let_in(self, request, None))
    assert "opened a call of" in broken(tmp_path, 150, "program")


def test_a_desk_that_asks_no_owner_anew_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Accounts, "is_fresh", lambda *_: True)
    assert "strangers changed what the desk knows" in broken(tmp_path, 150, "phone")
