"""The period before, beside this one."""

import calendar
import datetime
from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.render.document import Column, Row, Section
from reports.scope import Position, Scope
from reports.types import columns
from reports.types.registry import ReportType


def period_before(starts_on: datetime.date, ends_on: datetime.date) -> tuple[datetime.date, datetime.date]:
    """As many whole months before, where the period is whole months; else as many days before."""
    last = starts_on - datetime.timedelta(days=1)
    if starts_on.day == 1 and ends_on.day == calendar.monthrange(ends_on.year, ends_on.month)[1]:
        months = (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month + 1
        month = starts_on.year * 12 + starts_on.month - 1 - months
        return datetime.date(month // 12, month % 12 + 1, 1), last
    return last - (ends_on - starts_on), last


def sections(kind: ReportType, scope: Scope, position: Position, now: Iterable[Section]) -> list[Section]:
    """The figures and bars of both periods: one section for money, one for counts; empty ones left out."""
    starts_on, ends_on = period_before(scope.starts_on, scope.ends_on)
    earlier = replace(scope, starts_on=starts_on, ends_on=ends_on, compare=False, reported=None)
    then = {section.key: section for section in kind.build(earlier, position)}
    pairs = [(section, then[section.key]) for section in now if section.key in then]
    made = [_section(pairs, money=True), _section(pairs, money=False)]
    return [section for section in made if section.rows]


def _section(pairs: list[tuple[Section, Section]], *, money: bool) -> Section:
    rows: list[Row] = []
    labels: dict[str, str] = {}
    for now, then in pairs:
        # A label may hold a figure of its own, such as a share: that of this period stays.
        earlier = _figures(then, labels, money=money)
        figures = _figures(now, labels, money=money)
        for key in {**figures, **earlier}:
            this, before = figures.get(key, 0), earlier.get(key, 0)
            rows.append((now.key, key, this, before, this - before))
    heads = (_("This period"), _("Period before"), pgettext("difference", "Change"))
    keys = ("now", "then", "change")
    make = columns.money if money else _count
    return Section(
        key="comparison" if money else "comparison-counts",
        title=_("Compared with the period before") if money else _("Compared with the period before, counts"),
        columns=(
            Column("section", _("Section"), "code", labels={now.key: now.title for now, _then in pairs}),
            Column("figure", _("Figure"), "code", labels=labels),
            *(make(key, head) for key, head in zip(keys, heads, strict=True)),
        ),
        rows=rows,
    )


def _count(key: str, label: str) -> Column:
    return Column(key, label, "count")


def _figures(section: Section, labels: dict[str, str], *, money: bool) -> dict[str, int]:
    found: dict[str, int] = {}
    kind = "money" if money else "count"
    for fact in section.facts:
        if fact.kind == kind and isinstance(fact.value, int):
            found[fact.key] = fact.value
            labels[fact.key] = fact.label
    for bar in section.bars:
        if bool(bar.currency) == money:
            found[bar.key] = bar.value
            labels[bar.key] = bar.label
    return found
