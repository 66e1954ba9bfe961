"""Which way is open to me: all ways of a profile, in order of least loss, with reasons and losses."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from sparekey.core.errors import Refusal
from sparekey.core.messages.header import Purpose
from sparekey.core.methods import METHODS
from sparekey.core.methods.method import Closed
from sparekey.core.model import Model, Since
from sparekey.core.values import Face, MethodName
from sparekey.device.pages.ways import _CLOSED, _NEEDS, _TITLES
from sparekey.profiles import names
from tests.device.browser import Page
from tests.device.prepared import AT_SCREEN, make_key_file, make_sheet
from tests.device.recorder import Recorder


def rows(page: Page) -> list[str]:
    """Each way as it is read."""
    (listed,) = re.findall(r'<ul class="ways">(.*?)</ul>', page.html, re.DOTALL)
    items = re.findall(r"<li>(.*?)</li>", listed, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]*>", " ", item)).split()) for item in items]


@pytest.mark.parametrize("profile", names())
@pytest.mark.parametrize("model", ["PX-3216", "C-220"], ids=["recorder", "camera"])
@pytest.mark.parametrize("how", [{}, AT_SCREEN], ids=["network", "screen"])
def test_P25_device_every_way_of_the_profile_in_order_of_least_loss(
    tmp_path: Path, profile: str, how: dict[str, Any], model: str
) -> None:
    recorder = Recorder(tmp_path, profile, model=model)
    recorder.set_up()
    policy = recorder.config.policy
    page = recorder.browser(**how).get("/forgot")
    own = {MethodName.MAIL_CODE: policy.words.mail_code, MethodName.SECURITY_CODE: policy.words.security_code}
    titles = {**_TITLES, **own}
    told = rows(page)
    offered = [titles[method] for method in METHODS if method in policy.methods]
    assert len(told) == len(offered)
    for row, title in zip(told, offered, strict=True):
        assert row.startswith(title)
        assert re.search(r"Nothing is lost|No |has no|Not here|are erased|are lost", row), row
        assert re.search(r"about 2 min|hours|about 3 working days, paid|No |has no|Not here", row), row
        assert "%" not in row
    assert "All ways but the technician are free." in page.words
    assert ("recorder" in " ".join(told)) != (model == "C-220")


@pytest.mark.parametrize("profile", names())
@pytest.mark.parametrize("how", [{}, AT_SCREEN], ids=["network", "screen"])
def test_P25_device_no_way_leads_nowhere(tmp_path: Path, profile: str, how: dict[str, Any]) -> None:
    recorder = Recorder(tmp_path, profile)
    recorder.set_up()
    browser = recorder.browser(**how)
    for path in {href for href in browser.get("/forgot").links if href.startswith("/forgot")}:
        assert browser.get(path).status == 200


def test_P25_device_what_is_not_prepared_is_greyed_with_the_reason(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    recorder.set_up(address=None)
    told = rows(recorder.browser().get("/forgot"))
    assert "Key file No key file was made on this recorder." in told
    assert "Recovery sheet No recovery sheet was made on this recorder." in told
    assert "Code by e-mail No e-mail address was set on this recorder." in told
    assert "Reset button This recorder has no reset button." in told
    make_key_file(recorder)
    make_sheet(recorder)
    told = rows(recorder.browser().get("/forgot"))
    assert re.search(
        r"Key file about 2 min You need the file .* Made: \d+:\d\d\. Nothing is lost\.", " ".join(told)
    )
    assert re.search(r"Recovery sheet about 2 min .* Nothing is lost\.", " ".join(told))


def test_P06_device_the_technician_is_told_of_with_its_loss_and_only_starts_at_the_screen(
    recorder: Recorder,
) -> None:
    def technician(**how: Any) -> str:
        return rows(recorder.browser(**how).get("/forgot"))[-1]

    lost = "All recordings and all settings are erased."
    assert (
        technician()
        == f"Technician about 3 working days, paid Not here: at the recorder's own screen only. {lost}"
    )
    assert technician(**AT_SCREEN).startswith("Technician about 3 working days, paid Work")
    assert technician(**AT_SCREEN).endswith(lost)
    recorder.clock.forward(301)
    assert "Only in the first 5 min after switching on" in technician(**AT_SCREEN)


@pytest.mark.meets("etsi-5.3-11")
def test_P24_device_an_old_firmware_says_what_to_upgrade_to(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = recorder.agent.now
    model = Model("PX-3216", since=(Since(MethodName.MAIL_CODE, "2.1.0"),))
    monkeypatch.setattr(recorder.agent, "now", lambda: replace(now(), model=model))
    assert "Code by e-mail Not with this firmware: upgrade to 2.1.0." in rows(
        recorder.browser().get("/forgot")
    )


def test_a_desk_without_a_key_for_a_request_greys_its_way(recorder: Recorder) -> None:
    trust = recorder.agent.trust
    only_mail = tuple(row for row in trust.sealing if row[0] is Purpose.MAIL)
    recorder.agent.trust = replace(trust, sealing=only_mail)
    told = rows(recorder.browser().get("/forgot"))
    assert (
        "File from support Support does not take such requests from this recorder yet. Choose another way."
        in told
    )
    assert recorder.browser().get("/forgot/support").path == "/forgot"
    assert recorder.recovering.open_support(bytes(32), face=Face.NETWORK) is Refusal.NOT_SET_UP
    assert recorder.recovering.reaches_desk(MethodName.KEY_FILE)


def test_every_reason_and_every_method_has_its_words() -> None:
    assert set(_CLOSED) == set(Closed) - {Closed.NOT_OFFERED}
    assert set(_NEEDS) == set(MethodName)
    assert set(_TITLES) == set(MethodName) - {MethodName.MAIL_CODE, MethodName.SECURITY_CODE}


def test_a_device_without_a_password_has_nothing_to_recover(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    for path in ("/forgot", "/forgot/questions", "/forgot/key-file", "/forgot/sheet", "/forgot/support"):
        assert recorder.browser().get(path).path == "/setup"
    assert recorder.recovering.greyed(MethodName.MAIL_CODE, Face.NETWORK) is Closed.NO_ADDRESS


def test_P24_device_an_old_firmware_says_what_to_upgrade_to_and_a_new_one_offers_it(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, "hikvision")
    recorder.settings = replace(recorder.settings, firmware="0.9.3")
    recorder.start()
    recorder.set_up(None)
    told = "Not with this firmware: upgrade to 1.0.0."
    assert told in recorder.browser().get("/forgot").words
    inside = recorder.signed_in().get("/ways")
    assert told in inside.words
    assert "/users/admin/address" not in inside.links
    recorder.settings = replace(recorder.settings, firmware="1.0.0")
    recorder.reboot()
    inside = recorder.signed_in().get("/ways")
    assert told not in inside.words
    assert "/users/admin/address" in inside.links


def test_P24_a_first_login_does_not_wait_for_what_the_firmware_cannot(tmp_path: Path) -> None:
    (tmp_path / "model.toml").write_text(
        'name = "PX-3216"\nsince = [{ method = "questions", firmware = "2.0.0" }]\n'
    )
    recorder = Recorder(tmp_path, "patronum")
    recorder.settings = replace(recorder.settings, sheet="model.toml")
    recorder.start()
    recorder.set_up()
    browser = recorder.signed_in()
    assert "2 steps" not in browser.get("/ways").words
    assert browser.get("/ways/questions").path == "/ways"
