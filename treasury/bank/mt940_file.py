"""MT940 as Dutch, German, Polish and Swiss banks write it, by the package mt-940 with all its options."""

import datetime
import io
import logging
import re
from contextlib import suppress
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from mt940 import parse_statements
from mt940.options import Options

from treasury.bank.mt940_words import Words, words_of
from treasury.bank.shape import MOST_LINES, Line, Statement, UnreadableStatement, compact, minor, one_line

MOST_TAG = 6_000
# Whatever it cannot read it writes to the log, names and all.
logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)
_TAG = re.compile(r"(?m)^:(?=\d\d[A-Z]?:)")
_MOVED = re.compile(r"(?m)^:61:")
# Without this one a reversal of a credit would be read as a credit.
_OPTIONS = Options.all()
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")


def read(file: IO[bytes]) -> list[Statement]:
    """Every statement of the file, one for each ``:20:``. Raises UnreadableStatement."""
    text = _text(file.read())
    _refuse_strange(text)
    try:
        # A handle, as a bare text that names a file would make the package read that file.
        parsed = parse_statements(
            io.StringIO(text), processors={"post_transaction_details": []}, options=_OPTIONS
        )
        found = [_statement(one) for one in parsed]
    except UnreadableStatement:
        raise
    except Exception:  # noqa: BLE001  whatever a hostile file makes of somebody else's parser
        raise UnreadableStatement(why=_("its MT940 breaks off or is damaged.")) from None
    if not found:
        raise UnreadableStatement(why=_("it is neither camt.053 nor MT940."))
    if sum(len(one.lines) for one in found) != len(_MOVED.findall(text)):
        raise UnreadableStatement(why=_("some of its lines cannot be understood."))
    return found


def _text(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            return _plain_ends(raw.decode(encoding))
    return _plain_ends(raw.decode("latin-1"))  # which has a letter for each byte


def _plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refuse_strange(text: str) -> None:
    if "\x00" in text:
        raise UnreadableStatement(why=_("it is no text."))
    if len(_MOVED.findall(text)) > MOST_LINES:
        raise UnreadableStatement(why=_("it has more lines than one statement can have."))
    if any(len(tag) > MOST_TAG for tag in _TAG.split(text)):
        raise UnreadableStatement(why=_("one of its fields is far too long."))


def _statement(parsed: Any) -> Statement:
    data = parsed.data
    opening = data.get("final_opening_balance") or data.get("intermediate_opening_balance")
    closing = data.get("final_closing_balance") or data.get("intermediate_closing_balance")
    balance = opening or closing
    account = compact(str(data.get("account_identification") or ""))
    if not account or balance is None:
        raise UnreadableStatement(why=_("a statement names no account or no balance."))
    currency = str(balance.amount.currency)
    iban = _IBAN.fullmatch(account)
    number = [str(data[key]) for key in ("statement_number", "sequence_number") if data.get(key)]
    return Statement(
        account=account.removesuffix(currency) if iban else account,
        currency=currency,
        number="/".join(number)[:40],
        opening_minor=_signed(opening.amount.amount, currency) if opening else None,
        opening_on=_day(opening.date) if opening else None,
        closing_minor=_signed(closing.amount.amount, currency) if closing else None,
        closing_on=_day(closing.date) if closing else None,
        lines=tuple(_line(row.data, currency) for row in parsed),
    )


def _signed(amount: Decimal, currency: str) -> int:
    whole = minor(f"{abs(amount):f}", currency)
    return -whole if amount < 0 else whole


def _day(found: Any) -> datetime.date:
    return datetime.date(found.year, found.month, found.day)


def _line(data: dict[str, Any], currency: str) -> Line:
    extra = str(data.get("extra_details") or "")
    words: Words = words_of(str(data.get("transaction_details") or ""), extra)
    value_on = _day(data["date"])
    booked = data.get("guessed_entry_date") or data.get("entry_date")
    reference = str(data.get("customer_reference") or "")
    return Line(
        amount_minor=_signed(data["amount"].amount, currency),
        currency=currency,
        booked_on=_day(booked) if booked else value_on,
        value_on=value_on,
        reversal=str(data.get("status") or "").upper().startswith("R"),
        bank_reference=_said(str(data.get("bank_reference") or "")) or words.bank_reference,
        end_to_end=words.end_to_end or (_said(reference) if reference != "EREF" else ""),
        text=words.text,
        name=one_line(words.name, 140),
        iban=compact(words.iban),
    )


def _said(reference: str) -> str:
    reference = reference.strip()
    return "" if reference.upper() in ("NONREF", "NOTPROVIDED", "NONE") else reference[:60]
