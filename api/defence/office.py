"""Tasks, notes, who is responsible, and who may open a case."""

import datetime
from collections.abc import Sequence
from typing import Any, cast

from django.db import models
from django.db.models import Q, QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.actions import access
from accounts.models import Grant, User
from api.building import deed, listing, thing
from api.defence.cases import CASES, OPEN, OfCase, open_cases
from api.fields import Day, Flag, OneOf, Ref, Strict, Text
from api.filtering import FilterSet, flag, ident
from api.opening import read, sealed_context
from api.tables import Act, Resource
from cases.actions import handing, office
from cases.models import Case, HandOver, Note, Task
from cases.models.case_lists import GRANT_KIND

WORK = "cases.work"


class TaskOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    case = serializers.UUIDField(source="case_id", allow_null=True)
    owner = serializers.UUIDField(source="owner_id")
    due_on = serializers.DateField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    text = serializers.SerializerMethodField()

    def get_text(self, row: Task) -> str | None:
        return read(self, row, "text")


class NoteOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    case = serializers.UUIDField(source="case_id")
    written_at = serializers.DateTimeField()
    written_by = serializers.CharField()
    text = serializers.SerializerMethodField()

    def get_text(self, row: Note) -> str | None:
        return read(self, row, "text")


def visible_tasks(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return cast("QuerySet[Any]", Task.objects.visible_to(by, at))


def open_notes(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return Note.objects.filter(case__in=Case.objects.open_to(by, at).order_by().values("id"))


def open_texts(rows: Sequence[Any], by: User, at: datetime.datetime) -> dict[str, Any]:
    """What is listed here may be read: one's own, or of a case that is open to the caller."""
    return sealed_context(rows, "text")


class TaskFilters(FilterSet):
    case = ident("case_id")
    owner = ident("owner_id")
    open = flag("done_at", "isnull")


TASKS = Resource("task", visible_tasks, TaskOut, filters=TaskFilters, opening=open_texts)
NOTES = Resource("note", open_notes, NoteOut, ("-written_at", "id"), OfCase, open_texts)


def staff(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return cast("QuerySet[Any]", User.objects.active().staff())


class TaskIn(Strict):
    owner = Ref(staff)
    text = Text(max_length=1000)
    case = Ref(open_cases, allow_null=True, default=None)
    due_on = Day(allow_null=True, default=None)


class NoteIn(Strict):
    """``is_public``: published before; nothing else is kept while a non-disclosure is signed."""

    text = Text(max_length=8000)
    is_public = Flag(default=False)


class HandOverIn(Strict):
    taker = Ref(staff)


class AccessOut(serializers.Serializer[Any]):
    """Who may open which case, and until when; the reason is not told."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    user = serializers.UUIDField(source="user_id")
    case = serializers.UUIDField(source="object_id")
    kind = serializers.ChoiceField(Grant.KINDS)
    started_at = serializers.DateTimeField()
    until = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


def visible_grants(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """One's own, those on cases that one holds, and all of them for auditors and second officers."""
    rows = Grant.objects.filter(object_kind=GRANT_KIND)
    if by.has("audit.see"):
        return rows
    return rows.filter(Q(user=by) | Q(object_id__in=Case.objects.open_to(by, at).order_by().values("id")))


def endable_grants(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """Live ones, on cases that the caller holds; a second officer ends any."""
    return visible_grants(by, at).filter(ended_at=None, until__gt=at)


class GrantFilters(FilterSet):
    case = ident("object_id")
    user = ident("user_id")
    live = flag("ended_at", "isnull")


GRANTS = Resource("access", visible_grants, AccessOut, ("-started_at", "id"), GrantFilters)
ENDABLE = Resource("access", endable_grants, AccessOut)


class AccessKind(models.TextChoices):
    """How somebody may be let in; breaking the glass is a page of its own, with its warning."""

    RESPONSIBLE = "responsible", "Responsible"
    DEPUTY = "deputy", "Deputy"
    HELPER = "helper", "Helper"


class AccessIn(Strict):
    user = Ref(staff)
    kind = OneOf(AccessKind, default=AccessKind.HELPER)
    reason = Text(max_length=500)


class AccessEndIn(Strict):
    """Why it is ended; sealed."""

    reason = Text(max_length=500)


def _manages(case: Any, by: User, at: datetime.datetime) -> bool:
    """A second officer, or who is responsible for the case or its deputy."""
    if by.has("approvals.decide"):
        return True
    return Case.objects.filter(pk=case.pk).of_colleague(by, at).exists()


def _manages_grant(grant: Grant, by: User, at: datetime.datetime) -> bool:
    return by.has("approvals.decide") or Case.objects.filter(pk=grant.object_id).of_colleague(by, at).exists()


def _access(case: Any, values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "object_kind": GRANT_KIND, "object_id": case.pk}


def _hand_over(case: Any, values: dict[str, Any]) -> dict[str, Any]:
    held = Grant.objects.filter(object_kind=GRANT_KIND, object_id=case.pk, kind="responsible", ended_at=None)
    grant = held.select_related("user").first()
    if grant is None:
        raise serializers.ValidationError(
            {"taker": ["Nobody is responsible: give access instead."]}, "nobody"
        )
    return {"giver": grant.user, "taker": values["taker"], "cases": [case]}


class HandOverOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    giver = serializers.UUIDField(source="giver_id")
    taker = serializers.UUIDField(source="taker_id")
    cases = serializers.IntegerField()
    handed = serializers.IntegerField(allow_null=True)
    proposed_at = serializers.DateTimeField()
    taken_at = serializers.DateTimeField(allow_null=True)
    dropped_at = serializers.DateTimeField(allow_null=True)


def visible_hand_overs(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """One's own, and for second officers all."""
    rows = HandOver.objects.all()
    return rows if by.has("approvals.decide") else rows.filter(Q(giver=by) | Q(taker=by))


def givers(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """Whose cases one may hand over: one's own; as a second officer, anybody's, even of one who is gone."""
    rows = cast("QuerySet[Any]", User.objects.all())
    return rows if by.has("approvals.decide") else rows.filter(pk=by.pk)


class ProposeIn(Strict):
    giver = Ref(givers)
    taker = Ref(staff)


HAND_OVERS = Resource("hand-over", visible_hand_overs, HandOverOut, ("-proposed_at", "id"))
CASE = "cases/<uuid:key>/"
urlpatterns: list[URLPattern] = [
    *listing("tasks/", TASKS, WORK, Act(office.add_task, WORK, input=TaskIn, adds=True)),
    *thing("tasks/<uuid:key>/", TASKS, WORK),
    *deed("tasks/<uuid:key>/finish/", TASKS, Act(office.finish_task, WORK, "task")),
    *listing("notes/", NOTES, WORK),
    *thing("notes/<uuid:key>/", NOTES, WORK),
    *deed(f"{CASE}notes/", OPEN, Act(office.add_note, WORK, "case", NoteIn, NOTES, adds=True)),
    *deed(
        f"{CASE}hand-over/",
        OPEN,
        Act(
            office.hand_over,
            WORK,
            input=HandOverIn,
            answers=CASES,
            shape=_hand_over,
            guard=_manages,
            same=True,
        ),
    ),
    *listing(
        "hand-overs/", HAND_OVERS, WORK, Act(handing.propose_hand_over, WORK, input=ProposeIn, adds=True)
    ),
    *thing("hand-overs/<uuid:key>/", HAND_OVERS, WORK),
    *deed("hand-overs/<uuid:key>/take/", HAND_OVERS, Act(handing.take_hand_over, WORK, "handover")),
    *deed("hand-overs/<uuid:key>/drop/", HAND_OVERS, Act(handing.drop_hand_over, WORK, "handover")),
    *listing("access/", GRANTS, (WORK, "audit.see", "grants.give")),
    *thing("access/<uuid:key>/", GRANTS, (WORK, "audit.see", "grants.give")),
    *deed(
        f"{CASE}access/",
        CASES,
        Act(
            access.grant_access, "grants.give", "", AccessIn, GRANTS, adds=True, shape=_access, guard=_manages
        ),
    ),
    *deed(
        "access/<uuid:key>/end/",
        ENDABLE,
        Act(access.end_access, "grants.give", "grant", AccessEndIn, GRANTS, guard=_manages_grant),
    ),
]
