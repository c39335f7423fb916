"""The graph of a stolen database: which rows share a value, and how far one gift can be followed in it.

A thief has every row, no keys. Two rows are joined where they share an id (a whole number too, where a column
points at one), a reference, a hash, an amount or the second of a moment. A value that as many gifts bear as a
batch needs is a crowd: behind it nobody can be told from the others, so it is not followed. Everything else
is. Days are not followed: what happened on one is not joined by that. Nor are words without a digit, which
are kinds and columns of the program.
"""

import datetime
import json
import re
import uuid
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, IntegerField

from tests.canary.written import Rows

Place = tuple[str, int]
_WORD = re.compile(r"[A-Za-z0-9_\-]{8,}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_GIVERS = {
    "donations_donation": "id",
    "donations_historicaldonation": "id",
    "donations_attempt": "donation_id",
    "donations_historicalattempt": "donation_id",
    "donations_fact": "donation_id",
    "donations_receipt": "donation_id",
    "donations_historicalreceipt": "donation_id",
}
# Where a path must not end: the case, its people and papers, and money out.
TARGETS = (
    "cases_", "lawyers_", "treasury_claim", "treasury_historicalclaim", "treasury_payee",
    "treasury_historicalpayee", "treasury_commitment", "treasury_historicalcommitment", "treasury_ceiling",
    "treasury_voucher", "treasury_historicalvoucher",
)  # fmt: skip
# Reference data and machinery: the same for everybody.
_PUBLIC = (
    "cases_court",
    "cases_historicalcourt",
    "cases_article",
    "cases_historicalarticle",
    "django_",
    "auth_",
)
_FRAMEWORK = ("audit_node", "audit_logtail", "vault_")


@dataclass
class Graph:
    """Rows by the values they bear, and values by the gifts that bear them."""

    rows: Rows
    crowd: int
    seconds: bool = True
    values: dict[Place, set[str]] = field(default_factory=dict)
    bearers: dict[str, set[Place]] = field(default_factory=lambda: defaultdict(set))
    donations: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    journals: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        gifts = {_id(row["id"]) for row in self.rows["treasury_journal"] if row["kind"] == "gift"}
        for table, rows in self.rows.items():
            if table.startswith(_PUBLIC + _FRAMEWORK):
                continue
            for place, row in enumerate(rows):
                found = set(values_of(table, row))
                if not self.seconds:
                    found = {value for value in found if not value.startswith("second ")}
                self.values[table, place] = found
                donation, journal = _donation_of(table, row), _journal_of(table, row)
                for value in found:
                    self.bearers[value].add((table, place))
                    if donation:
                        self.donations[value].add(donation)
                    if journal in gifts:
                        self.journals[value].add(journal)

    def followed(
        self, begin: Iterable[Place], chosen: frozenset[str] = frozenset()
    ) -> dict[Place, list[str]]:
        """Every row that can be reached from these, with the values that lead there.

        ``chosen`` are values on the way to what the giver chose themselves; they are not followed.
        """
        reached: dict[Place, list[str]] = {place: [] for place in begin}
        waiting, done = deque(reached), set(chosen)
        while waiting:
            here = waiting.popleft()
            for value in self.values.get(here, ()):
                if value in done:
                    continue
                done.add(value)
                if self.is_crowd(value):
                    continue
                for there in self.bearers[value]:
                    if there not in reached:
                        reached[there] = [*reached[here], value]
                        waiting.append(there)
        return reached

    def is_crowd(self, value: str) -> bool:
        """Whether as many gifts bear it as a batch needs; a gift and its journal are one."""
        return max(len(self.donations.get(value, ())), len(self.journals.get(value, ()))) >= self.crowd


def paths(graph: Graph, donation_id: uuid.UUID, chosen: frozenset[str] = frozenset()) -> list[str]:
    """Forbidden ends that this gift leads to, each with the way there; none when all is well."""
    key = _id(donation_id)
    begin = [
        ("donations_donation", place)
        for place, row in enumerate(graph.rows["donations_donation"])
        if _id(row["id"]) == key
    ]
    assert begin, "no such gift: the test would follow nothing"
    found = []
    for (table, place), way in graph.followed(begin, chosen).items():
        row = graph.rows[table][place]
        if _is_target(table, row) and not chosen & graph.values[table, place]:
            found.append(f"{table} by {' > '.join(way)}")
    return sorted(found)


def thin_payments(rows: Rows, crowd: int) -> list[tuple[str, int]]:
    """Payments that a thief can lay at the door of few gifts: journal id, and out of how many gifts it came.

    Journals are numbered in their order, so who reads them knows how many gifts a batch held when it paid.
    """
    order = {_id(row["id"]): row["number"] for row in rows["treasury_journal"]}
    kinds = {_id(row["id"]): row["kind"] for row in rows["treasury_journal"]}
    gifts: dict[str, set[int]] = defaultdict(set)
    paid: list[tuple[str, str]] = []
    for row in rows["treasury_transfer"]:
        journal, batch = _id(row["journal_id"]), row["batch_id"] and _id(row["batch_id"])
        if batch and kinds[journal] == "gift":
            gifts[batch].add(order[journal])
        elif batch and kinds[journal] == "payment":
            paid.append((journal, batch))
    found = {
        (journal, sum(number < order[journal] for number in gifts[batch]))
        for journal, batch in paid
        if batch in gifts
    }
    return sorted(one for one in found if one[1] < crowd)


def values_of(table: str, row: dict[str, Any]) -> Iterator[str]:
    """What of a row may stand in another one too."""
    for name, value in row.items():
        if value is None or isinstance(value, bool | bytes) or type(value) is datetime.date:
            continue
        if isinstance(value, uuid.UUID):
            yield value.hex
        elif isinstance(value, datetime.datetime):
            yield _second(value)
        elif isinstance(value, int):
            if name.endswith("_minor") and value:
                yield f"amount {abs(value)}"
            elif (table, name) in numbered():
                yield f"{numbered()[table, name]} number {value}"
        elif isinstance(value, str):
            yield from _in_text(value)
        else:
            yield from _in_text(json.dumps(value, default=str))


@cache
def numbered() -> dict[tuple[str, str], str]:
    """Columns that hold a whole number as a key, or point at one: (table, column) and the table meant."""
    found = {("treasury_journal", "number"): "treasury_journal"}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        for one in model._meta.concrete_fields:
            if isinstance(one, ForeignKey) and isinstance(one.target_field, IntegerField):
                found[table, one.column] = one.related_model._meta.db_table  # type: ignore[union-attr]
            elif one.primary_key and isinstance(one, IntegerField):
                found[table, one.column] = table
    return found


def _in_text(text: str) -> Iterator[str]:
    if text.startswith("s1."):
        return  # sealed: without the key as good as noise
    for moment in _MOMENT.findall(text):
        yield f"second {moment.replace('T', ' ')}"
    for amount in re.findall(r'_minor"?:\s?"?(-?\d+)', text):
        if int(amount):
            yield f"amount {abs(int(amount))}"
    for number in re.findall(r'"journal_number"?:\s?(\d+)', text):
        yield f"treasury_journal number {number}"
    for word in _WORD.findall(_DAY.sub(" ", _MOMENT.sub(" ", text))):
        if any(sign.isdigit() for sign in word):
            yield word.replace("-", "").lower() if _is_uuid(word) else word


def _is_uuid(word: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", word) is not None


def _second(value: Any) -> str:
    at = value.astimezone(datetime.UTC) if value.tzinfo else value
    return f"second {at:%Y-%m-%d %H:%M:%S}"


def _id(value: object) -> str:
    return str(value).replace("-", "")


def _donation_of(table: str, row: dict[str, Any]) -> str:
    if column := _GIVERS.get(table):
        return _id(row[column])
    if table == "audit_event" and str(row["kind"]).startswith("gift."):
        subjects = json.loads(row["body"])["subjects"]
        return _id(subjects[0]) if subjects else ""
    return ""


def _journal_of(table: str, row: dict[str, Any]) -> str:
    if table == "treasury_journal":
        return _id(row["id"])
    return _id(row["journal_id"]) if table == "treasury_transfer" else ""


def _is_target(table: str, row: dict[str, Any]) -> bool:
    if table.startswith(_PUBLIC):
        return False
    money_out = table in ("treasury_journal", "treasury_transfer") and (
        row.get("case_id") is not None or row.get("commitment_id") is not None or row.get("kind") == "payment"
    )
    return table.startswith(TARGETS) or money_out
