"""Moving cases from one client's record to another's: what is sealed about them is sealed anew.

What was written once (facts about stages, exclusions) and earlier versions stay under the key they were
sealed with; so do files when records are joined. That is why a merged record keeps its key until the person
is erased. When a record is taken apart the files go along, as each of the two people is erased alone.
"""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F

from audit.actors import Actor
from audit.tracked import Tracked
from cases.models import Case, CaseDocument, Client, Exclusion, HelpNote
from vault import keys
from vault.fields import SealedField, sealed_fields
from vault.files import is_there, reseal_file


def models_of_cases() -> list[Any]:
    """Every kind of row that names a case and, beside it, that case's client."""
    found: list[Any] = []
    for model in apps.get_app_config("cases").get_models():
        names = {field.name: field for field in model._meta.concrete_fields}
        ours = issubclass(model, Tracked) and not model.__name__.startswith("Historical")
        if ours and _points(names.get("case"), Case) and _points(names.get("client"), Client):
            found.append(model)
    return found


def _points(field: Any, to: type[models.Model]) -> bool:
    return isinstance(field, models.ForeignKey) and field.related_model is to


def move_cases(cases: Iterable[Case], to: Client) -> int:
    """Give these cases and all that is recorded about them to another record. Inside an action.

    Needs a reading. Answers how many rows were sealed anew. Raises keys.Erased.
    """
    moved = list(cases)
    keys.prefetch({to.id, *(case.client_id for case in moved)})
    for case in moved:
        _give(case, to)
    ids = [case.id for case in moved]
    rows = 0
    for model in models_of_cases():
        for row in model.objects.filter(case__in=ids).exclude(client=to):
            _give(row, to)
            rows += 1
    return rows + len(moved) + _move_notes(ids, to)


def _move_notes(case_ids: list[uuid.UUID], to: Client) -> int:
    """What was added by the code once there was a case; earlier notes stay with the request."""
    added = HelpNote.objects.filter(request__case__in=case_ids).exclude(subject_id=to.id)
    notes = list(added.exclude(subject_id=F("request")))
    for note in notes:
        text = note.text
        note.__dict__.pop("text")
        note.subject_id, note.text = to.id, text
        note.save()
    return len(notes)


def move_papers(cases: Iterable[Case], to: Client, *, by: Actor, at: datetime.datetime) -> int:
    """Seal the files of these cases, struck out or not, with the other person's key. Inside an action.

    Needs a reading. Answers how many; what lies on the disk no more stays as it is.
    """
    held = CaseDocument.objects.filter(case__in=cases, file__deleted_at=None).exclude(file__subject_id=to.id)
    papers = [paper for paper in held.select_related("file") if is_there(paper.file)]
    for paper in papers:
        paper.file = reseal_file(paper.file, subject_id=to.id, by_id=by.actor_id, at=at)
        paper.save()
    return len(papers)


def _give(row: Any, to: Client) -> None:
    """Change a row's client; values sealed with the client's key are opened and sealed anew."""
    own = [field for field in sealed_fields(type(row)) if _is_clients(row, field)]
    opened = {field.attname: getattr(row, field.attname) for field in own}
    for name in opened:
        row.__dict__.pop(name)
    row.client = to
    for name, value in opened.items():
        row.__dict__[name] = value
    row.save()


def _is_clients(row: Any, field: SealedField) -> bool:
    return field.subject_id(row) == row.client_id and row.__dict__.get(field.attname) is not None


def exclude_alike(one: Client, other: Client, moment: Any) -> int:
    """Whoever never defends one never defends the other: the rows missing on the second. Inside an action."""
    known = set(Exclusion.objects.filter(client=other).values_list("lawyer", flat=True))
    missing = Exclusion.objects.filter(client=one).exclude(lawyer__in=known)
    rows: Sequence[Exclusion] = [
        Exclusion(id=uuid.uuid4(), client=other, lawyer=row.lawyer, kind=row.kind, excluded_at=moment)
        for row in missing
    ]
    if rows:
        Exclusion.insert_many(rows)
    return len(rows)
