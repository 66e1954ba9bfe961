"""What whoever knows a password may ask by calls (spec/lan.md section 5.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.effects import Happened
from sparekey.core.errors import InputError, Refusal
from sparekey.core.policy import AddressRule
from sparekey.core.values import Face, Role, Secret, mail_address
from sparekey.device.agent import Wait
from sparekey.device.lan_face.rates import Sort
from sparekey.device.ownership import Ownership
from sparekey.lan.link import letters
from sparekey.lan.link import owner as link
from sparekey.lan.link.frame import SLOW_DOWN, WRONG_LOGIN, Nothing, Refused

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from sparekey.core.messages.fields import Fields
    from sparekey.core.record import Account
    from sparekey.device.lan_face.calls import Caller, Calls
    from sparekey.device.ownership import Confirmed
    from sparekey.device.pages.door import Door


def routes(calls: Calls) -> list[BaseRoute]:
    """The calls of this group."""
    owner = _Owner(calls.door)
    return [
        calls.route("activate", Sort.ACT, owner.activate),
        calls.route("check", Sort.ACT, owner.check),
        calls.route("set-password", Sort.ACT, owner.set_password),
        calls.route("set-user", Sort.ACT, owner.set_user),
        calls.route("set-address", Sort.ACT, owner.set_address),
        calls.route("set-network", Sort.ACT, owner.set_network),
        calls.route("fetch", Sort.ACT, owner.fetch),
        calls.route("deliver", Sort.ACT, owner.deliver),
    ]


class _Owner:
    def __init__(self, door: Door) -> None:
        self._agent = door.agent
        self._ownership = Ownership(door.agent)

    def activate(self, caller: Caller, fields: Fields) -> link.Activated | Refused | Refusal:
        asked = link.Activate.read(fields)
        refusal = self._agent.may_set_up(Face.NETWORK)
        if refusal is not None:
            return refusal
        label = self._label(asked.factory, caller.source)
        if label is not None:
            return label
        if not asked.address and self._agent.config.policy.address is AddressRule.REQUIRED:
            return Refusal.NOT_ENOUGH
        address = _address(asked.address)
        if isinstance(address, Refused):
            return address
        fault = self._agent.password_fault(asked.password.text)
        if fault is not None:
            return Refused(fault.value)
        refusal = self._agent.activate(asked.password.text, address, Face.NETWORK)
        return refusal or link.Activated(self._agent.account)

    def check(self, caller: Caller, fields: Fields) -> link.Known | Refused:
        confirmed = self._confirm(link.Check.read(fields).login, caller)
        if isinstance(confirmed, Refused):
            return confirmed
        settings, identity = self._agent.config.settings, self._agent.config.identity
        role = self._account(confirmed).role
        ready = not self._ownership.missing
        return link.Known(identity.serial, identity.model, identity.firmware, settings.name, role, ready)

    def set_password(self, caller: Caller, fields: Fields) -> Nothing | Refused | Refusal:
        asked = link.SetPassword.read(fields)
        confirmed = self._confirm(asked.login, caller)
        if isinstance(confirmed, Refused):
            return confirmed
        fault = self._agent.password_fault(asked.password.text, confirmed.account)
        if fault is not None:
            return Refused(fault.value)
        return self._ownership.change_password(confirmed, asked.password.text, session="") or Nothing()

    def set_user(self, caller: Caller, fields: Fields) -> Nothing | Refused | Refusal:
        asked = link.SetUser.read(fields)
        confirmed = self._confirm(asked.login, caller)
        if isinstance(confirmed, Refused):
            return confirmed
        if self._account(confirmed).role is not Role.ADMIN:
            return Refusal.NOT_AUTHORISED
        fault = self._agent.password_fault(asked.password.text, asked.user)
        if fault is not None:
            return Refused(fault.value)
        return self._ownership.set_user(confirmed, asked.user, Role.ADMIN, asked.password.text) or Nothing()

    def set_address(self, caller: Caller, fields: Fields) -> Nothing | Refused | Refusal:
        asked = link.SetAddress.read(fields)
        confirmed = self._confirm(asked.login, caller)
        if isinstance(confirmed, Refused):
            return confirmed
        if not self._ownership.is_owner(self._account(confirmed)):
            return Refusal.NOT_AUTHORISED
        address = _address(asked.address)
        if isinstance(address, Refused):
            return address
        return self._ownership.change_address(confirmed, address) or Nothing()

    def set_network(self, caller: Caller, fields: Fields) -> Nothing | Refused | Refusal:
        asked = link.SetNetwork.read(fields)
        confirmed = self._confirm(asked.login, caller)
        if isinstance(confirmed, Refused):
            return confirmed
        if self._account(confirmed).role is not Role.ADMIN:
            return Refusal.NOT_AUTHORISED

        def told() -> None:
            self._agent.note(Happened.NETWORK_CHANGED, Face.NETWORK, confirmed.account)

        return Nothing() if self._agent.network.change(asked.network, told) else Refusal.NOT_OFFERED

    def fetch(self, caller: Caller, fields: Fields) -> letters.Letters | Refused | Refusal:
        confirmed = self._confirm(letters.Fetch.read(fields).login, caller)
        if isinstance(confirmed, Refused):
            return confirmed
        if self._account(confirmed).role is not Role.ADMIN:
            return Refusal.NOT_AUTHORISED
        trust, sealed = self._agent.trust, self._agent.carrying.letters()
        return letters.Letters(
            trust.version, trust.prefix, trust.name, tuple(sealed[: letters.LETTERS_LIMIT])
        )

    def deliver(self, caller: Caller, fields: Fields) -> letters.Delivered | Refused | Refusal:
        asked = letters.Deliver.read(fields)
        confirmed = self._confirm(asked.login, caller)
        if isinstance(confirmed, Refused):
            return confirmed
        if self._account(confirmed).role is not Role.ADMIN:
            return Refusal.NOT_AUTHORISED
        useless = self._agent.carrying.hear(asked.answers)
        self._agent.stir()
        return letters.Delivered(useless)

    def _confirm(self, login: link.Login, caller: Caller) -> Confirmed | Refused:
        """The login, checked now. It opens no session and lowers no counter of recovery."""
        told = self._ownership.confirm(
            login.account, login.password.text, source=caller.source, face=Face.NETWORK
        )
        if isinstance(told, Wait):
            return Refused(SLOW_DOWN, told.seconds)
        account = self._agent.record.account(login.account)
        return told if told is not None and account and not account.suspended else Refused(WRONG_LOGIN)

    def _account(self, confirmed: Confirmed) -> Account:
        account = self._agent.record.account(confirmed.account)
        if account is None:
            raise InputError("account", "this user is gone")
        return account

    def _label(self, factory: link.Login | None, source: str) -> Refused | None:
        """The login on the label, where this maker asks for it; None when it is right or not asked for."""
        if self._agent.config.policy.factory_login is None:
            return None
        given = factory or link.Login("", Secret(""))
        told = self._agent.factory_sign_in(given.account, given.password.text, source=source)
        if isinstance(told, Wait):
            return Refused(SLOW_DOWN, told.seconds)
        return None if told else Refused(WRONG_LOGIN)


def _address(text: str) -> str | Refused | None:
    try:
        return mail_address(text) if text else None
    except InputError as error:
        return Refused(error.slug)
