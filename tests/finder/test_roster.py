"""Who is on the list, and when somebody leaves it."""

from __future__ import annotations

from dataclasses import replace

from sparekey.finder.roster import ANSWERS_LIMIT, GONE_AFTER, Roster
from sparekey.lan.discovery.found import Found, Protocol
from tests.finder.answers import OTHER, OURS


def test_the_same_device_by_two_protocols_is_one() -> None:
    roster = Roster()
    roster.add(OTHER, 1.0)
    onvif = Found(
        protocols=(Protocol.ONVIF,), sender="192.0.2.64", ident="urn:uuid:x", addresses=("192.0.2.64",)
    )
    roster.add(onvif, 2.0)
    roster.add(OURS, 3.0)
    (first, second) = sorted(roster.devices, key=lambda listed: listed.heard)
    assert first.found.protocols == (Protocol.SADP, Protocol.ONVIF)
    assert (first.heard, second.found) == (2.0, OURS)


def test_who_falls_silent_is_gone_after_a_while() -> None:
    roster = Roster()
    roster.add(OURS, 0.0)
    roster.add(OTHER, 0.0)
    roster.add(OURS, GONE_AFTER)
    roster.forget(GONE_AFTER)
    assert len(roster.devices) == 2
    roster.forget(GONE_AFTER + 1)
    assert [listed.found for listed in roster.devices] == [OURS]
    assert roster.devices[0].heard == GONE_AFTER


def test_a_flood_fills_the_list_and_no_more() -> None:
    roster = Roster()
    for number in range(ANSWERS_LIMIT + 10):
        roster.add(replace(OTHER, name=str(number)), 0.0)
    assert roster.full
    assert len(roster.devices) == 1  # all of them say that they have one MAC
    roster.forget(GONE_AFTER + 1)
    assert not roster.full
    assert roster.devices == ()
