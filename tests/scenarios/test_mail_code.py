"""The mailed code, from the locked screen to the new password, and everything that tries to get in between."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core.budget import FAILURES_LIMIT, find
from sparekey.core.codes import Code, code_from_bits
from sparekey.core.crypto import sha256
from sparekey.core.device.events import AddressChanged, RequestCancelled
from sparekey.core.device.recovery import NETWORK_REQUESTS_LIMIT
from sparekey.core.effects import Happened
from sparekey.core.errors import InputError, Refusal, UntrustedError
from sparekey.core.messages.link import link, read_link
from sparekey.core.messages.request import MailBody, Request, read_request
from sparekey.core.methods.method import RIGHT_LASTS
from sparekey.core.values import Face, MethodName
from sparekey.testing.power import PowerCutError
from sparekey.testing.world import World

OLD = "correct old password"
NEW = "a quite new password"
OWNER = "owner@example.com"
CLAIM = sha256(b"the owner's browser")
STRANGER = sha256(b"somebody else's browser")


def ready(profile: str = "sparekey", cut_at: int | None = None) -> World:
    """A world whose recorder is set up."""
    world = World(profile, cut_at)
    world.device.power_on()
    assert world.device.activate(OLD, OWNER) is None
    return world


def opened(world: World, claim: bytes = CLAIM, face: Face = Face.NETWORK) -> Request:
    request = world.device.open_mail_code(claim, face)
    assert isinstance(request, Request)
    return request


def wrong(code: Code) -> Code:
    return code_from_bits(code.bits ^ 1)


@pytest.mark.meets("asvs-6.4.3")
@pytest.mark.parametrize("profile", ["sparekey", "patronum", "hikvision"])
def test_P05_from_the_locked_screen_to_the_new_password(profile: str) -> None:
    world = ready(profile)
    assert world.device.sign_in(OLD) is None
    request = opened(world)
    (mail,) = world.scan_and_send(request)
    assert mail.address == OWNER
    assert world.device.type_code(request, CLAIM, mail.code) is None
    assert world.device.choose_password(CLAIM, NEW) is None
    assert world.device.works(NEW)
    assert not world.device.works(OLD)
    assert world.device.sessions == []
    assert world.device.record.recovered is not None
    assert world.device.record.recovered.request == request.hash
    told = [entry.what for entry in world.device.audit.values()]
    assert told[-3:] == [Happened.RECOVERY_OPENED, Happened.PROOF_RIGHT, Happened.PASSWORD_RECOVERED]


def test_P05_greyed_without_an_address() -> None:
    world = World()
    world.device.power_on()
    world.device.activate(OLD, None)
    assert world.device.open_mail_code(CLAIM) is Refusal.NOT_SET_UP


def test_P05_opening_again_shows_the_same_request_and_the_same_code() -> None:
    world = ready()
    request = opened(world)
    world.clock.forward(3600)
    again = opened(world)
    assert again.encoded == request.encoded
    (first,), (second,) = world.scan_and_send(request), world.scan_and_send(again)
    assert (first.code, first.message_id) == (second.code, second.message_id)


def test_P22_a_reboot_voids_the_code_where_the_page_says_so() -> None:
    world = ready("hikvision")
    request = opened(world)
    (mail,) = world.scan_and_send(request)
    world.device.power_on()
    assert world.device.type_code(request, CLAIM, mail.code) is Refusal.NO_SUCH_REQUEST


def test_P22_whoever_scans_is_told_whether_a_reboot_voids_the_code() -> None:
    for profile, fleeting in (("hikvision", True), ("sparekey", False)):
        world = ready(profile)
        body = world.desk.open(opened(world))
        assert isinstance(body, MailBody)
        assert body.fleeting is fleeting


def test_P22_valid_for_48_hours_and_no_longer() -> None:
    for hours, answer in ((47, None), (48, Refusal.EXPIRED)):
        world = ready("hikvision")
        request = opened(world)
        (mail,) = world.scan_and_send(request)
        world.clock.forward(hours * 3600)
        assert world.device.type_code(request, CLAIM, mail.code) is answer


def test_B06_a_request_survives_a_reboot_in_the_recommended_profile() -> None:
    world = ready()
    request = opened(world)
    world.device.power_on()
    assert opened(world).encoded == request.encoded
    (mail,) = world.scan_and_send(request)
    assert world.device.type_code(request, CLAIM, mail.code) is None


def test_T01_an_altered_request_opens_for_nobody() -> None:
    world = ready()
    request = opened(world)
    header = replace(request.header, number="00000000")
    forged = read_request(_joined(header.encoded, request.sealed))
    with pytest.raises(UntrustedError):
        world.scan_and_send(forged)
    text = world.device.qr_text(request)
    with pytest.raises((InputError, UntrustedError)):
        world.desk.send(text[:-3] + ("0" if text[-3] != "0" else "1") + text[-2:])


@pytest.mark.meets("asvs-6.6.2")
def test_T01_a_code_does_not_serve_another_request() -> None:
    world = ready()
    first, second = opened(world), opened(world, STRANGER)
    (mail,) = world.scan_and_send(first)
    assert world.device.type_code(second, STRANGER, mail.code) is Refusal.WRONG_CODE


@pytest.mark.meets("nist-oob-random", "asvs-6.5.1")
def test_T01_a_used_code_is_used_up() -> None:
    world = ready()
    request = opened(world)
    (mail,) = world.scan_and_send(request)
    world.device.type_code(request, CLAIM, mail.code)
    world.device.choose_password(CLAIM, NEW)
    assert world.device.type_code(request, CLAIM, mail.code) is Refusal.NO_SUCH_REQUEST
    assert world.device.choose_password(CLAIM, "another new password") is Refusal.NO_SUCH_REQUEST
    assert world.device.works(NEW)


def test_T02_nothing_that_is_stored_holds_the_code() -> None:
    world = ready()
    request = opened(world)
    (mail,) = world.scan_and_send(request)
    world.device.type_code(request, CLAIM, mail.code)
    stored = (world.device.store.state or b"") + b"".join(world.device.store.orders.values())
    for form in (mail.code.text.encode(), mail.code.shown.encode(), mail.code.bits.to_bytes(5, "big")):
        assert form not in stored


@pytest.mark.meets("nist-oob-guessing", "asvs-6.3.1", "asvs-6.6.3")
def test_T03_five_wrong_codes_pause_and_a_hundred_stop() -> None:
    world = ready()
    request = opened(world)
    (mail,) = world.scan_and_send(request)
    tried = 0
    while tried < FAILURES_LIMIT:
        answer = world.device.type_code(request, CLAIM, wrong(mail.code))
        if answer is Refusal.WRONG_CODE:
            tried += 1
            continue
        assert answer is Refusal.PAUSED
        budget = find(world.device.record.budgets, MethodName.MAIL_CODE, Face.NETWORK)
        assert tried % 5 == 0
        world.clock.forward(budget.waits(0))
        request = opened(world)
        (mail,) = world.scan_and_send(request)
    assert world.device.type_code(request, CLAIM, mail.code) is Refusal.TOO_MANY_TRIES


def test_T03_neither_reboot_nor_new_request_nor_cancel_lowers_a_counter() -> None:
    world = ready()
    request = opened(world)
    (mail,) = world.scan_and_send(request)
    for _ in range(5):
        world.device.type_code(request, CLAIM, wrong(mail.code))
    world.clock.forward(29)
    world.device.power_on()
    request = opened(world)
    assert world.device.type_code(request, CLAIM, mail.code) is Refusal.PAUSED, (
        "the pause starts again in full"
    )
    world.device.tell(RequestCancelled(request.header.number, CLAIM, Face.NETWORK))
    request = opened(world)
    assert world.device.type_code(request, CLAIM, mail.code) is Refusal.PAUSED
    assert world.device.sign_in(OLD) is None
    assert world.device.record.budgets == ()


@pytest.mark.meets("nist-throttle-owner")
def test_T03_a_stranger_on_the_network_cannot_touch_the_screen() -> None:
    world = ready()
    request = opened(world)
    for _ in range(9):
        world.device.type_code(request, CLAIM, code_from_bits(0))
    for number in range(NETWORK_REQUESTS_LIMIT + 2):
        world.device.open_mail_code(sha256(bytes([number])))
    screen = opened(world, sha256(b"screen"), Face.SCREEN)
    (mail,) = world.scan_and_send(screen)
    assert find(world.device.record.budgets, MethodName.MAIL_CODE, Face.SCREEN).counted == 0
    assert world.device.type_code(screen, b"", mail.code, Face.SCREEN) is None


def test_T04_only_the_one_who_opened_it_can_use_it() -> None:
    world = ready()
    request = opened(world)
    (mail,) = world.scan_and_send(request)
    assert world.device.type_code(request, STRANGER, mail.code) is Refusal.NOT_AUTHORISED
    assert world.device.type_code(request, CLAIM, mail.code) is None
    assert world.device.choose_password(STRANGER, NEW) is Refusal.NOT_AUTHORISED
    assert (
        world.device.tell(RequestCancelled(request.header.number, STRANGER, Face.NETWORK))
        is Refusal.NOT_AUTHORISED
    )
    assert world.device.works(OLD)


def test_T04_the_right_to_set_a_password_ends_after_ten_minutes_and_the_code_still_works() -> None:
    world = ready()
    request = opened(world)
    (mail,) = world.scan_and_send(request)
    world.device.type_code(request, CLAIM, mail.code)
    world.clock.forward(RIGHT_LASTS)
    assert world.device.choose_password(CLAIM, NEW) is Refusal.EXPIRED
    assert world.device.type_code(request, CLAIM, mail.code) is None
    assert world.device.choose_password(CLAIM, NEW) is None


@pytest.mark.meets("asvs-2.3.1", "asvs-8.3.1")
def test_T04_no_password_without_a_code() -> None:
    world = ready()
    opened(world)
    assert world.device.choose_password(CLAIM, NEW) is Refusal.NOT_AUTHORISED
    assert world.device.works(OLD)


@pytest.mark.meets("asvs-2.3.4")
def test_T09_two_at_once_and_one_winner() -> None:
    world = ready()
    first, second = opened(world), opened(world, STRANGER)
    (mail,) = world.scan_and_send(first)
    (other,) = world.scan_and_send(second)
    assert world.device.type_code(first, CLAIM, mail.code) is None
    assert world.device.type_code(second, STRANGER, other.code) is None
    assert world.device.choose_password(CLAIM, NEW) is None
    assert world.device.choose_password(STRANGER, "the loser's password") is Refusal.NO_SUCH_REQUEST
    assert world.device.works(NEW)


@pytest.mark.meets("nist-notified")
def test_T11_a_changed_address_voids_the_code_and_the_old_address_hears_of_it() -> None:
    world = ready()
    request = opened(world)
    (mail,) = world.scan_and_send(request)
    world.device.tell(AddressChanged("admin", 1, Face.NETWORK, "new@example.com"))
    assert world.device.type_code(request, CLAIM, mail.code) is Refusal.NO_SUCH_REQUEST
    later = world.scan_and_send(opened(world))
    assert [mail.address for mail in later] == ["new@example.com", OWNER]
    world.clock.forward(7 * 24 * 3600)
    latest = world.scan_and_send(opened(world))
    assert [mail.address for mail in latest] == ["new@example.com"]


@pytest.mark.meets("asvs-6.3.7")
def test_T11_neither_two_quick_changes_nor_taking_it_away_silences_the_owner() -> None:
    for between in ("middle@example.com", None):
        world = ready()
        for address in (between, "evil@example.com"):
            assert world.device.tell(AddressChanged("admin", 1, Face.NETWORK, address)) is None
        mails = world.scan_and_send(opened(world))
        assert [mail.address for mail in mails] == ["evil@example.com", OWNER]


def test_T11_an_address_that_comes_back_hears_once() -> None:
    world = ready()
    world.device.tell(AddressChanged("admin", 1, Face.NETWORK, "new@example.com"))
    world.device.tell(AddressChanged("admin", 1, Face.NETWORK, OWNER))
    assert [mail.address for mail in world.scan_and_send(opened(world))] == [OWNER]


@pytest.mark.meets("asvs-6.5.8")
@pytest.mark.parametrize("trusted", [True, False])
def test_T12_moving_the_clock_back_lengthens_nothing(trusted: bool) -> None:
    world = ready()
    world.device.clock_trusted = trusted
    request = opened(world)
    (mail,) = world.scan_and_send(request)
    world.clock.forward(24 * 3600)
    world.clock.now = 0
    assert world.device.type_code(request, CLAIM, mail.code) is Refusal.EXPIRED


def test_T12_unplugging_does_not_keep_a_request_young() -> None:
    world = ready()
    request = opened(world)
    (mail,) = world.scan_and_send(request)
    for _ in range(24 * 4):
        world.device.power_on()
    assert world.device.type_code(request, CLAIM, mail.code) is Refusal.NO_SUCH_REQUEST


def test_T12_a_trusted_clock_counts_the_time_that_the_device_was_off() -> None:
    world = ready()
    request = opened(world)
    (mail,) = world.scan_and_send(request)
    world.clock.now += 25 * 3600
    assert world.device.type_code(request, CLAIM, mail.code) is Refusal.EXPIRED


@pytest.mark.meets("asvs-9.2.3")
def test_T13_a_request_for_one_desk_is_nothing_to_another() -> None:
    ours, theirs = ready(), World("hikvision")
    request = opened(ours)
    text = link(theirs.desk.trust.prefix, request)
    theirs.desk.trust = replace(theirs.desk.trust, desk=bytes(8))
    with pytest.raises(UntrustedError):
        theirs.desk.open(read_link(text))


def play(world: World) -> None:
    """A whole recovery, starting from whatever a power cut left, as its owner would: from the login page."""
    if not world.device.record.accounts:
        assert world.device.activate(OLD, OWNER) is None
    if world.device.works(NEW):
        return
    request = opened(world)
    (mail,) = world.scan_and_send(request)
    assert world.device.type_code(request, CLAIM, mail.code) is None
    assert world.device.choose_password(CLAIM, NEW) is None


def instants(profile: str) -> int:
    world = World(profile)
    world.device.power_on()
    play(world)
    assert world.device.works(NEW)
    return world.switch.passed


@pytest.mark.meets("asvs-2.3.3", "etsi-5.9-1")
@pytest.mark.parametrize("profile", ["sparekey", "patronum", "hikvision"])
def test_T07_power_cut_at_every_instant_leaves_exactly_one_password(profile: str) -> None:
    total = instants(profile)
    assert total > 30, "the switch must have something to cut"
    for cut_at in range(1, total + 1):
        world = World(profile, cut_at)
        with pytest.raises(PowerCutError):
            world.device.power_on()
            play(world)
        world.device.power_on()
        if world.device.record.accounts:
            assert world.device.works(OLD) != world.device.works(NEW), (
                f"cut at {world.switch.names[cut_at - 1]}"
            )
        assert world.device.store.waiting() == []
        play(world)
        assert world.device.works(NEW)
        assert not world.device.works(OLD)


def test_T07_a_cut_between_counting_and_looking_costs_the_try() -> None:
    world = ready()
    request = opened(world)
    world.scan_and_send(request)
    world.switch.cut_at = world.switch.passed + 3
    with pytest.raises(PowerCutError, match="after commit"):
        world.device.type_code(request, CLAIM, code_from_bits(0))
    world.device.power_on()
    assert find(world.device.record.budgets, MethodName.MAIL_CODE, Face.NETWORK).counted == 1


def _joined(header: bytes, sealed: bytes) -> bytes:
    from sparekey.core.codec import encode

    return encode([header, sealed])
