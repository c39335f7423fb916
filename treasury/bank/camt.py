"""camt.053, versions 001.02 to 001.13, from ISO 20022: read piece by piece, hostile XML refused."""

import datetime
import re
from collections.abc import Iterator
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext_lazy as _

from treasury.bank.camt_entry import lines_of
from treasury.bank.camt_tree import at, child, children, day_at, local, signed_minor, text_at
from treasury.bank.shape import MOST_LINES, Line, Statement, UnreadableStatement, compact

MOST_DEPTH = 40
_SPACE = re.compile(r"\{[^}]*camt\.053\.001\.(0[2-9]|1[0-3])[^}]*\}Document")
_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD",)
_WITHIN_DAY = "ITBD"
Balance = tuple[str, int, str, datetime.date | None]


def read(file: IO[bytes]) -> list[Statement]:
    """Every statement of the file. Raises UnreadableStatement."""
    try:
        return list(_statements(file))
    except DefusedXmlException:
        raise UnreadableStatement(why=_("it declares a document type or entities.")) from None
    except (ParseError, UnicodeError):
        raise UnreadableStatement(why=_("it is no well-formed XML.")) from None


def _statements(file: IO[bytes]) -> Iterator[Statement]:
    depth, pending = 0, 0
    lines: list[Line] = []
    for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            depth += 1
            _refuse_strange(element, depth)
            continue
        depth -= 1
        name = local(element)
        if name == "Ntry":
            found = lines_of(element)
            lines, pending = lines + found, pending + (not found)
            if len(lines) > MOST_LINES:
                raise UnreadableStatement(why=_("it has more lines than one statement can have."))
            element.clear()
        elif name == "Stmt":
            yield _statement(element, lines, pending)
            lines, pending = [], 0
            element.clear()


def _refuse_strange(element: Any, depth: int) -> None:
    if depth > MOST_DEPTH:
        raise UnreadableStatement(why=_("it is nested too deeply."))
    if depth == 1 and not _SPACE.fullmatch(element.tag):
        raise UnreadableStatement(why=_("it is XML, but not camt.053 from 001.02 to 001.13."))


def _statement(element: Any, lines: list[Line], pending: int) -> Statement:
    account = child(element, "Acct")
    balances = [_balance(found) for found in children(element, "Bal")]
    opening = _pick(balances, _OPENING, first=True)
    closing = _pick(balances, _CLOSING, first=False)
    currency = (
        text_at(account, "Ccy")
        or (balances[0][2] if balances else "")
        or (lines[0].currency if lines else "")
    )
    number = at(account, "Id", "IBAN")
    other = at(account, "Id", "Othr", "Id")
    if not (number or other) or not re.fullmatch(r"[A-Z]{3}", currency):
        raise UnreadableStatement(why=_("a statement names no account or no currency."))
    if any(line.currency != currency for line in lines) or any(row[2] != currency for row in balances):
        raise UnreadableStatement(why=_("a statement mixes currencies in one account."))
    return Statement(
        account=compact(number or other),
        currency=currency,
        number=(text_at(element, "ElctrncSeqNb") or text_at(element, "LglSeqNb") or text_at(element, "Id"))[
            :40
        ],
        opening_minor=opening[1] if opening else None,
        opening_on=opening[3] if opening else None,
        closing_minor=closing[1] if closing else None,
        closing_on=closing[3] if closing else None,
        lines=tuple(lines),
        pending=pending,
    )


def _balance(element: Any) -> Balance:
    code = at(element, "Tp", "CdOrPrtry", "Cd")
    amount = child(element, "Amt")
    currency = amount.get("Ccy", "") if amount is not None else ""
    return code, signed_minor(element), currency, day_at(element, "Dt")


def _pick(balances: list[Balance], codes: tuple[str, ...], *, first: bool) -> Balance | None:
    """The booked balance; on a page within the day the first or last of its interim balances."""
    for code in codes:
        for found in balances:
            if found[0] == code:
                return found
    interim = [found for found in balances if found[0] == _WITHIN_DAY]
    return interim[0 if first else -1] if interim else None
