"""Claims that look like one voucher entered twice, as the log knew them at a position."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from reports.known import versions_at, written_by
from reports.scope import Position
from treasury.kinds import ClaimStatus
from treasury.models import Claim, Journal, VoucherFile

NEAR = datetime.timedelta(days=10)
_FIELDS = (
    "payee_id", "case_id", "category", "number_index", "voucher_sha256", "voucher_kind", "invoiced_on",
    "amount_minor", "currency", "base_minor", "status", "entered_by", "approved_by", "second_by",
    "paid_on", "paid_in_id", "commitment_id", "closes_id",
)  # fmt: skip
Known = dict[str, Any]


@dataclass(frozen=True)
class Pair:
    """Two claims; ``why`` is same-document, same-number or alike. ``journal`` is the later payment or 0."""

    why: str
    first: Known
    second: Known
    journal: int


def claims_at(position: Position) -> list[Known]:
    """The claims of the log at the position, by day and id, each with ``journal`` (0 while unpaid)."""
    rows = list(versions_at(Claim, position.log_size, *_FIELDS))
    paid = {row["paid_in_id"] for row in rows if row["paid_in_id"]}
    numbers = dict(Journal.objects.filter(pk__in=paid).values_list("pk", "number"))
    for row in rows:
        row["journal"] = numbers.get(row["paid_in_id"], 0)
    return sorted(rows, key=lambda row: (row["invoiced_on"], str(row["id"])))


def documents_at(position: Position) -> dict[uuid.UUID, set[str]]:
    """Digests of the documents of each claim, as they came and as they are kept."""
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    rows = written_by(VoucherFile.objects.order_by("pk"), position.log_size)
    for claim_id, sha256, kept in rows.values_list("claim_id", "sha256", "kept_sha256"):
        found[claim_id] |= {sha256, kept}
    return found


def doubles(position: Position) -> list[Pair]:
    """Pairs among claims that were not rejected, each pair once."""
    standing = [row for row in claims_at(position) if row["status"] != ClaimStatus.REJECTED]
    documents = documents_at(position)
    for row in standing:
        documents[row["id"]] |= {row["voucher_sha256"]} - {""}
    found: dict[tuple[str, str], Pair] = {}
    for why, first, second in _candidates(standing, documents):
        key = (str(first["id"]), str(second["id"]))
        found.setdefault(key, Pair(why, first, second, max(first["journal"], second["journal"])))
    return list(found.values())


def _candidates(
    rows: list[Known], documents: dict[uuid.UUID, set[str]]
) -> Iterator[tuple[str, Known, Known]]:
    for digest_of, why in (
        (lambda row: documents[row["id"]], "same-document"),
        (lambda row: {row["number_index"]} - {""}, "same-number"),
    ):
        for group in _grouped((digest, row) for row in rows for digest in digest_of(row)):
            for first, second in pairwise(group):
                yield why, first, second
    for group in _grouped((_likeness(row), row) for row in _costs(rows)):
        for first, second in pairwise(group):
            if second["invoiced_on"] - first["invoiced_on"] <= NEAR:
                yield "alike", first, second


def _likeness(row: Known) -> str:
    return str((row["payee_id"], row["case_id"], row["amount_minor"], row["currency"]))


def _costs(rows: list[Known]) -> Iterator[Known]:
    """Every claim but advances that a voucher of the same likeness accounts for: those two are one cost."""
    accounted = {(row["closes_id"], _likeness(row)) for row in rows if row["closes_id"]}
    yield from (row for row in rows if (row["id"], _likeness(row)) not in accounted)


def _grouped(keyed: Iterable[tuple[str, Known]]) -> Iterator[list[Known]]:
    groups: dict[str, list[Known]] = defaultdict(list)
    for key, row in keyed:
        groups[key].append(row)
    yield from (group for group in groups.values() if len(group) > 1)
