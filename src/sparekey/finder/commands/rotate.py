"""`sparekey rotate`: new passwords for many devices, ours and other makers'."""

from __future__ import annotations

import asyncio
import csv
import io
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sparekey.finder import asking, vault
from sparekey.finder.changes import Changes
from sparekey.finder.command import run
from sparekey.finder.kit import Kit, opened, options
from sparekey.finder.logins import Device, grouped, read_logins
from sparekey.finder.many import End, Result, each, exit_code
from sparekey.finder.meeting import names
from sparekey.finder.places import private_file
from sparekey.finder.rotation import CHANGED, WOULD, Rotation
from sparekey.finder.saving import save_changes
from sparekey.lan.http_digest import Credential

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.core.values import Secret
    from sparekey.finder.changes import Change

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    "sparekey rotate",
    epilog="Without --yes the logins are tried, each once, and nothing is changed. What breaks off goes on with"
    " --resume. Exit codes: 0 all, 1 some said no, 3 another device answers somewhere, 4 some did not answer.",
)
@click.argument("devices", nargs=-1, metavar="[DEVICE]...")
@click.option("--logins", type=_FILE, help="a CSV file of address,user,password that only you can read")
@click.option("--user", default="admin", show_default=True, help="who signs in to DEVICE")
@click.option("--password-file", type=_FILE, help="the password of all DEVICE; else it is asked for")
@click.option("--save", type=_FILE, help="where the new passwords go: .csv or .kdbx")
@click.option("--vault-password-file", type=_FILE, help="opens the .kdbx; else it is asked for")
@click.option("--report", type=_FILE, help="a CSV file of what became of each, without passwords")
@click.option(
    "--cleartext", is_flag=True, help="yes, new passwords may travel readable to cameras without https"
)
@click.option("--resume", is_flag=True, help="go on with what broke off, whoever DEVICE were")
@click.option("--yes", is_flag=True, help="do it")
@options
def command(
    devices: tuple[str, ...],
    logins: Path | None,
    user: str,
    password_file: Path | None,
    save: Path | None,
    vault_password_file: Path | None,
    report: Path | None,
    cleartext: bool,
    resume: bool,
    yes: bool,
    journal: Path | None,
    trusts: bool,
) -> int:
    """Give each device a new password of its own, and see that the old one is dead.

    DEVICE is an address of a device of ours or of a camera with ONVIF, or the camera's ONVIF address
    (https://192.0.2.64/onvif/device_service).
    """
    if (yes or resume) and save is None:
        raise click.UsageError("--yes needs --save FILE.csv or FILE.kdbx: nobody could sign in otherwise")
    if resume and (devices or logins):
        raise click.UsageError("--resume goes on with what is under way; name no devices")
    kit = opened(journal, trusts=trusts)
    with kit.journal:
        named = _under_way(kit) if resume else _named(kit, devices, logins, user, password_file)
        for device in named:
            names(device.address)
        master = _master(kit, save, vault_password_file)
        rotation = Rotation(kit, does=yes or resume, in_the_open=cleartext)
        try:
            results = asyncio.run(each(named, rotation.one, tell=lambda one, left: _tell(kit, one, left)))
        finally:
            _finish(kit, save, master)
        if report is not None:
            private_file(report, _report(results))
        counts = Counter(result.end for result in results)
        kit.say(
            kit.words.text("Done: %(done)s. Refused: %(refused)s. No answer: %(failed)s.")
            % {
                "done": counts[End.DONE],
                "refused": counts[End.REFUSED] + counts[End.STOPPED],
                "failed": counts[End.FAILED],
            }
        )
        if not rotation.does:
            kit.say(kit.words.text("Nothing was changed. Do it with --yes."))
    return exit_code(results)


def main(arguments: list[str]) -> int:
    """Run it. Raises SparekeyError for what the caller prints."""
    return run(command, arguments)


def _named(
    kit: Kit, devices: Sequence[str], logins: Path | None, user: str, password_file: Path | None
) -> list[Device]:
    if bool(devices) == (logins is not None):
        raise click.UsageError("name DEVICE..., or --logins with a file; one of the two")
    if logins is not None:
        return read_logins(logins)
    login = Credential(user, asking.current(password_file, kit.words, user))
    return grouped((device, login) for device in devices)


def _under_way(kit: Kit) -> list[Device]:
    return [Device(change.place, ()) for change in Changes(kit.journal).all()]


def _master(kit: Kit, save: Path | None, file: Path | None) -> Secret | None:
    """Everything that saving needs, before anything is changed."""
    if save is None:
        return None
    vault.check(save)
    return asking.current(file, kit.words, save.name) if save.suffix.lower() == ".kdbx" else None


def _finish(kit: Kit, save: Path | None, master: Secret | None) -> None:
    saved = save_changes(kit, save, master) if save is not None else 0
    if saved:
        kit.say(kit.words.text("Saved in %(file)s: %(count)s passwords.") % {"file": save, "count": saved})


def _tell(kit: Kit, result: Result[Device, Change], left: int) -> None:
    told = result.why or kit.words.text(CHANGED if result.done else WOULD)
    click.echo(f"{result.thing.address}: {told}")
    if left and left % 50 == 0:
        kit.say(kit.words.plural("%(n)s device to go", "%(n)s devices to go", left))


def _report(results: Sequence[Result[Device, Change]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("address", "result", "why"))
    writer.writerows((one.thing.address, one.end.value, one.why) for one in results)
    return out.getvalue().encode()
