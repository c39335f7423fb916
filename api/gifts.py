"""Gifts without their givers, and the campaign pages that ask for them."""

import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, UUIDField
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.fields import Chosen, Coded, Day, Minor, Ref, Strict, Text
from api.filtering import FilterSet, choice, day, word
from api.tables import Act, Resource
from donations.actions import campaigns
from donations.models import CampaignPage, Donation, Fact
from donations.models.gifts import Status
from treasury.models import Fund

SEE = "donations.see"
LANGUAGES = ("be", "en", "lt", "pl", "ru", "uk")


class DonationOut(serializers.Serializer[Any]):
    """What was given, on which day, to which fund. Nothing about a giver is stored, or told."""

    id = serializers.UUIDField()
    fund = serializers.CharField(source="fund.code")
    amount_minor = serializers.IntegerField()
    currency = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    given_on = serializers.DateField()
    gross_minor = serializers.IntegerField(allow_null=True)
    fee_minor = serializers.IntegerField(allow_null=True)
    net_minor = serializers.IntegerField(allow_null=True)
    batch = serializers.UUIDField(allow_null=True)


class DonationFilters(FilterSet):
    fund = word("fund__code", 40)
    status = choice(Status)
    from_on = day("given_on", "gte")
    until_on = day("given_on", "lte")


def visible_donations(by: User, at: datetime.datetime) -> QuerySet[Any]:
    settled = Fact.objects.filter(donation=OuterRef("pk"), kind=Fact.Kind.SETTLED).order_by(
        "recorded_at", "id"
    )
    rows = Donation.objects.select_related("fund").annotate(
        gross_minor=Subquery(settled.values("gross_minor")[:1]),
        fee_minor=Subquery(settled.values("fee_minor")[:1]),
        net_minor=Subquery(settled.values("net_minor")[:1]),
        batch=Subquery(settled.values("batch_id")[:1], output_field=UUIDField()),
    )
    return rows if by.has(SEE) else rows.none()


DONATIONS = Resource("donation", visible_donations, DonationOut, ("-given_on", "id"), DonationFilters)


class WordsOut(serializers.Serializer[Any]):
    language = serializers.CharField()
    title = serializers.CharField()
    lead = serializers.CharField()
    story = serializers.CharField()


class CampaignOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    fund = serializers.CharField(source="fund.code")
    slug = serializers.CharField()
    goal_minor = serializers.IntegerField()
    closes_on = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(CampaignPage.State.choices)
    published_at = serializers.DateTimeField(allow_null=True)
    texts = WordsOut(many=True)


class CampaignFilters(FilterSet):
    state = choice(CampaignPage.State)


def visible_campaigns(by: User, at: datetime.datetime) -> QuerySet[Any]:
    rows = CampaignPage.objects.select_related("fund").prefetch_related("texts")
    return rows if by.has("campaigns.work") or by.has("campaigns.approve") else rows.none()


CAMPAIGNS = Resource("campaign", visible_campaigns, CampaignOut, ("slug",), CampaignFilters)


class WordsIn(Strict):
    language = Chosen(LANGUAGES)
    title = Text(max_length=120)
    lead = Text(max_length=300)
    story = Text(default="", max_length=20_000)
    makes = campaigns.Words


class CampaignIn(Strict):
    fund = Ref(lambda by, at: Fund.objects.open().filter(campaign_page=None))
    slug = Coded(r"^[a-z0-9-]{3,60}\Z")
    goal_minor = Minor()
    words = serializers.ListField(child=WordsIn(), min_length=1, max_length=6)
    closes_on = Day(allow_null=True, default=None)

    def validate_words(self, value: list[Any]) -> list[Any]:
        if len({words.language for words in value}) < len(value):
            raise serializers.ValidationError("Each language once.", "repeated")
        return value


def _publishing(target: CampaignPage, _values: dict[str, Any]) -> Any:
    return "campaign", target.pk, campaigns.payload(target)


READ, WORK = ("campaigns.work", "campaigns.approve"), "campaigns.work"
ONE = "campaigns/<uuid:key>/"
urlpatterns: list[URLPattern] = [
    *listing("donations/", DONATIONS, SEE),
    *thing("donations/<uuid:key>/", DONATIONS, SEE),
    *listing("campaigns/", CAMPAIGNS, READ, Act(campaigns.draft_campaign, WORK, input=CampaignIn, adds=True)),
    *thing(ONE, CAMPAIGNS, READ),
    *deed(f"{ONE}publish/", CAMPAIGNS, Act(campaigns.publish_campaign, READ, "page", terms=_publishing)),
    *deed(f"{ONE}take-down/", CAMPAIGNS, Act(campaigns.take_down_campaign, READ, "page")),
]
