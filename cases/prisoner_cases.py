"""A row of a prisoners' list as an intake; no queries."""

import datetime

from django.utils import timezone

from cases import kinds
from cases.intake.facts import HearingFact, Intake, StageFact
from cases.intake.prisoner_rows import PrisonerRow
from cases.stages import EndKind, Stage
from vault.indexes import exact_index

# The list's word for a person's situation -> where the court process stands, and how it ended.
_CRIMINAL: dict[str, tuple[Stage, EndKind | None]] = {
    "detained": (Stage.DETAINED, None),
    "charged": (Stage.CHARGED, None),
    "wanted": (Stage.CHARGED, None),
    "on-trial": (Stage.FIRST_INSTANCE, None),
    "convicted": (Stage.FIRST_INSTANCE, None),
    "serving": (Stage.SERVING, None),
    "home-restriction": (Stage.SERVING, None),
    "released": (Stage.ENDED, EndKind.RELEASED),
    "pardoned": (Stage.ENDED, EndKind.PARDON),
    "exiled": (Stage.ENDED, EndKind.EXPELLED),
    "acquitted": (Stage.ENDED, EndKind.ACQUITTED),
    "died": (Stage.ENDED, EndKind.DIED),
}
_ADMINISTRATIVE = {
    **{status: (Stage.EXECUTED, end) for status, (stage, end) in _CRIMINAL.items() if stage == Stage.ENDED},
    "detained": (Stage.DETAINED, None),
    "on-trial": (Stage.COURT, None),
    "convicted": (Stage.COURT, None),
    "serving": (Stage.COURT, None),
}
_VERDICTS = {
    "convicted": kinds.Verdict.CONVICTED,
    "serving": kinds.Verdict.CONVICTED,
    "acquitted": kinds.Verdict.ACQUITTED,
}


def intake(row: PrisonerRow, at: datetime.datetime) -> Intake:
    """What the row tells, as far as it tells it; everything from a monitor, probable."""
    known = Intake(
        name=row.name,
        latin_name=row.name_latin,
        alias=row.alias,
        born=row.born,
        place=row.place_of_detention,
        court=row.court,
        articles=row.articles,
        detained=row.detained,
        hearing=_hearing(row, at),
        started_on=_started_on(row, at),
        judge=row.judge,
        verdict=_verdict(row),
        sentence=row.sentence,
        source=kinds.Source.MONITOR,
        reliability=kinds.Reliability.PROBABLE,
        # Monitors have verified what they list; whether the organisation defends is still to be decided.
        status=kinds.CaseStatus.VERIFIED,
        import_digest=digest(row),
    )
    return Intake(**{**known.__dict__, "stages": _stages(row, known.kind)})


def digest(row: PrisonerRow) -> str:
    """Finds the same person's same detention again, however the row's other cells have changed.

    A keyed digest; it lives in the index that erasure clears.
    """
    names = (
        " ".join(name.casefold().replace("ё", "е").split()) for name in (row.name, row.name_latin, row.alias)
    )
    return exact_index("client.import", "|".join((*names, str(row.born or ""), str(row.detained or ""))))


def _verdict(row: PrisonerRow) -> kinds.Verdict | None:
    return _VERDICTS.get(row.status) or (kinds.Verdict.CONVICTED if row.sentence else None)


def _stages(row: PrisonerRow, kind: kinds.CaseKind) -> tuple[StageFact, ...]:
    """A sentence without a status says that the first instance is over; the day is not in the list."""
    course = _ADMINISTRATIVE if kind == kinds.CaseKind.ADMINISTRATIVE else _CRIMINAL
    status = row.status or ("convicted" if row.sentence else "")
    if status not in course:
        return ()
    stage, end_kind = course[status]
    since = row.detained if stage == Stage.DETAINED else None
    return (StageFact(stage, since, end_kind),)


def _started_on(row: PrisonerRow, at: datetime.datetime) -> datetime.date | None:
    first = row.first_hearing
    past = first is not None and first.precision == "day" and first.first < timezone.localdate(at)
    return first.first if first is not None and past else None


def _hearing(row: PrisonerRow, at: datetime.datetime) -> HearingFact | None:
    """A hearing that is still ahead; lists know the day at most. One known to the month is no date."""
    first = row.first_hearing
    if first is None or first.precision != "day" or first.first < timezone.localdate(at):
        return None
    midnight = timezone.make_aware(datetime.datetime.combine(first.first, datetime.time()))
    return HearingFact(midnight, time_known=False)
