"""A file with letters that somebody carried, and the answers to take back (spec/files.md section 9)."""

from __future__ import annotations

import base64
import re

from sparekey.core.codes import code_from_bits
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.link_answer import LINK_MOST, LinkAnswer, LinkVerdict
from sparekey.core.messages.request import Kind, MailBody, SupportBody
from sparekey.core.messages.text import Answers, read_any
from tests.desk.room import HOST, IDENTITY, JANE, Room
from tests.desk.test_registry_pages import enrolment, notice, seal
from tests.web.asgi import Answer, call


def hand_in(room: Room, data: bytes) -> Answer:
    page = room.get("/letters")
    token = re.search(r'action="/letters"[^>]*>\s*<input[^>]* value="([0-9a-f]{64})"', page.text)
    assert token, page.text
    body = (
        f'--b\r\ncontent-disposition: form-data; name="token"\r\n\r\n{token[1]}\r\n'
        '--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\n'
    ).encode()
    headers = {
        "content-type": "multipart/form-data; boundary=b",
        "origin": f"https://{HOST}",
        "cookie": "; ".join(f"{name}={value}" for name, value in page.cookies.items()),
    }
    return call(room.app, "POST", "/letters", headers, body + data + b"\r\n--b--\r\n", host=HOST)


def file(*items: bytes) -> bytes:
    return wrap(FileKind.REQUESTS, make_batch(items), {}).encode()


def answers(page: Answer) -> list[LinkAnswer]:
    found = re.search(r'href="data:application/octet-stream;base64,([^"]+)" download="(\S+)"', page.text)
    assert found, page.text
    assert found[2].endswith(".sparekey-response")
    read = read_any(base64.b64decode(found[1].replace("&#43;", "+")))
    assert isinstance(read, Answers)
    return [item for item in read.items if isinstance(item, LinkAnswer)]


def test_letters_of_all_kinds_are_taken_from_one_file_and_answered_in_one(room: Room) -> None:
    mail = seal(room, Kind.MAIL, MailBody(code_from_bits(7), (JANE,), "en", "admin", confirms=True))
    ours, news = enrolment(room), notice(room)
    support = seal(room, Kind.SUPPORT, SupportBody(bytes(32)))
    page = hand_in(room, file(ours.encoded, b"broken", news.encoded, mail.encoded, support.encoded))
    assert page.status == 200
    found = answers(page)
    assert [answer.request for answer in found] == [ours.hash, news.hash, mail.hash, support.hash]
    taken = LinkVerdict.TAKEN
    assert [answer.verdict for answer in found] == [taken, taken, taken, LinkVerdict.OTHER_KIND]
    assert room.registry.registrar.opened(IDENTITY.serial) is not None
    assert "1 letter in this file cannot be read" in page.text
    room.work()
    sent = len(room.post.taken)
    assert sent == 2
    again = answers(hand_in(room, file(ours.encoded, news.encoded)))
    assert again == found[:2], "the same file brings the same answers"
    room.work()
    assert len(room.post.taken) == sent, "and no second mail"


def test_one_letter_alone_is_taken_too(room: Room) -> None:
    ours = enrolment(room)
    (answer,) = answers(hand_in(room, wrap(FileKind.REQUEST, ours.encoded, {}).encode()))
    assert (answer.verdict, answer.request) == (LinkVerdict.TAKEN, ours.hash)


def test_T14_what_holds_no_letters_is_told(room: Room) -> None:
    for data in (b"", b"nonsense", b"\xff\xfe", wrap(FileKind.KEY, b"x", {}).encode(), file(b"x", b"y")):
        page = hand_in(room, data)
        assert page.status == 422
        assert "There are no letters of a device in this file" in page.text
    many = file(*[enrolment(room).encoded] * (LINK_MOST + 1))
    assert "There are more than 100 letters" in hand_in(room, many).text
    assert hand_in(room, bytes(300_000)).status == 413
    assert room.registry.registrar.opened(IDENTITY.serial) is None
