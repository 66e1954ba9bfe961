"""Requests to their desk and the answers back, on a wire that a test holds (P27.finder)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.header import Kind
from sparekey.core.messages.link_answer import LinkAnswer, LinkVerdict, make_answers
from sparekey.core.messages.link_case import CaseStage, CaseTold, pickup_hash, read_case_call
from sparekey.core.messages.request import Request, seal_body
from sparekey.core.values import MethodName
from sparekey.desklink.address import address_of
from sparekey.desklink.exchange import Exchange
from sparekey.finder import desk_words
from sparekey.finder.desk import Desk, prefix_of, read_requests
from sparekey.finder.journal import Begun, Journal
from sparekey.language.catalogue import translator
from sparekey.testing.clock import FixedClock
from sparekey.testing.entropy import FixedEntropy
from tests.core import messages_samples as samples
from tests.desklink.line import Line, answer

PREFIX = "HTTP://LOCALHOST:8600/R/"
NUMBER = "4F7Q0001"


def sealed(number: int = 1) -> Request:
    header = replace(samples.header(Kind.SUPPORT), number=f"4F7Q000{number}")
    return seal_body(header, samples.BODIES[Kind.SUPPORT], samples.PUBLIC[Kind.SUPPORT.purpose])


def taken(*numbers: str) -> bytes:
    return answer(make_answers([LinkAnswer(LinkVerdict.TAKEN, number.encode()) for number in numbers]))


def desk(line: Line, journal: Journal | None = None) -> Desk:
    clock = FixedClock()
    return Desk(
        journal or Journal(None),
        clock,
        FixedEntropy(),
        exchange=lambda prefix: Exchange(address_of(prefix), clock, connect=line.dial),
    )


def begun_here(journal: Journal, request: Request) -> None:
    begun = Begun(bytes(32), MethodName.RESPONSE_FILE, "192.0.2.20:8543", "", "", request.encoded, PREFIX, 1)
    journal.begin(begun)


def call_in(line: Line) -> bytes:
    return line.heard.partition(b"\r\n\r\n")[2]


def test_P27_a_request_goes_where_its_device_said_and_its_secret_is_kept_first() -> None:
    request, line = sealed(), Line(taken(NUMBER))
    there = desk(line)
    begun_here(there.journal, request)
    (sent,) = there.send([request], address="owner@example.com", locale="cs")
    assert (sent.number, line.dialled) == (NUMBER, [("localhost", 8600)])
    call = read_case_call(call_in(line))
    (kept,) = there.journal.asked()
    assert call.requests == (request.encoded,)
    assert (call.pickup, call.locale, call.address) == (pickup_hash(kept.pickup), "cs", "owner@example.com")


def test_P27_a_call_whose_answer_got_lost_is_the_same_case_again() -> None:
    request, journal = sealed(), Journal(None)
    lost, again = Line(OSError()), Line(taken(NUMBER))
    with pytest.raises(UnavailableError):
        desk(lost, journal).send([request], url="http://localhost:8600")
    assert journal.asked()[0].number == ""
    desk(again, journal).send([request], url="http://localhost:8600/R/")
    assert call_in(lost) == call_in(again)
    assert [one.number for one in journal.asked()] == [NUMBER]


def test_P27_each_request_of_many_has_its_own_verdict() -> None:
    requests = [sealed(1), sealed(2)]
    answers = [LinkAnswer(LinkVerdict.OTHER_DESK), LinkAnswer(LinkVerdict.TAKEN, NUMBER.encode())]
    sent = desk(Line(answer(make_answers(answers)))).send(requests, url="http://localhost:8600")
    assert [(one.number, one.verdict) for one in sent] == [
        ("", LinkVerdict.OTHER_DESK),
        (NUMBER, LinkVerdict.TAKEN),
    ]
    assert "another desk" in desk_words.no(sent[0].verdict, translator("en"))


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"no number"])
def test_P27_a_desk_that_takes_a_request_without_a_number_is_none(data: bytes) -> None:
    line = Line(answer(make_answers([LinkAnswer(LinkVerdict.TAKEN, data)])))
    with pytest.raises(UnavailableError):
        desk(line).send([sealed()], url="http://localhost:8600")


def test_P27_nobody_guesses_where_a_strange_request_belongs() -> None:
    line = Line()
    with pytest.raises(InputError, match="no-desk"):
        desk(line).send([sealed()])
    for url in ("desk.example.com", "http://desk.example.com", "ftp://desk.example.com", "https://", ""):
        with pytest.raises(InputError):
            prefix_of(url)
    assert line.dialled == []


def test_P27_the_secret_stands_in_a_header_alone_and_only_its_case_is_fetched() -> None:
    told = CaseTold(CaseStage.HELD, until=1_790_007_200)
    line = Line(taken(NUMBER))
    there = desk(line)
    there.send([sealed()], url="http://localhost:8600")
    (asked,) = there.kept([NUMBER.lower()])
    waiting = Line(answer(told.encoded))
    heard = desk(waiting, there.journal).fetch(asked)
    head = waiting.heard.decode()
    assert asked.pickup.hex() in head
    assert asked.pickup.hex() not in head.partition("\r\n")[0]
    assert "2 hours" in desk_words.standing(heard.told, 1_790_000_000, translator("en"))
    with pytest.raises(InputError, match="no-case"):
        there.kept(["00000000"])
    gone = desk(Line(answer(b"", "404 Not Found")), there.journal).fetch(asked)
    assert gone.told is None
    assert "knows no such case" in desk_words.standing(None, 0, translator("en"))


def test_P27_every_standing_is_told_and_a_reason_first() -> None:
    words = translator("en")
    for stage in CaseStage:
        assert desk_words.standing(CaseTold(stage, until=1), 0, words)
    told = desk_words.standing(CaseTold(CaseStage.CLOSED, reason="owner"), 0, words)
    assert told.startswith("The owner stopped it.")
    assert desk_words.standing(CaseTold(CaseStage.CLOSED, reason="never-heard-of"), 0, words)


def test_P27_a_file_of_many_is_read_though_one_in_it_is_broken() -> None:
    first, second = sealed(1), sealed(2)
    text = wrap(FileKind.REQUESTS, make_batch([first.encoded, b"broken", second.encoded]), {})
    assert read_requests(text.encode()) == ([first, second], 1)
    assert read_requests(wrap(FileKind.REQUEST, first.encoded, {}).encode()) == ([first], 0)
    for other in (b"", b"\xff\xd8\xff", wrap(FileKind.KEY, b"", {}).encode(), b"hello"):
        with pytest.raises(InputError):
            read_requests(other)


def test_a_recovery_that_is_over_forgets_its_case() -> None:
    request, line = sealed(), Line(taken(NUMBER))
    there = desk(line)
    begun_here(there.journal, request)
    there.send([request])
    there.journal.end(there.journal.begun()[0])
    assert there.journal.asked() == []


def letter(kind: Kind) -> Request:
    return seal_body(samples.header(kind), samples.BODIES[kind], samples.PUBLIC[kind.purpose])


def test_B04_letters_go_to_the_desk_itself_and_their_answers_name_them() -> None:
    letters = [letter(kind) for kind in (Kind.NOTICE, Kind.ENROL, Kind.MAIL, Kind.NOTICE)]
    verdicts = [LinkVerdict.WAITS, LinkVerdict.TAKEN, LinkVerdict.OLD, LinkVerdict.TAKEN]
    line = Line(
        answer(make_answers([LinkAnswer(verdicts[1], b"reply")])),
        answer(make_answers([LinkAnswer(verdicts[2])])),
        answer(make_answers([LinkAnswer(verdicts[0]), LinkAnswer(verdicts[3])])),
    )
    answers = desk(line).carry(letters, url="http://localhost:8600")
    assert [one.verdict for one in answers] == verdicts
    assert [one.request for one in answers] == [one.hash for one in letters]
    assert answers[1].data == b"reply"
    with pytest.raises(InputError, match="no-desk"):
        desk(line).carry(letters)


@pytest.mark.parametrize("verdict", list(LinkVerdict))
def test_every_verdict_about_a_letter_has_words(verdict: LinkVerdict) -> None:
    assert desk_words.letter(verdict, translator("en"))
