"""New passwords for many devices: signed in once, kept, set, and seen to work while the old ones do not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.values import Secret
from sparekey.finder import making
from sparekey.finder.changes import Change, Changes, Stage
from sparekey.finder.many import End
from sparekey.finder.meeting import names, talk_to
from sparekey.finder.talk import Heard, Said
from sparekey.lan.http_digest import Credential
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from sparekey.finder.kit import Kit
    from sparekey.finder.logins import Device
    from sparekey.finder.talk import Talk

MOST_WRONG = 3
"""Wrong logins after which a device is left alone: many lock at five."""

_ALL_WRONG = N_("None of these logins is right. Each was tried once. Nothing was changed.")
_STOPPED = N_("Three logins were wrong. The others were not tried, so that the device does not lock.")
_OLD_TOO = N_("The new password works, and the OLD ONE WORKS TOO. Set it by hand in the device's own page.")
_NOT_SEEN = N_(
    "The new password works. Whether the old one still does was not seen. Look again with --resume."
)
_KEPT_OLD = N_("The device said yes, but only the old password works. Set a shorter one by hand.")
_NEITHER = N_("Neither the old nor the new password works now. Both are kept here; look at the device.")
WOULD = N_("would change: the login is right.")
CHANGED = N_("changed: the new password works, the old one does not.")
SILENT = N_("It broke off in the middle: the old or the new password works. Find out with --resume.")


@dataclass(frozen=True)
class Rotation:
    """Use `one` for each device. `does`: False tries the logins and changes nothing. `settles`: seconds after which a
    device that does not know its new password is asked once more. `meets`: begins to speak with a device.
    """

    kit: Kit
    does: bool
    in_the_open: bool = False
    settles: float = 2.0
    meets: Callable[[Kit, str, bool], Awaitable[Talk | Said]] = talk_to

    async def one(self, device: Device) -> tuple[End, Change | None, str]:
        """One device up to a verified password, or up to what is in the way. Raises SparekeyError."""
        changes = Changes(self.kit.journal)
        under_way = changes.of(*names(device.address))
        if under_way is not None and under_way.stage is Stage.VERIFIED:
            return End.DONE, under_way, ""
        talk = await self.meets(self.kit, device.address, self.in_the_open)
        if isinstance(talk, Said):
            return End.REFUSED, None, talk.why
        try:
            return await self._talked(talk, changes, device, under_way)
        finally:
            talk.close()

    async def _talked(
        self, talk: Talk, changes: Changes, device: Device, under_way: Change | None
    ) -> tuple[End, Change | None, str]:
        if under_way is not None:
            return await self._again(talk, changes, under_way)
        login = await self._sign_in(talk, device)
        if isinstance(login, tuple):
            return login
        if not self.does:
            return End.DONE, None, ""
        new = making.make(self.kit.entropy, talk.least, talk.most)
        now = self.kit.clock.wall()
        change = Change(talk.place, login.user, login.password.text, new, Stage.SENT, now)
        return await self._set(talk, changes, change)

    async def _sign_in(self, talk: Talk, device: Device) -> Credential | tuple[End, None, str]:
        """The login that is right. Each is tried once, and not too many."""
        for tried, login in enumerate(device.logins):
            if tried == MOST_WRONG:
                return End.REFUSED, None, self._text(_STOPPED)
            said = await talk.check(login)
            if said.heard is Heard.RIGHT:
                return login
            if said.heard is not Heard.WRONG:
                return End.REFUSED, None, said.why
        return End.REFUSED, None, self._text(_ALL_WRONG)

    async def _set(self, talk: Talk, changes: Changes, change: Change) -> tuple[End, Change | None, str]:
        """Kept first, then sent, then looked at."""
        changes.keep(change)
        try:
            said = await talk.change(_login(change, change.old), Secret(change.new))
            if said.heard is Heard.RIGHT:
                return await self._verify(talk, changes, change)
            if said.heard is Heard.BUSY:
                return End.FAILED, change, f"{said.why} {self._text(SILENT)}"
            if (await talk.check(_login(change, change.old))).heard is Heard.RIGHT:
                changes.drop(change)
                return End.REFUSED, None, said.why
        except (UnavailableError, InputError):
            pass  # what became of it is not known
        return End.FAILED, change, self._text(SILENT)

    async def _verify(self, talk: Talk, changes: Changes, change: Change) -> tuple[End, Change | None, str]:
        """The new one works; and then, that the old one does not."""
        said = await talk.check(_login(change, change.new))
        if said.heard is Heard.WRONG:
            await asyncio.sleep(self.settles)  # some need a moment
            said = await talk.check(_login(change, change.new))
        if said.heard is Heard.WRONG:
            if (await talk.check(_login(change, change.old))).heard is Heard.RIGHT:
                changes.drop(change)
                return End.REFUSED, None, self._text(_KEPT_OLD)
            return End.REFUSED, change, self._text(_NEITHER)
        if said.heard is not Heard.RIGHT:
            return End.FAILED, change, said.why
        changed = change.now(Stage.CHANGED)
        changes.keep(changed)
        said = await talk.check(_login(change, change.old))
        if said.heard is Heard.RIGHT:
            return End.REFUSED, changed, self._text(_OLD_TOO)
        if said.heard is not Heard.WRONG:
            return End.FAILED, changed, self._text(_NOT_SEEN)
        verified = change.now(Stage.VERIFIED)
        changes.keep(verified)
        return End.DONE, verified, ""

    async def _again(self, talk: Talk, changes: Changes, change: Change) -> tuple[End, Change | None, str]:
        """It was cut off: the new password is looked at first; only if it is not known there, the old one."""
        if not self.does:
            return End.FAILED, change, self._text(SILENT)
        if change.stage is Stage.CHANGED:
            return await self._verify(talk, changes, change)
        said = await talk.check(_login(change, change.new))
        if said.heard is Heard.RIGHT:
            return await self._verify(talk, changes, change)
        if said.heard is not Heard.WRONG:
            return End.FAILED, change, said.why
        said = await talk.check(_login(change, change.old))
        if said.heard is Heard.RIGHT:
            return await self._set(talk, changes, change)
        return End.REFUSED, change, self._text(_NEITHER)

    def _text(self, sentence: str) -> str:
        return self.kit.words.text(sentence)


def _login(change: Change, password: str) -> Credential:
    return Credential(change.account, Secret(password))
