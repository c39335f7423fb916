"""What happens around a case: custody, incidents, testimonies, officials, parties, referrals."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any, cast

from django.db.models import QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.defence.cases import OPEN
from api.defence.court import OfCase, open_cases_ids
from api.fields import Coded, Day, Flag, OneOf, Ref, Strict, Text, Whole
from api.opening import read, sealed_context
from api.tables import Act, Resource
from cases import circumstances as lists
from cases import kinds, models
from cases.actions import bulk
from cases.actions import circumstances as acts

WORK = "cases.work"


class EntryOut(serializers.Serializer[Any]):
    """``struck_at`` is set on what was recorded by mistake."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    case = serializers.UUIDField(source="case_id")
    recorded_at = serializers.DateTimeField()
    struck_at = serializers.DateTimeField(allow_null=True)


class CustodyOut(EntryOut):
    place = serializers.CharField()
    from_on = serializers.DateField()
    from_precision = serializers.ChoiceField(kinds.Precision.choices)
    until_on = serializers.DateField(allow_null=True)
    source = serializers.ChoiceField(kinds.Source.choices)  # type: ignore[assignment]  # DRF's metaclass moves it away


class IncidentOut(EntryOut):
    kind = serializers.ChoiceField(lists.IncidentKind.choices)
    codes = serializers.CharField()
    occurred_on = serializers.DateField()
    precision = serializers.ChoiceField(kinds.Precision.choices)
    source = serializers.ChoiceField(kinds.Source.choices)  # type: ignore[assignment]  # DRF's metaclass moves it away
    reliability = serializers.ChoiceField(kinds.Reliability.choices)
    account = serializers.SerializerMethodField()

    def get_account(self, row: Any) -> str | None:
        return read(self, row, "account")


class TestimonyOut(EntryOut):
    """``account`` is null once the testimony was withdrawn."""

    told_on = serializers.DateField()
    relation = serializers.ChoiceField(kinds.Relation.choices)
    basis = serializers.ChoiceField(kinds.Basis.choices)
    may_share = serializers.BooleanField()
    withdrawn_on = serializers.DateField(allow_null=True)
    account = serializers.SerializerMethodField()

    def get_account(self, row: Any) -> str | None:
        return None if row.withdrawn_on else read(self, row, "account")


class OfficialOut(EntryOut):
    kind = serializers.ChoiceField(lists.OfficialKind.choices)
    name = serializers.SerializerMethodField()

    def get_name(self, row: Any) -> str | None:
        return read(self, row, "name")


class PartyOut(EntryOut):
    kind = serializers.ChoiceField(lists.PartyKind.choices)
    name = serializers.SerializerMethodField()

    def get_name(self, row: Any) -> str | None:
        return read(self, row, "name")


class RecognitionOut(EntryOut):
    organisation = serializers.CharField()
    criteria = serializers.ChoiceField(lists.Criteria.choices)
    recognised_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)


class ReferralOut(EntryOut):
    kind = serializers.ChoiceField(lists.ReferralKind.choices)
    referred_on = serializers.DateField()
    outcome = serializers.ChoiceField(lists.ReferralOutcome.choices, allow_blank=True)
    outcome_on = serializers.DateField(allow_null=True)


class ObserversOut(EntryOut):
    hearing = serializers.UUIDField(source="hearing_id")
    kind = serializers.ChoiceField(lists.ObserverKind.choices)
    came = serializers.IntegerField()
    admitted = serializers.IntegerField()


def rows_of(model: Any) -> Callable[[User, datetime.datetime], QuerySet[Any]]:
    def rows(by: User, at: datetime.datetime) -> QuerySet[Any]:
        found = model.objects.filter(case__in=open_cases_ids(by, at))
        return cast("QuerySet[Any]", found.select_related("case__client"))

    return rows


def opens(name: str) -> Callable[[Sequence[Any], User, datetime.datetime], dict[str, Any]]:
    def opening(rows: Sequence[Any], by: User, at: datetime.datetime) -> dict[str, Any]:
        return sealed_context(rows, name)

    return opening


ORDER = ("-recorded_at", "id")
CUSTODY = Resource("custody-period", rows_of(models.CustodyPeriod), CustodyOut, ORDER, OfCase)
INCIDENTS = Resource("incident", rows_of(models.Incident), IncidentOut, ORDER, OfCase, opens("account"))
TESTIMONIES = Resource("testimony", rows_of(models.Testimony), TestimonyOut, ORDER, OfCase, opens("account"))
OFFICIALS = Resource("official", rows_of(models.OfficialPart), OfficialOut, ORDER, OfCase, opens("name"))
PARTIES = Resource("party", rows_of(models.RelatedParty), PartyOut, ORDER, OfCase, opens("name"))
RECOGNITIONS = Resource("recognition", rows_of(models.Recognition), RecognitionOut, ORDER, OfCase)
REFERRALS = Resource("referral", rows_of(models.Referral), ReferralOut, ORDER, OfCase)
OBSERVERS = Resource("observation", rows_of(models.HearingObserver), ObserversOut, ORDER, OfCase)


class CustodyIn(Strict):
    place = Coded(r"^[a-z0-9-]{0,40}\Z", default="", allow_blank=True)
    from_on = Day()
    from_precision = OneOf(kinds.Precision, default=kinds.Precision.DAY)
    until_on = Day(allow_null=True, default=None)
    source = OneOf(kinds.Source)  # type: ignore[assignment]  # DRF's metaclass moves it away
    detail = Text(default="", max_length=2000)


class TransferIn(Strict):
    place = Coded(r"^[a-z0-9-]{1,40}\Z")
    moved_on = Day()
    source = OneOf(kinds.Source)  # type: ignore[assignment]  # DRF's metaclass moves it away


class CustodyEndIn(Strict):
    until_on = Day()


class IncidentIn(Strict):
    kind = OneOf(lists.IncidentKind)
    occurred_on = Day()
    precision = OneOf(kinds.Precision, default=kinds.Precision.DAY)
    source = OneOf(kinds.Source)  # type: ignore[assignment]  # DRF's metaclass moves it away
    reliability = OneOf(kinds.Reliability)
    account = Text(max_length=8000)
    codes = Coded(r"^[0-9 ,]{0,80}\Z", default="", allow_blank=True)


class TestimonyIn(Strict):
    told_on = Day()
    account = Text(max_length=8000)
    told_by = Text(default="", max_length=120)
    basis = OneOf(kinds.Basis)
    relation = OneOf(kinds.Relation)
    may_share = Flag(default=False)


class TestimonyEndIn(Strict):
    withdrawn_on = Day()


class OfficialIn(Strict):
    kind = OneOf(lists.OfficialKind)
    name = Text(max_length=120)
    office = Text(default="", max_length=160)


class PartyIn(Strict):
    kind = OneOf(lists.PartyKind)
    name = Text(max_length=120)
    remark = Text(default="", max_length=300)


class RecognitionIn(Strict):
    organisation = Text(max_length=120)
    criteria = OneOf(lists.Criteria)
    recognised_on = Day()


class EndedIn(Strict):
    ended_on = Day()


class ReferralIn(Strict):
    kind = OneOf(lists.ReferralKind)
    referred_on = Day()
    whom = Text(default="", max_length=160)
    remark = Text(default="", max_length=2000)


class ReferralOutcomeIn(Strict):
    outcome = OneOf(lists.ReferralOutcome)
    outcome_on = Day()


def hearings_of_open_cases(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return models.Hearing.objects.filter(trial__defendants__case__in=open_cases_ids(by, at)).distinct()


class ObserversIn(Strict):
    hearing = Ref(hearings_of_open_cases)
    kind = OneOf(lists.ObserverKind)
    came = Whole(min_value=1, max_value=500)
    admitted = Whole(min_value=0, max_value=500)


CASE = "cases/<uuid:key>/"


def _room(place: str, room: Resource, action: Any, body: type[Strict]) -> list[URLPattern]:
    """List, one, add to a case, strike out."""
    strike = Act(acts.strike_entry, WORK, "entry", answers=room)
    return [
        *listing(f"{place}/", room, WORK),
        *thing(f"{place}/<uuid:key>/", room, WORK),
        *deed(f"{CASE}{place}/", OPEN, Act(action, WORK, "case", body, room, adds=True)),
        *deed(f"{place}/<uuid:key>/strike/", room, strike, f"strike-{room.name}"),
    ]


def _ending(place: str, room: Resource, act: Act) -> list[URLPattern]:
    return deed(f"{place.replace('/', '/<uuid:key>/', 1)}/", room, act)


urlpatterns: list[URLPattern] = [
    *_room("custody-periods", CUSTODY, acts.record_custody, CustodyIn),
    *_ending("custody-periods/end", CUSTODY, Act(acts.end_custody, WORK, "period", CustodyEndIn)),
    *deed(f"{CASE}transfer/", OPEN, Act(bulk.transfer_client, WORK, "case", TransferIn, CUSTODY, adds=True)),
    *_room("incidents", INCIDENTS, acts.record_incident, IncidentIn),
    *_room("testimonies", TESTIMONIES, acts.take_testimony, TestimonyIn),
    *_ending(
        "testimonies/withdraw", TESTIMONIES, Act(acts.withdraw_testimony, WORK, "testimony", TestimonyEndIn)
    ),
    *_room("officials", OFFICIALS, acts.name_official, OfficialIn),
    *_room("parties", PARTIES, acts.name_party, PartyIn),
    *_room("recognitions", RECOGNITIONS, acts.record_recognition, RecognitionIn),
    *_ending("recognitions/end", RECOGNITIONS, Act(acts.end_recognition, WORK, "recognition", EndedIn)),
    *_room("referrals", REFERRALS, acts.refer_client, ReferralIn),
    *_ending(
        "referrals/outcome", REFERRALS, Act(acts.record_referral_outcome, WORK, "referral", ReferralOutcomeIn)
    ),
    *_room("observations", OBSERVERS, acts.record_observers, ObserversIn),
]
