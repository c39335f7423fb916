"""History for machines: the versions of records, what each changed, what was known on a moment."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils.dateparse import parse_datetime
from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api.endpoints import Collection, written
from api.filtering import FilterSet, day, ident, word
from api.pages import CursorPages
from api.queries import BadQuery, filtered, names_asked
from api.tables import Resource
from api.tokens import caller
from audit import timeline
from audit.canonical import plain
from audit.models import Event
from audit.tracked import Tracked

SEE = "audit.see"
_USUAL = "cases_case"


def kinds() -> list[tuple[str, str]]:
    """The tables whose rows keep versions."""
    known = timeline.recorded_models().items()
    return [(table, table) for table, model in known if issubclass(model, Tracked)]


class ChangeOut(serializers.Serializer[Any]):
    """One column; of a sealed one it is only said that it changed."""

    field = serializers.CharField()
    before = serializers.JSONField()
    after = serializers.JSONField()
    sealed = serializers.BooleanField()

    def to_representation(self, change: timeline.Change) -> dict[str, Any]:
        shut = change.sealed
        return {
            "field": change.field,
            "before": None if shut else plain(change.before),
            "after": None if shut else plain(change.after),
            "sealed": shut,
        }


class VersionOut(serializers.Serializer[Any]):
    """``event`` is the entry of the log that wrote it; ``whole`` whether the stored text is what it bound."""

    kind = serializers.CharField(source="table")
    object = serializers.CharField(source="object_id")
    number = serializers.IntegerField()
    change = serializers.ChoiceField(["+", "~", "-"], source="kind")
    at = serializers.DateTimeField()
    actor_id = serializers.CharField()
    act = serializers.CharField(source="event_kind")
    event = serializers.IntegerField(source="seq", allow_null=True)
    whole = serializers.BooleanField()
    changes = ChangeOut(many=True)


class VersionFilters(FilterSet):
    """``known_on`` with ``object`` answers the one version that held at that moment."""

    kind = ChoiceFilter(choices=kinds, method="taken_already")
    object = ident("id")
    actor = word("history_user_id")
    concerning = word("action_id")
    from_on = day("history_date", "date__gte")
    until_on = day("history_date", "date__lte")
    known_on = CharFilter(method="taken_already", max_length=40)

    def taken_already(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        subject = self.form.cleaned_data.pop("concerning", "")
        if subject:
            about = Event.objects.filter(subjects__subject_id=subject)
            queryset = queryset.filter(action_id__in=about.values("action_id"))
        self.form.cleaned_data["concerning"] = ""
        return super().filter_queryset(queryset)  # type: ignore[no-any-return]


def visible_versions(by: User, at: datetime.datetime) -> QuerySet[Any]:
    rows = timeline.history_rows(timeline.recorded_models()[_USUAL])
    return rows if by.has(SEE) else rows.none()


VERSIONS = Resource("version", visible_versions, VersionOut, ("-history_date", "-history_id"), VersionFilters)


class ListVersion(Collection):
    """Versions of one kind of record, newest first; cases unless ``kind`` names another."""

    resource = VERSIONS
    permission = {"GET": SEE}

    def get(self, request: Request) -> Response:
        names_asked(request, VERSIONS)
        table = request.query_params.get("kind", _USUAL)
        if table not in dict(kinds()):
            raise _refused("kind")
        model = timeline.recorded_models()[table]
        rows = (
            timeline.history_rows(model) if caller(request).has(SEE) else timeline.history_rows(model).none()
        )
        rows = filtered(VERSIONS, request, rows)
        if "known_on" in request.query_params:
            known = _known(request, model)
            return Response({"results": written(VersionOut(known, many=True)), "next": None})
        pages = CursorPages()
        pages.ordering = VERSIONS.ordering
        found = timeline.page_of_versions(model, pages.paginate_queryset(rows, request, self))
        return Response(pages.body(written(VersionOut(found, many=True))))


def _known(request: Request, model: Any) -> list[timeline.Version]:
    key = request.query_params.get("object")
    if key is None:
        raise _refused("object")
    try:
        moment = parse_datetime(request.query_params["known_on"])
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _refused("known_on")
    found = timeline.known_on(timeline.versions(model, [key]), moment)
    return [found] if found is not None else []


def _refused(name: str) -> BadQuery:
    return BadQuery({name: [ErrorDetail("This value is not possible here.", code="invalid")]})


urlpatterns: list[URLPattern] = [path("versions/", ListVersion.as_view(), name="list-version")]
