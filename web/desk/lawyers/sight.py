"""A lawyer as pages show them: licence, load, places and languages, with "ask" where nothing is known."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cases.models import Representation
from lawyers import wording
from lawyers.models import Away, Lawyer
from lawyers.standing import Standing, State, standing
from vault.fields import prefetch
from web.desk.cases.words import region_name
from web.shapes import Shape

SHAPES = {
    State.ACTIVE: Shape.GOOD,
    State.LAPSING: Shape.SOON,
    State.SUSPENDED: Shape.LATE,
    State.REVOKED: Shape.LATE,
    State.REFUSED: Shape.LATE,
    State.EXPIRED: Shape.SHUT,
    State.UNKNOWN: Shape.WAITING,
}


@dataclass(frozen=True)
class Load:
    """Open cases, the most they take and the most new ones a week; None where nobody has asked."""

    open_now: int
    most: int | None
    per_week: int | None = None

    @property
    def shown(self) -> int:
        """The filled part of the meter, which never overflows."""
        return min(self.open_now, self.most or 0)

    @property
    def high(self) -> int:
        """From here on the meter turns amber: the last place is taken."""
        return max((self.most or 0) - 1, 0)


@dataclass(frozen=True)
class Sight:
    """One lawyer, ready to be shown. Empty tuples mean unknown; ``name`` is "" while it stays sealed."""

    lawyer: Lawyer
    name: str
    licence: Standing
    regions: tuple[str, ...]
    families: tuple[str, ...]
    languages: str
    load: Load
    away: Away | None

    @property
    def licence_word(self) -> str:
        return wording.word(wording.LICENCE, self.licence.state)

    @property
    def licence_shape(self) -> Shape:
        return SHAPES[self.licence.state]


def with_load(lawyers: QuerySet[Lawyer]) -> QuerySet[Lawyer]:
    """Adds ``open_now``: how many cases each defends."""
    held = Representation.objects.defending().filter(lawyer=OuterRef("pk")).order_by().values("lawyer")
    count = held.annotate(n=Count("pk")).values("n")
    return lawyers.annotate(open_now=Coalesce(Subquery(count, output_field=IntegerField()), 0))


def with_practice(lawyers: QuerySet[Lawyer]) -> QuerySet[Lawyer]:
    """Fetches what :func:`seen` looks at: five queries, however many rows."""
    return (
        with_load(lawyers)
        .select_related("capacity")
        .prefetch_related("licences", "competences", "coverages", "aways")
    )


def seen(lawyers: Iterable[Lawyer], on: datetime.date, *, names: bool = False) -> list[Sight]:
    """The rows of a list. ``names`` opens them: it needs a reading, and one query for all keys."""
    rows = list(lawyers)
    if names:
        prefetch(rows, "name")
    return [_sight(lawyer, on, names) for lawyer in rows]


def opened(row: Any, field: str) -> str:
    """A sealed text, opened: it needs a reading; "erased" once the lawyer is."""
    return str(getattr(row, field))


def name_of(lawyer: Lawyer) -> str:
    """The name, opened: the spelling of the register, else the Latin one."""
    return opened(lawyer, "name") or opened(lawyer, "latin_name")


def _sight(lawyer: Lawyer, on: datetime.date, names: bool) -> Sight:
    capacity = getattr(lawyer, "capacity", None)
    open_now: int = lawyer.open_now  # type: ignore[attr-defined]  # with_load adds it
    places = sorted(lawyer.coverages.all(), key=lambda row: (row.travels, row.region))
    aways = sorted(lawyer.aways.all(), key=lambda row: row.from_on)
    return Sight(
        lawyer=lawyer,
        name=name_of(lawyer) if names else "",
        licence=standing(lawyer.licences.all(), on),
        regions=tuple(dict.fromkeys(str(region_name(row.region)) for row in places)),
        families=tuple(
            wording.word(wording.FAMILIES, row.article_family) for row in lawyer.competences.all()
        ),
        languages=wording.listed(wording.LANGUAGES, lawyer.languages.split()),
        load=Load(open_now, capacity.max_open, capacity.new_per_week) if capacity else Load(open_now, None),
        away=next((row for row in aways if row.until_on >= on), None),
    )
