"""The browser of the checks does what a person's browser would, and nothing that it would not."""

from __future__ import annotations

import ssl
from io import BytesIO

import httpx2
import pytest
from PIL import Image

from sparekey.core.codes import code_from_bits, read_code, read_saved, saved_from_bits
from sparekey.core.errors import InputError
from sparekey.demo.browser import Browser
from sparekey.demo.camera import read_drawing, read_square
from sparekey.demo.owner import other_code, slip
from sparekey.demo.page_reader import read
from sparekey.demo.returning import other_sheet
from sparekey.demo.verdicts import UnlikeError
from sparekey.web.qr import png, svg

FORM = """<!doctype html><html lang="cs"><head><title>Sign in – Gate</title><style>p { color: red }</style>
</head>
<body><h1>Sign <em>in</em></h1><p>Good&nbsp;day.<br>You.</p><script>var hidden = 1;</script>
<svg><title>The square</title></svg><img src="/picture.png" alt="">
<form method="post" action="/login"><input type="hidden" name="token" value="t&amp;1">
<input name="user" value="admin" required><input type="password" name="password" required>
<label><input type="checkbox" name="agreed" value="yes"> Yes</label>
<button type="button">Show</button><button>Sign in</button>
<button name="without" value="1">Skip</button></form>
<a href="/forgot">Forgot <b>it</b>?</a></body></html>"""


def browser(answers: dict[str, tuple[int, str]], asked: list[httpx2.Request]) -> Browser:
    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        status, html = answers[request.url.path]
        headers = {"content-type": "text/html; charset=utf-8", "set-cookie": "mark=1; path=/"}
        if status == 303:
            headers["location"] = html
        return httpx2.Response(status, text=html, headers=headers)

    return Browser(ssl.create_default_context(), transport=httpx2.MockTransport(answer))


def test_a_page_is_read_as_people_read_it() -> None:
    sheet = read(FORM)
    assert (sheet.language, sheet.title, sheet.headings) == ("cs", "Sign in – Gate", ["Sign in"])
    assert sheet.words.startswith("Sign in Good day. You.")
    assert "hidden" not in sheet.words
    assert "color" not in sheet.words
    assert sheet.links == [("/forgot", "Forgot it?")]
    assert (sheet.pictures, sheet.drawings) == (["/picture.png"], ["The square"])
    (form,) = sheet.forms
    assert form.values == {"token": "t&1", "user": "admin", "password": ""}
    assert (form.names, form.needed) == ({"user", "password", "agreed"}, {"user", "password"})
    assert form.buttons == [("", "", "Sign in"), ("without", "1", "Skip")]


def test_a_form_is_sent_with_its_hidden_fields_from_its_own_page() -> None:
    asked: list[httpx2.Request] = []
    person = browser({"/login": (303, "/home"), "/": (200, FORM), "/home": (200, "<h1>In</h1>")}, asked)
    page = person.open("http://localhost:8720/")
    home = person.send(page, "/login", {"password": "x y"}, ticked=["agreed"])
    assert home.is_at("/home").says("In").words == "In"
    sent = asked[1]
    assert sent.content == b"token=t%261&user=admin&password=x+y&agreed=yes"
    assert sent.headers["origin"] == "http://localhost:8720"
    assert sent.headers["cookie"] == "mark=1"
    person.press(page, "/login", "without", {})
    assert asked[3].content.endswith(b"without=1")


def test_what_a_page_does_not_offer_cannot_be_done() -> None:
    person = browser({"/": (200, FORM), "/forgot": (404, "<p>Gone.</p>")}, [])
    page = person.open("http://localhost:8720/")
    for typed in ({"password": "x", "role": "admin"}, {"password": ""}):
        with pytest.raises(UnlikeError):
            person.send(page, "/login", typed)
    with pytest.raises(UnlikeError, match="no form for /reset"):
        person.send(page, "/reset")
    with pytest.raises(UnlikeError, match="no button"):
        person.press(page, "/login", "delete", {})
    with pytest.raises(UnlikeError, match="no link to /home"):
        person.follow(page, "/home")
    with pytest.raises(UnlikeError, match=r"does not say .Welcome."):
        page.says("Welcome")
    with pytest.raises(UnlikeError, match=r"there came /forgot \(404\): Gone\."):
        person.follow(page, "/forgot").is_at("/forgot")


CHOOSING = """<form method="post" action="/users/add"><input name="name" required>
<select name="role"><option value="viewer">Viewer</option><option value="admin" selected>Admin</option></select>
<label><input type="radio" name="size" value="s"> S</label>
<label><input type="radio" name="size" value="m" checked> M</label>
<textarea name="note"></textarea><button>Add</button></form>
<form method="post" action="/prove" enctype="multipart/form-data"><input type="hidden" name="token" value="t">
<input type="file" name="file" required><button>Check</button></form>"""


def test_lists_and_round_buttons_offer_what_they_offer() -> None:
    asked: list[httpx2.Request] = []
    person = browser({"/": (200, CHOOSING), "/users/add": (200, "")}, asked)
    page = person.open("http://localhost:8720/")
    add, prove = page.sheet.forms
    assert add.values == {"name": "", "role": "admin", "size": "m", "note": ""}
    assert add.choices == {"role": ["viewer", "admin"], "size": ["s", "m"]}
    assert (prove.files, prove.needed, prove.encoding) == ({"file"}, {"file"}, "multipart/form-data")
    person.send(page, "/users/add", {"name": "jane", "role": "viewer"})
    assert asked[1].content == b"name=jane&role=viewer&size=m&note="
    with pytest.raises(UnlikeError, match="does not offer this choice of role"):
        person.send(page, "/users/add", {"name": "jane", "role": "king"})


def test_a_file_is_handed_in_and_a_forgotten_one_is_asked_for() -> None:
    asked: list[httpx2.Request] = []
    person = browser({"/": (200, CHOOSING), "/prove": (422, "<p>No.</p>")}, asked)
    page = person.open("http://localhost:8720/")
    with pytest.raises(UnlikeError, match="also asks for file"):
        person.send(page, "/prove")
    with pytest.raises(UnlikeError, match="has no field picture"):
        person.send(page, "/prove", files={"picture": ("a.png", b"")})
    person.send(page, "/prove", files={"file": ("gate.sparekey-key", b"\x00\xff")}).refuses("No.", status=422)
    sent = asked[1]
    assert sent.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="file"; filename="gate.sparekey-key"' in sent.content
    assert b"\r\n\r\n\x00\xff\r\n" in sent.content
    person.press(page, "/prove", "", {})
    assert b'name="file"' in asked[2].content, "a browser sends an empty file for one that was not chosen"
    with pytest.raises(UnlikeError, match="should refuse"):
        person.open("http://localhost:8720/").refuses()


def test_a_file_comes_under_its_name() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        shown = {
            "/file": 'attachment; filename="gate.sparekey-key"',
            "/bare": "attachment",
            "/page": "inline",
        }
        headers = {"content-disposition": shown[request.url.path], "content-type": "application/octet-stream"}
        return httpx2.Response(200, content=b"secret", headers=headers)

    person = Browser(ssl.create_default_context(), transport=httpx2.MockTransport(answer))
    file = person.open("http://localhost:8720/file").is_file(".sparekey-key")
    assert (file.saved_as, file.body) == ("gate.sparekey-key", b"secret")
    assert person.open("http://localhost:8720/bare").saved_as == "nameless"
    assert person.open("http://localhost:8720/page").saved_as == ""
    with pytest.raises(UnlikeError, match=r"instead of a file \*\.xml came gate"):
        file.is_file(".xml")


def test_a_page_that_does_not_come_is_told() -> None:
    def nobody(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    person = Browser(ssl.create_default_context(), transport=httpx2.MockTransport(nobody))
    with pytest.raises(UnlikeError, match="/login does not answer"):
        person.open("http://localhost:8720/login")
    person.close()


def test_the_camera_reads_one_square() -> None:
    assert read_square(png("HTTP://LOCALHOST:8710/R/0123")) == "HTTP://LOCALHOST:8710/R/0123"
    (strokes,) = read(f"<p>{svg('ABCDE-FGHJK-MNPQ', 'The code')}</p>").squares
    assert read_drawing(strokes) == "ABCDE-FGHJK-MNPQ"
    with pytest.raises(UnlikeError, match="draws no square"):
        read_drawing("M0 0h4")
    empty = BytesIO()
    Image.new("L", (64, 64), 255).save(empty, "PNG")
    with pytest.raises(UnlikeError, match="0 squares"):
        read_square(empty.getvalue())


def test_wrong_codes_are_wrong_in_the_way_they_say() -> None:
    saved = saved_from_bits(12345)
    assert read_saved(other_sheet(saved)) != saved
    code = code_from_bits(12345)
    assert read_code(other_code(code)) != code
    with pytest.raises(InputError, match="code-check"):
        read_code(slip(code))
