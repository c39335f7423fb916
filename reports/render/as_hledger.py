"""hledger: a ledger extract as a journal that a program we did not write can read.

The opening balances are one transaction on the evening before; then one for each journal. Sums that are only
held are no postings and are left out. The facts about the report stand in the first comment.

No text of the data is free: accounts, codes and numbers only, each stripped to what a journal bears.
"""

import base64
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import BinaryIO

from reports.render.as_json import head_of
from reports.render.batches import counted_batches
from reports.render.document import BadReport, Document, Section, Value
from reports.render.figures import machine_amount
from reports.render.records import FORMAT

POSTED = ("post", "post_pend")
_UNSAFE = re.compile(r"[^\w:./@+-]+")


def render(document: Document, out: BinaryIO) -> None:
    """Write the transfers as an hledger journal. Raises `BadReport` for a report that has none."""
    sections = {section.key: section for section in document.sections}
    if "transfers" not in sections:
        raise BadReport("only a ledger extract can be an hledger journal")
    out.writelines(f"{line}\n".encode() for line in _lines(document, sections))


def _lines(document: Document, sections: dict[str, Section]) -> Iterator[str]:
    head = base64.urlsafe_b64encode(json.dumps(head_of(document), separators=(",", ":")).encode()).decode()
    identity = document.identity
    yield f"; {FORMAT} content_hash={identity.content_hash} log_size={identity.log_size} head={head}"
    yield "decimal-mark ."
    opening = list(_dicts(document, sections["opening"])) if "opening" in sections else []
    rows = list(_dicts(document, sections["transfers"]))
    for currency in sorted({str(row["currency"]) for row in (*opening, *rows)}):
        yield f"commodity {machine_amount(0, currency)} {_safe(currency)}"
    names = {row["account"] for row in opening} | {row[side] for row in rows for side in ("debit", "credit")}
    for name in sorted(map(_safe, names)):
        yield f"account {name}"
    if opening:
        yield from ("", f"{(document.period[0] - timedelta(days=1)).isoformat()} * opening balances")
        yield from (_posting(row["account"], row["opening"], row["currency"]) for row in opening)
    yield from _transactions(rows)


def _transactions(rows: list[dict[str, Value]]) -> Iterator[str]:
    last: Value = None
    for row in rows:
        if row["state"] not in POSTED:
            continue
        if row["journal"] != last:
            last = row["journal"]
            yield from ("", f"{row['booked_on']} * ({last}) {_safe(row['event_kind'])}")
        minor, currency = int(str(row["amount"])), row["currency"]
        tags = "".join(
            f"{', ' if number else ''}{key}:{_safe(row[key])}"
            for number, key in enumerate(key for key in ("category", "fund", "case", "event") if row[key])
        )
        yield f"{_posting(row['debit'], minor, currency)}  ; {tags}"
        yield f"{_posting(row['credit'], -minor, currency)}  ; {tags}"


def _posting(account: Value, minor: Value, currency: Value) -> str:
    amount = machine_amount(int(str(minor)), str(currency))
    return f"    {_safe(account)}  {amount} {_safe(currency)}"


def _safe(text: Value) -> str:
    return _UNSAFE.sub("-", str(text))


def _dicts(document: Document, section: Section) -> Iterator[dict[str, Value]]:
    keys = [column.key for column in section.columns]
    for columns in counted_batches(document, section):
        for values in zip(*columns, strict=True):
            yield dict(zip(keys, values, strict=True))
