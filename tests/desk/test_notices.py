"""Notices from devices: mailed once, to the sealed mailbox, within budgets of their own."""

from __future__ import annotations

import pytest

from sparekey.core.mailing import MailLimits
from sparekey.core.messages.link_answer import LinkVerdict
from sparekey.core.messages.notice import Noticed
from sparekey.desk.store.database import Database
from tests.desk.enrolling import NEXT, OWNER, Books, Device


@pytest.fixture
def books(database: Database) -> Books:
    return Books(database)


def test_B04_each_address_hears_once_however_often_it_comes(books: Books) -> None:
    notice = books.notice(OWNER, NEXT)
    for _ in range(3):
        assert books.notices.notice(notice) is LinkVerdict.TAKEN
    told = books.mails()
    assert [mail.recipient for mail in told] == [OWNER, NEXT]
    assert "PX-3216-0001" in told[0].text
    assert told[0].message["Message-ID"] != told[1].message["Message-ID"]
    books.clock.forward(86400)
    assert books.notices.notice(notice) is LinkVerdict.TAKEN
    assert books.mails() == []


@pytest.mark.parametrize("what", Noticed)
@pytest.mark.parametrize("locale", ["en", "cs", "xx"])
def test_B04_every_notice_has_its_words_in_both_languages(books: Books, what: Noticed, locale: str) -> None:
    books.notices.notice(books.notice(what=what, locale=locale))
    (mail,) = books.mails()
    assert mail.message["Content-Language"] == ("cs" if locale == "cs" else "en")
    assert str(mail.message["Subject"])
    assert len(mail.text) > 200


def test_T05_without_a_ticket_nothing_of_the_senders_is_in_the_mail(books: Books) -> None:
    books.notices.notice(books.notice(ticketed=False))
    (mail,) = books.mails()
    assert "PX-3216" not in mail.text
    assert "admin" not in mail.text


def test_T05_strangers_share_a_small_budget_and_enrolled_devices_do_not(database: Database) -> None:
    books = Books(database, limits=MailLimits(ticketless_hour=2))
    for number in range(2):
        notice = books.notice(f"a{number}@example.com", ticketed=False, age=number)
        assert books.notices.notice(notice) is LinkVerdict.TAKEN
    assert books.notices.notice(books.notice("b@example.com", ticketed=False)) is LinkVerdict.LATER
    assert books.notices.notice(books.notice("c@example.com")) is LinkVerdict.TAKEN
    assert [mail.recipient for mail in books.mails()] == ["a0@example.com", "a1@example.com", "c@example.com"]


def test_T05_one_mailbox_is_not_flooded_and_nobody_is_told_so(books: Books) -> None:
    for number in range(10):
        assert books.notices.notice(books.notice(age=number)) is LinkVerdict.TAKEN
    assert len(books.mails()) == MailLimits().per_address_hour


def test_an_old_notice_and_what_is_none_are_told(books: Books) -> None:
    old = books.notice()
    books.clock.forward(20 * 86400)
    assert books.notices.notice(old) is LinkVerdict.EXPIRED
    enrolment = books.request(Device())
    answers = books.notices.take([b"x", enrolment.encoded, books.notice().encoded])
    assert [answer.verdict for answer in answers] == [
        LinkVerdict.DAMAGED,
        LinkVerdict.OTHER_KIND,
        LinkVerdict.TAKEN,
    ]
