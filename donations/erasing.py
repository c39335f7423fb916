"""Donors as people who can be erased, by themselves too; their letters, sign-ins and retention."""

import datetime
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.erasing import carrying_out, registry
from accounts.erasing.registry import Obstacle, Subject
from accounts.models import Erasure
from accounts.outbox import letters, recipients
from accounts.outbox.letters import Letter
from accounts.retention.registry import Moment, Rule, Text, Then, erases
from accounts.retention.registry import register as register_rules
from donations import aftercare, donors, large, mandates, signing_in
from donations.actions import receipts
from donations.models import Donation, Donor, DonorSession, RecurringDonation, SignInCode
from donations.stripe_gateway import Gateway

KIND = "donor"
_LOGIN = _("GDPR 6(1)(f): secure and orderly running of the service")


def register() -> None:
    """Called from ``AppConfig.ready``."""
    registry.register_kind(
        registry.Kind(
            name=KIND,
            title=_("Donor"),
            model=Donor,
            called=lambda row: str(row.pk)[:8],
            stays=_(
                "Gifts, receipts and bookings stay, as accounting law asks; nobody can say any more whose"
                " they were. What Stripe and the banks keep, we cannot erase."
            ),
            paths=("donor_id", "donation__donor_id"),
            obstacles=obstacles,
        )
    )
    registry.on_erase(
        "donor sign-ins",
        _end_sign_ins,
        title=_("Sign-ins and codes on their way"),
        only=KIND,
    )
    recipients.register(donors.RECIPIENT, donors.address_of)
    letters.register(*_letters())
    register_rules(_left(), _never_gave(), _codes(), _sessions())


def _letters() -> tuple[Letter, ...]:
    look = _("Something is ready for you:\n\n%(address)s\n\nSign in there with this address.")
    mind = _("Something needs your attention:\n\n%(address)s\n\nSign in there with this address.")
    return (
        Letter(
            signing_in.LETTER,
            _("%(secret)s\n\nThis code works for 15 minutes. If you did not ask for it, do nothing."),
        ),
        Letter(receipts.LETTER, look, page="/my/"),
        Letter(aftercare.YEARLY, look, page="/my/"),
        Letter(aftercare.FAILED, mind, page="/my/"),
        Letter(large.ASKED, mind, page="/my/"),
    )


def erase_self(donor: Donor, gateway: Gateway, *, at: datetime.datetime) -> Erasure:
    """The donor's own decision: monthly gifts are stopped first, then the key goes; the books stay.

    Raises obstacles.Held, ErasedAlready.
    """
    for mandate in donor.recurring_donations.exclude(state=RecurringDonation.State.STOPPED):
        mandates.stop(mandate, RecurringDonation.StopReason.DONOR, gateway, at=at, by=donor)
    return carrying_out.erase(subject_id=donor.pk, basis=Erasure.Basis.SELF, by=donor, at=at)


def obstacles(donor_id: uuid.UUID, at: datetime.datetime) -> Iterable[Obstacle]:
    """A monthly gift that goes on: without the donor nobody could stop it."""
    running = RecurringDonation.objects.running().filter(donor=donor_id, stop_asked_at=None)
    if running.exists():
        yield Obstacle("gives-monthly", _("A monthly gift of theirs is running: stop it first."))


def _end_sign_ins(subject: Subject) -> int:
    return signing_in.end_all_of(subject.id)


def _idle(moment: Moment, gifts: "QuerySet[Donation]") -> Iterable[uuid.UUID]:
    """Donors older than the border without any of these gifts, none running, not held, not erased."""
    gone = Erasure.objects.filter(kind=KIND).values("subject_id")
    running = RecurringDonation.objects.running().filter(donor=OuterRef("pk"))
    found = Donor.objects.filter(since_on__lt=moment.before.date()).exclude(pk__in=gone)
    found = found.exclude(pk__in=moment.held)
    return list(
        found.filter(~Exists(running), ~Exists(gifts.filter(donor=OuterRef("pk")))).values_list(
            "pk", flat=True
        )
    )


def _left() -> Rule:
    return erases(
        "donors",
        people=lambda moment: _idle(
            moment, Donation.objects.settled().filter(given_on__gte=moment.before.date())
        ),
        records=_("Donors who left an address: its digest, the address of those who stay in touch"),
        basis=_("GDPR 6(1)(b) and 9(2)(d): receipts and answers for those who asked for them"),
        days=3 * 365,
        since=_("their last gift"),
    )


def _never_gave() -> Rule:
    return erases(
        "donors-without-gift",
        people=lambda moment: _idle(moment, Donation.objects.settled()),
        records=_("Addresses left with a gift that was never paid"),
        basis=_("GDPR 6(1)(b): a step before a gift; nothing came of it"),
        days=30,
        since=_("the day on which the gift was begun"),
    )


def _codes() -> Rule:
    def old(moment: Moment) -> "QuerySet[SignInCode]":
        return SignInCode.objects.filter(made_at__lt=moment.before)

    return _deletes("donor-codes", _("Digests of sign-in codes of donors, and of who asked that day"), old)


def _sessions() -> Rule:
    def old(moment: Moment) -> "QuerySet[DonorSession]":
        return DonorSession.objects.filter(ends_at__lt=moment.before)

    return _deletes("donor-sessions", _("Sign-ins of donors that have ended"), old)


def _deletes(name: str, records: Text, old: Callable[[Moment], "QuerySet[Any]"]) -> Rule:
    def remove(moment: Moment) -> int:
        return int(old(moment).delete()[0])

    return Rule(
        name=name,
        records=records,
        basis=_LOGIN,
        days=1,
        since=_("their end"),
        then=Then.DELETE,
        due=lambda moment: old(moment).count(),
        remove=remove,
    )
