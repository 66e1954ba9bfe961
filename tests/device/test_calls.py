"""Our own calls to a recorder: a stranger, a locked-out owner and somebody with the password."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sparekey.core.errors import Refusal
from sparekey.core.keys import dated_key, log_id
from sparekey.core.messages.request import read_request
from sparekey.core.methods.security_code import Spoken
from sparekey.core.record import Action
from sparekey.core.values import Face, MethodName, Secret
from sparekey.lan.link import owner, recovery, ways
from sparekey.lan.link.frame import MEDIA_TYPE, Nothing, Refused
from tests.device.link import LOGIN, Caller, confirmed, known, link_text, opened, typed
from tests.device.recorder import NEW, OLD, OWNER, TLS_HASH, Recorder

MAIL = recovery.Begin(MethodName.MAIL_CODE)
FILE = recovery.Begin(MethodName.RESPONSE_FILE)
NEW_ONE = recovery.Choose(Secret(NEW))


def signs_in(recorder: Recorder, password: str) -> bool:
    return recorder.agent.knows("admin", password)


# A stranger


def test_P14_device_a_stranger_hears_which_ways_there_are_and_nothing_else(recorder: Recorder) -> None:
    caller = Caller(recorder.app)
    told = caller.ask(ways.Ask())
    assert isinstance(told, ways.Abilities)
    assert told.setting is ways.Setting.DONE
    assert {way.method: way.closed for way in told.ways} == {
        MethodName.KEY_FILE: "not-set-up",
        MethodName.RECOVERY_SHEET: "not-set-up",
        MethodName.MAIL_CODE: "",
        MethodName.SECURITY_CODE: "",
        MethodName.RESPONSE_FILE: "",
        MethodName.RESET_BUTTON: "no-button",
        MethodName.TECHNICIAN: "not-here",
    }
    _, body = caller.post("abilities", ways.Ask().encoded)
    settings = recorder.settings
    for secret in (
        settings.serial,
        settings.firmware,
        settings.name,
        OWNER,
        "Example support",
        settings.model,
    ):
        assert secret.encode() not in body
    assert not recorder.agent.record.requests


def test_P14_device_asking_too_fast_is_refused_and_time_heals_it(recorder: Recorder) -> None:
    caller = Caller(recorder.app)
    told = [caller.ask(ways.Ask()) for _ in range(21)]
    assert isinstance(told[19], ways.Abilities)
    assert told[20] == Refused("too-fast", 1)
    assert caller.status == 429
    assert isinstance(Caller(recorder.app, client="192.0.2.89").ask(ways.Ask()), ways.Abilities)
    begins = [caller.ask(recovery.Begin(MethodName.RECOVERY_SHEET)) for _ in range(5)]
    assert begins[4] == Refused("too-fast", 20)
    recorder.clock.forward(20)
    assert isinstance(caller.ask(ways.Ask()), ways.Abilities)
    assert caller.ask(recovery.Begin(MethodName.RECOVERY_SHEET)) == Refused("not-set-up")


def test_a_new_device_says_whether_it_can_be_set_up_now(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    caller = Caller(recorder.app)

    def setting() -> object:
        return getattr(caller.ask(ways.Ask()), "setting", None)

    assert setting() is ways.Setting.OPEN
    recorder.clock.forward(31 * 60)
    assert setting() is ways.Setting.NEEDS_PRESENCE
    assert caller.ask(owner.Activate(Secret(NEW))) == Refused("needs-presence")
    recorder.reboot()
    caller.app = recorder.app
    assert caller.ask(owner.Activate(Secret("short"))) == Refused("password-too-short")
    assert caller.ask(owner.Activate(Secret(NEW), "nobody")) == Refused("bad-address")
    assert caller.ask(owner.Activate(Secret(NEW), OWNER)) == owner.Activated("admin")
    assert recorder.agent.record.reserved is not None
    assert caller.ask(owner.Activate(Secret(OLD))) == Refused("already-done")
    assert setting() is ways.Setting.DONE


def test_the_login_on_the_label_opens_nothing_but_the_first_password(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, "patronum")
    caller, label = Caller(recorder.app), recorder.config.policy.factory_login
    assert label is not None
    given = owner.Login(label.account, Secret(label.password))
    wrong = owner.Login(label.account, Secret("guess"))
    assert caller.ask(owner.Check(given)) == Refused("wrong-login")
    assert caller.ask(owner.Activate(Secret(NEW), OWNER, wrong)) == Refused("wrong-login")
    assert caller.ask(owner.Activate(Secret(NEW), OWNER, given)) == owner.Activated(label.account)


# Doors that stay shut


@pytest.mark.meets("asvs-3.5.2")
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example.com"},
        {"origin": "https://recorder.test"},
        {"origin": "null"},
        {"cookie": "session=1"},
        {"referer": "https://recorder.test/"},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-mode": "no-cors"},
    ],
)
def test_T10_a_browser_cannot_call(recorder: Recorder, headers: dict[str, str]) -> None:
    caller = Caller(recorder.app)
    assert caller.post("begin", MAIL.encoded, **headers)[0] == 403
    assert not recorder.agent.record.requests


@pytest.mark.meets("asvs-3.5.2")
@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_T10_no_type_that_a_form_can_send_is_taken(recorder: Recorder, kind: str) -> None:
    assert Caller(recorder.app).post("begin", MAIL.encoded, **{"content-type": kind})[0] == 415
    assert not recorder.agent.record.requests


@pytest.mark.meets("asvs-3.4.2")
def test_T10_no_other_site_gets_leave_to_call(recorder: Recorder) -> None:
    caller = Caller(recorder.app)
    asked = {
        "host": "recorder.test",
        "origin": "https://evil.example.com",
        "access-control-request-method": "POST",
    }
    assert caller.send("OPTIONS", "/link/begin", b"", asked)[0] == 405
    assert not [name for name in caller.headers if name.startswith("access-control")]
    assert caller.send("GET", "/link/abilities", b"", {"host": "recorder.test"})[0] == 405


def test_T10_another_name_than_ours_gets_nothing(recorder: Recorder) -> None:
    assert Caller(recorder.app).post("abilities", b"\xa0", host="rebound.example.com")[0] == 421


@pytest.mark.meets("nist-channel", "asvs-12.2.1", "etsi-5.5-7")
def test_calls_go_over_tls_and_never_to_the_screen(recorder: Recorder) -> None:
    assert Caller(recorder.app, scheme="http").post("begin", MAIL.encoded)[0] == 403
    assert Caller(recorder.app, face=Face.SCREEN).post("begin", MAIL.encoded)[0] == 403


@pytest.mark.parametrize(
    ("body", "claim", "status"),
    [
        (b"", "", 400),
        (b"\xa1\x01", "", 400),
        (b"\xa1\x20\x01", "", 400),
        (MAIL.encoded + b"\x00", "", 400),
        (MAIL.encoded, "../..", 400),
        (MAIL.encoded, "A" * 32, 400),
        (bytes(24 * 1024 + 1), "", 413),
        (bytes(70 * 1024), "", 413),
    ],
)
def test_T14_what_does_not_read_changes_nothing(
    recorder: Recorder, body: bytes, claim: str, status: int
) -> None:
    caller = Caller(recorder.app)
    headers = {"sparekey-claim": claim, "content-length": str(len(body))}
    assert caller.post("begin", body, **headers)[0] == status
    assert not recorder.agent.record.requests


@pytest.mark.meets("etsi-5.6-1", "etsi-5.6-5")
def test_a_maker_can_switch_calls_off(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    object.__setattr__(recorder.settings.lan, "calls", False)
    recorder.start()
    assert Caller(recorder.app).post("abilities", b"\xa0")[0] == 404


# A locked-out owner


def test_P05_a_mailed_code_by_calls(recorder: Recorder) -> None:
    caller = Caller(recorder.app)
    told = opened(caller.ask(MAIL))
    assert told.request is not None
    assert told.request.header.tls == TLS_HASH
    assert (told.number, told.tries, told.address) == (told.request.header.number, 5, "o***@ex***.com")
    assert opened(caller.ask(MAIL, told.claim)) == told, "the same claim sees the same request"
    assert opened(caller.ask(recovery.Show(MethodName.MAIL_CODE), told.claim)) == told
    recorder.desk.send(told.prefix + link_text(told.request))
    code = recorder.desk.mails[-1].code
    slip = code.shown[:-1] + ("0" if code.shown[-1] != "0" else "1")
    assert caller.ask(typed(MethodName.MAIL_CODE, slip), told.claim) == Refused("code-check")
    granted = caller.ask(typed(MethodName.MAIL_CODE, code.shown.lower()), told.claim)
    assert isinstance(granted, recovery.Granted)
    assert (granted.action, granted.account, granted.left) == (Action.NEW_PASSWORD, "admin", 600)
    assert opened(caller.ask(recovery.Show(MethodName.MAIL_CODE), told.claim)).granted == granted
    assert caller.ask(recovery.Choose(Secret("short")), granted.claim) == Refused("password-too-short")
    assert caller.ask(NEW_ONE, granted.claim) == recovery.Recovered("admin")
    assert signs_in(recorder, NEW)
    assert not signs_in(recorder, OLD)
    assert caller.ask(NEW_ONE, granted.claim) == Refused("not-authorised")


def test_P16_device_a_file_from_support_by_calls(recorder: Recorder) -> None:
    caller = Caller(recorder.app)
    told = opened(caller.ask(FILE))
    request = read_request(told.sealed)
    assert request.header.tls == TLS_HASH
    key = recorder.keys.device_key
    recorder.desk.enrol(request.header.identity.serial, dated_key(key), log_id(key))
    answer = recorder.desk.answer(request).encoded
    other = opened(Caller(recorder.app, client="192.0.2.89").ask(FILE))
    foreign = recorder.desk.answer(read_request(other.sealed)).encoded
    hand_in = recovery.Apply(MethodName.RESPONSE_FILE, file=foreign)
    assert caller.ask(hand_in, told.claim) == Refused("foreign-file"), "which costs no try"
    good = recovery.Apply(MethodName.RESPONSE_FILE, file=answer)
    assert caller.ask(good, other.claim) == Refused("foreign-file"), "a stranger with the file of another"
    assert caller.ask(good) == Refused("no-such-request")
    assert caller.ask(recovery.Apply(MethodName.RESPONSE_FILE, file=answer[:-1]), told.claim) == Refused(
        "malformed"
    )
    granted = caller.ask(good, told.claim)
    assert isinstance(granted, recovery.Granted)
    assert caller.ask(NEW_ONE, told.claim) == recovery.Recovered("admin")
    assert signs_in(recorder, NEW)


def test_P15_device_a_code_for_the_day_by_calls(hikvision: Recorder) -> None:
    caller, key = Caller(hikvision.app), hikvision.keys.device_key
    hikvision.desk.enrol(hikvision.settings.serial, dated_key(key), log_id(key))
    told = opened(caller.ask(recovery.Begin(MethodName.SECURITY_CODE)))
    spoken = told.spoken
    assert spoken is not None
    assert (spoken.serial, told.temporary, told.sealed) == (hikvision.settings.serial, "12345", b"")
    code = hikvision.desk.dictate(Spoken(spoken.serial, spoken.started, told.number, spoken.mac), spoken.day)
    wrong = hikvision.desk.dictate(
        Spoken(spoken.serial, spoken.started, told.number, spoken.mac), spoken.day + 9
    )
    refused = Refused("wrong-code", left=4)
    assert caller.ask(typed(MethodName.SECURITY_CODE, wrong.shown), told.claim) == refused
    granted = caller.ask(typed(MethodName.SECURITY_CODE, code.shown), told.claim)
    assert isinstance(granted, recovery.Granted)
    assert not signs_in(hikvision, "12345")
    assert caller.ask(NEW_ONE, told.claim) == recovery.Recovered(granted.account)
    assert signs_in(hikvision, NEW) or granted.account != "admin"


def test_P17_device_a_key_for_a_request_by_calls(hikvision: Recorder) -> None:
    caller = Caller(hikvision.app)
    told = opened(caller.ask(recovery.Begin(MethodName.RESPONSE_KEY)))
    key = hikvision.desk.dictate_key(read_request(told.sealed))
    assert key is not None
    assert isinstance(caller.ask(typed(MethodName.RESPONSE_KEY, key.shown), told.claim), recovery.Granted)
    same = opened(caller.ask(recovery.Show(MethodName.RESPONSE_FILE), told.claim))
    assert same.number == told.number, "one request, two ways to answer it"


def test_where_only_a_wrong_password_shows_the_numbers_no_call_does(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, "camera-support")
    recorder.set_up()
    caller = Caller(recorder.app)
    told = caller.ask(ways.Ask())
    assert isinstance(told, ways.Abilities)
    assert {way.method: way.closed for way in told.ways}[MethodName.SECURITY_CODE] == "not-here"
    assert caller.ask(recovery.Begin(MethodName.SECURITY_CODE)) == Refused("not-offered")


def test_P04_a_key_file_by_calls(recorder: Recorder) -> None:
    ownership, by = confirmed(recorder)
    file: Any = ownership.make_key_file(by)
    ownership.prove_key_file("admin", file, Face.SCREEN)
    caller = Caller(recorder.app)
    told = opened(caller.ask(recovery.Begin(MethodName.KEY_FILE)))
    assert (told.number, told.sealed, told.tries) == ("", b"", 5)
    assert not recorder.agent.record.requests
    wrong = type(file)(file.serial, file.generation, bytes(32), file.salt, file.made)
    foreign = type(file)("OTHER-1", file.generation, file.secret, file.salt, file.made)
    apply = recovery.Apply(MethodName.KEY_FILE, file=foreign.encoded)
    assert caller.ask(apply, told.claim) == Refused("foreign-file")
    apply = recovery.Apply(MethodName.KEY_FILE, file=wrong.encoded)
    assert caller.ask(apply, told.claim) == Refused("not-genuine", left=4)
    granted = caller.ask(recovery.Apply(MethodName.KEY_FILE, file=file.encoded))
    assert isinstance(granted, recovery.Granted), "without a claim of before one comes with the answer"
    assert caller.ask(NEW_ONE, told.claim) == Refused("not-authorised"), "the right is of another claim"
    assert caller.ask(NEW_ONE, granted.claim) == recovery.Recovered("admin")


def test_B08_a_recovery_sheet_by_calls(recorder: Recorder) -> None:
    ownership, by = confirmed(recorder)
    code: Any = ownership.make_sheet(by)
    assert ownership.prove_sheet("admin", code, Face.SCREEN) is None
    caller = Caller(recorder.app)
    claim = opened(caller.ask(recovery.Begin(MethodName.RECOVERY_SHEET))).claim
    assert isinstance(caller.ask(typed(MethodName.RECOVERY_SHEET, "0" * 14), claim), Refused)
    assert isinstance(caller.ask(typed(MethodName.RECOVERY_SHEET, code.text), claim), recovery.Granted)


def test_T03_calls_and_pages_share_one_budget_and_the_screen_keeps_its_own(recorder: Recorder) -> None:
    browser, _ = recorder.scanning()
    caller = Caller(recorder.app)
    told = opened(caller.ask(MAIL))
    for left in (4, 3, 2, 1):
        refused = caller.ask(typed(MethodName.MAIL_CODE, "0000-0000"), told.claim)
        assert refused == Refused("wrong-code", 0, left)
    assert caller.ask(typed(MethodName.MAIL_CODE, "0000-0000"), told.claim) == Refused("wrong-code", 30, 5)
    assert caller.ask(typed(MethodName.MAIL_CODE, "0000-0000"), told.claim) == Refused("paused", 30, 5)
    assert opened(caller.ask(recovery.Show(MethodName.MAIL_CODE), told.claim)).pause == 30
    assert "pause" in browser.get("/forgot/code").words.lower() or "30" in browser.page.words
    assert recorder.recovering.tries(MethodName.MAIL_CODE, Face.SCREEN).pause == 0
    assert caller.ask(owner.Check(LOGIN)) == known(recorder), "a login by call"
    assert recorder.recovering.tries(MethodName.MAIL_CODE, Face.NETWORK).pause == 30, "lowers no counter"


def test_T02_a_guessed_pickup_code_opens_nothing(recorder: Recorder) -> None:
    caller, thief = Caller(recorder.app), Caller(recorder.app, client="192.0.2.90")
    told = opened(caller.ask(MAIL))
    for claim in ("", "0" * 32, told.claim[:-1] + ("0" if told.claim[-1] != "0" else "1")):
        assert thief.ask(recovery.Show(MethodName.MAIL_CODE), claim) == Refused("no-such-request")
        assert isinstance(thief.ask(recovery.Cancel(told.number), claim), Refused)
        assert thief.ask(typed(MethodName.MAIL_CODE, "0000-0000"), claim) == Refused("no-such-request")
        assert thief.ask(NEW_ONE, claim) == Refused("not-authorised")
    assert recorder.recovering.tries(MethodName.MAIL_CODE, Face.NETWORK).left == 5
    assert caller.ask(recovery.Cancel(told.number), told.claim) == Nothing()
    assert caller.ask(recovery.Show(MethodName.MAIL_CODE), told.claim) == Refused("no-such-request")


def test_a_right_that_ran_out_is_told(recorder: Recorder) -> None:
    caller = Caller(recorder.app)
    told = opened(caller.ask(MAIL))
    request = told.request
    assert request is not None
    recorder.desk.send(told.prefix + link_text(request))
    assert isinstance(
        caller.ask(typed(MethodName.MAIL_CODE, recorder.desk.mails[-1].code.text), told.claim),
        recovery.Granted,
    )
    recorder.clock.forward(601)
    assert caller.ask(NEW_ONE, told.claim) == Refused("expired")
    assert signs_in(recorder, OLD)


def test_the_legal_notice_is_read_by_a_person_first(hikvision: Recorder) -> None:
    caller = Caller(hikvision.app)
    assert caller.ask(MAIL) == Refused("needs-agreement")
    assert opened(caller.ask(recovery.Begin(MethodName.MAIL_CODE, "cs", agreed=True))).number


@pytest.mark.meets("etsi-5.5-5")
@pytest.mark.parametrize("method", [MethodName.TECHNICIAN, MethodName.RESET_BUTTON, MethodName.QUESTIONS])
def test_T23_what_needs_somebody_there_has_no_call(patronum: Recorder, method: MethodName) -> None:
    caller = Caller(patronum.app)
    assert caller.ask(recovery.Begin(method)) == Refused("not-offered")
    assert caller.ask(recovery.Show(method), "0" * 32) == Refused("not-offered")
    assert caller.ask(recovery.Apply(method, file=b"x"), "0" * 32) == Refused("not-offered")


def test_every_refusal_has_its_status(recorder: Recorder) -> None:
    caller = Caller(recorder.app)
    assert caller.ask(recovery.Cancel("7KM2Q4XZ"), "0" * 32) == Refused(Refusal.NO_SUCH_REQUEST.value)
    assert (caller.status, caller.headers["content-type"]) == (410, MEDIA_TYPE)
    assert caller.headers["cache-control"] == "no-store"
