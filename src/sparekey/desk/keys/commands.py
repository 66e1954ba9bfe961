"""`sparekey desk keys`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sparekey.core import crypto
from sparekey.core.errors import InputError
from sparekey.core.messages.header import KEY_ID_LENGTH
from sparekey.core.messages.trust import Purpose, Trust
from sparekey.core.tlog.note import read_verifier_key
from sparekey.desk import config
from sparekey.desk.keyring import NAMES, OPENING, read_key
from sparekey.desk.keys import folder, plan
from sparekey.desk.keys.drafts import Drafts, put, read_file, signed
from sparekey.host.entropy import SystemEntropy

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    SAY = Callable[[str], None]
    """Tells the person one line."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its own ones."""
    keys = commands.add_parser("keys", help="list, rotate, revoke keys, and tell devices by a new trust file")
    own = keys.add_subparsers(dest="keys_command", required=True)
    keys.set_defaults(call=lambda given: run(given, print))
    own.add_parser("list", help="every key, and whether devices know it")
    rotate = own.add_parser("rotate", help="make a new key; the old one works on until it is retired")
    rotate.add_argument("purpose", choices=NAMES, help=f"one of {', '.join(NAMES)}")
    rotate.add_argument("--origin", metavar="NAME", help="only with log: begin a new log under this name")
    own.add_parser("switch", help="let the new signing key sign, once devices know it")
    for name, what in (
        ("retire", "leave a key out of the trust file that no device needs any more"),
        ("revoke", "tell devices never to use a leaked key again"),
    ):
        own.add_parser(name, help=what).add_argument("id", help="the key's id, as `keys list` tells it")
    witness = own.add_parser("witnesses", help="say how many witnesses of the log devices ask for, and which")
    witness.add_argument("--needed", type=int, required=True, metavar="N", help="how many must have cosigned")
    witness.add_argument("--key", action="append", default=[], help="a witness's key, name+id+key; for each")
    sign = own.add_parser("sign", help="sign a draft where the maker's root key is; needs no desk")
    sign.add_argument("draft", type=Path, metavar="DRAFT", help="trust-next.unsigned")
    sign.add_argument("--out", type=Path, required=True, metavar="FILE", help="the signed trust file")
    sign.add_argument("--root-key", type=Path, required=True, metavar="FILE", help="the maker's root key")
    install = own.add_parser("install", help="use a signed trust file from now on")
    install.add_argument("file", type=Path, metavar="FILE", help="the signed trust file")
    for name, parser in own.choices.items():
        if name != "sign":
            parser.add_argument("--config", type=Path, metavar="FILE", help="desk.toml")
        if name in ("rotate", "retire", "revoke", "witnesses"):
            parser.add_argument("--root-key", type=Path, metavar="FILE", help="sign and install at once")


def run(given: argparse.Namespace, say: SAY) -> int:
    """Run one of them. Raises SparekeyError."""
    if given.keys_command == "sign":
        trust, text = signed(read_file(given.draft), read_key(given.root_key))
        put(given.out, text)
        say(f"Version {trust.version} is signed: {given.out}. Install it at the desk.")
        return 0
    settings = config.load(given.config)
    drafts = Drafts(settings)
    if given.keys_command == "list":
        _list(settings.keys, drafts, say)
    elif given.keys_command == "switch":
        _switch(settings.keys, drafts.current(), say)
    elif given.keys_command == "install":
        trust = drafts.install(read_file(given.file))
        say(f"Version {trust.version} is in use. Restart every node of the desk.")
    elif given.keys_command == "rotate" and given.purpose == "ticket":
        folder.replace_key(settings.keys, "ticket", SystemEntropy())
        say("There is a new ticket key; tickets of the old one hold as long as its file is there.")
        say("Copy the keys folder to every node, then restart them.")
    else:
        _change(given, drafts, _changed(given, settings.keys, drafts.next()), say)
    return 0


def _changed(given: argparse.Namespace, keys: Path, trust: Trust) -> Trust:
    if given.keys_command == "rotate":
        if given.origin is not None and given.purpose != "log":
            raise InputError("origin", "--origin goes with log only")
        return _rotated(given.purpose, keys, trust, given.origin)
    if given.keys_command == "witnesses":
        return plan.with_witnesses(trust, [read_verifier_key(text) for text in given.key], given.needed)
    key = _read_id(given.id)
    return plan.revoking(trust, key) if given.keys_command == "revoke" else plan.without(trust, key)


def _rotated(purpose: str, keys: Path, trust: Trust, origin: str | None) -> Trust:
    """The plan is made with a stand-in first: where there is no room, no key is made either."""
    if purpose == "sign":
        plan.with_signer(trust, bytes(crypto.KEY_LENGTH))
        return plan.with_signer(trust, crypto.signing_public(folder.prepare_signer(keys, SystemEntropy())))
    if purpose == "log":
        plan.with_log_key(trust, bytes(crypto.KEY_LENGTH), origin)
        private = folder.replace_key(keys, "log", SystemEntropy())
        return plan.with_log_key(trust, crypto.signing_public(private), origin)
    private = folder.replace_key(keys, purpose, SystemEntropy())
    return plan.with_opening(trust, _PURPOSES[purpose], crypto.sealing_public(private))


_PURPOSES: dict[str, Purpose] = {name: purpose for purpose, name in OPENING.items()}


def _change(given: argparse.Namespace, drafts: Drafts, trust: Trust, say: SAY) -> None:
    drafts.write(trust)
    if given.root_key is not None:
        drafts.install(signed(read_file(drafts.path), read_key(given.root_key))[1])
        say(f"Version {trust.version} of the trust file is in use.")
    else:
        say(f"Version {trust.version} of the trust file waits for the maker's signature: {drafts.path}")
        say("Where the root key is: sparekey desk keys sign trust-next.unsigned --root-key … --out …")
        say("Then here: sparekey desk keys install …")
    say("Copy the keys folder to every node before the new trust file, then restart them.")
    if given.keys_command == "rotate" and given.purpose == "sign":
        say("The old key signs on. Once devices have the new trust file: sparekey desk keys switch")


def _switch(keys: Path, trust: Trust, say: SAY) -> None:
    following = keys / folder.SIGN_NEXT
    if following.exists() and crypto.signing_public(read_key(following)) not in trust.signing:
        raise InputError(
            "unknown-signer", "devices do not know the new key yet: install the new trust file first"
        )
    folder.switch_signer(keys)
    say("The new key signs. Copy the keys folder to every node, then restart them.")


def _list(keys: Path, drafts: Drafts, say: SAY) -> None:
    current, following = drafts.current(), drafts.next()
    say(f"Trust file: version {current.version}" + (", a draft waits" if drafts.path.exists() else ""))
    for file in folder.listed(keys):
        say(f"{file.purpose:<10} {file.id:<16} {file.path.name:<24} {_known(file, current, following)}")
    have = {file.public for file in folder.listed(keys)}
    for purpose, public in plan.named(current):
        if public not in have:
            say(f"{purpose:<10} {crypto.key_id(public).hex():<16} {'no file here':<24} devices know it")


def _known(file: folder.KeyFile, current: Trust, following: Trust) -> str:
    if file.public is None:
        return "devices never see it"
    if crypto.key_id(file.public) in current.revoked:
        return "revoked"
    if (file.purpose, file.public) in set(plan.named(current)):
        return "devices know it"
    return (
        "in the draft"
        if (file.purpose, file.public) in set(plan.named(following))
        else "devices do not know it"
    )


def _read_id(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_ID_LENGTH:
        raise InputError(
            "key-id", f"a key's id has {2 * KEY_ID_LENGTH} hexadecimal digits: see sparekey desk keys list"
        )
    return key
