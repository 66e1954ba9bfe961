"""`sparekey desk`: make a support desk, and run it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sparekey.core import crypto
from sparekey.core.errors import InputError, UnavailableError
from sparekey.desk import config, keyring
from sparekey.desk.keys import commands as keys_commands
from sparekey.desk.orders import commands as orders_commands
from sparekey.desk.staff import commands as staff_commands
from sparekey.desk.trust import make_trust
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy


def main(argv: list[str] | None = None) -> int:
    """Run one of the commands. Raises SparekeyError for what the caller prints."""
    parser = argparse.ArgumentParser(prog="sparekey desk", description="The recovery service.")
    commands = parser.add_subparsers(dest="command", required=True)
    init = commands.add_parser("init", help="make the folder of a new desk: settings, keys, trust file")
    init.add_argument("--dir", type=Path, required=True, help="the new desk's folder")
    init.add_argument("--name", required=True, help="what people know the desk by")
    init.add_argument("--url", required=True, help="its public address, such as https://desk.example.com")
    init.add_argument("--listen", default="127.0.0.1:8600", metavar="HOST:PORT", help="where it answers")
    init.add_argument("--root-key", type=Path, metavar="FILE", help="the maker's root key; else one is made")
    init.set_defaults(call=_init)
    run = commands.add_parser("run", help="serve the pages and send the mails")
    run.set_defaults(call=_run)
    keys_commands.add(commands)
    people = staff_commands.add(commands)
    payments = orders_commands.add(commands)
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
    for command in (*people, payments, run, imported, reseal, doctor, backup, restore):
        command.add_argument("--config", type=Path, required=True, metavar="FILE", help="desk.toml")
    given = parser.parse_args(argv)
    return int(given.call(given))


def _complain(line: str) -> None:
    print(line, file=sys.stderr)


def _init(given: argparse.Namespace) -> int:
    folder: Path = given.dir
    name, url = config.check_name(given.name), config.check_url(given.url)
    config.host_and_port(given.listen)
    root = None if given.root_key is None else keyring.read_key(given.root_key)
    made = {what: folder / what for what in ("desk.toml", "keys", "trust.sparekey-trust", "maker-root.pub")}
    if root is None:
        made["maker-root.key"] = folder / "maker-root.key"
    for path in made.values():
        if path.exists():
            raise InputError("exists", f"{path} is already there; nothing was changed")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnavailableError("disk", f"cannot make {folder}: {error.strerror}") from None
    entropy = SystemEntropy()
    if root is None:
        root = entropy.bytes(crypto.KEY_LENGTH)
        keyring.write_new(made["maker-root.key"], keyring.spelled(root), private=True)
    keyring.make_keys(made["keys"], entropy)
    keys = keyring.read_keys(made["keys"])
    trust = make_trust(name=name, prefix=config.url_prefix(url), keyring=keys, root=root, entropy=entropy)
    keyring.write_new(made["maker-root.pub"], keyring.spelled(crypto.signing_public(root)))
    keyring.write_new(made["trust.sparekey-trust"], trust.encode())
    keyring.write_new(made["desk.toml"], config.text(name, url, given.listen).encode())
    print(f"The desk is in {folder}.")
    if "maker-root.key" in made:
        print(f"Move {made['maker-root.key']} to a place without network:")
        print("whoever has it can make devices trust another desk.")
    print(f"Devices need {made['trust.sparekey-trust']} and {made['maker-root.pub']}.")
    print(f"Fill in [smtp] in {made['desk.toml']}, then: sparekey desk run --config {made['desk.toml']}")
    staff_commands.invite_first(folder, url, print)
    return 0


def _manifest(given: argparse.Namespace) -> int:
    from sparekey.desk.registry.commands import import_manifest

    return import_manifest(config.load(given.config), given.file, say=print, complain=_complain)


def _reseal(given: argparse.Namespace) -> int:
    from sparekey.desk.registry.commands import reseal

    return reseal(config.load(given.config), say=print)


def _doctor(given: argparse.Namespace) -> int:
    from sparekey.desk.doctor import examine

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


def _run(given: argparse.Namespace) -> int:
    from sparekey.desk.serve import serve
    from sparekey.host import logs

    settings = config.load(given.config)
    logs.to_stderr()
    serve(settings, ready=lambda: print(f"sparekey desk: ready at {settings.url}", flush=True))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
