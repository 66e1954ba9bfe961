"""A bank that gives out statements as ISO 20022 writes them: CAMT.053, version 02 or 08."""

from __future__ import annotations

from dataclasses import dataclass, field

from sparekey.lan.xml import escape


@dataclass(frozen=True)
class Transfer:
    """Money that moved. `amount`: as the statement writes it. `reference`: the bank's own, or empty. `symbol`: what
    stands in the structured reference.
    """

    amount: str
    currency: str = "CZK"
    message: str = ""
    symbol: str = ""
    end_to_end: str = "NOTPROVIDED"
    reference: str = ""
    payer: str = "Jane Doe"
    credit: bool = True
    booked: bool = True
    reversal: bool = False
    parts: tuple[Transfer, ...] = field(default=())


def statement(
    iban: str,
    transfers: tuple[Transfer, ...],
    *,
    version: int = 2,
    name: str = "2026-226",
    day: str = "2026-11-25",
) -> bytes:
    """One statement of one account, for one day."""
    entries = "".join(_entry(transfer, version, day) for transfer in transfers)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version:02d}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>{name}</MsgId><CreDtTm>{day}T23:00:00</CreDtTm></GrpHdr>"
        f"<Stmt><Id>{name}</Id><CreDtTm>{day}T23:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id></Acct>{entries}</Stmt></BkToCstmrStmt></Document>\n"
    ).encode()


def _entry(transfer: Transfer, version: int, day: str) -> str:
    status = "BOOK" if transfer.booked else "PDNG"
    parts = transfer.parts or (transfer,)
    details = "".join(_details(part, version, single=not transfer.parts) for part in parts)
    reversal = "<RvslInd>true</RvslInd>" if transfer.reversal else ""
    reference = f"<AcctSvcrRef>{escape(transfer.reference)}</AcctSvcrRef>" if transfer.reference else ""
    return (
        f'<Ntry><Amt Ccy="{transfer.currency}">{transfer.amount}</Amt>'
        f"<CdtDbtInd>{'CRDT' if transfer.credit else 'DBIT'}</CdtDbtInd>{reversal}"
        f"<Sts>{status if version < 8 else f'<Cd>{status}</Cd>'}</Sts>"
        f"<BookgDt><Dt>{day}</Dt></BookgDt>{reference}<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def _details(part: Transfer, version: int, *, single: bool) -> str:
    name = f"<Nm>{escape(part.payer)}</Nm>"
    debtor = name if version < 8 else f"<Pty>{name}</Pty>"
    amount = f'<Amt Ccy="{part.currency}">{part.amount}</Amt>'
    worth = "" if single else amount if version >= 8 else f"<AmtDtls><TxAmt>{amount}</TxAmt></AmtDtls>"
    words = f"<Ustrd>{escape(part.message)}</Ustrd>" if part.message else ""
    if part.symbol:
        words += f"<Strd><CdtrRefInf><Ref>{escape(part.symbol)}</Ref></CdtrRefInf></Strd>"
    return (
        f"<TxDtls><Refs><EndToEndId>{escape(part.end_to_end)}</EndToEndId></Refs>{worth}"
        f"<RltdPties><Dbtr>{debtor}</Dbtr></RltdPties><RmtInf>{words}</RmtInf></TxDtls>"
    )
