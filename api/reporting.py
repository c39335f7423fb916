"""Reports: asked for, followed, and taken, each taking recorded."""

import datetime
import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, StreamingHttpResponse
from django.urls import URLPattern, path
from rest_framework import serializers
from rest_framework.request import Request

from accounts.models import User
from api.building import deed, listing, thing
from api.endpoints import Endpoint
from api.fields import Chosen, Coded, Day, Flag, Strict, Text, Whole
from api.filtering import FilterSet, choice, ident, word
from api.tables import Act, Resource
from api.tokens import caller
from reports import actions, copies, definitions, files
from reports.models import Definition, IssuedFile, Job, Snapshot
from reports.render import RENDERERS, SPECIAL_RENDERERS
from reports.scope import Scope
from reports.tasks import make_report
from reports.types import TYPES

BUILD = "reports.build"
FORMATS = sorted({*RENDERERS, *SPECIAL_RENDERERS})


class JobOut(serializers.Serializer[Any]):
    """``done`` of ``total`` formats are made. ``error`` names what went wrong, in no words about anybody."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    type = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    fund = serializers.CharField(source="fund_code")
    compare = serializers.BooleanField()
    language = serializers.CharField()
    formats = serializers.CharField()
    state = serializers.ChoiceField(Job.State.choices)
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    error = serializers.CharField()
    asked_by = serializers.UUIDField(source="asked_by_id")
    asked_at = serializers.DateTimeField()


def visible_jobs(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return Job.objects.visible_to(by)


class JobFilters(FilterSet):
    state = choice(Job.State)
    type = word(most=30)


JOBS = Resource("report", visible_jobs, JobOut, ("-asked_at", "id"), JobFilters)


class FileOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    snapshot = serializers.UUIDField(source="snapshot_id")
    format = serializers.ChoiceField(FORMATS)
    language = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    issued_at = serializers.DateTimeField()


class SnapshotOut(serializers.Serializer[Any]):
    """What a report said, and the state of the log from which it can be computed again."""

    id = serializers.UUIDField()
    job = serializers.UUIDField(source="job_id", allow_null=True)
    type = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    fund = serializers.CharField(source="fund_code")
    compare = serializers.BooleanField()
    reported_size = serializers.IntegerField(allow_null=True)
    reported_to = serializers.DateField(allow_null=True)
    log_size = serializers.IntegerField()
    root_hex = serializers.CharField()
    ruleset = serializers.CharField()
    content_hash = serializers.CharField()
    row_count = serializers.IntegerField()
    taken_at = serializers.DateTimeField()
    files = FileOut(many=True)


def visible_snapshots(by: User, at: datetime.datetime) -> QuerySet[Any]:
    rows = Snapshot.objects.prefetch_related("files")
    return rows if by.has(BUILD) else rows.none()


def visible_files(by: User, at: datetime.datetime) -> QuerySet[Any]:
    rows = IssuedFile.objects.select_related("snapshot")
    return rows if by.has(BUILD) else rows.none()


class SnapshotFilters(FilterSet):
    job = ident("job_id")
    type = word(most=30)
    content_hash = word(most=64)


class FileFilters(FilterSet):
    snapshot = ident("snapshot_id")
    sha256 = word(most=64)


SNAPSHOTS = Resource("snapshot", visible_snapshots, SnapshotOut, ("-taken_at", "id"), SnapshotFilters)
FILES = Resource("report-file", visible_files, FileOut, ("-issued_at", "id"), FileFilters)


class ReportIn(Strict):
    type = Chosen(sorted(TYPES))
    starts_on = Day()
    ends_on = Day()
    fund = Coded(r"^[a-z0-9-]{0,40}\Z", default="", allow_blank=True)
    formats = serializers.ListField(
        child=Chosen(FORMATS),
        min_length=1,
        max_length=len(FORMATS),
    )
    language = Chosen(("be", "en", "ru"), default="en")
    compare = Flag(default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        scope = Scope(attrs["type"], attrs["starts_on"], attrs["ends_on"], attrs["fund"], attrs["compare"])
        return {"scope": scope, "formats": attrs["formats"], "language": attrs["language"]}


class DefinitionOut(serializers.Serializer[Any]):
    """A report that comes due again and again."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    type = serializers.CharField()
    fund = serializers.CharField(source="fund_code")
    language = serializers.CharField()
    formats = serializers.CharField()
    compare = serializers.BooleanField()
    rhythm = serializers.ChoiceField(Definition.Rhythm.choices)
    first_on = serializers.DateField()
    due_days = serializers.IntegerField()
    closed_on = serializers.DateField(allow_null=True)


def visible_definitions(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return Definition.objects.visible_to(by)


class DefinitionFilters(FilterSet):
    type = word(most=30)


DEFINITIONS = Resource(
    "report-definition", visible_definitions, DefinitionOut, ("name", "id"), DefinitionFilters
)


class DefinitionIn(Strict):
    name = Text(max_length=80)
    type = Chosen(sorted(TYPES))
    fund = Coded(r"^[a-z0-9-]{0,40}\Z", default="", allow_blank=True)
    rhythm = Chosen(sorted(Definition.Rhythm.values))
    first_on = Day()
    due_days = Whole(min_value=0, max_value=366, default=30)
    formats = serializers.ListField(child=Chosen(FORMATS), min_length=1, max_length=len(FORMATS))
    language = Chosen(("be", "en", "ru"), default="en")
    compare = Flag(default=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        first = attrs["first_on"]
        scope = Scope(attrs["type"], first, first, attrs["fund"], attrs["compare"])
        same = ("name", "rhythm", "due_days", "formats", "language")
        return {"scope": scope, **{name: attrs[name] for name in same}}


def _queue(job: Job) -> None:
    make_report.enqueue(str(job.pk))


class TakeFile(Endpoint):
    """The bytes of an issued file, marked as this copy. That it was taken is recorded before they leave."""

    permission = {"GET": BUILD}
    resource = FILES
    binary = True

    def get(self, request: Request, key: uuid.UUID) -> StreamingHttpResponse:
        file: IssuedFile = self.load(key)
        place = files.path_of(file)
        if not place.exists():
            raise Http404
        taken = actions.take(file=file, by=caller(request), at=self.at)
        answer = StreamingHttpResponse(
            copies.marked(place, file.format, taken.pk), content_type="application/octet-stream"
        )
        answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return answer


urlpatterns: list[URLPattern] = [
    *listing("reports/", JOBS, BUILD, Act(actions.ask_report, BUILD, input=ReportIn, adds=True, then=_queue)),
    *thing("reports/<uuid:key>/", JOBS, BUILD),
    *listing(
        "report-definitions/",
        DEFINITIONS,
        BUILD,
        Act(definitions.save_definition, BUILD, input=DefinitionIn, adds=True),
    ),
    *thing("report-definitions/<uuid:key>/", DEFINITIONS, BUILD),
    *deed(
        "report-definitions/<uuid:key>/close/",
        DEFINITIONS,
        Act(definitions.close_definition, BUILD, "definition"),
    ),
    *listing("snapshots/", SNAPSHOTS, BUILD),
    *thing("snapshots/<uuid:key>/", SNAPSHOTS, BUILD),
    *listing("report-files/", FILES, BUILD),
    *thing("report-files/<uuid:key>/", FILES, BUILD),
    path("report-files/<uuid:key>/content/", TakeFile.as_view(), name="take-file"),
]
