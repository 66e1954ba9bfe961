"""A request to support: what travels, and what the device keeps of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core import crypto
from sparekey.core.enrolled import Enrolment
from sparekey.core.keys import file_secret
from sparekey.core.messages.request import Request, open_body
from sparekey.core.messages.support import SupportBody
from sparekey.core.messages.technician import TechnicianBody
from sparekey.core.messages.trust import Purpose
from sparekey.core.methods import support
from sparekey.core.record import Ask, Former, Lasting, Record
from sparekey.core.tlog.checkpoint import log_key
from sparekey.core.values import Face, MethodName
from tests.core.samples import CLAIM, DEVICE_KEY, NUMBER, RECORD, now
from tests.vectors.desk import TRUST

PRIVATE = crypto.sha256(b"sparekey test desk, support")
LOG = log_key("desk.example.com/log", crypto.signing_public(crypto.sha256(b"log")))
TICKET = b"t" * 16
SALT = b"s" * 16


def challenge(record: Record = RECORD, method: MethodName = MethodName.RESPONSE_FILE) -> tuple[Ask, Request]:
    sealing = (*TRUST.sealing, (Purpose.SUPPORT, (crypto.sealing_public(PRIVATE),)))
    trust = replace(TRUST, sealing=sealing, logs=(LOG,))
    situation = replace(now(uptime=500), trust=trust)
    return support.challenge(
        record,
        situation,
        method=method,
        face=Face.SCREEN,
        claim=CLAIM,
        number=NUMBER,
        salt=SALT,
        tls=bytes(32),
    )


def test_P16_what_is_kept_is_what_it_was_opened_with() -> None:
    asked, request = challenge()
    wall = now().moment.wall
    assert (asked.account, asked.opened_age, asked.opened_wall) == ("admin", 500, wall)
    assert asked.bound == RECORD.binding(500)
    moved = replace(RECORD, former=Former("before@example.com", 600))
    assert challenge(moved)[0].bound == moved.binding(599) != moved.binding(600)
    assert request.header.made == wall
    assert asked.sealed == request.encoded
    assert challenge(Record())[0].account == ""


@pytest.mark.parametrize(
    ("method", "body"), [(MethodName.RESPONSE_FILE, SupportBody), (MethodName.TECHNICIAN, TechnicianBody)]
)
def test_an_enrolled_device_shows_its_ticket(method: MethodName, body: type) -> None:
    known = replace(RECORD, enrolment=Enrolment(1, b"", b"", ticket=TICKET))
    opened = open_body(challenge(known, method)[1], PRIVATE)
    assert isinstance(opened, body)
    assert isinstance(opened, SupportBody | TechnicianBody)
    assert (opened.ticket, opened.file_secret) == (TICKET, file_secret(DEVICE_KEY, NUMBER, SALT))


@pytest.mark.parametrize(("origin", "seen"), [(LOG.name, 7), ("another.example.com/log", 0)])
def test_T16_it_says_how_much_of_the_log_it_saw_and_nothing_of_another(origin: str, seen: int) -> None:
    record = replace(RECORD, lasting=Lasting(tree_origin=origin, tree_size=7, tree_root=bytes(32)))
    assert challenge(record)[1].header.seen == seen
