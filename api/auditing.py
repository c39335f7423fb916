"""The auditors' room for machines: samples, voucher requests, findings, archives.

Vouchers are opened by two people at their desks and looked at on the page alone.
"""

import datetime
import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.urls import URLPattern, path
from rest_framework import serializers
from rest_framework.request import Request

from accounts.models import User
from api.building import deed, listing, thing
from api.endpoints import Endpoint
from api.fields import Chosen, Day, Flag, Ref, Strict, Text, Whole
from api.filtering import FilterSet, choice
from api.tables import Act, Resource
from api.tokens import caller
from audit.checkpoints.models import Checkpoint
from reports.archive import actions as archives
from reports.archive.building import make_archive
from reports.archive.files import path_of
from reports.archive.models import Archive
from reports.audit_pack.procedures import Procedure
from reports.findings import actions as findings
from reports.findings.models import Finding
from reports.models import Job
from reports.sampling_room.actions import MOST_ITEMS, ask_voucher, close_voucher, draw_sample
from reports.sampling_room.models import Sample, SampleItem, Unsealing
from treasury.models import Journal

SEE = ("audit.see", "audit.answer")
WORK, ANSWER = "audit.work", "audit.answer"


def _may_see(by: User) -> bool:
    return any(by.has(permission) for permission in SEE)


class ItemOut(serializers.Serializer[Any]):
    """One payment of a sample, redacted."""

    id = serializers.UUIDField()
    journal = serializers.UUIDField(source="journal_id")
    number = serializers.IntegerField(source="journal.number")
    claim = serializers.UUIDField(source="claim_id", allow_null=True)
    amount_minor = serializers.IntegerField()
    hits = serializers.IntegerField()


class SampleOut(serializers.Serializer[Any]):
    """All that is needed to draw it again with the verifier file, and what was drawn."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    checkpoint = serializers.IntegerField(source="checkpoint.size")
    root_hex = serializers.CharField(source="checkpoint.root_hash")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    nonce = serializers.CharField()
    size = serializers.IntegerField()
    items = serializers.IntegerField()
    total_minor = serializers.IntegerField()
    currency = serializers.CharField()
    drawn_by = serializers.CharField()
    drawn_at = serializers.DateTimeField()
    drawn = ItemOut(many=True)


def visible_samples(by: User, at: datetime.datetime) -> QuerySet[Any]:
    rows = Sample.objects.select_related("checkpoint").prefetch_related("drawn__journal")
    return rows if _may_see(by) else rows.none()


def visible_items(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return SampleItem.objects.all() if _may_see(by) else SampleItem.objects.none()


def visible_journals(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return Journal.objects.all() if by.has("money.see") else Journal.objects.none()


SAMPLES = Resource("sample", visible_samples, SampleOut, ("-number", "id"))


class SampleIn(Strict):
    """``checkpoint`` is the size of a signed checkpoint; the nonce is chosen after it was signed."""

    checkpoint = Whole(min_value=1)
    starts_on = Day()
    ends_on = Day()
    nonce = Text(max_length=80)
    size = Whole(min_value=1, max_value=MOST_ITEMS)

    def validate_checkpoint(self, size: int) -> Checkpoint:
        found = Checkpoint.objects.filter(size=size).first()
        if found is None:
            raise serializers.ValidationError("No checkpoint has this size.", "unknown-checkpoint")
        return found


ITEMS = Resource("sample-item", visible_items, ItemOut)


class VoucherRequestOut(serializers.Serializer[Any]):
    """Who asked for which item, who opened it until when; nothing of what the voucher says."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    item = serializers.UUIDField(source="item_id")
    sample = serializers.UUIDField(source="item.sample_id")
    journal = serializers.UUIDField(source="item.journal_id")
    asked_by = serializers.CharField()
    asked_at = serializers.DateTimeField()
    opened_by = serializers.CharField()
    second_by = serializers.CharField()
    opened_at = serializers.DateTimeField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


def visible_requests(by: User, at: datetime.datetime) -> QuerySet[Any]:
    rows = Unsealing.objects.select_related("item")
    return rows if _may_see(by) else rows.none()


def _may_close(asked: Unsealing, by: User, at: datetime.datetime) -> bool:
    """Auditors close their own; those who answer, any."""
    return by.has(ANSWER) or by.has("money.approve") or asked.asked_by == by.actor_id


REQUESTS = Resource("voucher-request", visible_requests, VoucherRequestOut, ("-asked_at", "id"))


class FindingOut(serializers.Serializer[Any]):
    """Where it stands; what was said is read on its page, where the opening has a reader."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    number = serializers.IntegerField()
    procedure = serializers.ChoiceField(Procedure.choices)
    item = serializers.UUIDField(source="item_id", allow_null=True)
    journal = serializers.UUIDField(source="journal_id", allow_null=True)
    state = serializers.ChoiceField(Finding.State.choices)
    stands = serializers.BooleanField(allow_null=True)
    raised_by = serializers.CharField()
    raised_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


def visible_findings(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return Finding.objects.all() if _may_see(by) else Finding.objects.none()


class FindingFilters(FilterSet):
    state = choice(Finding.State)


FINDINGS = Resource("finding", visible_findings, FindingOut, ("-number", "id"), FindingFilters)


class FindingAnswerIn(Strict):
    words = Text(max_length=4000)


class FindingIn(FindingAnswerIn):
    procedure = Chosen(sorted(Procedure.values))
    item = Ref(visible_items, required=False, allow_null=True, default=None)
    journal = Ref(visible_journals, required=False, allow_null=True, default=None)


class FindingClosingIn(FindingAnswerIn):
    stands = Flag()


class ArchiveOut(serializers.Serializer[Any]):
    """``done`` of six parts are in it. ``error`` names what went wrong, in no words about anybody."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    recipient = serializers.UUIDField(source="recipient_id")
    state = serializers.CharField()
    done = serializers.IntegerField()
    error = serializers.CharField()
    log_size = serializers.IntegerField(allow_null=True)
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    asked_at = serializers.DateTimeField()


def visible_archives(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """One's own."""
    return Archive.objects.visible_to(by).filter(recipient=by)


ARCHIVES = Resource("archive", visible_archives, ArchiveOut, ("-asked_at", "id"))


class ArchiveIn(Strict):
    starts_on = Day()
    ends_on = Day()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {**attrs, "recipient": self.context["by"]}


def _queue(archive: Archive) -> None:
    make_archive.enqueue(str(archive.pk))


class TakeArchive(Endpoint):
    """The archive's bytes. That it was taken is recorded before they leave."""

    permission = {"GET": WORK}
    resource = ARCHIVES
    binary = True

    def get(self, request: Request, key: uuid.UUID) -> FileResponse:
        archive: Archive = self.load(key)
        if archive.state != Job.State.DONE or not path_of(archive).is_file():
            raise Http404
        archives.take_archive(archive=archive, by=caller(request), at=self.at)
        return FileResponse(
            path_of(archive).open("rb"),
            as_attachment=True,
            filename=archive.name,
            content_type="application/octet-stream",
        )


_FINDING = "findings/<uuid:key>/"
urlpatterns: list[URLPattern] = [
    *listing("samples/", SAMPLES, SEE, Act(draw_sample, WORK, input=SampleIn, adds=True)),
    *thing("samples/<uuid:key>/", SAMPLES, SEE),
    *deed(
        "sample-items/<uuid:key>/ask-voucher/",
        ITEMS,
        Act(ask_voucher, WORK, "item", answers=REQUESTS, adds=True),
    ),
    *listing("voucher-requests/", REQUESTS, SEE),
    *thing("voucher-requests/<uuid:key>/", REQUESTS, SEE),
    *deed(
        "voucher-requests/<uuid:key>/close/",
        REQUESTS,
        Act(close_voucher, (ANSWER, WORK, "money.approve"), "unsealing", guard=_may_close),
    ),
    *listing("findings/", FINDINGS, SEE, Act(findings.raise_finding, WORK, input=FindingIn, adds=True)),
    *thing(_FINDING, FINDINGS, SEE),
    *deed(f"{_FINDING}answer/", FINDINGS, Act(findings.answer_finding, ANSWER, "finding", FindingAnswerIn)),
    *deed(f"{_FINDING}ask-again/", FINDINGS, Act(findings.ask_again, WORK, "finding", FindingAnswerIn)),
    *deed(f"{_FINDING}close/", FINDINGS, Act(findings.close_finding, WORK, "finding", FindingClosingIn)),
    *listing(
        "archives/", ARCHIVES, WORK, Act(archives.ask_archive, WORK, input=ArchiveIn, adds=True, then=_queue)
    ),
    *thing("archives/<uuid:key>/", ARCHIVES, WORK),
    path("archives/<uuid:key>/content/", TakeArchive.as_view(), name="take-archive"),
]
