"""`sparekey profile list` and `sparekey profile show NAME`."""

from __future__ import annotations

import argparse
import sys

from sparekey.core.policy import DAY, Policy
from sparekey.profiles import names, profile
from sparekey.profiles.standards import departures


def main(arguments: list[str]) -> int:
    """List the profiles, or show one. Exit codes: 0 shown, 2 there is no such profile."""
    parser = argparse.ArgumentParser(prog="sparekey profile", description="Shows what a profile decides.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="all profiles")
    verbs.add_parser("show", help="one profile").add_argument("name", metavar="NAME")
    given = parser.parse_args(arguments)
    lines = _all() if given.verb == "list" else _one(given.name, profile(given.name))
    print("\n".join(lines))
    return 0


def _all() -> list[str]:
    return [f"{name:<16}{profile(name).title}" for name in names()]


def _one(name: str, policy: Policy) -> list[str]:
    required = ", ".join(factor.value for factor in policy.setup.required) or "a password only"
    login = policy.factory_login
    default = (
        f"{login.account} / {login.password}, to set a new password and nothing else" if login else "none"
    )
    lines = [
        policy.title,
        "",
        f"Default login:      {default}",
        f"Password:           {policy.password.least} to {policy.password.most} characters",
        f"First login needs:  {required}",
        f"Mailed code:        valid {policy.mail_code.valid // 3600} h"
        + (", a reboot voids it" if policy.mail_code.reboot_voids else ""),
        (
            f"Support's files:    valid {policy.response.file_valid // 3600} h; without a clock, "
            f"{policy.response.file_age // DAY} days of switched-on time"
        ),
        f"Hold at the desk:   {policy.hold} h at least",
        "Ways back in:",
        *(f"  {method.value}" for method in policy.methods),
    ]
    departing = [f"  {where}: {what}" for where, what in departures(name)]
    if not departing:
        return [*lines, "Departs from nothing that the recommended profile meets."]
    return [*lines, "Departs from:", *departing]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
