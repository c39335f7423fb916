"""Coverage: known trials, who defended in them, and how long it took until counsel was there."""

import datetime
import statistics
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.kinds import DefendedBy, EpisodeState, Instance
from cases.models import Case, Court, Defendant, KnownTrial, Representation, Trial
from reports.known import versions_at
from reports.render.document import Bar, Column, Fact, Row, Section
from reports.scope import Position, Scope
from reports.types.columns import month, month_code, words

_WHO = (
    DefendedBy.PANEL,
    DefendedBy.OWN,
    DefendedBy.APPOINTED,
    DefendedBy.NONE,
    DefendedBy.REFUSED,
    DefendedBy.DECLINED,
    DefendedBy.UNKNOWN,
)
_ACCEPTED = (EpisodeState.ACCEPTED, EpisodeState.ACTIVE, EpisodeState.ENDED)


@dataclass(frozen=True)
class Known:
    """One known trial: when it began, in which region's court, who defended."""

    starts_on: datetime.date
    region: str
    defended_by: str


@dataclass(frozen=True)
class Waited:
    """One case: the day it was received, and the hours until counsel accepted; None without counsel."""

    received_on: datetime.date
    hours: int | None


def trials(starts_on: datetime.date, ends_on: datetime.date, log_size: int) -> list[Known]:
    """Known trials that began within the days, as known at that size of the log."""
    regions = {row["id"]: row["region"] for row in versions_at(Court, log_size, "region")}
    said = _said_by_cases(log_size)
    rows = versions_at(KnownTrial, log_size, "starts_on", "defended_by", "court_id", "case_id")
    return [
        Known(
            row["starts_on"],
            regions.get(row["court_id"], ""),
            said.get(row["case_id"], row["defended_by"]),
        )
        for row in rows
        if starts_on <= row["starts_on"] <= ends_on
    ]


def _said_by_cases(log_size: int) -> dict[uuid.UUID, str]:
    """Who defended by our own word: the first instance before others, as in ``cases.coverage``."""
    first = {
        row["id"]: (row["court_instance"] != Instance.FIRST, row["started_on"] or datetime.date.max)
        for row in versions_at(Trial, log_size, "court_instance", "started_on")
    }
    places: dict[uuid.UUID, list[tuple[bool, datetime.date, str, str]]] = defaultdict(list)
    for row in versions_at(Defendant, log_size, "case_id", "trial_id", "defended_by"):
        if row["defended_by"] != DefendedBy.UNKNOWN:
            order = first.get(row["trial_id"], (True, datetime.date.max))
            places[row["case_id"]].append((*order, str(row["id"]), row["defended_by"]))
    return {case: min(found)[3] for case, found in places.items()}


def waits(starts_on: datetime.date, ends_on: datetime.date, log_size: int) -> list[Waited]:
    """Cases received within the days, as known at that size of the log."""
    came: dict[uuid.UUID, datetime.datetime] = {}
    for row in versions_at(Representation, log_size, "case_id", "state", "answered_at"):
        if row["state"] in _ACCEPTED and row["answered_at"]:
            came[row["case_id"]] = min(came.get(row["case_id"], row["answered_at"]), row["answered_at"])
    found = []
    for row in versions_at(Case, log_size, "received_at"):
        received = row["received_at"]
        if starts_on <= received.date() <= ends_on:
            there = came.get(row["id"])
            hours = None if there is None else max(int((there - received).total_seconds() // 3600), 0)
            found.append(Waited(received.date(), hours))
    return found


def build(scope: Scope, position: Position) -> list[Section]:
    """By month, by region, and the hours to counsel."""
    known = trials(scope.starts_on, scope.ends_on, position.log_size)
    waited = waits(scope.starts_on, scope.ends_on, position.log_size)
    return [_months(known), _regions(known), _hours(waited)]


def _who_columns() -> tuple[Column, ...]:
    labels = words(DefendedBy)
    return (
        Column("trials", _("Trials"), "count"),
        *(Column(str(who), labels[who], "count") for who in _WHO),
    )


def _counted(known: list[Known]) -> tuple[int, ...]:
    who = Counter(one.defended_by for one in known)
    return (len(known), *(who[code] for code in _WHO))


def _months(known: list[Known]) -> Section:
    groups: dict[datetime.date, list[Known]] = defaultdict(list)
    for one in known:
        groups[one.starts_on.replace(day=1)].append(one)
    rows: list[Row] = [(month_code(first), *_counted(groups[first])) for first in sorted(groups)]
    sums = _counted(known)
    labels = words(DefendedBy)
    defended = sums[1] + sums[2] + sums[3]
    return Section(
        key="months",
        title=_("Known trials by month"),
        columns=(month("month", _("Month"), groups), *_who_columns()),
        rows=rows,
        totals=(None, *sums),
        note=_("Each known trial counts once, whether or not anybody asked for help."),
        facts=(
            Fact("trials", _("Known trials"), "count", sums[0]),
            Fact("ours", _("Defended by our panel"), "count", sums[1]),
            Fact("defended", _("Defended by anybody"), "count", defended),
            Fact("nobody", _("Defended by nobody, or not known"), "count", sums[0] - defended),
        ),
        bars=tuple(Bar(str(who), labels[who], sums[index]) for index, who in enumerate(_WHO, start=1)),
    )


def _regions(known: list[Known]) -> Section:
    groups: dict[str, list[Known]] = defaultdict(list)
    for one in known:
        groups[one.region].append(one)
    return Section(
        key="regions",
        title=_("Known trials by region"),
        columns=(Column("region", _("Region"), "code"), *_who_columns()),
        rows=[(region or None, *_counted(groups[region])) for region in sorted(groups)],
        totals=(None, *_counted(known)),
    )


def _hours(waited: list[Waited]) -> Section:
    groups: dict[datetime.date, list[Waited]] = defaultdict(list)
    for one in waited:
        groups[one.received_on.replace(day=1)].append(one)
    median = _figures(waited)[4]
    return Section(
        key="hours",
        title=_("Hours to counsel"),
        columns=(
            month("month", _("Received in"), groups),
            Column("cases", _("Cases"), "count"),
            Column("with_counsel", _("With counsel"), "count"),
            Column("in_a_day", _("Within 24 hours"), "count"),
            Column("in_three", _("Within 72 hours"), "count"),
            Column("median", _("Median hours"), "count"),
        ),
        rows=[(month_code(first), *_figures(groups[first])) for first in sorted(groups)],
        totals=(None, *_figures(waited)),
        note=_("From the hour a case was received to the hour counsel accepted it."),
        facts=(Fact("median", _("Median hours to counsel"), "count", median),),
    )


def _figures(waited: list[Waited]) -> tuple[int | None, ...]:
    hours = [one.hours for one in waited if one.hours is not None]
    within = (sum(one <= limit for one in hours) for limit in (24, 72))
    return (len(waited), len(hours), *within, round(statistics.median(hours)) if hours else None)
