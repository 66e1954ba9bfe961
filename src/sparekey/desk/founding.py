"""`sparekey desk init`: the folder of a new desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core import crypto
from sparekey.core.errors import InputError, UnavailableError
from sparekey.desk import config, keyring
from sparekey.desk.staff import commands as staff_commands
from sparekey.desk.store.opening import POSTGRES, check_address, open_at
from sparekey.desk.trust import make_trust
from sparekey.host.entropy import SystemEntropy

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable
    from pathlib import Path


def found(given: Namespace, say: Callable[[str], None]) -> int:
    """Make settings, keys, trust file and database, and say what comes next.

    Everything is asked first, so that nothing is left half made. Raises InputError, UnavailableError.
    """
    folder: Path = given.dir
    name, url = config.check_name(given.name), config.check_url(given.url)
    config.host_and_port(given.listen)
    database, password = check_address(given.database), given.database_password_file
    root = None if given.root_key is None else keyring.read_key(given.root_key)
    made = {what: folder / what for what in ("desk.toml", "keys", "trust.sparekey-trust", "maker-root.pub")}
    if root is None:
        made["maker-root.key"] = folder / "maker-root.key"
    for path in made.values():
        if path.exists():
            raise InputError("exists", f"{path} is already there; nothing was changed")
    if database.startswith(POSTGRES):
        open_at(database, password).close()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
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
    text = config.text(name, url, given.listen, database, password and password.resolve())
    keyring.write_new(made["desk.toml"], text.encode())
    say(f"The desk is in {folder.resolve()}.")
    if "maker-root.key" in made:
        say(f"Move {made['maker-root.key']} to a place without network:")
        say("whoever has it can make devices trust another desk.")
    say(f"Devices need {made['trust.sparekey-trust']} and {made['maker-root.pub']}.")
    staff_commands.invite_first(made["desk.toml"], say)
    say(f"Say in {made['desk.toml']} how mail leaves ([smtp]). Then:")
    say(f"  sparekey desk run --config {made['desk.toml']}")
    return 0
