"""The answering side as HTTP sees it: who may ask, and what a refusal looks like."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.core.errors import UnavailableError
from sparekey.lan.http_digest import Credential, challenges, digest
from sparekey.lan.onvif import client
from sparekey.lan.onvif.client import Call
from sparekey.lan.onvif.device import Level, User
from sparekey.lan.onvif.device_service import OPERATIONS
from sparekey.lan.onvif.names import DEVICE, PATH, SCHEMA
from sparekey.lan.onvif.security import write_token
from sparekey.lan.onvif.service import Answer
from sparekey.lan.onvif.soap import Fault, write_envelope
from tests.lan.onvif.camera import ADMIN, NOW, VIEWER, Camera, credential, post, service, subcodes

GUARD = credential("guard", "nightwatch-3")
LEVELS = {Level.ADMINISTRATOR: ADMIN, Level.OPERATOR: GUARD, Level.USER: VIEWER}
OPEN = {"GetSystemDateAndTime", "GetCapabilities", "GetServices", "GetServiceCapabilities"}
EVERYBODYS = {"GetDeviceInformation", "GetNetworkInterfaces", "GetScopes"}
ARGUMENTS = {
    "GetServices": "<tds:IncludeCapability>false</tds:IncludeCapability>",
    "CreateUsers": client.create_users(User("new", Level.USER, "long-enough")).inside,
    "SetUser": client.set_user(User("guard", Level.USER, "long-enough")).inside,
    "DeleteUsers": client.delete_users("guard").inside,
    "SetSystemFactoryDefault": client.set_system_factory_default(hard=True).inside,
}


def message(
    operation: str, login: Credential | None = None, inside: str | None = None, now: int = NOW
) -> bytes:
    argument = ARGUMENTS.get(operation, "") if inside is None else inside
    header = write_token(login, f"{operation} {now}".encode(), now) if login else ""
    return write_envelope(f"<tds:{operation}>{argument}</tds:{operation}>", header)


def ask(operation: str, login: Credential | None = ADMIN, inside: str | None = None) -> Answer:
    return service(Camera()).answer(post(message(operation, login, inside)), NOW)


def header(answer: Answer, name: str) -> list[str]:
    return [value for key, value in answer.headers if key == name]


def signature(challenged: Answer) -> str:
    best, *_ = challenges(header(challenged, "WWW-Authenticate"))
    return digest(best, ADMIN, "POST", PATH, 1, "cnonce")


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("level", Level)
def test_the_default_access_policy_decides(operation: str, level: Level) -> None:
    answer = ask(operation, LEVELS[level])
    if level is Level.ADMINISTRATOR or operation in OPEN | EVERYBODYS:
        assert answer.status == 200, answer.body
        assert f"<tds:{operation}Response".encode() in answer.body
    else:
        assert (answer.status, subcodes(answer)) == (400, ["env:Sender", "ter:NotAuthorized"])
        assert not answer.failed_login


@pytest.mark.meets("etsi-5.5-4")
@pytest.mark.parametrize("operation", OPERATIONS)
def test_without_a_login_only_the_open_ones_are_answered_the_rest_is_challenged(operation: str) -> None:
    answer = ask(operation, None)
    if operation in OPEN:
        assert answer.status == 200
        return
    assert (answer.status, answer.failed_login) == (401, False)
    md5, sha256 = header(answer, "WWW-Authenticate")
    assert md5.startswith('Digest algorithm=MD5, realm="camera", qop="auth", nonce=')
    assert sha256.startswith("Digest algorithm=SHA-256, ")
    assert subcodes(answer) == ["env:Sender", "ter:NotAuthorized"]


@pytest.mark.parametrize("operation", sorted(OPEN))
def test_a_wrong_login_does_not_close_what_is_open(operation: str) -> None:
    assert ask(operation, credential("nobody", "guess")).status == 200


@pytest.mark.parametrize(
    "login", [credential("admin", "guess"), credential("nobody", ""), credential("", "")]
)
def test_a_wrong_token_is_a_fault_and_a_failed_login(login: Credential) -> None:
    answer = ask("GetUsers", login)
    assert (answer.status, subcodes(answer)) == (400, ["env:Sender", "ter:NotAuthorized"])
    assert answer.failed_login
    assert not header(answer, "WWW-Authenticate")


def test_the_clock_that_is_told_is_the_one_that_tokens_are_checked_against() -> None:
    answering = service(Camera())
    for now in (3600, NOW):
        told = client.get_system_date_and_time().read(
            answering.answer(post(message("GetSystemDateAndTime")), now).body
        )
        assert told == now
        assert answering.answer(post(message("GetUsers", ADMIN, now=told)), now).status == 200


def test_a_message_that_is_sent_again_opens_nothing() -> None:
    answering, request = service(Camera()), post(message("SystemReboot", ADMIN))
    assert answering.answer(request, NOW).status == 200
    assert answering.answer(request, NOW).failed_login


def test_signing_in_by_http_works_and_a_stale_one_is_told_so() -> None:
    answering = service(Camera())
    challenged = answering.answer(post(message("GetUsers")), NOW)
    signed = signature(challenged)
    request = post(message("GetUsers"), authorization=signed)
    assert answering.answer(request, NOW).status == 200
    again = answering.answer(request, NOW)
    assert (again.status, again.failed_login) == (401, False)
    assert "stale=true" in header(again, "WWW-Authenticate")[0]
    wrong = answering.answer(
        post(message("GetUsers"), authorization=signed.replace('response="', 'response="0')), NOW
    )
    assert (wrong.status, wrong.failed_login) == (401, True)


@pytest.mark.parametrize(
    ("by_message", "status"), [(ADMIN, 200), (GUARD, 400), (credential("admin", "guess"), 400)]
)
def test_who_signs_in_twice_signs_in_as_one(by_message: Credential, status: int) -> None:
    answering = service(Camera())
    challenged = answering.answer(post(message("GetUsers")), NOW)
    signed = signature(challenged)
    answer = answering.answer(post(message("GetUsers", by_message), authorization=signed), NOW)
    assert answer.status == status


def test_a_password_in_the_clear_is_not_looked_at() -> None:
    basic = service(Camera()).answer(post(message("GetUsers"), authorization="Basic YTpi"), NOW)
    assert (basic.status, basic.failed_login) == (401, True)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"target": "/"}, 404),
        ({"target": PATH + "/x"}, 404),
        ({"method": "GET"}, 405),
        ({"headers": {}}, 415),
        ({"headers": {"content-type": "text/plain"}}, 415),
        ({"body": b""}, 400),
        ({"body": b"x" * 100_000}, 413),
        ({"target": PATH + "?x=1"}, 200),
        ({"headers": {"content-type": 'Text/XML; charset="utf-8"'}}, 200),
    ],
)
def test_what_is_no_soap_message_gets_an_http_error(change: dict[str, object], status: int) -> None:
    request = post(message("GetCapabilities"))
    assert service(Camera()).answer(replace(request, **change), NOW).status == status  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "status", "codes"),
    [
        (b"<a", 400, ["env:Sender", "ter:WellFormed"]),
        (b"<a/>", 500, ["env:VersionMismatch"]),
        (write_envelope("<tds:SetHostname/>"), 500, ["env:Receiver", "ter:ActionNotSupported"]),
        (write_envelope("<tt:GetUsers/>"), 400, ["env:Sender", "ter:UnknownAction"]),
    ],
)
def test_what_cannot_be_answered_is_a_generic_fault(body: bytes, status: int, codes: list[str]) -> None:
    answer = service(Camera()).answer(post(body), NOW)
    assert (answer.status, subcodes(answer)) == (status, codes)
    assert header(answer, "Content-Type") == ["application/soap+xml; charset=utf-8"]


def test_a_device_that_cannot_reach_its_store_says_that_it_failed() -> None:
    class Broken(Camera):
        def users(self) -> tuple[User, ...]:
            raise UnavailableError("disk")

    answer = service(Broken()).answer(post(message("GetUsers", ADMIN)), NOW)
    assert (answer.status, subcodes(answer)) == (500, ["env:Receiver", "ter:Action"])
    assert b"disk" not in answer.body


MARKUP = st.recursive(
    st.text(max_size=20).map(lambda text: text.replace("<", "&lt;").replace("&", "&amp;")),
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>",
        st.sampled_from(
            ["tds:User", "tt:Username", "tt:Password", "tt:UserLevel", "tds:Username", "tds:FactoryDefault",
             "tds:IncludeCapability", "tds:Category", "tt:x", "x"]
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.sampled_from(sorted(OPERATIONS)), MARKUP)
def test_no_argument_makes_it_raise_or_leaves_it_without_an_administrator(
    operation: str, inside: str
) -> None:
    camera = Camera()
    answer = service(camera).answer(post(message(operation, ADMIN, inside)), NOW)
    assert answer.status in {200, 400, 500}
    assert any(user.level is Level.ADMINISTRATOR for user in camera.everybody)
    if answer.status != 200:
        assert camera == Camera()


@pytest.mark.meets("etsi-5.13-1A", "etsi-5.13-1B")
@given(
    st.binary(max_size=300), st.dictionaries(st.sampled_from(["authorization", "content-type"]), st.text())
)
def test_no_request_makes_it_raise(body: bytes, headers: dict[str, str]) -> None:
    request = post(body)
    answer = service(Camera()).answer(replace(request, headers={**request.headers, **headers}), NOW)
    assert 400 <= answer.status <= 500


def test_the_namespaces_are_those_of_the_wsdl() -> None:
    body = ask("GetUsers").body.decode()
    assert f'xmlns:tds="{DEVICE}"' in body
    assert f'xmlns:tt="{SCHEMA}"' in body
    assert "sesame" not in body
    fault = Call("GetUsers", "", lambda element: element).read(ask("GetUsers", VIEWER).body)
    assert fault == Fault("Sender", ("NotAuthorized",), "Sender not Authorized")
