"""One entry of camt.053 as lines: a batch whose pieces add up becomes as many lines."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from treasury.bank.camt_tree import at, child, children, day_at, money_of, rate_text, sign_of
from treasury.bank.shape import Line, UnreadableStatement, compact, one_line

_NOTHING = ("NOTPROVIDED", "NOTAVAILABLE", "NONREF")


@dataclass(frozen=True)
class _Entry:
    """What all pieces of one entry share."""

    element: Any
    sign: int
    amount_minor: int
    currency: str
    booked_on: datetime.date
    value_on: datetime.date
    reversal: bool
    batch_reference: str
    batch_count: int


def lines_of(element: Any) -> list[Line]:
    """The lines of an entry; none if it is not booked yet."""
    if not _is_booked(element):
        return []
    entry = _entry(element)
    pieces = [piece for details in children(element, "NtryDtls") for piece in children(details, "TxDtls")]
    amounts = [_piece_minor(piece, entry) for piece in pieces]
    if (
        len(pieces) > 1
        and None not in amounts
        and sum(a or 0 for a in amounts) == entry.sign * entry.amount_minor
    ):
        numbered = enumerate(zip(pieces, amounts, strict=True), start=1)
        return [_line(entry, piece, amount or 0, part) for part, (piece, amount) in numbered]
    only = pieces[0] if len(pieces) == 1 else None
    return [_line(entry, only, entry.sign * entry.amount_minor, 0, many=len(pieces))]


def _is_booked(element: Any) -> bool:
    status = child(element, "Sts")
    word = (
        (at(status, "Cd") or at(status, "Prtry") or (status.text or "").strip()) if status is not None else ""
    )
    return word in ("BOOK", "")


def _entry(element: Any) -> _Entry:
    money = money_of(element, "Amt")
    if money is None:
        raise UnreadableStatement(why=_("an entry has no amount."))
    booked, value = day_at(element, "BookgDt"), day_at(element, "ValDt")
    if (any_day := booked or value) is None:
        raise UnreadableStatement(why=_("an entry has no date."))
    batch = child(element, "NtryDtls", "Btch")
    count = at(batch, "NbOfTxs")
    return _Entry(
        element,
        sign_of(element),
        money[0],
        money[1],
        any_day,
        value or any_day,
        at(element, "RvslInd") in ("true", "1"),
        (at(batch, "PmtInfId") or at(batch, "MsgId"))[:60],
        int(count) if count.isdecimal() and len(count) < 7 else 0,
    )


def _piece_minor(piece: Any, entry: _Entry) -> int | None:
    """What a piece of a batch moved, signed, if it says so in the account's currency."""
    found = money_of(piece, "Amt") or money_of(piece, "AmtDtls", "TxAmt", "Amt")
    if found is None or found[1] != entry.currency:
        return None
    sign = sign_of(piece) if at(piece, "CdtDbtInd") else entry.sign
    return sign * found[0]


def _line(entry: _Entry, piece: Any, amount_minor: int, part: int, many: int = 0) -> Line:
    name, iban = _counterparty(piece, money_in=(amount_minor > 0) != entry.reversal)
    original_minor, original_currency, rate = _original(entry, piece)
    return Line(
        amount_minor=amount_minor,
        currency=entry.currency,
        booked_on=entry.booked_on,
        value_on=entry.value_on,
        reversal=entry.reversal,
        bank_reference=_said(at(piece, "Refs", "AcctSvcrRef") or at(entry.element, "AcctSvcrRef")),
        end_to_end=_said(at(piece, "Refs", "EndToEndId")),
        batch_reference=entry.batch_reference or at(piece, "Refs", "PmtInfId")[:60],
        batch_count=0 if part else entry.batch_count or (many if many > 1 else 0),
        part=part,
        text=_words(entry.element, piece),
        name=one_line(name, 140),
        iban=compact(iban),
        original_minor=original_minor,
        original_currency=original_currency,
        rate=rate,
    )


def _said(reference: str) -> str:
    return "" if reference.upper() in _NOTHING else reference[:60]


def _counterparty(piece: Any, *, money_in: bool) -> tuple[str, str]:
    """Name and account of the other side: who paid when money came in, who was paid when it left."""
    side = "Dbtr" if money_in else "Cdtr"
    parties = child(piece, "RltdPties")
    party = child(parties, side)
    name = at(party, "Nm") or at(party, "Pty", "Nm")
    account = child(parties, f"{side}Acct", "Id")
    return name, at(account, "IBAN") or at(account, "Othr", "Id")


def _words(element: Any, piece: Any) -> str:
    remittance = child(piece, "RmtInf")
    found = [(row.text or "").strip() for row in children(remittance, "Ustrd")]
    found += [at(row, "CdtrRefInf", "Ref") for row in children(remittance, "Strd")]
    found += [at(piece, "AddtlTxInf"), at(element, "AddtlNtryInf"), at(piece, "RtrInf", "AddtlInf")]
    return one_line(" ".join(word for word in found if word), 1_000)


def _original(entry: _Entry, piece: Any) -> tuple[int | None, str, str]:
    """Amount, currency and rate before the bank changed it into the account's currency."""
    for holder in (child(piece, "AmtDtls"), child(entry.element, "AmtDtls")):
        for kind in ("InstdAmt", "TxAmt", "CntrValAmt"):
            money = money_of(holder, kind, "Amt")
            if money is not None and money[1] != entry.currency:
                rates = [at(row, "CcyXchg", "XchgRate") for row in (holder if holder is not None else ())]
                rate = next((rate_text(found) for found in rates if found), "")
                return money[0], money[1], rate or _worked_out(entry, money[0])
    return None, "", ""


def _worked_out(entry: _Entry, original_minor: int) -> str:
    if not original_minor:
        return ""
    value = round(Decimal(entry.amount_minor) / Decimal(original_minor), 6).normalize()
    return f"{value:f}"
