"""The checks, one file for each procedure. What is not listed here is reported as still to do."""

from __future__ import annotations

from sparekey.demo.checks import (
    b01_sealed_mailbox,
    b03_recovery_log,
    b04_told,
    b06_open_request,
    b08_recovery_sheet,
    b10_own_accounts,
    p01_reset_button,
    p02_first_login,
    p03_questions,
    p04_key_file,
    p05_mail_code,
    p07_info,
    p08_web,
    p09_wrong_password,
    p11_try,
    p18_cameras,
    p20_reserved_address,
    p21_square,
    p23_new_password,
    p24_firmware,
    p25_at_the_device,
    p26_factory,
)

CHECKS = (
    *p01_reset_button.CHECKS,
    *p02_first_login.CHECKS,
    *p03_questions.CHECKS,
    *p04_key_file.CHECKS,
    *p05_mail_code.CHECKS,
    *p07_info.CHECKS,
    *p08_web.CHECKS,
    *p09_wrong_password.CHECKS,
    *p11_try.CHECKS,
    *p18_cameras.CHECKS,
    *p20_reserved_address.CHECKS,
    *p21_square.CHECKS,
    *p23_new_password.CHECKS,
    *p24_firmware.CHECKS,
    *p25_at_the_device.CHECKS,
    *p26_factory.CHECKS,
    *b01_sealed_mailbox.CHECKS,
    *b03_recovery_log.CHECKS,
    *b04_told.CHECKS,
    *b06_open_request.CHECKS,
    *b08_recovery_sheet.CHECKS,
    *b10_own_accounts.CHECKS,
)
"""In the order in which they are played."""
