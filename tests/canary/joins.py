"""The graph of a stolen database: which rows share a value, and how far one gift can be followed in it.

A thief has every row, no keys. Two rows are joined where they share an id, a reference, a hash, an amount or
the second of a moment. A value that as many gifts bear as a batch needs is a crowd: behind it nobody can be
told from the others, so it is not followed. Everything else is.
"""

import datetime
import json
import re
import uuid
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

Rows = dict[str, list[dict[str, Any]]]
Place = tuple[str, int]
_WORD = re.compile(r"[A-Za-z0-9_\-]{8,}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
_GIVERS = {"donations_donation": "id", "donations_attempt": "donation_id", "donations_fact": "donation_id"}
_HISTORIES = {
    "donations_historicaldonation": "id",
    "donations_historicalattempt": "donation_id",
}
# Where a path must not end: the case, its people and papers, and money out.
TARGETS = (
    "cases_", "lawyers_", "treasury_claim", "treasury_historicalclaim", "treasury_payee",
    "treasury_historicalpayee", "treasury_commitment", "treasury_historicalcommitment", "treasury_ceiling",
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
    values: dict[Place, set[str]] = field(default_factory=dict)
    bearers: dict[str, set[Place]] = field(default_factory=lambda: defaultdict(set))
    gifts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        journals = {_id(row["id"]) for row in self.rows["treasury_journal"] if row["kind"] == "gift"}
        for table, rows in self.rows.items():
            if table.startswith(_PUBLIC + _FRAMEWORK):
                continue
            for place, row in enumerate(rows):
                found = set(values_of(table, row))
                self.values[table, place] = found
                gift = _gift_of(table, row, journals)
                for value in found:
                    self.bearers[value].add((table, place))
                    if gift:
                        self.gifts[value].add(gift)

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
        """Whether as many gifts bear it as a batch needs."""
        return len(self.gifts.get(value, ())) >= self.crowd


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


def values_of(table: str, row: dict[str, Any]) -> Iterator[str]:
    """What of a row may stand in another one too."""
    for name, value in row.items():
        if value is None or isinstance(value, bool | bytes) or type(value) is datetime.date:
            continue  # a day is shared by all that happened on it
        if isinstance(value, uuid.UUID):
            yield value.hex
        elif _is_moment(value):
            yield _second(value)
        elif isinstance(value, int):
            if name.endswith("_minor") and value:
                yield f"amount {abs(value)}"
        elif isinstance(value, str):
            yield from _in_text(value)
        else:
            yield from _in_text(json.dumps(value, default=str))


def _in_text(text: str) -> Iterator[str]:
    if text.startswith("s1."):
        return  # sealed: without the key as good as noise
    for moment in _MOMENT.findall(text):
        yield f"second {moment.replace('T', ' ')}"
    for amount in re.findall(r'_minor"?:\s?"?(-?\d+)', text):
        if int(amount):
            yield f"amount {abs(int(amount))}"
    for word in _WORD.findall(_MOMENT.sub(" ", text)):
        # Words of the program (kinds, columns) are no names of anything; ids and hashes bear a digit.
        if any(sign.isdigit() for sign in word):
            yield word.replace("-", "").lower() if _is_uuid(word) else word


def _is_uuid(word: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", word) is not None


def _is_moment(value: object) -> bool:
    return isinstance(value, datetime.datetime)


def _second(value: Any) -> str:
    at = value.astimezone(datetime.UTC) if value.tzinfo else value
    return f"second {at:%Y-%m-%d %H:%M:%S}"


def _id(value: object) -> str:
    return str(value).replace("-", "")


def _gift_of(table: str, row: dict[str, Any], journals: set[str]) -> str:
    if column := _GIVERS.get(table) or _HISTORIES.get(table):
        return f"donation {_id(row[column])}"
    if table == "treasury_journal" and row["kind"] == "gift":
        return f"journal {_id(row['id'])}"
    if table == "treasury_transfer" and _id(row["journal_id"]) in journals:
        return f"journal {_id(row['journal_id'])}"
    if table == "audit_event" and str(row["kind"]).startswith("gift."):
        subjects = json.loads(row["body"])["subjects"]
        return f"donation {_id(subjects[0])}" if subjects else ""
    return ""


def _is_target(table: str, row: dict[str, Any]) -> bool:
    if table.startswith(_PUBLIC):
        return False
    money_out = table in ("treasury_journal", "treasury_transfer") and (
        row.get("case_id") is not None or row.get("commitment_id") is not None or row.get("kind") == "payment"
    )
    return table.startswith(TARGETS) or money_out
