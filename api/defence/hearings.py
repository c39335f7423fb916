"""Hearings: scheduled, moved, adjourned, held."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.defence.cases import OPEN
from api.defence.court import OPEN_TRIALS, open_cases_ids, open_trials, visible_cases_ids
from api.fields import Flag, Moment, OneOf, Ref, Strict, Text
from api.filtering import FilterSet, choice, day, ident
from api.tables import Act, Resource
from cases import kinds
from cases.actions import court, hearing_reports
from cases.models import Case, Defendant, Hearing

SEE, WORK = "cases.see", "cases.work"


class HearingOut(serializers.Serializer[Any]):
    """``starts_at`` is midnight at the court when ``time_known`` is false."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    trial = serializers.UUIDField(source="trial_id")
    court = serializers.CharField(source="trial.court.code", allow_null=True, default=None)
    starts_at = serializers.DateTimeField()
    time_known = serializers.BooleanField()
    zone = serializers.CharField()
    room = serializers.CharField()
    kind = serializers.ChoiceField(kinds.HearingKind.choices)
    is_closed = serializers.BooleanField(allow_null=True)
    observers_admitted = serializers.BooleanField(allow_null=True)
    status = serializers.ChoiceField(kinds.HearingStatus.choices)
    outcome = serializers.ChoiceField(kinds.HearingOutcome.choices, allow_blank=True)
    source = serializers.ChoiceField(kinds.Source.choices, allow_blank=True)  # type: ignore[assignment]  # DRF's metaclass moves it away
    adjourned_to = serializers.UUIDField(source="adjourned_to_id", allow_null=True)


def visible_hearings(by: User, at: datetime.datetime) -> QuerySet[Any]:
    placed = Defendant.objects.filter(case__in=visible_cases_ids(by, at)).values("trial_id")
    return Hearing.objects.filter(trial__in=placed).select_related("trial__court")


def open_hearings(by: User, at: datetime.datetime) -> QuerySet[Any]:
    placed = Defendant.objects.filter(case__in=open_cases_ids(by, at)).values("trial_id")
    return visible_hearings(by, at).filter(trial__in=placed)


class HearingFilters(FilterSet):
    trial = ident("trial_id")
    case = ident("trial__defendants__case_id")
    status = choice(kinds.HearingStatus)
    from_on = day("starts_at", "date__gte")
    until_on = day("starts_at", "date__lte")


HEARINGS = Resource("hearing", visible_hearings, HearingOut, ("starts_at", "id"), HearingFilters)
OPEN_HEARINGS = Resource("hearing", open_hearings, HearingOut)


class HearingIn(Strict):
    """``starts_at`` is midnight at the court when only the day is known."""

    starts_at = Moment()
    time_known = Flag(default=True)
    room = Text(default="", max_length=40)
    kind = OneOf(kinds.HearingKind, default=kinds.HearingKind.TRIAL)
    is_closed = Flag(allow_null=True, default=None)


class CaseHearingIn(HearingIn):
    """``trial`` is one in which the case stands."""

    trial = Ref(open_trials)


def _source(**options: Any) -> Any:
    """How the end of a hearing is known."""
    return OneOf(kinds.Source, **options)


class MovedIn(Strict):
    starts_at = Moment()
    time_known = Flag(default=True)
    room = Text(allow_null=True, default=None, max_length=40)


class NewDateIn(Strict):
    starts_at = Moment()
    time_known = Flag(default=True)
    source = _source(default="")


class CalledOffIn(Strict):
    source = _source(default="")


class EndIn(Strict):
    """What is public of a sitting that is over; the next one is scheduled with it when its day is known."""

    is_closed = Flag(allow_null=True, default=None)
    observers_admitted = Flag(allow_null=True, default=None)
    next_starts_at = Moment(allow_null=True, default=None)
    next_time_known = Flag(default=True)


class OutcomeIn(EndIn):
    outcome = OneOf(kinds.HearingOutcome)
    source = _source(default="")


class HearingReportIn(EndIn):
    """``happened`` is held, adjourned or cancelled; verdicts have their own address."""

    happened = OneOf(kinds.HearingStatus)
    source = _source()
    outcome = OneOf(kinds.HearingOutcome, allow_null=True, default=None)

    def validate_happened(self, value: kinds.HearingStatus) -> kinds.HearingStatus:
        if value == kinds.HearingStatus.SCHEDULED:
            raise serializers.ValidationError("held, adjourned or cancelled.", "invalid_choice")
        return value


def _of_case(case: Case, values: dict[str, Any]) -> dict[str, Any]:
    if not values["trial"].defendants.filter(case=case).exists():
        raise serializers.ValidationError(
            {"trial": ["The case does not stand in this trial."]}, "another-case"
        )
    return values


HEARING = "hearings/<uuid:key>/"
urlpatterns: list[URLPattern] = [
    *deed(
        "trials/<uuid:key>/hearings/",
        OPEN_TRIALS,
        Act(court.schedule_hearing, WORK, "trial", HearingIn, HEARINGS, adds=True),
    ),
    *deed(
        "cases/<uuid:key>/hearings/",
        OPEN,
        Act(court.schedule_hearing, WORK, "", CaseHearingIn, HEARINGS, adds=True, shape=_of_case),
        "schedule-hearing-of-case",
    ),
    *listing("hearings/", HEARINGS, SEE),
    *thing(HEARING, HEARINGS, SEE),
    *deed(f"{HEARING}reschedule/", OPEN_HEARINGS, Act(court.reschedule_hearing, WORK, "hearing", NewDateIn)),
    *deed(f"{HEARING}move/", OPEN_HEARINGS, Act(court.move_hearing, WORK, "hearing", MovedIn)),
    *deed(f"{HEARING}cancel/", OPEN_HEARINGS, Act(court.cancel_hearing, WORK, "hearing", CalledOffIn)),
    *deed(f"{HEARING}outcome/", OPEN_HEARINGS, Act(court.record_outcome, WORK, "hearing", OutcomeIn)),
    *deed(
        f"{HEARING}report/",
        OPEN_HEARINGS,
        Act(hearing_reports.report_hearing, WORK, "hearing", HearingReportIn),
    ),
]
