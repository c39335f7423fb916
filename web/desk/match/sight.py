"""What is shown of a run: cases by code name where the reader may find them, lawyers where they may too."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Case, MatchProposal, MatchRun
from lawyers import wording
from lawyers.matching import Stage
from lawyers.models import Lawyer
from web.desk.counsel.sight import Part, parts_of


class Names:
    """Code names of the cases and lawyers of one run, in two queries.

    A restricted case that is not in the reader's lists has no name here, only words.
    """

    def __init__(self, user: User, case_ids: Iterable[str], lawyer_ids: Iterable[str]) -> None:
        seen = Case.objects.visible_to(user, timezone.now()).select_related("client", "court")
        self.cases = {str(row.pk): row for row in _by_id(seen, case_ids)}
        self.lawyers = {str(row.pk): row for row in _by_id(Lawyer.objects.all(), lawyer_ids)}

    def case(self, ref: str) -> str:
        """A case in words."""
        found = self.cases.get(ref)
        return found.client.code_name if found else _("a case not in your lists")

    def lawyer(self, ref: str) -> str:
        """A lawyer in words."""
        found = self.lawyers.get(ref)
        return found.code_name if found else _("a former lawyer")


def _by_id(rows: Any, refs: Iterable[str]) -> Any:
    wanted = {uuid.UUID(ref) for ref in refs}
    # A long list of ids is slower than the table, and SQLite takes no more than some thousands.
    return rows.filter(pk__in=wanted) if len(wanted) <= 500 else rows


@dataclass(frozen=True)
class Option:
    """One lawyer on the stored shortlist of a case."""

    rank: int
    ref: str
    name: str
    fit: int
    parts: tuple[Part, ...]
    asks: tuple[str, ...]
    load: int
    room: int
    chosen: bool

    @property
    def bar(self) -> tuple[int, ...]:
        return tuple(part.points for part in self.parts)


@dataclass(frozen=True)
class Cut:
    """These cases can only go to these places: the proof that no plan leaves fewer of them out."""

    cases: list[str]
    missing: list[str]
    lawyers: list[str]
    seats: int
    capacity: int

    @property
    def first(self) -> list[str]:
        return self.cases[:6]

    @property
    def rest(self) -> list[str]:
        return self.cases[6:]


@dataclass(frozen=True)
class StageRow:
    """One objective with its value, and the bound that nothing can beat."""

    word: str
    value: int | None
    bound: int | None

    @property
    def proved(self) -> bool:
        return self.value is not None and self.value == self.bound


def options(kept: Mapping[str, Any], names: Names) -> list[Option]:
    """The stored shortlist of one case."""
    return [
        Option(
            rank=rank,
            ref=row["place"],
            name=names.lawyer(row["place"]),
            fit=row["fit"],
            parts=parts_of(row["parts"].items()),
            asks=tuple(wording.word(wording.ASKS, ask) for ask in row["asks"]),
            load=row["load"],
            room=row["room"],
            chosen=row["chosen"],
        )
        for rank, row in enumerate(kept.get("options", []), start=1)
    ]


def refused(kept: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Reasons with how many lawyers each speaks against; one lawyer may stand under several."""
    rows = kept.get("refused", {}).items()
    return sorted(((wording.word(wording.REASONS, code), n) for code, n in rows), key=lambda row: -row[1])


def cuts(run: MatchRun, names: Names) -> list[Cut]:
    """The certificates for cases that were left without counsel."""
    return [
        Cut(
            cases=sorted(names.case(ref) for ref in row["needs"]),
            missing=sorted(names.case(ref) for ref in row["missing"]),
            lawyers=sorted(names.lawyer(ref) for ref in row["places"]),
            seats=row["seats"],
            capacity=row["capacity"],
        )
        for row in run.result.get("certificates", [])
    ]


def stages(run: MatchRun) -> list[StageRow]:
    """The objectives in their order of precedence."""
    return [
        StageRow(wording.word(wording.STAGES, stage), row["value"], row["bound"])
        for stage in Stage
        if (row := run.bound.get(stage)) is not None
    ]


def ids_of(run: MatchRun, proposals: Iterable[MatchProposal], case: str) -> tuple[set[str], set[str]]:
    """All ids of cases and lawyers that a page of this run speaks of."""
    kept = run.result
    rows = list(proposals)
    cases = {str(row.case_id) for row in rows}
    lawyers = {str(ref) for row in rows for ref in (row.lawyer_id, row.chosen_id) if ref}
    for row in kept.get("certificates", []):
        cases.update(row["needs"])
        lawyers.update(row["places"])
    for row in kept.get("lock_problems", []):
        cases.add(row["need"])
        lawyers.add(row["place"])
    lawyers.update(row["place"] for row in kept.get("cases", {}).get(case, {}).get("options", []))
    return cases, lawyers
