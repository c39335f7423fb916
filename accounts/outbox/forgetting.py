"""Letters go with the person they are for; what could not be sent is counted for a while."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.erasing import registry
from accounts.erasing.registry import Subject
from accounts.models.mail import Mail
from accounts.outbox import posting
from accounts.retention.registry import Moment, Rule, Then, register


def register_own() -> None:
    """Called from ``AppConfig.ready``."""
    registry.on_erase("mails", forget, title=_("Letters that have not left yet"))
    register(_undelivered(), _held())


def forget(subject: Subject) -> int:
    """Every letter about the person."""
    return sum(posting.forget_person(one) for one in subject.about)


def _undelivered() -> Rule:
    def old(moment: Moment) -> "QuerySet[Mail]":
        return Mail.objects.filter(state__in=[Mail.State.LOST, Mail.State.REFUSED], made_at__lt=moment.before)

    return Rule(
        name="mail-undelivered",
        records=_("Letters that the relay refused or that broke off: a kind and a day, no address"),
        basis=_("GDPR 6(1)(f): to notice that mail does not arrive"),
        days=14,
        since=_("the day on which it was written"),
        then=Then.DELETE,
        due=lambda moment: old(moment).count(),
        remove=lambda moment: int(old(moment).delete()[0]),
    )


def _held() -> Rule:
    def old(moment: Moment) -> "QuerySet[Mail]":
        return Mail.objects.filter(state=Mail.State.HELD, made_at__lt=moment.before)

    def remove(moment: Moment) -> int:
        found = list(old(moment))
        for mail in found:
            posting.forget(mail)
        return len(found)

    return Rule(
        name="mail-held",
        records=_("Addresses for a receipt whose gift was never paid, sealed"),
        basis=_("GDPR 6(1)(b): a step before a gift; nothing came of it"),
        days=30,
        since=_("the day on which the gift was begun"),
        then=Then.DELETE,
        due=lambda moment: old(moment).count(),
        remove=remove,
    )
