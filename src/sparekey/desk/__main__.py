"""`sparekey desk`: make a support desk, and run it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sparekey.desk import config
from sparekey.desk.api import commands as token_commands
from sparekey.desk.founding import found
from sparekey.desk.keys import commands as keys_commands
from sparekey.desk.orders import commands as orders_commands
from sparekey.desk.staff import commands as staff_commands
from sparekey.host.clock import SystemClock

FOLDER = Path("sparekey-desk")
"""Where a desk is made and looked for when nobody says it."""


def main(argv: list[str] | None = None) -> int:
    """Run one of the commands. Raises SparekeyError for what the caller prints."""
    parser = argparse.ArgumentParser(prog="sparekey desk", description="The recovery service.")
    commands = parser.add_subparsers(dest="command", required=True)
    init = commands.add_parser("init", help="make the folder of a new desk: settings, keys, trust file")
    init.add_argument("--dir", type=Path, default=FOLDER, help=f"the new desk's folder; else {FOLDER}")
    init.add_argument("--name", default="Support desk", help="what people know the desk by")
    init.add_argument(
        "--url", default="http://localhost:8600", help="its public https:// address; else here alone"
    )
    init.add_argument("--listen", default="127.0.0.1:8600", metavar="HOST:PORT", help="where it answers")
    init.add_argument("--database", default="desk.sqlite", help="a file, or postgresql://USER@HOST/NAME")
    init.add_argument("--database-password-file", type=Path, metavar="FILE", help="its password, mode 0600")
    init.add_argument("--root-key", type=Path, metavar="FILE", help="the maker's root key; else one is made")
    init.set_defaults(call=lambda given: found(given, print))
    run = commands.add_parser("run", help="serve the pages and send the mails")
    run.set_defaults(call=_run)
    keys_commands.add(commands)
    people = staff_commands.add(commands)
    payments = orders_commands.add(commands)
    programs = token_commands.add(commands)
    manifest = commands.add_parser("manifest", help="the factory's list of serial numbers and tokens")
    parts = manifest.add_subparsers(dest="part", required=True)
    imported = parts.add_parser("import", help="read a list, from where it broke off; lines of SERIAL,HASH")
    imported.add_argument("file", type=Path, metavar="FILE", help="the list, as CSV")
    imported.set_defaults(call=_manifest)
    reseal = commands.add_parser("reseal", help="seal stored enrolments to the newest key")
    reseal.set_defaults(call=_reseal)
    doctor = commands.add_parser("doctor", help="say what is wrong with this installation")
    doctor.set_defaults(call=_doctor)
    backup = commands.add_parser("backup", help="copy the data of a desk that may run, and check the copy")
    backup.add_argument("--to", type=Path, required=True, metavar="DIR", help="a new folder for the copy")
    backup.set_defaults(call=_backup)
    restore = commands.add_parser("restore", help="put the data of a copy back")
    restore.add_argument("--from", type=Path, required=True, metavar="DIR", dest="source", help="the copy")
    restore.add_argument("--new-log", action="store_true", help="begin the new log that the trust file names")
    restore.set_defaults(call=_restore)
    bounced = commands.add_parser("bounced", help="read a mail server's report of a mail that did not arrive")
    bounced.set_defaults(call=_bounced)
    for command in (*people, bounced, *programs, payments, run, imported, reseal, doctor, backup, restore):
        command.add_argument(
            "--config", type=Path, metavar="FILE", help="desk.toml; else here, or in " + str(FOLDER)
        )
    given = parser.parse_args(argv)
    if getattr(given, "config", given) is None:
        given.config = _settings()
    return int(given.call(given))


def _settings() -> Path:
    """Where the settings are when nobody says it."""
    here = Path("desk.toml")
    return here if here.exists() else FOLDER / here


def _complain(line: str) -> None:
    print(line, file=sys.stderr)


def _manifest(given: argparse.Namespace) -> int:
    from sparekey.desk.registry.commands import import_manifest

    return import_manifest(config.load(given.config), given.file, say=print, complain=_complain)


def _reseal(given: argparse.Namespace) -> int:
    from sparekey.desk.registry.commands import reseal

    return reseal(config.load(given.config), say=print)


def _doctor(given: argparse.Namespace) -> int:
    from sparekey.desk.doctor.examination import examine

    wrong = 0
    for finding in examine(config.load(given.config), given.config, SystemClock()):
        wrong += bool(finding.wrong)
        print(f"{'MEND' if finding.wrong else 'ok':<5}{finding.thing}: {finding.wrong or finding.told}")
    return 1 if wrong else 0


def _backup(given: argparse.Namespace) -> int:
    from sparekey.desk.backup import back_up

    entries = back_up(config.load(given.config), given.config, given.to)
    print(f"The copy is in {given.to}: whole, with {entries} entries in its log.")
    print("The keys are not in it. Keep them in another place, where nobody else can read them.")
    return 0


def _restore(given: argparse.Namespace) -> int:
    from sparekey.desk.backup import restore

    entries = restore(config.load(given.config), given.source, new_log=given.new_log)
    print(f"The database is back, with {entries} entries in its log. Now: sparekey desk doctor")
    return 0


def _bounced(given: argparse.Namespace) -> int:
    from sparekey.desk.cases.commands import bounced

    return bounced(config.load(given.config), sys.stdin.buffer.read, SystemClock(), say=print)


def _run(given: argparse.Namespace) -> int:
    from sparekey.desk.serve import serve
    from sparekey.host import logs

    settings = config.load(given.config)
    logs.to_stderr()
    serve(settings, ready=lambda: print(f"sparekey desk: ready at {settings.url}", flush=True))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
