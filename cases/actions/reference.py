"""Courts and articles from the reference, and the trials that monitors know of."""

import datetime
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from audit.tracked import Tracked
from cases import kinds
from cases.models import Article, Case, Court, KnownTrial
from cases.reference import load
from lawyers.intake.cells import PartialDate

T = TypeVar("T", bound=Tracked)


class TrialHasCase(DomainError):
    code = "trial-has-case"
    message = _("This trial is linked to another case already. Unlink that one first.")


class CaseHasTrial(DomainError):
    code = "case-has-trial"
    message = _("This case is linked to another known trial already. Unlink that one first.")


@dataclass(frozen=True)
class KnownTrialFact:
    """A trial as a monitor reported it. ``court`` is a code; ``import_digest`` finds the row again."""

    court: str
    starts: PartialDate
    articles: str
    source: str
    defendants: int = 1
    defended_by: kinds.DefendedBy = kinds.DefendedBy.UNKNOWN
    import_digest: str = ""


@action("reference.loaded")
def load_reference(*, by: Actor, at: datetime.datetime) -> tuple[int, int]:
    """Bring courts and articles up to the shipped lists; how many were new, and how many changed.

    Nothing is deleted: a court that left the list keeps its cases.
    """
    courts = {row.code: row for row in Court.objects.all()}
    articles = {(row.code, row.number, row.part): row for row in Article.objects.all()}
    new: list[Court | Article] = []
    changed = 0
    for court in load.courts():
        values = {**asdict(court), "also": "|".join(court.also)}
        changed += _bring(courts.get(court.code), Court, values, new)
    for article in load.articles():
        key = (article.code, article.number, "")
        changed += _bring(articles.get(key), Article, asdict(article), new)
    Court.objects.insert_many([row for row in new if isinstance(row, Court)])
    Article.objects.insert_many([row for row in new if isinstance(row, Article)])
    fact(new=len(new), changed=changed)
    return len(new), changed


def _bring(row: Any, model: type[Court | Article], values: dict[str, Any], new: list[Court | Article]) -> int:
    """Add a new row to ``new``, or save the stored one if it differs; 1 if it did."""
    if row is None:
        new.append(model(**values))
        return 0
    if all(getattr(row, name) == value for name, value in values.items()):
        return 0
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return 1


@action("trials.known")
def add_known_trials(
    *, trials: Sequence[KnownTrialFact], by: Actor, at: datetime.datetime
) -> list[KnownTrial | None]:
    """Add trials reported by monitors; None where the row was added before. Raises KeyError for a court."""
    asked = [trial.import_digest for trial in trials if trial.import_digest]
    stored = KnownTrial.objects.filter(import_digest__in=asked)
    known = set(stored.values_list("import_digest", flat=True))
    courts = {row.code: row for row in Court.objects.filter(code__in={trial.court for trial in trials})}
    rows: list[KnownTrial | None] = []
    for trial in trials:
        again = bool(trial.import_digest) and trial.import_digest in known
        rows.append(None if again else _known_trial(trial, courts[trial.court]))
        known.add(trial.import_digest)
    added = [row for row in rows if row is not None]
    if added:
        KnownTrial.objects.insert_many(added)
    fact(new=len(added), known_before=len(rows) - len(added))
    return rows


def _known_trial(trial: KnownTrialFact, court: Court) -> KnownTrial:
    return KnownTrial(
        court=court,
        starts_on=trial.starts.first,
        starts_precision=trial.starts.precision,
        articles=trial.articles,
        defendants=trial.defendants,
        defended_by=trial.defended_by,
        source=trial.source,
        import_digest=trial.import_digest or None,
    )


@action("trial.linked")
def link_known_trial(*, known_trial: KnownTrial, case: Case, by: Actor, at: datetime.datetime) -> KnownTrial:
    """Say that this known trial is that case's. Raises TrialHasCase, CaseHasTrial."""
    if known_trial.case_id is not None and known_trial.case_id != case.id:
        raise TrialHasCase()
    if KnownTrial.objects.filter(case=case).exclude(pk=known_trial.pk).exists():
        raise CaseHasTrial()
    known_trial.case = case
    known_trial.save()
    touch(known_trial.id, case.id)
    return known_trial


@action("trial.unlinked")
def unlink_known_trial(*, known_trial: KnownTrial, by: Actor, at: datetime.datetime) -> KnownTrial:
    """Take a wrong link back."""
    touch(known_trial.id, *([known_trial.case_id] if known_trial.case_id else []))
    known_trial.case = None
    known_trial.save()
    return known_trial


@action("trial.defence_recorded")
def record_known_defence(
    *, known_trial: KnownTrial, defended_by: kinds.DefendedBy, by: Actor, at: datetime.datetime
) -> KnownTrial:
    """Who defends in a trial that is no case of ours."""
    known_trial.defended_by = defended_by
    known_trial.save()
    touch(known_trial.id)
    fact(defended_by=defended_by)
    return known_trial
