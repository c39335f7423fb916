"""What the treasurer's programs do about gifts: refunds, alarms, payouts, monthly gifts."""

import datetime
import logging
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from django.utils import timezone
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.fields import Chosen, Minor, Ref, Strict
from api.filtering import FilterSet, choice
from api.gifts import DONATIONS, SEE
from api.tables import Act, Resource
from audit.actors import WORKER
from donations import mandates, refunding, tasks
from donations.actions import alarms, recurring, refunds
from donations.models import Alarm, Donation, Payout, RecurringDonation, Refund
from donations.stripe_gateway import GatewayError
from treasury.models import Fund

log = logging.getLogger("api.processor")
WORK = "donations.work"


class RefundOut(serializers.Serializer[Any]):
    """``asked_by`` is empty for one made on the processor's dashboard."""

    id = serializers.UUIDField()
    donation = serializers.UUIDField(source="donation_id")
    amount_minor = serializers.IntegerField()
    currency = serializers.CharField()
    state = serializers.ChoiceField(Refund.State.choices)
    asked_at = serializers.DateTimeField()
    asked_by = serializers.CharField()
    second_by = serializers.CharField()


class AlarmOut(serializers.Serializer[Any]):
    """What a human has to decide, and what was decided."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    kind = serializers.ChoiceField(Alarm.Kind.choices)
    donation = serializers.UUIDField(source="donation_id", allow_null=True)
    amount_minor = serializers.IntegerField()
    currency = serializers.CharField()
    raised_at = serializers.DateTimeField()
    decision = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)


class PayoutOut(serializers.Serializer[Any]):
    """``entries_minor`` is the sum of the transactions it names; null while it names none."""

    id = serializers.UUIDField()
    payout_id = serializers.CharField()
    amount_minor = serializers.IntegerField()
    entries_minor = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField()
    state = serializers.ChoiceField(Payout.State.choices)
    created_at = serializers.DateTimeField()
    arrives_on = serializers.DateField()


class RecurringOut(serializers.Serializer[Any]):
    """A monthly gift. Nothing about its giver is stored, or told."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    fund = serializers.CharField(source="fund.code")
    amount_minor = serializers.IntegerField()
    currency = serializers.CharField()
    state = serializers.ChoiceField(RecurringDonation.State.choices)
    begun_at = serializers.DateTimeField()
    next_on = serializers.DateField(allow_null=True)
    stop_reason = serializers.CharField()


class AlarmFilters(FilterSet):
    kind = choice(Alarm.Kind)


class RefundFilters(FilterSet):
    state = choice(Refund.State)


class RecurringFilters(FilterSet):
    state = choice(RecurringDonation.State)


def _seen_by(rows: QuerySet[Any], by: User) -> QuerySet[Any]:
    return rows if by.has(SEE) else rows.none()


def _refunds(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return _seen_by(Refund.objects.all(), by)


def _alarms(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return _seen_by(Alarm.objects.all(), by)


def _payouts(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return _seen_by(Payout.objects.all(), by)


def _recurring(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return _seen_by(RecurringDonation.objects.select_related("fund"), by)


REFUNDS = Resource("refund", _refunds, RefundOut, ("-asked_at", "id"), RefundFilters)
ALARMS = Resource("alarm", _alarms, AlarmOut, ("-raised_at", "id"), AlarmFilters)
PAYOUTS = Resource("payout", _payouts, PayoutOut, ("-created_at", "id"))
RECURRING = Resource("recurring-donation", _recurring, RecurringOut, ("-begun_at", "id"), RecurringFilters)


class RefundIn(Strict):
    amount_minor = Minor()


class AlarmDecisionIn(Strict):
    decision = Chosen(("keep", "seen"))


class BearerIn(Strict):
    fund = Ref(lambda by, at: Fund.objects.open())


def _refund_terms(target: Donation, values: dict[str, Any]) -> Any:
    terms = refunds.refund_terms(donation=target, amount_minor=values["amount_minor"])
    return "refund", target.pk, terms


def _cover_terms(target: Alarm, values: dict[str, Any]) -> Any:
    from treasury.actions.allocation import cover_terms

    fund = values["fund"]
    return "allocation", fund.pk, cover_terms(fund=fund, amount_minor=target.amount_minor)


def _stopping(target: RecurringDonation, _values: dict[str, Any]) -> dict[str, Any]:
    return {"mandate": target, "reason": RecurringDonation.StopReason.STAFF}


def _send(refund: Refund) -> None:
    _tell(lambda: refunding.send(refund, tasks.gateway(), at=timezone.now()))


def _stop(mandate: RecurringDonation) -> None:
    _tell(lambda: mandates.finish_stop(mandate, tasks.gateway(), at=timezone.now(), by=WORKER))


def _tell(call: Any) -> None:
    """Tell the processor now; what it does not hear now, the sweep tells it within five minutes."""
    try:
        call()
    except GatewayError as error:
        log.warning("the processor was not reached: %s", error)


ALARM, MONTHLY = "alarms/<uuid:key>/", "recurring-donations/<uuid:key>/"
urlpatterns: list[URLPattern] = [
    *deed(
        "donations/<uuid:key>/refund/",
        DONATIONS,
        Act(
            refunds.ask_refund,
            WORK,
            "donation",
            RefundIn,
            answers=REFUNDS,
            adds=True,
            terms=_refund_terms,
            then=_send,
        ),
    ),
    *listing("refunds/", REFUNDS, SEE),
    *thing("refunds/<uuid:key>/", REFUNDS, SEE),
    *listing("alarms/", ALARMS, SEE),
    *thing(ALARM, ALARMS, SEE),
    *deed(f"{ALARM}decide/", ALARMS, Act(alarms.decide_alarm, WORK, "alarm", AlarmDecisionIn)),
    *deed(f"{ALARM}book/", ALARMS, Act(alarms.book_alarm, WORK, "alarm", BearerIn)),
    *deed(f"{ALARM}cover/", ALARMS, Act(alarms.cover_alarm, WORK, "alarm", BearerIn, terms=_cover_terms)),
    *listing("payouts/", PAYOUTS, SEE),
    *thing("payouts/<uuid:key>/", PAYOUTS, SEE),
    *listing("recurring-donations/", RECURRING, SEE),
    *thing(MONTHLY, RECURRING, SEE),
    *deed(f"{MONTHLY}stop/", RECURRING, Act(recurring.ask_stop, WORK, shape=_stopping, then=_stop)),
]
