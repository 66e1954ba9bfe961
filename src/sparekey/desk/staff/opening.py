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
    from sparekey.desk.keyring import Keyring
    from sparekey.desk.log.ports import RecoveryLog
    from sparekey.desk.store.database import Database
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy


def open_company(config: DeskConfig, staff: Staff, clock: Clock) -> Company | None:
    """The company's own sign-in, where there is one. Raises InputError (`config`). It is asked nothing yet: the desk
    starts without it.
    """
    if config.company is None:
        return None
    from sparekey.desk.staff.openid import OpenIdProvider

    provider = OpenIdProvider(config.company, f"{config.url}{BACK}", clock)
    return Company(config.company, provider, staff.challenges, clock)


def open_staff(
    config: DeskConfig,
    *,
    keyring: Keyring,
    database: Database,
    log: RecoveryLog,
    clock: Clock,
    entropy: Entropy,
    policy: int,
) -> Staff:
    """`policy`: version of the evidence policy. Passkeys are bound to the host in the desk's url."""
    return Staff(
        database=database,
        log=log,
        passkeys=Passkeys(host=urlsplit(config.url).hostname or "", origin=config.url, desk=config.name),
        challenges=Challenges(crypto.derive(keyring.ticket, "staff challenges"), entropy),
        clock=clock,
        entropy=entropy,
        policy=policy,
        limits=config.sessions,
    )
