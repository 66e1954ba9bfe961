"""A bank statement as ISO 20022 writes it: CAMT.053, of any version.

What the payer wrote may stand in four places; each is looked through for orders' numbers. What a line says is kept
for a person, and decides nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sparekey.core.codec import encode
from sparekey.core.crypto import sha256
from sparekey.core.errors import InputError
from sparekey.core.order import read_number
from sparekey.desk.orders.money import read_amount
from sparekey.desk.orders.ports import Credit
from sparekey.lan.xml import Element, Limits, read_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sparekey.core.codec import Value

STATEMENT_LIMIT = 8 * 1024 * 1024
"""Bytes of a statement, at most."""
LIMITS = Limits(size=STATEMENT_LIMIT, depth=24, nodes=400_000)
TOLD_LIMIT = 300

_SPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.[0-9]{2}")
_DIGITS = re.compile(r"[0-9]+")
_NOTHING = ("", "NOTPROVIDED", "NONREF")


def read_statement(data: bytes, account: str) -> list[Credit]:
    """Every booked credit of this account. Raises InputError: `statement` for what is none, `statement-account` when
    it is of another account, `xml`, `oversize`, `amount`.
    """
    root = read_xml(data, LIMITS)
    if root.name != "Document" or not _SPACE.fullmatch(root.space):
        raise InputError("statement", "this is no bank statement in the form CAMT.053")
    found: list[Credit] = []
    for statement in root.need("BkToCstmrStmt").all("Stmt"):
        named = "".join(statement.need("Acct").need("Id").says("IBAN").split()).upper()
        if named != account:
            raise InputError("statement-account", "this statement is of another account")
        for place, entry in enumerate(statement.all("Ntry")):
            if _is_booked_credit(entry):
                fallback = f"{statement.says('Id')} {place}"
                found += _credits(entry, account, fallback)
    return found


def _is_booked_credit(entry: Element) -> bool:
    status = entry.first("Sts")
    booked = status is not None and "BOOK" in (status.text, status.says("Cd"))
    return booked and entry.says("CdtDbtInd") == "CRDT" and entry.says("RvslInd") not in ("true", "1")


def _credits(entry: Element, account: str, fallback: str) -> Iterator[Credit]:
    """One for each payment in an entry; one for the whole, where it does not say what each is worth."""
    whole, currency = _amount(entry)
    parts = [part for details in entry.all("NtryDtls") for part in details.all("TxDtls")]
    amounts = [_own_amount(part, currency) for part in parts]
    single = len(parts) == 1 and (amounts[0] is None or amounts[0] == whole)
    known = [amount for amount in amounts if amount is not None]
    split = len(parts) > 1 and len(known) == len(parts) and sum(known) == whole
    day = entry.need("BookgDt").says("Dt") or entry.need("BookgDt").says("DtTm")[:10]
    reference = next((text for name in ("AcctSvcrRef", "NtryRef") if (text := _said(entry, name))), "")
    pairs = list(zip(parts, known, strict=True)) if split else [(parts[0] if single else entry, whole)]
    for place, (part, amount) in enumerate(pairs):
        refs = part.first("Refs")
        own = _said(refs, "AcctSvcrRef") if refs is not None else ""
        written = _written(part)
        name: list[Value] = [account, own or reference or fallback, day, amount, currency, place, *written]
        numbers = tuple(sorted({number for text in written for number in _numbers(text)}))
        told = " · ".join(filter(None, [_payer(part), *written]))[:TOLD_LIMIT]
        yield Credit(sha256(b"sparekey desk credit\x00" + encode(name)), day, amount, currency, numbers, told)


def _amount(element: Element) -> tuple[int, str]:
    amount = element.need("Amt")
    currency = amount.attributes.get("Ccy", "")
    if not re.fullmatch("[A-Z]{3}", currency):
        raise InputError("statement", "an amount in this statement has no currency")
    return read_amount(amount.text), currency


def _own_amount(part: Element, currency: str) -> int | None:
    """What one payment of an entry is worth on the account; None when it says so in another currency, or not at all."""
    places = [part.first("Amt")]
    details = part.first("AmtDtls")
    booked = details.first("TxAmt") if details is not None else None
    places.append(booked.first("Amt") if booked is not None else None)
    for amount in places:
        if amount is not None and amount.attributes.get("Ccy") == currency:
            return read_amount(amount.text)
    return None


def _written(part: Element) -> list[str]:
    """What the payer wrote: end-to-end id, words, references."""
    refs, words = part.first("Refs"), part.first("RmtInf")
    found = [_said(refs, "EndToEndId"), _said(refs, "InstrId")] if refs is not None else []
    found += [text.text for text in words.all("Ustrd")] if words is not None else []
    for structured in words.all("Strd") if words is not None else ():
        reference = structured.first("CdtrRefInf")
        found += [_said(reference, "Ref")] if reference is not None else []
        found += [extra.text for extra in structured.all("AddtlRmtInf")]
    found += [_said(part, "AddtlTxInf"), _said(part, "AddtlNtryInf")]
    return [text[:TOLD_LIMIT] for text in found if text]


def _payer(part: Element) -> str:
    parties = part.first("RltdPties")
    debtor = parties.first("Dbtr") if parties is not None else None
    inner = debtor.first("Pty") if debtor is not None else None
    return (inner or debtor).says("Nm") if debtor is not None else ""


def _said(element: Element, name: str) -> str:
    text = element.says(name)
    return "" if text.upper() in _NOTHING else text


def _numbers(text: str) -> Iterator[str]:
    """Ten digits with a right check digit, zeros before them left out; digits with anything else around are none."""
    for digits in _DIGITS.findall(text):
        try:
            yield read_number(digits.lstrip("0"))
        except InputError:
            continue
