"""What the rooms of the desk ask of the recovery log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.core.tlog.leaf import Leaf


class RecoveryLog(Protocol):
    """The public log of everything that the desk issues. Call it outside of any transaction: it has its own.

    `key` names what is issued once and for all, such as `case 4F7Q0001 security-code`: entering again under the same
    key, also after a crash or on another node, brings the same index, and nothing new is entered. So whoever
    enters first stores its decision, enters, and only then lets anything out.
    """

    def enter(self, key: str, leaf: Leaf) -> int:
        """Wait until the leaf stands in a signed and stored checkpoint. Returns its index in the log.

        Raises UnavailableError when that failed; it may stand in the log nevertheless, so enter it again.
        """

    def enter_all(self, entries: Sequence[tuple[str, Leaf]]) -> list[int]:
        """The same for many at once, which costs little more than one. Returns the indexes in their order."""

    def leaf(self, key: str) -> Leaf | None:
        """What was entered under this key: with the time that it was entered with, which a retry must repeat."""

    def proof(self, index: int, seen: int) -> bytes:
        """What stands in a response file (spec/log.md section 9). `seen`: the size of the log that the
        device remembers, 0 for never.

        Raises UnavailableError: `log-witnesses` while too few witnesses saw the entry; the file has to wait.
        """
