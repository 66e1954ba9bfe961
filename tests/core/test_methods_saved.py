"""Key file and recovery sheet: what the device keeps of them, and what it takes again."""

from __future__ import annotations

import hmac
from dataclasses import replace

from sparekey.core.codes import saved_from_bits
from sparekey.core.errors import Refusal
from sparekey.core.messages.key_file import KeyFile
from sparekey.core.methods import METHODS, key_file, recovery_sheet
from sparekey.core.record import Factors
from sparekey.core.values import MethodName
from tests.core.samples import CHEAP, DEVICE_KEY, RECORD, now

HERE = replace(now(uptime=500), cost=CHEAP)
FILE = KeyFile(HERE.identity.serial, RECORD.generation, b"s" * 32, b"a" * 16)


def test_P04_what_is_kept_of_a_key_file_is_that_of_the_spec() -> None:
    kept = key_file.keep(FILE, RECORD, HERE)
    assert (kept.made, kept.made_wall) == (500, HERE.moment.wall)
    derived = hmac.digest(DEVICE_KEY, b"sparekey/1 saved key file\x01", "sha256")
    assert kept.verifier == hmac.digest(derived, FILE.generation.to_bytes(8, "big") + FILE.secret, "sha256")


def test_P04_a_key_file_is_for_one_device_and_one_generation() -> None:
    record = replace(RECORD, factors=Factors(key_file=key_file.keep(FILE, RECORD, HERE)))
    judge = METHODS[MethodName.KEY_FILE].judge
    assert judge(record, None, FILE, HERE) is None
    assert judge(record, None, replace(FILE, serial="PX-9999"), HERE) is Refusal.NOT_GENUINE
    assert judge(replace(record, generation=record.generation + 1), None, FILE, HERE) is Refusal.NOT_GENUINE


def test_B08_what_is_kept_of_a_sheet_says_when_it_was_made() -> None:
    kept = recovery_sheet.keep(saved_from_bits(7), RECORD, HERE)
    assert (kept.made, kept.made_wall) == (500, HERE.moment.wall)
