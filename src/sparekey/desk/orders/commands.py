"""`sparekey desk payments`: take a bank statement in without the console."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError
from sparekey.desk import config
from sparekey.desk.cases.vault import Vault
from sparekey.desk.keyring import read_keys
from sparekey.desk.orders.bank import BankTransfer
from sparekey.desk.orders.camt import STATEMENT_LIMIT
from sparekey.desk.orders.money import plain
from sparekey.desk.orders.repository import OrderRepository
from sparekey.desk.orders.till import Till
from sparekey.desk.store.opening import open_database
from sparekey.host.clock import SystemClock

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from sparekey.desk.config import DeskConfig


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command; it gets its settings file from the caller."""
    payments = commands.add_parser("payments", help="money for the technician's unlock")
    parts = payments.add_subparsers(dest="part", required=True)
    imported = parts.add_parser("import", help="take in a bank statement; twice does no harm")
    imported.add_argument("file", type=Path, metavar="FILE", help="the statement: CAMT.053, as XML")
    imported.set_defaults(call=lambda given: import_statement(config.load(given.config), given.file, print))
    return imported


def import_statement(settings: DeskConfig, file: Path, say: Callable[[str], None]) -> int:
    """Take it in, and say what came of it. Raises InputError, UnavailableError."""
    shop = settings.shop
    if shop is None:
        raise InputError("config", "this desk sells nothing: desk.toml has no [shop]")
    try:
        with file.open("rb") as opened:
            data = opened.read(STATEMENT_LIMIT + 1)
    except OSError as error:
        raise UnavailableError("file", f"cannot read {file}: {error.strerror}") from None
    credits_ = BankTransfer(shop).credits(data)
    vault = Vault(read_keys(settings.keys))
    database = open_database(settings)
    try:
        till = Till(OrderRepository(database, vault), vault, shop.amount, shop.currency)
        imported = till.take(credits_, SystemClock().wall(), "")
        for number in imported.paid:
            say(f"{number} paid")
        say(f"{len(imported.paid)} paid, {imported.listed} to look at, {imported.known} known before")
        for payment in till.waiting():
            say(
                f"{payment.day} {plain(payment.amount)} {payment.currency}: {payment.outcome} {payment.number}"
            )
        return 0
    finally:
        database.close()
