"""How the screens begin to speak with a device whose password is to be changed: a person is asked in a dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.errors import SparekeyError
from sparekey.finder.meeting import is_camera, talk_to
from sparekey.finder.place import read_place

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sparekey.finder.kit import Kit
    from sparekey.finder.talk import Said, Talk
    from sparekey.finder.tui.app import FinderApp


def meet_in(app: FinderApp) -> Callable[[Kit, str, bool], Awaitable[Talk | Said]]:
    """For `Rotation.meets`."""

    async def meets(kit: Kit, address: str, in_the_open: bool) -> Talk | Said:
        if not is_camera(address):
            try:
                await app.know(read_place(address))
            except SparekeyError as error:
                if error.slug == "not-agreed":
                    raise  # whatever else it is, `talk_to` meets it again
        return await talk_to(kit, address, in_the_open)

    return meets
