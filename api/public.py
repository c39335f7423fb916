"""The public part, for campaign sites: no token, nothing about anybody, all of it late and rounded."""

import datetime
from abc import ABC, abstractmethod
from typing import Any

from django.http import Http404
from django.urls import URLPattern, path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoints import Endpoint, written
from api.gifts import WordsOut
from api.tokens import PUBLIC
from audit import log
from cases.coverage import coverage
from donations import totals
from donations.models import CampaignPage
from treasury.kinds import FundKind
from treasury.models import Fund

MOST_CAMPAIGNS = 100


class PublicEndpoint(Endpoint, ABC):
    """Anybody may read; a token is not looked at."""

    permission = {"GET": PUBLIC}
    authentication_classes = ()
    output: type[serializers.Serializer[Any]]
    many = False

    def get(self, request: Request) -> Response:
        return Response(written(type(self).output(self.told(), many=type(self).many)))

    @abstractmethod
    def told(self) -> Any:
        """What the output says."""


class PublicCampaignOut(serializers.Serializer[Any]):
    """``shown_minor`` is the sum of closed batches, rounded down, as of the day the last one closed."""

    slug = serializers.CharField(source="page.slug")
    goal_minor = serializers.IntegerField(source="page.goal_minor")
    currency = serializers.CharField(source="page.fund.currency")
    closes_on = serializers.DateField(source="page.closes_on", allow_null=True)
    texts = WordsOut(source="page.texts", many=True)
    shown_minor = serializers.IntegerField(source="raised.shown_minor")
    as_of = serializers.DateField(source="raised.as_of", allow_null=True)


class PublicCampaigns(PublicEndpoint):
    """Campaign pages that are published now."""

    output = PublicCampaignOut
    many = True

    def told(self) -> list[dict[str, Any]]:
        pages = (
            CampaignPage.objects.public().select_related("fund").prefetch_related("texts")[:MOST_CAMPAIGNS]
        )
        found = totals.raised_by([page.fund for page in pages])
        return [{"page": page, "raised": found[page.fund_id]} for page in pages]


class TotalsOut(serializers.Serializer[Any]):
    currency = serializers.CharField()
    shown_minor = serializers.IntegerField()
    as_of = serializers.DateField(allow_null=True)
    campaigns = serializers.IntegerField()


class PublicTotals(PublicEndpoint):
    """What was given to the general fund and to campaigns: closed batches only, rounded down."""

    output = TotalsOut

    def told(self) -> dict[str, Any]:
        pages = CampaignPage.objects.public()
        funds = list(
            Fund.objects.filter(kind=FundKind.GENERAL) | Fund.objects.filter(campaign_page__in=pages)
        )
        found = totals.raised_by(funds)
        days = [raised.as_of for raised in found.values() if raised.as_of is not None]
        return {
            "currency": funds[0].currency if funds else _base_currency(),
            "shown_minor": sum(raised.shown_minor for raised in found.values()),
            "as_of": max(days, default=None),
            "campaigns": pages.count(),
        }


def _base_currency() -> str:
    from treasury import chart

    return chart.base_currency()


class PublicCoverageOut(serializers.Serializer[Any]):
    """Known trials of one quarter by who defended, each count rounded to tens."""

    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    ours = serializers.IntegerField()
    own = serializers.IntegerField()
    appointed = serializers.IntegerField()
    nobody = serializers.IntegerField()
    total = serializers.IntegerField()


class PublicCoverage(PublicEndpoint):
    """The last quarter that may be shown; 404 while it has too few trials to say anything safely."""

    output = PublicCoverageOut

    def told(self) -> Any:
        found = coverage(_today())
        if found is None:
            raise Http404
        return found


def _today() -> datetime.date:
    return timezone.localdate()


class LogHeadOut(serializers.Serializer[Any]):
    """Size and root hash of the log of events, by RFC 9162: keep them, and compare later."""

    size = serializers.IntegerField()
    root_hex = serializers.CharField()


class PublicLog(PublicEndpoint):
    """The head of the log as it stands."""

    output = LogHeadOut

    def told(self) -> dict[str, Any]:
        size, root = log.head()
        return {"size": size, "root_hex": root.hex()}


urlpatterns: list[URLPattern] = [
    path("public/campaigns/", PublicCampaigns.as_view(), name="public-campaigns"),
    path("public/totals/", PublicTotals.as_view(), name="public-totals"),
    path("public/coverage/", PublicCoverage.as_view(), name="public-coverage"),
    path("public/log/", PublicLog.as_view(), name="public-log"),
]
