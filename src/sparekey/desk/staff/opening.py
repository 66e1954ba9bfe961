"""Puts the staff's room together at the desk's start."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sparekey.core import crypto
from sparekey.desk.staff.challenges import Challenges
from sparekey.desk.staff.company import BACK, Company
from sparekey.desk.staff.passkeys import Passkeys
from sparekey.desk.staff.staff import Staff

if TYPE_CHECKING:
    from sparekey.desk.config import DeskConfig
    from sparekey.desk.log.ports import RecoveryLog
    from sparekey.desk.tools import Tools
    from sparekey.host.clock import Clock


def open_company(config: DeskConfig, staff: Staff, clock: Clock) -> Company | None:
    """The company's own sign-in, where there is one. Raises InputError (`config`). It is asked nothing yet: the desk
    starts without it.
    """
    if config.company is None:
        return None
    from sparekey.desk.staff.openid import OpenIdProvider

    provider = OpenIdProvider(config.company, f"{config.url}{BACK}", clock)
    return Company(config.company, provider, staff.challenges, clock)


def open_staff(tools: Tools, log: RecoveryLog, policy: int) -> Staff:
    """`policy`: version of the evidence policy. Passkeys are bound to the host in the desk's url."""
    config = tools.config
    return Staff(
        database=tools.database,
        log=log,
        passkeys=Passkeys(host=urlsplit(config.url).hostname or "", origin=config.url, desk=config.name),
        challenges=Challenges(crypto.derive(tools.keyring.ticket, "staff challenges"), tools.entropy),
        clock=tools.clock,
        entropy=tools.entropy,
        policy=policy,
        limits=config.sessions,
    )
