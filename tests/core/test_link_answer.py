"""What the link answers to each item (spec/desklink.md section 3)."""

from __future__ import annotations

import pytest

from sparekey.core.codec import encode
from sparekey.core.errors import InputError
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.enrol_reply import REPLY_LIMIT
from sparekey.core.messages.link_answer import (
    LinkAnswer,
    LinkVerdict,
    make_answers,
    read_answers,
    read_carried,
    read_carried_batch,
)
from tests.vectors.pages import examples, table

ANSWERS = [LinkAnswer(LinkVerdict.TAKEN, b"a reply"), LinkAnswer(LinkVerdict.WAITS)]


def test_answers_come_back_each_in_its_place() -> None:
    assert read_answers(make_answers(ANSWERS), 2) == ANSWERS
    assert "reply" not in repr(ANSWERS)


@pytest.mark.meets("asvs-2.1.1", "asvs-2.1.2", "asvs-5.1.1", "asvs-6.1.3", "asvs-8.1.1")
def test_the_page_says_the_same() -> None:
    block = examples("desklink")["link answer"]
    assert LinkAnswer(LinkVerdict(block["verdict"])).encoded.hex() == block["bytes"]
    carried = examples("desklink")["carried answer"]
    request = bytes.fromhex(carried["request"])
    answer = LinkAnswer(LinkVerdict(carried["verdict"]), request=request)
    assert answer.encoded.hex() == carried["bytes"]
    assert read_carried(answer.encoded) == answer
    assert [row[0] for row in table("desklink", "verdict")] == [verdict.value for verdict in LinkVerdict]


@pytest.mark.parametrize("count", [1, 3])
def test_T26_an_answer_too_few_or_too_many_is_none(count: int) -> None:
    with pytest.raises(InputError) as caught:
        read_answers(make_answers(ANSWERS), count)
    assert caught.value.slug == "link-answer"


@pytest.mark.parametrize(
    "fields",
    [
        {1: 2, 2: "taken"},
        {1: 1, 2: "perhaps"},
        {1: 1, 2: "taken", 3: b""},
        {1: 1, 2: "taken", 3: bytes(REPLY_LIMIT + 1)},
        {1: 1, 2: "taken", 4: 1},
        {1: 1, 2: "taken", 4: bytes(31)},
        {1: 1, 2: "taken", 5: 1},
    ],
)
def test_T14_an_answer_in_another_form_is_none(fields: dict[int, object]) -> None:
    with pytest.raises(InputError):
        read_answers(make_batch([encode(fields)]), 1)  # type: ignore[arg-type]


def test_T26_a_carried_answer_names_its_letter_and_a_broken_one_hurts_no_other() -> None:
    named = LinkAnswer(LinkVerdict.OLD, request=bytes(32))
    found = read_carried_batch(make_batch([ANSWERS[0].encoded, named.encoded, b"\xa0"]))
    assert found[1] == named
    assert [item.slug for item in found if isinstance(item, InputError)] == ["link-answer", "field"]
