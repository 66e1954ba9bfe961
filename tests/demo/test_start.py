"""The start page tells the story in the words of the profile; a certificate is offered only with --lan."""

from __future__ import annotations

from pathlib import Path

import pytest

from sparekey import profiles
from sparekey.demo import certificates
from sparekey.demo.start.config import Config
from sparekey.demo.start.pages import CERTIFICATE, PREPARE, start_page
from sparekey.testing.clock import FixedClock
from sparekey.testing.entropy import FixedEntropy
from tests.web.asgi import Answer, call


def config(profile: str = "sparekey", authority: Path | None = None, launch: Path | None = None) -> Config:
    name = "192.0.2.4" if authority else "localhost"
    return Config(
        "127.0.0.1", name, 8700, profile, "http://localhost:8720", f"https://{name}:8723", f"http://{name}:8710",
        "http://localhost:8730", "https://127.0.1.11:8743", "https://127.0.1.12:8743",
        launch or Path("screen.html"), Path("desk.toml"), authority,
    )  # fmt: skip


def get(given: Config, path: str = "/", language: str = "en", client: str = "192.0.2.9") -> Answer:
    app = start_page(given, FixedEntropy())
    headers = {"accept-language": language}
    return call(app, "GET", path, headers, scheme="http", host=f"{given.name}:8700", client=client)


@pytest.mark.parametrize("profile", profiles.names())
@pytest.mark.parametrize("language", ["en", "cs"])
def test_the_story_has_eight_steps_with_pictures(profile: str, language: str) -> None:
    page = get(config(profile), language=language)
    assert page.status == 200
    assert page.text.count("<h2>") == 9
    assert page.text.count("<img ") == 8
    for link in ("http://localhost:8720", "http://localhost:8730", "http://localhost:8710"):
        assert f'href="{link}"' in page.text


def test_the_story_speaks_the_words_of_its_profile() -> None:
    words = get(config("hikvision")).text
    assert "“Verify by Reserved Email”" in words
    assert "legal disclaimer" in words
    assert "switching it off voids the code" in words
    assert "admin with the password admin" in get(config("patronum")).text
    assert "legal disclaimer" not in get(config()).text


@pytest.mark.parametrize(
    ("profile", "steps"), [("patronum", 6), ("sparekey", 6), ("hikvision", 5), ("secure-code", 2)]
)
@pytest.mark.parametrize("language", ["en", "cs"])
def test_the_second_story_has_a_step_for_each_way_that_the_profile_offers(
    profile: str, steps: int, language: str
) -> None:
    page = get(config(profile), PREPARE, language)
    assert page.status == 200
    assert (page.text.count("<h2>"), page.text.count("<img ")) == (steps, steps)
    assert 'href="http://localhost:8720"' in page.text
    assert f'href="{PREPARE}"' in get(config(profile), language=language).text


def test_the_second_story_names_only_what_there_is() -> None:
    patronum, recommended = get(config("patronum"), PREPARE).text, get(config(), PREPARE).text
    assert "security questions" in patronum
    assert "opens nothing else" in patronum
    assert "recovery sheet" not in patronum
    assert "recovery sheet" in recommended
    assert "security questions" not in recommended


def test_without_lan_it_says_how_a_phone_can_take_part() -> None:
    page = get(config()).text
    assert "--lan" in page
    assert CERTIFICATE not in page
    assert get(config(), CERTIFICATE).status == 404


def test_with_lan_it_offers_the_certificate_and_its_fingerprint(tmp_path: Path) -> None:
    files = certificates.make(tmp_path, ("192.0.2.4",), FixedClock(), FixedEntropy())
    given = config(authority=files.authority)
    page = get(given).text
    assert CERTIFICATE in page
    assert certificates.fingerprint(files.authority.read_bytes()) in page
    assert "192.0.2.4 and nothing else" in page
    assert 'class="qr"' in page
    served = get(given, CERTIFICATE)
    assert served.headers["content-type"] == "application/x-x509-ca-cert"
    assert served.body == files.authority.read_bytes()


def test_the_recorders_screen_opens_as_its_launch_file_says_for_this_computer_alone(tmp_path: Path) -> None:
    link = "http://127.0.0.1:8720/screen#" + "0a" * 32
    (tmp_path / "screen.html").write_text(f'<a href="{link}">Open</a>')
    given = config(launch=tmp_path / "screen.html")
    assert get(given, "/recorder").status == 404, "somebody on the network"
    answer = get(given, "/recorder", client="127.0.0.1")
    assert (answer.status, answer.headers["location"]) == (303, link)
    (tmp_path / "screen.html").write_text('<a href="https://example.com/#0a">Open</a>')
    assert get(given, "/recorder", client="127.0.0.1").status == 404


def test_the_support_desk_is_a_story_of_its_own_and_not_for_phones(tmp_path: Path) -> None:
    assert 'href="/support"' in get(config()).text
    files = certificates.make(tmp_path, ("192.0.2.4",), FixedClock(), FixedEntropy())
    page = get(config(authority=files.authority), "/support").text
    assert "for real passkeys" in page
    assert "/support/agent" not in page
