"""Each operation: what it does to the device, and the fault for what cannot be done."""

from __future__ import annotations

import pytest

from sparekey.lan.onvif import client
from sparekey.lan.onvif.client import Call
from sparekey.lan.onvif.device import Level, User
from sparekey.lan.onvif.soap import Fault
from tests.lan.onvif.camera import ADMIN, BASE, NOW, VIEWER, Camera, post, service, subcodes

NEW = User("finder", Level.OPERATOR, "first-secret-1")
STRANGER = User("nobody", Level.USER, "long-enough")


def answer(camera: Camera, call: Call[object]) -> list[str]:
    """The codes of the fault; empty when there was none."""
    return subcodes(service(camera).answer(post(call.message(ADMIN, b"nonce", NOW)), NOW))


def body(camera: Camera, operation: str, inside: str = "") -> str:
    call = Call(operation, inside, lambda element: element)
    return service(camera).answer(post(call.message(ADMIN, b"nonce", NOW)), NOW).body.decode()


def test_users_are_created_changed_and_deleted() -> None:
    camera = Camera()
    assert not answer(camera, client.create_users(NEW))
    assert camera.everybody[-1] == NEW
    changed = User("finder", Level.USER, "second-secret-2")
    assert not answer(camera, client.set_user(changed))
    assert camera.everybody[-1] == changed
    assert not answer(camera, client.delete_users("finder", VIEWER.user))
    assert [user.name for user in camera.everybody] == ["admin", "guard"]


SENDER = "env:Sender"
PROHIBITED = [SENDER, "ter:OperationProhibited"]
ARGUMENT = [SENDER, "ter:InvalidArgVal"]


@pytest.mark.parametrize(
    ("call", "codes"),
    [
        (client.create_users(NEW, NEW), [*PROHIBITED, "ter:UsernameClash"]),
        (
            client.create_users(NEW, User("", Level.USER, "long-enough")),
            [*PROHIBITED, "ter:UsernameTooShort"],
        ),
        (
            client.create_users(User("x" * 33, Level.USER, "long-enough")),
            [*PROHIBITED, "ter:UsernameTooLong"],
        ),
        (client.create_users(NEW, User("second", Level.USER)), [*PROHIBITED, "ter:Password"]),
        (client.create_users(User("a", Level.USER, "x" * 65)), [*PROHIBITED, "ter:PasswordTooLong"]),
        (
            client.create_users(*(User(f"user{n}", Level.USER, "long-enough") for n in range(3))),
            ["env:Receiver", "ter:Action", "ter:TooManyUsers"],
        ),
        (
            client.set_user(User("guard", Level.USER, "long-enough"), STRANGER),
            [*ARGUMENT, "ter:UsernameMissing"],
        ),
        (client.set_user(User("guard", Level.USER)), [*PROHIBITED, "ter:PasswordTooWeak"]),
        (client.set_user(User("guard", Level.USER, "x" * 65)), [*PROHIBITED, "ter:PasswordTooLong"]),
        (client.set_user(User("admin", Level.USER, "long-enough")), [*ARGUMENT, "ter:FixedUser"]),
        (client.delete_users("guard", "nobody"), [*ARGUMENT, "ter:UsernameMissing"]),
        (client.delete_users("guard", "admin"), [*ARGUMENT, "ter:FixedUser"]),
        (client.create_users(), [SENDER, "ter:InvalidArgs"]),
        (client.set_user(), [SENDER, "ter:InvalidArgs"]),
        (client.delete_users(), [SENDER, "ter:InvalidArgs"]),
    ],
)
def test_a_change_that_cannot_be_is_a_fault_and_changes_nothing(call: Call[object], codes: list[str]) -> None:
    camera = Camera()
    assert answer(camera, call) == codes
    assert camera == Camera()


USER = client.set_user(User("guard", Level.USER, "long-enough")).inside


@pytest.mark.parametrize(
    ("inside", "codes"),
    [
        (USER.replace(">User<", ">Anonymous<"), [*PROHIBITED, "ter:AnonymousNotAllowed"]),
        (USER.replace(">User<", ">Extended<"), ARGUMENT),
        (USER.replace(">User<", "><"), ARGUMENT),
        (USER.replace("tt:UserLevel", "tds:UserLevel"), [SENDER, "ter:InvalidArgs"]),
        (USER.replace("tt:Username", "tt:Name"), [SENDER, "ter:InvalidArgs"]),
    ],
)
def test_a_user_that_cannot_be_read_is_a_fault(inside: str, codes: list[str]) -> None:
    for operation in ("CreateUsers", "SetUser"):
        assert answer(Camera(), Call(operation, inside, lambda element: element)) == codes


def test_names_to_delete_may_be_in_the_schemas_namespace() -> None:
    camera = Camera()
    inside = client.delete_users("guard").inside.replace("tds:", "tt:")
    assert not answer(camera, Call("DeleteUsers", inside, lambda element: element))
    assert "guard" not in {user.name for user in camera.everybody}


@pytest.mark.parametrize("hard", [True, False])
def test_starting_anew_is_passed_on_or_prohibited(hard: bool) -> None:
    camera = Camera()
    assert not answer(camera, client.set_system_factory_default(hard=hard))
    assert not answer(camera, client.system_reboot())
    assert camera.done == ["hard" if hard else "soft", "reboot"]
    camera.allowed = False
    assert answer(camera, client.set_system_factory_default(hard=hard)) == PROHIBITED
    assert answer(camera, client.system_reboot()) == PROHIBITED


@pytest.mark.parametrize(
    ("operation", "inside", "codes"),
    [
        ("SetSystemFactoryDefault", "", [SENDER, "ter:InvalidArgs"]),
        ("SetSystemFactoryDefault", "<tds:FactoryDefault>Total</tds:FactoryDefault>", ARGUMENT),
        ("GetServices", "", [SENDER, "ter:InvalidArgs"]),
        ("GetServices", "<tds:IncludeCapability>yes</tds:IncludeCapability>", [SENDER, "ter:InvalidArgs"]),
        ("GetCapabilities", "<tds:Category>Cooking</tds:Category>", ARGUMENT),
        (
            "GetCapabilities",
            "<tds:Category>Media</tds:Category>",
            ["env:Receiver", "ter:ActionNotSupported", "ter:NoSuchService"],
        ),
    ],
)
def test_arguments_that_do_not_fit_are_faults(operation: str, inside: str, codes: list[str]) -> None:
    camera = Camera()
    assert answer(camera, Call(operation, inside, lambda element: element)) == codes
    assert camera == Camera()


def test_addresses_are_those_that_the_question_came_to() -> None:
    address = f"<tt:XAddr>{BASE}/onvif/device_service</tt:XAddr>"
    for category in ("", "<tds:Category>All</tds:Category>", "<tds:Category>Device</tds:Category>"):
        assert address in body(Camera(), "GetCapabilities", category)


def test_services_come_with_capabilities_when_asked() -> None:
    bare, full = (
        body(Camera(), "GetServices", f"<tds:IncludeCapability>{word}</tds:IncludeCapability>")
        for word in ("0", "true")
    )
    assert bare.count("<tds:Service>") == full.count("<tds:Service>") == 2
    assert "tds:Capabilities" not in bare
    assert 'MaxUsers="5"' in full
    assert 'HashingAlgorithms="MD5,SHA-256"' in full


def test_the_client_reads_what_the_service_says() -> None:
    camera = Camera()

    def read(call: Call[object]) -> object:
        said = call.read(service(camera).answer(post(call.message(ADMIN, b"nonce", NOW)), NOW).body)
        assert not isinstance(said, Fault)
        return said

    assert read(client.get_system_date_and_time()) == NOW
    assert read(client.get_device_information()) == camera.information()
    assert read(client.get_scopes()) == camera.scopes()
    assert read(client.system_reboot()) == "Rebooting in 5 seconds."
    assert read(client.get_services(with_capabilities=True)) == (
        ("http://www.onvif.org/ver10/device/wsdl", BASE + "/onvif/device_service"),
        *camera.services(),
    )
    users = read(client.get_users())
    assert users == tuple(client.KnownUser(user.name, user.level.value) for user in camera.everybody)
    assert read(client.set_user(User("guard", Level.USER, "long-enough"))) is None
