"""`sparekey finder`: the application around the screens."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding

from sparekey.core.errors import UntrustedError
from sparekey.finder.place import written
from sparekey.finder.trusting import know
from sparekey.finder.tui.agree import AgreeScreen
from sparekey.finder.tui.table import TableScreen
from sparekey.lan.link import fingerprint
from sparekey.lan.link.client import Met, meet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.finder.kit import Kit
    from sparekey.finder.trusting import Known
    from sparekey.lan.interfaces import Interface
    from sparekey.lan.link.frame import Refused
    from sparekey.lan.target import Target


class FinderApp(App[int]):
    """Nothing moves by itself: it is used over slow lines."""

    CSS = """
    Screen { layers: base; }
    .line { height: auto; padding: 0 1; }
    .title { text-style: bold; padding: 0 1; height: auto; }
    .warn { color: $text-warning; padding: 0 1; height: auto; }
    .told { padding: 0 1; height: auto; text-style: bold; }
    #status { height: 1; padding: 0 1; background: $panel; }
    Tick { margin: 0 1; }
    Button { min-width: 10; height: 3; margin: 0 1 0 0; }
    .row { height: auto; padding: 0 1; }
    DataTable { height: 1fr; }
    """
    BINDINGS: ClassVar = [Binding("ctrl+q", "quit", "Quit", show=False)]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, kit: Kit, interfaces: Sequence[Interface], others: Sequence[str] = ()) -> None:
        super().__init__()
        self.kit = kit
        self.interfaces = interfaces
        self.others = others
        self.animation_level = "none"
        self._asking = asyncio.Lock()

    def on_mount(self) -> None:
        """The table comes first."""
        self.title = self._("Cameras and recorders")
        self.push_screen(TableScreen())

    def _fatal_error(self) -> None:
        """Our mistake. What Textual would print holds what was typed, so a person reads one sentence instead."""
        self.panic(
            self._("Something went wrong here, by our mistake. What was changed is kept: start it again.")
        )

    def _(self, sentence: str) -> str:
        return self.kit.words.text(sentence)

    async def meet(self, target: Target) -> Met | Refused:
        """What a device tells everybody. Raises SparekeyError."""
        return await meet(target, self.kit.entropy)

    async def know(self, target: Target) -> Known | Refused:
        """Meet a device; at first contact a person compares the fingerprint. Call it in a worker.

        Raises SparekeyError.
        """
        async with self._asking:  # one question at a time, also where many devices are met
            return await self._know(target)

    async def _know(self, target: Target) -> Known | Refused:
        kit, place = self.kit, written(target)
        if kit.journal.key_of(place) is None:
            met = await self.meet(target)
            if not isinstance(met, Met):
                return met
            if not kit.trusts and not await self.push_screen_wait(
                AgreeScreen(place, fingerprint.shown(met.key))
            ):
                raise UntrustedError(
                    "not-agreed", self._("Nothing was sent: nobody says that it is the right device.")
                )
            kit.journal.meet(place, met.key, kit.clock.wall())
        return await know(
            target, kit.journal, lambda _place, _shown: False, clock=kit.clock, entropy=kit.entropy
        )
