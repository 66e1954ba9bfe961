"""The asking side: cameras answer with anything, and get our own error for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.core.errors import InputError
from sparekey.lan.onvif import client
from sparekey.lan.onvif.client import Call, KnownUser
from sparekey.lan.onvif.device import Information, Level, User
from sparekey.lan.onvif.soap import Fault, write_envelope, write_fault

CALLS: list[Call[object]] = [
    client.get_system_date_and_time(),
    client.get_device_information(),
    client.get_services(),
    client.get_scopes(),
    client.get_users(),
    client.create_users(User("a", Level.USER, "secret-word")),
    client.set_user(User("a", Level.USER, "secret-word")),
    client.delete_users("a"),
    client.set_system_factory_default(hard=False),
    client.system_reboot(),
]


def test_no_password_shows_in_a_call() -> None:
    assert "secret-word" not in repr(CALLS)


def test_the_content_type_names_the_action() -> None:
    assert client.get_users().content_type == (
        'application/soap+xml; charset=utf-8; action="http://www.onvif.org/ver10/device/wsdl/GetUsers"'
    )


def test_a_message_without_a_login_has_no_header() -> None:
    assert b"Header" not in client.get_system_date_and_time().message()


@pytest.mark.meets("asvs-1.2.1")
def test_text_is_escaped() -> None:
    call = client.set_user(User("a<b", Level.USER, "p&q\"'>"))
    assert "<tt:Username>a&lt;b</tt:Username><tt:Password>p&amp;q" in call.inside


@pytest.mark.parametrize("text", [" edge", "edge ", "bell\x07", "lone\ud800", "line\rfeed"])
def test_what_a_camera_would_read_as_something_else_is_not_sent(text: str) -> None:
    for user in (User(text, Level.USER, "fine"), User("fine", Level.USER, text)):
        for write in (client.set_user, client.create_users):
            with pytest.raises(InputError) as raised:
                write(user)
            assert text not in str(raised.value)


def test_missing_parts_of_an_identity_are_empty() -> None:
    answer = write_envelope(
        "<tds:GetDeviceInformationResponse><tds:Model>C</tds:Model></tds:GetDeviceInformationResponse>"
    )
    assert client.get_device_information().read(answer) == Information("", "C", "", "", "")


def test_users_without_a_name_are_passed_over_and_strange_levels_kept() -> None:
    extended = "<tds:User><tt:Username>a</tt:Username><tt:UserLevel>Extended</tt:UserLevel></tds:User>"
    answer = write_envelope(f"<tds:GetUsersResponse>{extended}<tds:User/></tds:GetUsersResponse>")
    assert client.get_users().read(answer) == (KnownUser("a", "Extended"),)


@pytest.mark.parametrize(
    "date",
    ["", "<tt:Year>2026</tt:Year><tt:Month>13</tt:Month><tt:Day>1</tt:Day>",
     "<tt:Year>99999999999999999999</tt:Year><tt:Month>1</tt:Month><tt:Day>1</tt:Day>"],
)  # fmt: skip
def test_a_date_that_does_not_exist_is_our_error(date: str) -> None:
    time = "<tt:Time><tt:Hour>1</tt:Hour><tt:Minute>2</tt:Minute><tt:Second>3</tt:Second></tt:Time>"
    utc = f"<tt:UTCDateTime>{time}<tt:Date>{date}</tt:Date></tt:UTCDateTime>"
    body = f"<tds:SystemDateAndTime>{utc}</tds:SystemDateAndTime>"
    with pytest.raises(InputError):
        client.get_system_date_and_time().read(
            write_envelope(f"<tds:GetSystemDateAndTimeResponse>{body}</tds:GetSystemDateAndTimeResponse>")
        )


def test_the_answer_to_another_question_is_none() -> None:
    with pytest.raises(InputError):
        client.get_users().read(write_envelope("<tds:GetScopesResponse/>"))


@given(
    st.sampled_from(CALLS), st.one_of(st.binary(), st.text(alphabet="<>/tds:UserGt&;\"' ").map(str.encode))
)
def test_no_answer_raises_anything_else(call: Call[object], data: bytes) -> None:
    wrapped = write_envelope(f"<tds:{call.operation}Response/>")[: len(data) * 2]
    for answer in (data, wrapped, wrapped[:-20] + data, write_fault(Fault("Sender"))[: len(data)]):
        try:
            call.read(answer)
        except InputError:
            continue
