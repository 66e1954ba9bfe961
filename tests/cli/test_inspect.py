"""`sparekey inspect` explains every kind of message, and shows no secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from sparekey.__main__ import main
from sparekey.core.errors import InputError
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.header import Purpose
from sparekey.core.messages.pairing import make_pairing, pairing_link
from sparekey.core.messages.request import Request
from sparekey.core.messages.text import Requests, read_any
from sparekey.core.messages.trust import sign_trust
from sparekey.core.messages.xml import write_xml
from sparekey.core.methods.security_code import Spoken
from sparekey.core.methods.spoken import spoken_text
from sparekey.core.record import Action
from sparekey.core.values import MethodName
from sparekey.explain.telling import tell
from sparekey.testing.world import World
from tests.scenarios.play import CLAIM, SCREEN, ready


def opened(world: World, method: MethodName = MethodName.RESPONSE_FILE) -> Request:
    request = world.device.open_support(CLAIM, SCREEN, method)
    assert isinstance(request, Request)
    return request


def shown(capsys: pytest.CaptureFixture[str], what: str) -> str:
    assert main(["inspect", what]) == 0
    return capsys.readouterr().out


def test_a_request_as_text_file_or_xml_reads_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world, _ = ready("hikvision")
    request = opened(world)
    file, xml = tmp_path / "front-door.sparekey-request", tmp_path / "front-door.xml"
    file.write_text(wrap(FileKind.REQUEST, request.encoded, {"Serial": "PX-3216-0001"}))
    xml.write_text(write_xml(request))
    text = shown(capsys, world.device.qr_text(request))
    assert "asks support for a file or a key" in text
    assert request.header.number in text
    assert shown(capsys, str(file)) == shown(capsys, str(xml)) == text


def test_a_response_says_what_it_allows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world, _ = ready("hikvision")
    world.device.power_on()
    request = opened(world, MethodName.TECHNICIAN)
    file = tmp_path / "answer.sparekey-response"
    file.write_text(wrap(FileKind.RESPONSE, world.desk.answer(request, Action.ERASE).encoded, {}))
    assert "ERASE the device" in shown(capsys, str(file))


def test_T02_no_secret_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, kept = ready("hikvision")
    assert kept.key_file is not None
    file = tmp_path / "drawer.sparekey-key"
    file.write_text(wrap(FileKind.KEY, kept.key_file.encoded, {}))
    text = shown(capsys, str(file))
    assert "Keep it safe" in text
    assert kept.key_file.secret.hex() not in text
    pairing = make_pairing(
        bytes(32), desk=bytes(8), token=b"sixteen secrets!", serial="PX-3216-0001", series=1, age=0
    )
    told = shown(capsys, pairing_link("HTTPS://DESK.EXAMPLE.COM/R/", pairing))
    assert b"sixteen secrets!".hex() not in told
    assert "It works once" in told


def test_the_copied_numbers_of_a_security_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "numbers.txt"
    for mac in ("", "02-00-5e-00-53-01"):
        file.write_text(spoken_text(Spoken("PX-3216-0001", 1_699_990_000, "7KM2Q4XZ", mac), 19_675))
        text = shown(capsys, str(file))
        assert "nothing in it is secret" in text
        assert "2023-11-14 19:26:40" in text
        assert ("MAC" in text) is bool(mac)
    file.write_text("Request number: 7KM2Q4XZ")
    assert main(["inspect", str(file)]) == 2


def test_a_trust_file_and_a_file_for_many(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world, _ = ready("hikvision")
    file = tmp_path / "desk.sparekey-trust"
    file.write_text(wrap(FileKind.TRUST, sign_trust(world.desk.trust, bytes(32)), {}))
    text = shown(capsys, str(file))
    assert "Example support" in text
    assert all(f"Keys for {purpose.name.lower()}" in text for purpose in Purpose)
    batch = make_batch([opened(world).encoded, b"broken"])
    found = read_any(wrap(FileKind.REQUESTS, batch, {}))
    assert isinstance(found, Requests)
    lines = tell(found)
    assert lines[1] == ("Cannot be read", "1")
    assert isinstance(found.items[1], InputError)


@pytest.mark.parametrize("what", ["no such thing", "missing.sparekey-key", "HTTPS://DESK.EXAMPLE.COM/R/0000"])
def test_T14_what_is_not_ours_gets_two_plain_lines(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", what]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 2


def test_profile_show_lists_departures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "show", "hikvision"]) == 0
    shown = capsys.readouterr().out
    assert "NIST SP 800-63B-4 section 4.2.1.2: a mailed code lives 48 hours" in shown
    assert "OWASP ASVS 5.0 6.4.1: a right security code shows the password 12345" in shown
    assert main(["profile", "show", "sparekey"]) == 0
    assert "Departs from nothing" in capsys.readouterr().out
    assert main(["profile", "list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 5
    assert main(["profile", "show", "nobody"]) == 2
