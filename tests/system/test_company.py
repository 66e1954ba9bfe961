"""The company's own sign-in over real HTTP: with somebody else's provider, and with one of ours that lies."""

from __future__ import annotations

import json
import ssl
import threading
import time
import warnings
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from sparekey.core.errors import InputError, UnavailableError, UntrustedError
from sparekey.demo.browser import Browser, Page
from sparekey.demo.office import Colleague, at_the_server
from sparekey.desk.config import DeskConfig, SmtpConfig
from sparekey.desk.doctor import outside
from sparekey.desk.staff.company import CompanyConfig, Vouched
from sparekey.desk.staff.openid import ANSWER_LIMIT, AT_ONCE, OpenIdProvider
from sparekey.desk.store.sqlite import open_sqlite
from sparekey.testing.clock import FixedClock
from tests.desk.desk_console import Room, Tab
from tests.desk.test_company import BACK, COOKIE
from tests.system.test_desk_process import Desk

with warnings.catch_warnings():  # it still imports what Authlib gives up
    warnings.simplefilter("ignore")
    from oidc_provider_mock import run_server_in_thread  # type: ignore[import-untyped]

WAY_BACK = f"https://desk.example.com{BACK}"
SECRET = "not so secret here"


class Now(FixedClock):
    """The real time, for a provider that looks at its own clock."""

    def wall(self) -> int:
        return int(time.time())


@pytest.fixture(scope="module")
def stranger() -> Iterator[str]:
    """Somebody else's provider."""
    with run_server_in_thread(require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


def secret_in(folder: Path) -> Path:
    kept = folder / "company-secret"
    kept.write_text(SECRET + "\n")
    kept.chmod(0o600)
    return kept


def agreed(address: str, subject: str, back: str = WAY_BACK) -> dict[str, str]:
    """What a person does at the provider's page; what their browser brings back."""
    with httpx2.Client(trust_env=False, follow_redirects=False) as client:
        assert client.get(address).status_code == 200
        answer = client.post(address, data={"sub": subject})
    assert answer.status_code == 302, answer.text
    assert answer.headers["location"].startswith(back)
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the provider's own parts
def test_somebody_signs_in_through_a_provider_that_is_not_ours(stranger: str, tmp_path: Path) -> None:
    database = open_sqlite(tmp_path / "desk.sqlite")
    named = CompanyConfig("Example login", stranger, "support-desk", secret_in(tmp_path))
    room = Room(database, provider=OpenIdProvider(named, WAY_BACK, Now()))

    def through(tab: Tab, subject: str) -> Tab:
        tab.follow = False
        tab.open("/console/company")
        tab.follow = True
        brought = agreed(tab.page.headers["location"], subject)
        return tab.open(f"{BACK}?{urlencode(brought)}").send(BACK)

    alice = through(room.browser(room.admins[0]), "alice@example.com")
    assert alice.at == "/console/me"
    assert "is connected" in alice.words
    tab = through(Tab(room.app).open("/console/sign-in"), "alice@example.com")
    assert tab.at == "/console/me"
    assert "Alice" in tab.words
    other = through(Tab(room.app).open("/console/sign-in"), "mallory@example.com")
    assert other.page.status == 403
    assert COOKIE not in other.cookies
    database.close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_running_desk_signs_its_staff_in_through_it(stranger: str, tmp_path: Path) -> None:
    smtp = '[smtp]\nhost = "localhost"\nport = 1\nsender = "desk@example.com"\nstarttls = false\n'
    company = f'[company]\nname = "Example login"\nissuer = "{stranger}"\nclient_id = "support-desk"\n'
    desk = Desk(tmp_path / "desk", f'{smtp}{company}client_secret_file = "company-secret"\n')
    secret_in(desk.folder)
    said = at_the_server(desk.folder / "desk.toml", "invite", "--admin", "--name", "Alice")
    code = said.partition("/console/join#")[2].split()[0]

    def through(person: Colleague) -> Page:
        page = person.browser.open(f"{desk.url}/console/company")
        back = f"{desk.url}{BACK}"
        brought = agreed(page.url, "alice@example.com", back)
        return person.browser.send(person.browser.open(f"{back}?{urlencode(brought)}"), BACK)

    with desk.running():
        alice, again = (Colleague(desk.url, "Alice", Browser(ssl.create_default_context())) for _ in "ab")
        alice.join(code).says("You are in")
        alice.sign_in()
        through(alice).is_at("/console/me").says("is connected")
        through(again).is_at("/console/me").says("Alice")
        for person in (alice, again):
            person.browser.close()
    assert SECRET not in desk.logged
    assert "eyJ" not in desk.logged


KEY = RSAKey.generate_key(2048, {"kid": "one"})


@dataclass
class Liar:
    """A provider of ours. `said`, `claims`: what it says otherwise than it should."""

    key: RSAKey = field(default_factory=lambda: KEY)
    said: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    signer: Any = None
    token: Any = None
    elsewhere: bool = False
    discovered: Any = None
    asked: list[dict[str, str]] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, path: str, posted: dict[str, str], authorization: str) -> tuple[int, bytes]:
        if path.endswith("openid-configuration"):
            places = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize?tenant=1",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
            return 200, json.dumps(self.discovered or {**places, **self.said}).encode()
        if path == "/keys":
            return 200, json.dumps({"keys": [self.key.as_dict(private=False)]}).encode()
        if path == "/token" and self.elsewhere:
            return 307, b""
        self.asked.append(posted)
        self.secrets.append(authorization)
        if self.token is not None:
            status, body = self.token
            return status, body
        claims = {
            "iss": self.issuer, "aud": "support-desk", "sub": "alice", "nonce": "n" * 64,
            "iat": NOW, "exp": NOW + 300, **self.claims,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": "one"}
        token = jwt.encode(header, claims, self.signer or self.key, algorithms=[self.algorithm])
        return 200, json.dumps({"access_token": "a", "token_type": "Bearer", "id_token": token}).encode()


NOW = FixedClock().wall()


@contextmanager
def serving(liar: Liar) -> Iterator[Liar]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(*liar.answer(self.path, {}, ""))

        def do_POST(self) -> None:
            posted = dict(parse_qsl(self.rfile.read(int(self.headers["content-length"])).decode()))
            self._say(*liar.answer(self.path, posted, self.headers.get("authorization", "")))

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            if status == 307:
                self.send_header("location", f"{liar.issuer}/keys")
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        liar.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield liar
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def liar() -> Iterator[Liar]:
    with serving(Liar()) as running:
        yield running


def provider(liar: Liar, **more: Any) -> OpenIdProvider:
    named = CompanyConfig("Example login", liar.issuer, "support-desk")
    return OpenIdProvider(replace(named, **more), WAY_BACK, FixedClock())


def asked(liar: Liar) -> Vouched:
    return provider(liar).vouched("code", nonce="n" * 64, verifier="v" * 64)


@pytest.mark.meets("asvs-10.1.1", "asvs-10.2.3")
def test_a_browser_takes_along_what_is_needed_and_no_secret(liar: Liar, tmp_path: Path) -> None:
    made = provider(liar, client_secret_file=secret_in(tmp_path))
    address = urlsplit(made.address(state="s", nonce="n", verifier="v" * 64))
    assert address.path == "/authorize"
    hashed = urlsafe_b64encode(sha256(b"v" * 64).digest()).decode().rstrip("=")
    assert parse_qs(address.query) == {
        "tenant": ["1"], "response_type": ["code"], "client_id": ["support-desk"], "redirect_uri": [WAY_BACK],
        "scope": ["openid"], "state": ["s"], "nonce": ["n"],
        "code_challenge": [hashed], "code_challenge_method": ["S256"],
    }  # fmt: skip
    assert made.vouched("code", nonce="n" * 64, verifier="v" * 64) == Vouched(liar.issuer, "alice")
    (sent,) = liar.asked
    assert sent == {
        "grant_type": "authorization_code", "code": "code", "code_verifier": "v" * 64, "redirect_uri": WAY_BACK,
    }  # fmt: skip
    assert b64decode(liar.secrets[0].removeprefix("Basic ")).decode() == f"support-desk:{SECRET}"


def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(liar: Liar, tmp_path: Path) -> None:
    liar.said = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    provider(liar, client_secret_file=secret_in(tmp_path)).vouched("code", nonce="n" * 64, verifier="v" * 64)
    assert liar.asked[0]["client_secret"] == SECRET
    assert liar.secrets == [""]


@pytest.mark.meets("asvs-10.5.1", "asvs-10.5.4")
@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "http://127.0.0.1:1"},
        {"iss": None},
        {"aud": "another-desk"},
        {"aud": ["support-desk", "another-desk"], "azp": "another-desk"},
        {"aud": None},
        {"nonce": "of another browser"},
        {"nonce": None},
        {"exp": NOW - 61},
        {"exp": None},
        {"iat": NOW + 3600},
        {"nbf": NOW + 3600},
        {"sub": None},
        {"sub": 7},
        {"sub": ""},
        {"sub": "a\nb"},
        {"sub": "s" * 600},
    ],
)
def test_T46_a_word_that_does_not_hold_names_nobody(liar: Liar, claims: dict[str, Any]) -> None:
    liar.claims = claims
    with pytest.raises(UntrustedError, match="company"):
        _ = asked(liar).account


@pytest.mark.meets("asvs-6.8.2")
def test_T46_a_word_that_somebody_else_signed_names_nobody(liar: Liar) -> None:
    liar.signer = RSAKey.generate_key(2048)
    with pytest.raises(UntrustedError):
        asked(liar)


@pytest.mark.meets("asvs-6.8.2")
def test_T46_a_shared_secret_or_no_signature_at_all_proves_nothing(liar: Liar) -> None:
    liar.algorithm, liar.signer = "HS256", OctKey.import_key("k" * 64)
    with pytest.raises(UntrustedError):
        asked(liar)
    status, body = liar.answer("/token", {}, "")
    bare = json.loads(body)["id_token"].split(".")
    bare[0] = urlsafe_b64encode(b'{"alg": "none"}').decode().rstrip("=")
    liar.token = (status, json.dumps({"id_token": ".".join([*bare[:2], ""])}).encode())
    with pytest.raises(UntrustedError):
        asked(liar)


@pytest.mark.meets("asvs-10.5.3")
@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://login.example.com"},
        {"token_endpoint": "http://login.example.com/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ],
)
def test_T46_a_discovery_document_that_leads_astray_is_not_followed(liar: Liar, said: dict[str, Any]) -> None:
    liar.said = said
    with pytest.raises(UnavailableError, match="company"):
        provider(liar).address(state="s", nonce="n", verifier="v")


@pytest.mark.parametrize("found", [[], "text", {"long": "x" * ANSWER_LIMIT}])
def test_a_discovery_document_that_is_none_is_no_answer(liar: Liar, found: Any) -> None:
    liar.discovered = found or [1]
    with pytest.raises(UnavailableError, match="company"):
        provider(liar).address(state="s", nonce="n", verifier="v")


@pytest.mark.parametrize(
    ("token", "raised"),
    [
        ((400, b'{"error": "invalid_grant", "error_description": "<b>secret</b>"}'), UntrustedError),
        ((500, b""), UnavailableError),
        ((200, b"no json"), UnavailableError),
        ((200, b"[1]"), UnavailableError),
        ((200, b'{"access_token": "a"}'), UntrustedError),
        ((200, b'{"id_token": 7}'), UntrustedError),
    ],
)
def test_what_the_provider_says_instead_of_a_token_is_not_repeated(
    liar: Liar, token: tuple[int, bytes], raised: type[Exception]
) -> None:
    liar.token = token
    with pytest.raises(raised, match="company") as caught:
        asked(liar)
    assert "secret" not in str(caught.value)


def test_T46_nobody_is_followed_elsewhere_with_a_code(liar: Liar) -> None:
    liar.elsewhere = True
    with pytest.raises((UnavailableError, UntrustedError)):
        asked(liar)
    assert liar.asked == []


def test_doctor_says_whether_it_answers(liar: Liar, tmp_path: Path) -> None:
    named = CompanyConfig("Example login", liar.issuer, "support-desk")
    settings = DeskConfig(
        "Example", "https://desk.example.com", SmtpConfig("localhost", 25, "desk@example.com")
    )
    assert "by passkey" in outside.company(settings, FixedClock())
    told = outside.company(replace(settings, company=named), FixedClock())
    assert told == f"{liar.issuer} answers; there, {WAY_BACK} has to be registered"
    liar.said = {"issuer": "https://login.example.com"}
    with pytest.raises(UnavailableError, match="another issuer"):
        outside.company(replace(settings, company=named), FixedClock())


def test_a_crowd_gets_a_no_at_once(liar: Liar) -> None:
    made = provider(liar)
    made.address(state="s", nonce="n", verifier="v")
    for _ in range(AT_ONCE):
        made._places.acquire()
    with pytest.raises(UnavailableError, match="too many at once"):
        made.vouched("code", nonce="n" * 64, verifier="v" * 64)
    with pytest.raises(UnavailableError, match="does not answer"):
        provider(Liar(port=1)).address(state="s", nonce="n", verifier="v")


@pytest.mark.meets("asvs-10.1.1")
def test_T46_the_secret_is_for_the_desk_alone(liar: Liar, tmp_path: Path) -> None:
    kept = tmp_path / "secret"
    kept.write_text("")
    kept.chmod(0o600)
    with pytest.raises(InputError, match="client_secret_file"):
        provider(liar, client_secret_file=kept)
    kept.chmod(0o644)
    with pytest.raises(InputError, match="key-mode"):
        provider(liar, client_secret_file=kept)
    with pytest.raises(InputError, match="ca_file"):
        provider(liar, ca_file=kept)
