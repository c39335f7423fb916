"""Bodies a remedy may be asked of, since when and until when; and the page to begin a filing with."""

import csv
import datetime
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.deadlines.words import Body, Category

_HERE = Path(__file__).parent
WHY_CLOSED = {
    "denounced": gettext_lazy(
        "It takes no complaint against Belarus after 7 February 2023, when the state had left the protocol."
        " Turn to the Working Group on Arbitrary Detention or a special rapporteur."
    ),
    "never": gettext_lazy(
        "It has never taken complaints against Belarus."
        " Turn to the Working Group on Arbitrary Detention or a special rapporteur."
    ),
}


@dataclass(frozen=True)
class Remedy:
    """One body as shipped; ``open_from`` is None for one that was never open to us."""

    code: Body
    open_from: datetime.date | None
    open_until: datetime.date | None
    categories: bool
    why_closed: str
    citation: str
    checked_by_counsel: bool

    def takes(self, on: datetime.date) -> bool:
        """Whether something could be filed there on that day."""
        if self.open_from is None or on < self.open_from:
            return False
        return self.open_until is None or on <= self.open_until


@functools.cache
def remedies() -> dict[str, Remedy]:
    """Every body by its code."""
    with (_HERE / "remedies.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: _remedy(row) for row in csv.DictReader(file, strict=True)}


def _remedy(row: dict[str, str]) -> Remedy:
    return Remedy(
        code=Body(row["code"]),
        open_from=datetime.date.fromisoformat(row["open_from"]) if row["open_from"] else None,
        open_until=datetime.date.fromisoformat(row["open_until"]) if row["open_until"] else None,
        categories=row["categories"] == "yes",
        why_closed=row["why_closed"],
        citation=row["citation"],
        checked_by_counsel=row["checked_by_counsel"] == "yes",
    )


@dataclass(frozen=True)
class Facts:
    """What a draft says of the case; dates as words, oldest event first."""

    name: str
    born: str
    held_in: str
    articles: str
    events: tuple[tuple[str, str], ...]
    authority: str


@dataclass(frozen=True)
class Paragraph:
    """A heading and the lines under it."""

    heading: str
    lines: tuple[str, ...]


def draft(body: Body, categories: Iterable[str], facts: Facts) -> list[Paragraph]:
    """One page to begin with: who, what happened, what is claimed, what is asked. People finish it."""
    unknown = _("[not known yet]")
    who = (
        _("Name: %s") % (facts.name or unknown),
        _("Born: %s") % (facts.born or unknown),
        _("Held in: %s") % (facts.held_in or unknown),
        _("Accused under: %s") % (facts.articles or unknown),
    )
    happened = tuple(f"{day}: {what}" for day, what in facts.events) or (unknown,)
    claimed = tuple(str(Category(one).label) for one in sorted(categories)) or (_("[say which rights]"),)
    return [
        Paragraph(_("To"), (str(body.label),)),
        Paragraph(_("About"), who),
        Paragraph(_("What happened"), happened),
        Paragraph(_("What is claimed"), claimed),
        Paragraph(_("What is asked"), (_asked(body),)),
        Paragraph(_("On whose word"), (facts.authority or _("[authority to share with this body]"),)),
    ]


def _asked(body: Body) -> str:
    return {
        Body.WGAD: _("To find the detention arbitrary, and to ask for release and compensation."),
        Body.SPECIAL: _("To raise the case with the state by an urgent appeal."),
        Body.SUPERVISORY: _("To lodge a protest, set the verdict aside and end the proceedings."),
        Body.REHABILITATION: _("To rehabilitate the person and restore their rights."),
        Body.COMPENSATION: _("To compensate the harm done by unlawful prosecution."),
    }.get(body, _("To find a violation and to ask the state to make it good."))
