"""`sparekey log`: check a desk's recovery log from outside, watch it grow, be its witness."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sparekey.core import crypto
from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.tlog.leaf import LOG_ID_LENGTH, Issued, Leaf
from sparekey.core.tlog.note import KeyType, VerifierKey
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy
from sparekey.monitor import keys, memory
from sparekey.monitor.reading import Signed, Tally, entries, newest
from sparekey.monitor.source import Copying, open_source

if TYPE_CHECKING:
    from sparekey.host.clock import Clock
    from sparekey.monitor.keys import Believed
    from sparekey.monitor.source import Source

EVERY = 300
"""Seconds between looks of `watch`."""
SPOOLED = 1 << 20
"""Characters of what is new that `watch` keeps in memory until all of it holds; more waits in a file without a name."""


_YEAR_10000 = 253_402_300_800


def main(argv: list[str] | None = None) -> int:
    """Run one of the commands. Raises SparekeyError for what the caller prints."""
    parser = argparse.ArgumentParser(
        prog="sparekey log", description="Checks a desk's recovery log from outside."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", help="read all of a log and check that it is whole")
    watch = commands.add_parser("watch", help="tell what is new in a log, and whether it only grew")
    witness = commands.add_parser("witness", help="cosign the logs that only grow")
    for command in (verify, watch):
        command.add_argument(
            "where", metavar="URL|DIR", help="such as https://desk.example.com/log, or a copy"
        )
        command.add_argument(
            "--find", metavar="HEX", help="list the entries with this log id or request hash"
        )
    for command in (verify, watch, witness):
        command.add_argument(
            "--key", action="append", default=[], help="the log's key, or one of a witness it needs"
        )
        command.add_argument(
            "--trust", type=Path, metavar="FILE", help="take the keys from a trust file instead"
        )
        command.add_argument(
            "--root", type=Path, metavar="FILE", help="the maker's public key that signed it"
        )
    verify.add_argument("--copy", type=Path, metavar="DIR", help="keep a copy of the log there")
    watch.add_argument("--memory", type=Path, required=True, metavar="FILE", help="what was seen last")
    watch.add_argument("--every", type=int, default=EVERY, metavar="SECONDS", help=f"between looks ({EVERY})")
    watch.add_argument("--once", action="store_true", help="look once and end")
    witness.add_argument("--dir", type=Path, required=True, help="its folder; the key is made there")
    witness.add_argument("--name", required=True, help="of its key, such as witness.example.com/north")
    witness.add_argument("--listen", default="127.0.0.1:8650", metavar="HOST:PORT", help="(127.0.0.1:8650)")
    given = parser.parse_args(argv)
    believed = _believed(given)
    if given.command == "witness":
        return _witness(given, believed)
    wanted = None if given.find is None else _read_id(given.find)
    source = open_source(given.where)
    if given.command == "verify":
        return _verify(source if given.copy is None else Copying(source, given.copy), believed, wanted)
    return _watch(given, source, believed, wanted, SystemClock())


def _believed(given: argparse.Namespace) -> Believed:
    if bool(given.trust) != bool(given.root) or bool(given.trust) == bool(given.key):
        raise InputError(
            "log-keys", "say whom to believe: --key name+id+key, or --trust FILE with --root FILE"
        )
    return keys.by_trust(given.trust, given.root) if given.trust else keys.by_keys(given.key)


def _verify(source: Source, believed: Believed, wanted: bytes | None) -> int:
    state, tally = newest(source, believed), Tally(wanted)
    for index, leaf in entries(source, state.checkpoint):
        tally.add(index, leaf)
    print(f"{believed.origin}: {tally.entries} entries, whole and signed.")
    _print_witnesses(state)
    for name, count in sorted(tally.methods.items()):
        print(f"  {name}: {count}")
    for name, count in sorted(tally.approvers.items()):
        print(f"  approved by {name}: {count}")
    _print_found(tally)
    return 0


def _watch(
    given: argparse.Namespace, source: Source, believed: Believed, wanted: bytes | None, clock: Clock
) -> int:
    while True:
        try:
            _look(given.memory, source, believed, wanted)
        except UnavailableError as error:
            if given.once:
                raise
            print(f"sparekey log: {error.slug}: {error.hint}; looking again", file=sys.stderr, flush=True)
        if given.once:
            return 0
        clock.sleep(max(given.every, 1))


def _look(file: Path, source: Source, believed: Believed, wanted: bytes | None) -> None:
    """One look; what is new is printed, and remembered only once all of it holds."""
    known = memory.recall(file)
    if known is not None and known.origin != believed.origin:
        raise InputError("log-memory", f"{file} is about another log: {known.origin}")
    state, tally = newest(source, believed), Tally(wanted)
    with tempfile.SpooledTemporaryFile(SPOOLED, "w+", encoding="utf-8") as new:
        try:
            for index, leaf in entries(source, state.checkpoint, known):
                tally.add(index, leaf)
                new.write(_line(index, leaf) + "\n")
            new.seek(0)
        except OSError as error:
            raise UnavailableError("disk", f"cannot keep what is new: {error.strerror}") from None
        shutil.copyfileobj(new, sys.stdout)
    if wanted is not None and tally.found:
        _print_found(tally)
    if tally.entries or known is None:
        print(f"{believed.origin}: {state.checkpoint.size} entries; it only grew.", flush=True)
    memory.remember(file, state.note)


def _witness(given: argparse.Namespace, believed: Believed) -> int:
    from sparekey.monitor.serving import Door
    from sparekey.monitor.witness import Witness

    host, _, port = given.listen.rpartition(":")
    if not host or not port.isdecimal():
        raise InputError("listen", "listen looks like 127.0.0.1:8650")
    private = _own_key(given.dir)
    key = VerifierKey(given.name, KeyType.COSIGNATURE, crypto.signing_public(private))
    witness = Witness(given.name, private, {believed.origin: believed}, given.dir, SystemClock())
    try:
        door = Door((host, int(port)), witness, key.text)
    except (OSError, OverflowError):
        raise UnavailableError("port", f"cannot listen at {given.listen}") from None
    print(f"sparekey log: the witness {key.text}\nis ready at {given.listen}", flush=True)
    with door:
        door.serve_forever()
    return 0


def _own_key(folder: Path) -> bytes:
    """The witness's key, made at the first start. Raises InputError (`key`, `key-mode`), UnavailableError."""
    file = folder / "witness.key"
    if not file.exists():
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise UnavailableError("disk", f"cannot make {folder}: {error.strerror}") from None
        memory.write(file, SystemEntropy().bytes(crypto.KEY_LENGTH).hex().encode() + b"\n", 0o600)
    if file.stat().st_mode & 0o077:
        raise InputError("key-mode", f"others can read {file}; mend it with: chmod 600 {file}")
    try:
        private = bytes.fromhex(keys.read_small(file, 1024).decode(errors="replace").strip())
    except ValueError:
        private = b""
    if len(private) != crypto.KEY_LENGTH:
        raise InputError("key", f"{file} does not hold a key: 64 hexadecimal digits")
    return private


def _read_id(text: str) -> bytes:
    try:
        wanted = bytes.fromhex(text)
    except ValueError:
        wanted = b""
    if len(wanted) not in (LOG_ID_LENGTH, 32):
        raise InputError("log-id", "a log id has 32 hexadecimal digits, a request hash 64")
    return wanted


def _print_witnesses(state: Signed) -> None:
    for name, time in state.seen:
        print(f"  seen by {name} at {_at(time)}")


def _print_found(tally: Tally) -> None:
    if tally.wanted is not None:
        print(f"{len(tally.found)} of them with {tally.wanted.hex()}")
        for index, leaf in tally.found:
            print(f"  {_line(index, leaf)}")


def _line(index: int, leaf: Leaf) -> str:
    by = f", approved by {' '.join(approver.hex() for approver in leaf.approvers)}" if leaf.approvers else ""
    if isinstance(leaf, Issued):
        return f"{index} {_at(leaf.time)} {leaf.method.value} {leaf.action.value} {leaf.request.hex()}{by}"
    role = f" {leaf.role}" if leaf.role else ""
    return f"{index} {_at(leaf.time)} new {leaf.kind.name.lower()} {leaf.subject.hex()}{role}{by}"


def _at(time: int) -> str:
    if time >= _YEAR_10000:
        return f"{time} seconds after 1970"
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H:%M:%SZ}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
