from __future__ import annotations

import re

import pytest

from sparekey.core.errors import MisuseError
from sparekey.web.form_token import Token
from tests.web.asgi import FORM, HOST, call, filled, get
from tests.web.gallery import SHEETS, FixedEntropy, app, desk, screen


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize("language", ["en", "cs"])
def test_every_sheet_is_a_whole_page(name: str, language: str) -> None:
    answer = get(app, f"/{name}", {"accept-language": language})
    assert answer.status == 200
    assert answer.text.startswith(f'<!doctype html>\n<html lang="{language}" class="device">')
    assert answer.text.count("<h1>") == 1
    assert "<style" not in answer.text
    assert " style=" not in answer.text
    assert not re.search(r"<script(?![^>]* src=)", answer.text)
    assert not re.search(r"\son\w+=", answer.text)
    identifiers = re.findall(r'\sid="([^"]+)"', answer.text)
    assert len(identifiers) == len(set(identifiers))
    for target in re.findall(r'aria-describedby="([^"]+)"', answer.text):
        assert set(target.split()) <= set(identifiers)
    for target in re.findall(r'<label for="([^"]+)"', answer.text):
        assert target in identifiers


def test_the_band_says_where_one_is() -> None:
    device, support = get(app, "/login").text, get(desk, "/desk").text
    for part in ("Front door recorder", "PX-3216", "7F2K-0042"):
        assert part in device
        assert part not in support.partition("<main")[0]
    assert "Example support desk" in support
    assert 'class="desk"' in support


def test_the_keyboard_opens_by_itself_at_the_screen_only() -> None:
    assert "<body data-kiosk" in get(screen, "/login").text
    assert "data-kiosk" not in get(app, "/login").text


@pytest.mark.meets("asvs-1.1.2", "asvs-1.2.1", "asvs-1.3.7", "asvs-3.2.2")
def test_what_somebody_typed_is_escaped() -> None:
    answer = get(app, "/login?error=%3Cb%3E%22x")
    assert "<b>" not in answer.text
    assert "&lt;b&gt;&#34;x" in answer.text


def test_a_code_field_works_without_script() -> None:
    text = get(app, "/code").text
    assert re.search(r'<input id="code" name="code" type="text"[^>]* required', text)
    assert "<fieldset" in text
    assert re.search(r"<fieldset[^>]* hidden>", text)
    assert len(re.findall(r'data-key="[0-9A-Z]"', text)) == 32


def test_the_hint_of_a_code_is_counted_in_czech() -> None:
    text = get(app, "/code", {"accept-language": "cs"}).text
    assert "|Zbývá 5 znaků|Zbývají 4 znaky|Zbývají 3 znaky|Zbývají 2 znaky|Zbývá 1 znak" in text


def test_the_language_is_chosen_by_a_form_and_kept() -> None:
    first = get(app, "/code?error=x")
    assert 'name="back" value="/code?error=x"' in first.text
    token = re.search(r'name="token" value="(\w{64})"', first.text)
    assert token
    cookies = "; ".join(f"{name}={value}" for name, value in first.cookies.items())
    headers = {**FORM, "origin": f"https://{HOST}", "cookie": cookies}
    body = f"token={token[1]}&language=cs&back=%2Fcode%3Ferror%3Dx".encode()
    answer = call(app, "POST", "/language", headers, body)
    assert (answer.status, answer.headers["location"]) == (303, "/code?error=x")
    assert answer.cookies == {"__Host-Http-language": "cs"}
    assert "Zadejte osm znaků" in get(app, "/code", {"cookie": "__Host-Http-language=cs"}).text


@pytest.mark.meets("asvs-3.7.2")
@pytest.mark.parametrize(
    "back", ["https://evil.example.net/", "//evil.example.net", "/\\evil.example.net", "", "/%0Ax"]
)
def test_the_language_switch_leads_nowhere_else(back: str) -> None:
    first = get(app, "/code")
    token = re.search(r'name="token" value="(\w{64})"', first.text)
    assert token
    cookies = "; ".join(f"{name}={value}" for name, value in first.cookies.items())
    headers = {**FORM, "origin": f"https://{HOST}", "cookie": cookies}
    answer = call(app, "POST", "/language", headers, f"token={token[1]}&language=xx&back={back}".encode())
    assert (answer.status, answer.headers["location"], answer.cookies) == (303, "/", {})


@pytest.mark.meets("asvs-3.3.1", "asvs-3.3.3")
def test_a_cookie_is_ours_alone() -> None:
    (cookie,) = get(app, "/login").headers.getlist("set-cookie")
    assert re.fullmatch(r"__Host-Http-browser=[0-9a-f]{32}; HttpOnly; Path=/; SameSite=lax; Secure", cookie)
    (plain,) = get(app, "/login", scheme="http").headers.getlist("set-cookie")
    assert re.fullmatch(r"browser=[0-9a-f]{32}; HttpOnly; Path=/; SameSite=lax", plain)


def test_a_browser_keeps_its_mark() -> None:
    cookie = "__Host-Http-browser=" + "a" * 32
    assert "set-cookie" not in get(app, "/login", {"cookie": cookie}).headers
    assert "set-cookie" in get(app, "/login", {"cookie": "__Host-Http-browser=strange"}).headers


@pytest.mark.meets("nist-session-csrf", "asvs-3.5.1")
@pytest.mark.parametrize("change", ["cookie", "token", "purpose"])
def test_a_form_of_another_browser_or_purpose_is_refused(change: str) -> None:
    headers, body = filled(app, "/login", {"user": "admin", "password": "x"})
    if change == "cookie":
        headers["cookie"] = "__Host-Http-browser=" + "a" * 32
    elif change == "token":
        body = body.replace(b"token=", b"token=%C5%A0")
    else:
        other = re.search(r'name="token" value="(\w{64})"', get(app, "/login", headers).text)
        assert other  # the first form of every page is the language switch
        body = b"user=admin&password=x&token=" + other[1].encode()
    answer = call(app, "POST", "/post", headers, body)
    assert answer.status == 403
    assert "This page was open for too long" in answer.text


def test_a_token_without_a_cookie_is_refused() -> None:
    token = Token(b"k" * 32, FixedEntropy())
    headers = {**FORM, "origin": f"https://{HOST}"}
    body = f"user=a&token={token.make('', 'demo')}".encode()
    assert call(app, "POST", "/post", headers, body).status == 403


def test_a_token_needs_a_key() -> None:
    with pytest.raises(MisuseError):
        Token(b"short", FixedEntropy())


@pytest.mark.meets("asvs-4.1.4")
def test_problems_have_pages() -> None:
    for method, target, status, words in [
        ("GET", "/no/such/page", 404, "This page does not exist"),
        ("OPTIONS", "/login", 405, "That does not work here"),
        ("GET", "/away", 503, "Something that is needed does not answer."),
    ]:
        answer = call(app, method, target)
        assert answer.status == status
        assert f"<h1>{words}</h1>" in answer.text
        assert "hint for the log" not in answer.text
    assert call(app, "OPTIONS", "/login").headers["allow"] in ("GET, HEAD", "HEAD, GET")


def test_a_damaged_form_is_told_in_the_readers_language() -> None:
    headers, body = filled(app, "/login", {"user": "a"})
    answer = call(app, "POST", "/post", {**headers, "accept-language": "cs"}, body + b"&x=%ff")
    assert answer.status == 400
    assert "Formulář dorazil poškozený." in answer.text
