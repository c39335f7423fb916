"""How long gifts that never became any, and followed hints of Stripe, are kept."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.retention.registry import Moment, Rule, Then
from accounts.retention.registry import register as register_rules
from donations.models import Attempt, Donation, Fact, Hint
from donations.models.gifts import Status


def register() -> None:
    """Called from ``AppConfig.ready``."""
    register_rules(_drafts(), _hints())


def never_paid(moment: Moment) -> QuerySet[Donation]:
    """Drafts from before the border that never reached a payment page."""
    drafts = Donation.objects.filter(status=Status.DRAFT, given_on__lt=moment.before.date())
    of_gift = {"donation": OuterRef("pk")}
    found: QuerySet[Donation] = drafts.filter(
        ~Exists(Attempt.objects.filter(**of_gift)), ~Exists(Fact.objects.filter(**of_gift))
    )
    return found


def _drafts() -> Rule:
    return Rule(
        name="draft-gifts",
        records=_("Gifts that were begun and never sent to the payment page"),
        basis=_("GDPR 6(1)(b): a step before a gift; nothing came of it"),
        days=30,
        since=_("the day on which it was begun"),
        then=Then.DELETE,
        due=lambda moment: never_paid(moment).count(),
        remove=_delete_drafts,
    )


def _delete_drafts(moment: Moment) -> int:
    found = list(never_paid(moment))
    for gift in found:
        gift.delete()
    return len(found)


def _hints() -> Rule:
    over = (Hint.State.DONE, Hint.State.IGNORED)

    def old(moment: Moment) -> QuerySet[Hint]:
        return Hint.objects.filter(state__in=over, received_at__lt=moment.before)

    return Rule(
        name="inbox",
        records=_("Stripe's hints that were followed: an id and a type"),
        basis=_("GDPR 6(1)(f): to follow each hint once; Stripe repeats them for days only"),
        days=60,
        since=_("their arrival"),
        then=Then.DELETE,
        due=lambda moment: old(moment).count(),
        remove=lambda moment: old(moment).delete()[0],
    )
