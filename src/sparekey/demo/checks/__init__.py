"""The checks, one file for each procedure. What is not listed here is reported as still to do."""

from __future__ import annotations

from sparekey.demo.checks import b01_sealed_mailbox, p05_mail_code, p21_square, p23_new_password

CHECKS = (
    *p05_mail_code.CHECKS,
    *p21_square.CHECKS,
    *p23_new_password.CHECKS,
    *b01_sealed_mailbox.CHECKS,
)
"""In the order in which they are played."""
