"""Other systems: ONVIF's own users, made by the owner, ended by every recovery."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

import pytest

from sparekey.core.effects import Happened
from sparekey.core.errors import Refusal
from sparekey.core.values import Face, Secret
from sparekey.device.announcing import Ports
from sparekey.device.config import Listener, Settings
from sparekey.device.lan_settings import OnvifAddress
from sparekey.device.onvif.device import OurDevice
from sparekey.device.onvif.discovery import WsDiscovery
from sparekey.lan.discovery import wsdiscovery as wsd
from sparekey.lan.http_digest import Credential
from sparekey.lan.onvif import client
from sparekey.lan.onvif.device import Level, User, UserRefusal
from sparekey.lan.onvif.names import PATH
from sparekey.lan.onvif.soap import Fault
from tests.device.link import Caller
from tests.device.recorder import NEW, OLD, Recorder
from tests.device.test_announcing import EVERYWHERE, HERE


def made(recorder: Recorder, name: str = "nvr", level: Level = Level.ADMINISTRATOR) -> Credential:
    user = recorder.agent.onvif.generate(name, level)
    assert isinstance(user, User)
    return Credential(name, Secret(user.password or ""))


def ask(recorder: Recorder, call: client.Call[Any], by: Credential | None = None, **how: Any) -> Any:
    """One ONVIF call; its answer, or the HTTP status where there is none."""
    caller = Caller(recorder.app, **how)
    body = call.message(by, recorder.entropy.bytes(16), recorder.clock.wall())
    headers = {"host": "recorder.test", "content-type": call.content_type}
    status, answer = caller.send("POST", PATH, body, headers)
    return call.read(answer) if answer else status


@pytest.mark.meets("etsi-5.6-1", "etsi-5.6-5")
def test_without_an_onvif_user_there_is_no_onvif(recorder: Recorder) -> None:
    assert ask(recorder, client.get_system_date_and_time()) == 404
    assert WsDiscovery(recorder.agent, Ports(EVERYWHERE)).state(HERE) is None


def test_the_owner_adds_a_user_whose_password_is_shown_once(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    assert "/systems" in browser.get("/configuration").links
    assert "switched off" in browser.get("/systems").words
    browser.get("/systems/add")
    assert browser.press("/systems/add", {"name": "a b", "current": OLD}).status == 422
    assert browser.press("/systems/add", {"name": "nvr", "current": "wrong"}).status == 422
    page = browser.press("/systems/add", {"name": "nvr", "role": "Administrator", "current": OLD})
    found = re.search(r"(?:[0-9a-z]{5}-){3}[0-9a-z]{5}", page.words)
    assert found, page.words
    by = Credential("nvr", Secret(found[0]))
    assert ask(recorder, client.get_device_information(), by).serial == "7F2K-0042"
    page = browser.get("/systems")
    assert found[0] not in page.html
    assert "/systems/remove?name=nvr" in page.links
    browser.get("/systems/add")
    again = browser.press("/systems/add", {"name": "nvr", "role": "User", "current": OLD})
    assert (again.status, "already" in again.words) == (409, True)
    browser.get("/systems/remove?name=nvr")
    assert browser.press("/systems/remove", {"current": OLD}).path == "/systems"
    assert ask(recorder, client.get_device_information(), by) == 404
    assert browser.get("/systems/remove?name=nobody").path == "/systems"


def test_the_last_administrator_goes_last(recorder: Recorder) -> None:
    made(recorder)
    made(recorder, "guard", Level.USER)
    browser = recorder.signed_in()
    browser.get("/systems/remove?name=nvr")
    page = browser.press("/systems/remove", {"current": OLD})
    assert (page.status, "goes last" in page.words) == (409, True)
    assert recorder.agent.onvif.remove("guard") is None
    assert recorder.agent.onvif.remove("nvr") is None
    assert recorder.agent.onvif.remove("nvr") is UserRefusal.UNKNOWN


def test_only_the_administrator_sees_them(recorder: Recorder) -> None:
    assert recorder.browser().get("/systems").path == "/login"


def test_every_recovery_ends_them(recorder: Recorder) -> None:
    by = made(recorder)
    browser = recorder.choosing()
    browser.press("/forgot/password", {"password": NEW, "again": NEW})
    assert ask(recorder, client.get_device_information(), by) == 404
    assert not recorder.agent.onvif.any()
    assert made(recorder, "nvr").password.text != by.password.text


def test_a_change_that_comes_during_a_recovery_ends_with_it(recorder: Recorder) -> None:
    users = recorder.agent.onvif

    def slow(before: tuple[User, ...]) -> tuple[User, ...]:
        return (*before, User("late", Level.ADMINISTRATOR, "a password of before"))

    assert users.change(slow, Happened.SYSTEM_ADDED, ("late",)) is None
    rows = recorder.agent._file.rows("SELECT generation FROM onvif_users")
    assert rows == [(recorder.agent.record.generation,)]
    with recorder.agent._file.writing() as connection:
        connection.execute("UPDATE onvif_users SET generation = generation - 1")
    assert (users.any(), users.all()) == (False, ())


def test_a_stolen_storage_tells_no_password(recorder: Recorder) -> None:
    by = made(recorder)
    recorder.agent.close()
    stored = recorder.config.settings.storage.read_bytes()
    assert by.password.text.encode() not in stored
    with sqlite3.connect(recorder.config.settings.storage) as connection:
        connection.execute("UPDATE onvif_users SET name = 'other'")
    connection.close()
    recorder.reboot()
    assert recorder.agent.onvif.all() == (), "moved to another row it does not open"


def test_a_factory_erase_takes_them_along(recorder: Recorder) -> None:
    made(recorder)
    (room,) = [room for room in recorder.agent._rooms if room.name == "onvif users"]
    room.erase()
    assert room.is_empty()


@pytest.mark.meets("etsi-5.5-7")
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_passwords_are_changed_over_tls_only(recorder: Recorder, scheme: str) -> None:
    by = made(recorder)
    told = ask(
        recorder,
        client.set_user(User("nvr", Level.ADMINISTRATOR, "another long password")),
        by,
        scheme=scheme,
    )
    if scheme == "https":
        assert told is None
        assert ask(recorder, client.get_users(), Credential("nvr", Secret("another long password")))
    else:
        assert isinstance(told, Fault)
        assert told.subcodes == ("OperationProhibited",)


@pytest.mark.parametrize("call", [client.system_reboot(), client.set_system_factory_default(hard=True)])
def test_T23_nobody_reboots_or_wipes_by_onvif(recorder: Recorder, call: client.Call[Any]) -> None:
    by = made(recorder)
    for _ in range(3):
        fault = ask(recorder, call, by)
        assert isinstance(fault, Fault)
        assert fault.subcodes == ("OperationProhibited",)
    refused = (Happened.SYSTEM_REFUSED, "", Face.NETWORK)
    assert told(recorder).count(refused) == 1, "a line a minute, or it would push out all others"
    recorder.clock.forward(60)
    ask(recorder, call, by)
    assert told(recorder).count(refused) == 2


@pytest.mark.parametrize("jump", [0, -86_400, 86_400])
def test_a_client_is_let_in_also_behind_our_clock_and_after_it_was_set(recorder: Recorder, jump: int) -> None:
    by = made(recorder)
    recorder.clock.forward(3600)

    def signed(lag: int) -> int:
        body = client.get_users().message(by, recorder.entropy.bytes(16), recorder.clock.wall() - lag)
        headers = {"host": "recorder.test", "content-type": client.get_users().content_type}
        return Caller(recorder.app).send("POST", PATH, body, headers)[0]

    assert signed(120) == 200, "the very first request, from a client whose clock is behind"
    recorder.clock.now += jump
    assert signed(120) == 200
    recorder.reboot()
    assert signed(120) == 400, "from before the start: it may have been used"
    recorder.clock.now += 1
    recorder.clock.uptime += 0.3
    assert signed(1) == 200, "a moment after the start, by the second that was told"
    assert signed(2) == 400
    recorder.clock.forward(120)
    assert signed(120) == 200


def told(recorder: Recorder, count: int = 9) -> list[tuple[Happened, str, Face]]:
    """The newest lines of the audit page, oldest first."""
    return [(line.what, line.account, line.face) for line in reversed(recorder.agent.audit.last(count))]


def test_whatever_is_done_to_these_users_stands_on_the_audit_page(recorder: Recorder) -> None:
    by = made(recorder)
    ask(recorder, client.create_users(User("guard", Level.USER, "a long password")), by)
    ask(recorder, client.set_user(User("guard", Level.OPERATOR, "another long one")), by)
    ask(recorder, client.create_users(User("guard", Level.USER, "a long password")), by)
    ask(recorder, client.delete_users("guard"), by)
    browser = recorder.signed_in()
    browser.get("/systems/remove?name=nvr")
    browser.press("/systems/remove", {"current": OLD})
    lines = [line for line in told(recorder) if line[0] is not Happened.SIGNED_IN]
    assert lines[-5:] == [
        (Happened.SYSTEM_ADDED, "nvr", Face.NETWORK),
        (Happened.SYSTEM_ADDED, "guard", Face.NETWORK),
        (Happened.SYSTEM_CHANGED, "guard", Face.NETWORK),
        (Happened.SYSTEM_REMOVED, "guard", Face.NETWORK),
        (Happened.SYSTEM_REMOVED, "nvr", Face.NETWORK),
    ]
    page = browser.get("/audit").words
    assert "The user guard for other systems was changed, over the network" in page


def test_what_cannot_be_noted_is_not_done(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    by = made(recorder)
    monkeypatch.setattr(recorder.agent, "tell", lambda _: Refusal.NOT_NOW)
    fault = ask(recorder, client.create_users(User("guard", Level.USER, "a long password")), by)
    assert isinstance(fault, Fault)
    assert [user.name for user in recorder.agent.onvif.all()] == ["nvr"]


def test_T08_a_wrong_onvif_login_slows_onvif_from_there_and_no_person(recorder: Recorder) -> None:
    made(recorder)
    wrong = Credential("nvr", Secret("wrong"))
    for _ in range(3):
        assert isinstance(ask(recorder, client.get_users(), wrong), Fault)
    assert ask(recorder, client.get_users(), wrong) == 429
    assert recorder.signed_in(client="192.0.2.88").page.path in ("/home", "/ways")


@pytest.mark.meets("asvs-6.3.4")
def test_the_accounts_of_the_device_do_not_sign_in_by_onvif(recorder: Recorder) -> None:
    made(recorder)
    assert isinstance(ask(recorder, client.get_users(), Credential("admin", Secret(OLD))), Fault)


def test_not_at_the_screen_and_not_too_much(recorder: Recorder) -> None:
    made(recorder)
    assert ask(recorder, client.get_system_date_and_time(), face=Face.SCREEN) == 404
    headers = {"host": "recorder.test", "content-type": "application/soap+xml"}
    assert Caller(recorder.app).send("POST", PATH, bytes(65 * 1024), headers)[0] == 413
    assert (
        Caller(recorder.app).send("POST", PATH, b"<x/>", {**headers, "origin": "https://evil.example.com"})[0]
        == 403
    )


@pytest.mark.meets("asvs-13.4.6", "asvs-15.3.1", "etsi-5.3-16", "etsi-5.6-2")
def test_probes_are_answered_with_the_model_alone(recorder: Recorder) -> None:
    made(recorder)
    listeners = (*EVERYWHERE, (Listener(False, "0.0.0.0", 0, onvif=True), 8000))
    tongue = WsDiscovery(recorder.agent, Ports(listeners))
    service = tongue.state(HERE)
    assert service is not None
    assert service.links[0] == "http://192.0.2.20:8000/onvif/device_service"
    assert service.links[1] == "https://192.0.2.20:8543/onvif/device_service"
    assert service.links[2] == "https://[fe80::5eff:fe00:5320]:8543/onvif/device_service"
    assert service == tongue.state(HERE), "the endpoint stays"
    said = tongue.greeting(HERE) + tongue.farewell(HERE)
    reply = tongue.reply(wsd.probes(recorder.entropy)[0], ("192.0.2.77", 40000), HERE)
    assert reply is not None
    for secret in (recorder.settings.serial, recorder.settings.name, recorder.settings.firmware):
        assert secret.encode() not in said + reply.data


def test_a_maker_names_its_own_services_or_allows_none(recorder: Recorder) -> None:
    address = OnvifAddress("http://www.onvif.org/ver20/media/wsdl", "https://192.0.2.20/media")
    object.__setattr__(recorder.agent.config.settings.onvif, "services", (address,))
    device = OurDevice(recorder.agent, recorder.agent.onvif)
    assert device.services()[1:] == ((address.namespace, address.address),)
    assert device.clock().zone
    assert isinstance(recorder.settings, Settings)
    object.__setattr__(recorder.settings.onvif, "allowed", False)
    recorder.start()
    assert recorder.browser().get("/systems").status == 404
