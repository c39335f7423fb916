"""Who defends: offers, answers, own counsel, agreements, warrants; and what match runs proposed."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.defence.cases import OPEN
from api.fields import Day, Flag, Minor, Moment, OneOf, Ref, Strict, Text, currency
from api.filtering import FilterSet, choice, ident
from api.opening import read, sealed_context
from api.panel import visible_lawyers
from api.tables import Act, Resource
from cases import kinds
from cases.actions import counsel
from cases.models import Case, MatchProposal, Representation
from treasury.models import StandingAuthority, Tariff

WORK = "cases.work"
PHONE, FAMILY = kinds.ReportedVia.PHONE, kinds.ReportedVia.FAMILY


def visible_representations(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return Representation.objects.visible_to(by, at).select_related("lawyer", "client", "case")


def open_own_counsel(rows: Sequence[Any], by: User, at: datetime.datetime) -> dict[str, Any]:
    """The name of own counsel is sealed with the client's key: for those to whom the case is open."""
    if not by.has(WORK):
        return {}
    open_ids = set(
        Case.objects.open_to(by, at).filter(pk__in=[row.case_id for row in rows]).values_list("pk", flat=True)
    )
    return sealed_context([row for row in rows if row.case_id in open_ids], "own_counsel")


class RepresentationOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    case = serializers.UUIDField(source="case_id")
    code_name = serializers.CharField(source="client.code_name")
    lawyer = serializers.UUIDField(source="lawyer_id", allow_null=True)
    lawyer_code_name = serializers.CharField(source="lawyer.code_name", allow_null=True, default=None)
    own_counsel = serializers.SerializerMethodField()
    role = serializers.ChoiceField(kinds.Role.choices)
    source = serializers.ChoiceField(kinds.CounselSource.choices)  # type: ignore[assignment]  # DRF's metaclass moves it away
    state = serializers.ChoiceField(kinds.EpisodeState.choices)
    paid_by = serializers.ChoiceField(kinds.PaidBy.choices)
    offered_at = serializers.DateTimeField(allow_null=True)
    offered_until = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.ChoiceField(kinds.EpisodeReason.choices, allow_blank=True)
    reported_via = serializers.ChoiceField(kinds.ReportedVia.choices, allow_blank=True)
    recorded_by = serializers.CharField()
    commitment = serializers.UUIDField(source="commitment_id", allow_null=True)

    def get_own_counsel(self, row: Representation) -> str | None:
        return read(self, row, "own_counsel")


class RepresentationFilters(FilterSet):
    case = ident("case_id")
    lawyer = ident("lawyer_id")
    state = choice(kinds.EpisodeState)
    role = choice(kinds.Role)


REPRESENTATIONS = Resource(
    "representation",
    visible_representations,
    RepresentationOut,
    filters=RepresentationFilters,
    opening=open_own_counsel,
)


class FeeIn(Strict):
    """In minor units of the currency of the books; ``agreed_*`` say it in another one."""

    amount_minor = Minor()
    authority = Ref(
        lambda by, at: StandingAuthority.objects.select_related("tariff"), allow_null=True, default=None
    )
    tariff = Ref(lambda by, at: Tariff.objects.all(), allow_null=True, default=None)
    agreed_minor = Minor(allow_null=True, default=None)
    agreed_currency = currency(allow_null=True, default=None)
    makes = counsel.Fee


class OfferIn(Strict):
    lawyer = Ref(visible_lawyers)
    role = OneOf(kinds.Role, default=kinds.Role.LEAD)
    until = Moment(allow_null=True, default=None)
    reported_via = OneOf(kinds.ReportedVia, default=PHONE)
    proposal = Ref(
        lambda by, at: MatchProposal.objects.filter(case__in=Case.objects.open_to(by, at).values("id")),
        allow_null=True,
        default=None,
    )


class AnswerIn(OfferIn):
    """Offered, accepted or declined, in one step."""

    answer = OneOf(kinds.EpisodeState)
    fee = FeeIn(allow_null=True, default=None)
    reason = OneOf(kinds.EpisodeReason, default=kinds.EpisodeReason.NOT_SAID)

    def validate_answer(self, value: kinds.EpisodeState) -> kinds.EpisodeState:
        if value not in ("offered", "accepted", "declined"):
            raise serializers.ValidationError("offered, accepted or declined.", "invalid_choice")
        return value


class AcceptanceIn(Strict):
    fee = FeeIn(allow_null=True, default=None)
    reported_via = OneOf(kinds.ReportedVia, default=PHONE)


class RefusalIn(Strict):
    reason = OneOf(kinds.EpisodeReason)
    reported_via = OneOf(kinds.ReportedVia, default=PHONE)


class OwnCounselIn(Strict):
    own_counsel = Text(default="")
    lawyer = Ref(visible_lawyers, allow_null=True, default=None)
    appointed = Flag(default=False)
    paid_by = OneOf(kinds.PaidBy)
    fee = FeeIn(allow_null=True, default=None)
    signed_by = OneOf(kinds.SignedBy, allow_null=True, default=None)
    signed_on = Day(allow_null=True, default=None)
    reported_via = OneOf(kinds.ReportedVia, default=FAMILY)


class EndIn(Strict):
    """``keep_commitment``: work was done that will be claimed."""

    reason = OneOf(kinds.EpisodeReason)
    keep_commitment = Flag(default=False)


class WithdrawalIn(Strict):
    reason = OneOf(kinds.EpisodeReason)


READ = ("cases.see", "portal.enter")
CASE, EPISODE = "cases/<uuid:key>/", "representations/<uuid:key>/"
urlpatterns: list[URLPattern] = [
    *listing("representations/", REPRESENTATIONS, READ),
    *thing(EPISODE, REPRESENTATIONS, READ),
    *deed(f"{CASE}offers/", OPEN, Act(counsel.offer_case, WORK, "case", OfferIn, REPRESENTATIONS, adds=True)),
    *deed(
        f"{CASE}answers/",
        OPEN,
        Act(counsel.record_answer, WORK, "case", AnswerIn, REPRESENTATIONS, adds=True),
    ),
    *deed(
        f"{CASE}own-counsel/",
        OPEN,
        Act(counsel.record_own_counsel, WORK, "case", OwnCounselIn, REPRESENTATIONS, adds=True),
    ),
    *deed(
        f"{EPISODE}accept/", REPRESENTATIONS, Act(counsel.accept_offer, WORK, "representation", AcceptanceIn)
    ),
    *deed(
        f"{EPISODE}decline/", REPRESENTATIONS, Act(counsel.decline_offer, WORK, "representation", RefusalIn)
    ),
    *deed(
        f"{EPISODE}withdraw/",
        REPRESENTATIONS,
        Act(counsel.withdraw_offer, WORK, "representation", WithdrawalIn),
    ),
    *deed(f"{EPISODE}end/", REPRESENTATIONS, Act(counsel.end_representation, WORK, "representation", EndIn)),
]
