"""Our own calls: what the spec's tables and examples say is what is written and read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.core.codec import encode
from sparekey.core.errors import InputError, Refusal
from sparekey.core.messages.enrol_reply import REPLY_LIMIT
from sparekey.core.messages.link_answer import LinkAnswer, LinkVerdict
from sparekey.core.values import Secret
from sparekey.lan.link import cameras, fingerprint, frame, letters, owner, recovery, ways
from tests.properties.strategies import VALUES
from tests.vectors import make_calls
from tests.vectors.blocks import octets
from tests.vectors.pages import examples, table

CALLS = (
    ways.Ask, recovery.Begin, recovery.Show, recovery.Apply, recovery.Choose, recovery.Cancel, cameras.AskResults,
    owner.Activate, owner.Check, owner.SetPassword, owner.SetUser, owner.SetAddress, owner.SetNetwork,
    letters.Fetch, letters.Deliver,
)  # fmt: skip
LOGIN = make_calls.LOGIN
SORTS = make_calls.sorts()


@pytest.mark.meets("asvs-5.1.1")
def test_the_tables_name_every_call() -> None:
    named = [row[0] for place in (0, 1) for row in table("lan", "call", place)]
    assert ["abilities", *named] == [call.name for call in CALLS]


def test_the_refusals_of_calls_are_in_the_table() -> None:
    named = {row[0] for row in table("lan", "slug")}
    assert {frame.TOO_FAST, frame.WRONG_LOGIN, frame.SLOW_DOWN} <= named
    assert not named & {refusal.value for refusal in Refusal}


@pytest.mark.parametrize(
    ("name", "call", "answer"),
    [("abilities", ("abilities", 0), ("abilities answer", 0)), ("begin", ("begin", 0), ("begin answer", 1))],
)
def test_examples(name: str, call: tuple[str, int], answer: tuple[str, int]) -> None:
    block = examples("lan")[name]
    for key, (sort, place) in {"call": call, "answer": answer}.items():
        assert SORTS[sort].good[place][1] == octets(block[key])


def test_fingerprint() -> None:
    block = examples("lan")["fingerprint"]
    key = octets(block["hash"])
    assert fingerprint.shown(key) == block["shown"]
    assert fingerprint.agrees(block["shown"].lower().replace("-", " "), key)
    assert not fingerprint.agrees(block["shown"][:-1] + "F", key)
    assert not fingerprint.agrees(block["shown"][:-5], key)
    with pytest.raises(InputError, match="code-character"):
        fingerprint.agrees("what the screen shows: U", key)


@pytest.mark.parametrize("sort", SORTS)
def test_what_is_written_is_read_as_it_was(sort: str) -> None:
    for _, data in SORTS[sort].good:
        told = make_calls.read(sort, data)
        written = getattr(told, "encoded")  # noqa: B009 - each of them has it
        assert written == data
        assert LOGIN.password.text not in repr(told), "no password shows"
        assert make_calls.CLAIM not in repr(told)


@given(st.sampled_from(sorted(SORTS)), VALUES | st.dictionaries(st.integers(0, 15), VALUES, max_size=8))
def test_T14_any_value_reads_or_is_told(sort: str, value: object) -> None:
    try:
        make_calls.read(sort, encode(value))  # type: ignore[arg-type]
    except InputError:
        return


def test_a_call_and_an_answer_have_their_bounds() -> None:
    with pytest.raises(InputError, match="oversize"):
        frame.read_asked(bytes(frame.REQUEST_LIMIT + 1))
    with pytest.raises(InputError, match="claim"):
        frame.read_claim("0" * 31 + "\n")
    assert frame.Refused("wrong-code").refusal is Refusal.WRONG_CODE
    assert frame.Refused("too-fast").refusal is None


def test_methods_of_later_versions_are_passed_over() -> None:
    told: dict[int, object] = {
        1: 1,
        2: "done",
        4: 15,
        5: 64,
        6: False,
        3: [{1: "telepathy"}, {1: "key-file"}],
    }
    found = make_calls.read("abilities answer", encode(told))  # type: ignore[arg-type]
    assert isinstance(found, ways.Abilities)
    assert [way.method.value for way in found.ways] == ["key-file"]


def test_many_answers_go_in_as_few_calls_as_take_them() -> None:
    small = [LinkAnswer(LinkVerdict.TAKEN, request=bytes([number]) * 32) for number in range(40)]
    large = [replace(answer, data=bytes(REPLY_LIMIT)) for answer in small[:5]]
    for answers, sizes in ((small, [32, 8]), (large, [2, 2, 1]), ([], []), (small[:2] + large[:3], [4, 1])):
        calls = letters.calls_of(answers)
        assert [len(call) for call in calls] == sizes
        assert [answer for call in calls for answer in call] == answers
        for call in calls:
            asked = letters.Deliver(owner.Login("a" * 32, Secret("p" * 1024)), call)
            assert len(asked.encoded) <= frame.REQUEST_LIMIT
