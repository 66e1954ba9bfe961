"""What the makers' profiles call things. Marked here for the catalogue, which reads no profile."""

from __future__ import annotations

from sparekey.language.catalogue import N_

NAMES = frozenset(
    {
        N_("Forgot the password?"),
        N_("Forgot Password"),
        N_("Password recovery"),
        N_("Code by e-mail"),
        N_("Verify by Reserved Email"),
        N_("Email verification"),
        N_("Reset Password by e-mail"),
        N_("Code from the e-mail"),
        N_("Verification code"),
        N_("Secure Code"),
        N_("Code of the day from support"),
        N_("Code from support"),
        N_("Reset password from support"),
        N_("Reset password"),
        N_("Security code from support"),
        N_("Security code"),
        N_("Secure Code from support"),
    }
)
"""Every text that a profile may give as one of its `policy.Words`."""
