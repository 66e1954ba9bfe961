"""`sparekey desk bounced`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.desk.cases.bounces import REPORT_LIMIT, Marks, note_return, returned
from sparekey.desk.cases.repository import CaseRepository
from sparekey.desk.cases.vault import Vault
from sparekey.desk.keyring import read_keys
from sparekey.desk.store.opening import open_database

if TYPE_CHECKING:
    from collections.abc import Callable

    from sparekey.desk.config import DeskConfig
    from sparekey.host.clock import Clock


def bounced(
    config: DeskConfig, read: Callable[[int], bytes], clock: Clock, *, say: Callable[[str], None]
) -> int:
    """Read a report, and note on its case that the mail did not arrive. Returns 0, also for what is no report: a mail
    server would send that back. Raises InputError, UnavailableError.
    """
    keyring = read_keys(config.keys)
    mark = returned(read(REPORT_LIMIT + 1), Marks((keyring.ticket, *keyring.old_tickets)))
    if mark is None:
        say("This reports no mail of ours that did not arrive.")
        return 0
    database = open_database(config)
    try:
        note_return(CaseRepository(database, Vault(keyring), lambda _: ""), mark, clock.wall())
    finally:
        database.close()
    say(f"Noted on case {mark[0]}.")
    return 0
