"""The pile of the mails about orders. What they say is found out when they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core import crypto, mailing
from sparekey.core.errors import InputError
from sparekey.core.order import Received
from sparekey.desk.mail.message import build
from sparekey.desk.mail.ports import NOBODY
from sparekey.desk.orders import days
from sparekey.desk.orders.money import shown
from sparekey.desk.orders.ordering import Past
from sparekey.desk.orders.posting import Kind
from sparekey.language.catalogue import translator
from sparekey.language.moments import about_working_days, date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from sparekey.desk.mail.letters import Letters
    from sparekey.desk.mail.ports import Sender
    from sparekey.desk.orders.codes import OrderCodes
    from sparekey.desk.orders.ordering import Kept
    from sparekey.desk.orders.posting import OrderMail, Posting
    from sparekey.desk.orders.repository import OrderRepository
    from sparekey.desk.orders.shop import ShopConfig
    from sparekey.host.clock import Clock

STATUS_PAGE = "/unlock/status"


class OrderMails:
    """The pile. `url`: the desk's public address."""

    def __init__(
        self,
        *,
        posting: Posting,
        repository: OrderRepository,
        codes: OrderCodes,
        shop: ShopConfig,
        letters: Letters,
        sender: Sender,
        url: str,
        clock: Clock,
        zone: tzinfo,
    ) -> None:
        self._posting = posting
        self._repository = repository
        self._codes = codes
        self._shop = shop
        self._letters = letters
        self._sender = sender
        self._url = url
        self._clock = clock
        self._zone = zone

    def claim(self, now: int, lease: int, most: int) -> Sequence[OrderMail]:
        """Take mails that are due."""
        return self._posting.claim(now, lease, most)

    def prepare(self, mails: Sequence[OrderMail]) -> None:
        """Nothing: no mail about an order gives anything out."""

    def write(self, mail: OrderMail) -> tuple[str, bytes]:
        """The recipient and the message. Raises InputError (`nobody`) when the order is forgotten."""
        kept = self._repository.get(mail.number)
        if kept is None:
            raise InputError(NOBODY, "the order is forgotten")
        customer = kept.dossier.customer
        letter = self._letters.write(mail.kind.value, customer.locale, self._values(mail, kept))
        name = crypto.sha256(f"order mail\n{mail.number}\n{mail.kind.value}".encode())
        return customer.address, build(
            letter,
            name=self._sender.name,
            sender=self._sender.address,
            recipient=customer.address,
            message_id=mailing.message_id(name, customer.address, mail.round, self._sender.domain),
            now=self._clock.wall(),
        )

    def done(self, *mails: int) -> None:
        """They went out."""
        self._posting.done(*mails)

    def postpone(self, mail: int, *, due: int, attempts: int) -> None:
        """Give it back."""
        self._posting.postpone(mail, due=due, attempts=attempts)

    def give_up(self, mail: OrderMail) -> None:
        """Note on the order that it did not arrive."""
        past = Past(self._clock.wall(), "bounced", "", "customer", mail.kind.value)
        self._repository.note(mail.number, past)
        self._posting.done(mail.id)

    def prune(self, now: int) -> None:
        """Forget orders, their mails with them. That is the repository's work."""

    def named(self, mail: OrderMail) -> Mapping[str, object]:
        """Order and kind."""
        return {"order": mail.number, "mail": mail.kind.value, "round": mail.round}

    def _values(self, mail: OrderMail, kept: Kept) -> dict[str, object]:
        state, deal, now = kept.state, kept.state.deal, self._clock.wall()
        words = translator(kept.dossier.customer.locale)
        # Before the money is there, anybody may have typed this address: no word that a stranger could choose.
        return {
            "number": deal.number,
            "serial": "" if mail.kind is Kind.ORDERED else deal.serial,
            "price": shown(deal.price, deal.currency, words),
            "account": self._shop.account,
            "bic": self._shop.bic,
            "holder": self._shop.holder,
            "pay_by": date(deal.pay_by, now, days.offset(deal.pay_by, self._zone), words),
            "workshop": self._shop.workshop,
            "bench": about_working_days(self._shop.days, words),
            "due": date(days.second_of(state.due), now, 0, words) if isinstance(state, Received) else "",
            "page": self._url + STATUS_PAGE,
            "code": self._codes.code(deal.number).shown if mail.kind is Kind.ORDERED else "",
        }
