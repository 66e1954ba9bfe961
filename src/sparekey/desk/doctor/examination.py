"""Everything that is looked at, one line for each thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.errors import SparekeyError
from sparekey.desk.doctor import files, outside, stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sparekey.desk.config import DeskConfig
    from sparekey.host.clock import Clock


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `wrong`: what to mend, or "" when it is in order; `told` says what was found."""

    thing: str
    told: str = ""
    wrong: str = ""


def examine(config: DeskConfig, toml: Path, clock: Clock) -> Iterator[Finding]:
    """Look at everything, the one after the other, also after something was found wrong."""
    looks: list[tuple[str, Callable[[], str]]] = [
        ("settings", lambda: files.settings(config, toml)),
        ("files", lambda: files.modes(config, toml)),
        ("keys", lambda: files.keys(config)),
        ("trust file", lambda: files.trust(config)),
        ("old keys", lambda: stored.old_keys(config)),
        ("witnesses", lambda: files.witnesses(config)),
        ("disk", lambda: files.disk(config)),
        ("database", lambda: stored.database(config)),
        ("clock", lambda: stored.clock(config, clock)),
        ("recovery log", lambda: stored.log(config)),
        ("mail server", lambda: outside.mail(config, clock)),
        ("company's sign-in", lambda: outside.company(config, clock)),
        ("public address", lambda: outside.address(config, clock)),
    ]
    for thing, look in looks:
        try:
            yield Finding(thing, told=look())
        except SparekeyError as error:
            yield Finding(thing, wrong=error.hint or error.slug)
