"""Whoever gets the recorder's files and logs gets no code and no password."""

from __future__ import annotations

import logging
import re

import pytest

from tests.device.recorder import NEW, OLD, OWNER, Recorder, choose, type_in


@pytest.mark.meets("asvs-16.2.5")
def test_T02_neither_code_nor_password_nor_cookie_is_in_any_file_or_log(
    recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    cookies: set[str] = set()
    signed = recorder.signed_in()
    browser, mail = recorder.scanning()
    cookies |= {*signed.cookies.values(), *browser.cookies.values()}
    files = recorder.folder.glob("device.sqlite*")
    assert {file.name for file in files} >= {"device.sqlite", "device.sqlite-wal"}
    type_in(browser, mail.code)
    before = stored(recorder)
    choose(browser)
    after = stored(recorder) + caplog.text.encode()
    secrets = [OLD, NEW, mail.code.text, mail.code.shown, mail.code.text.lower(), *cookies]
    for secret in secrets:
        pickup = re.split(r"\.", secret)[0]
        assert pickup.encode() not in before + after
        if re.fullmatch(r"[0-9a-f]{32,}", pickup):
            assert bytes.fromhex(pickup) not in before + after
    assert mail.code.bits.to_bytes(5, "big") not in before + after
    assert recorder.keys.device_key not in before + after
    assert OWNER.encode() in before  # the scan does look at what is stored


def stored(recorder: Recorder) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(recorder.folder.glob("device.sqlite*")))
