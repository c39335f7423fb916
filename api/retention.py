"""How long answers are kept to repeat them, and that erasing a person drops them all."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.erasing import registry
from accounts.erasing.registry import Subject
from accounts.retention.registry import Moment, Rule, Then
from accounts.retention.registry import register as register_rules
from api.idempotency import KEPT
from api.models import Answer


def register() -> None:
    """Called from ``AppConfig.ready``."""
    registry.on_erase("answers", drop_answers, title=_("Answers of the API kept for repeated requests"))
    register_rules(
        Rule(
            name="api-answers",
            records=_("Answers of the API, sealed, to repeat them to the one who asked"),
            basis=_("GDPR 6(1)(f): a bad line must not make anything happen twice"),
            days=KEPT.days,
            since=_("the request; the clock drops them each minute"),
            then=Then.DELETE,
            due=lambda moment: _old(moment).count(),
            remove=lambda moment: _old(moment).delete()[0],
        )
    )


def _old(moment: Moment) -> QuerySet[Answer]:
    return Answer.objects.filter(begun_at__lt=moment.before)


def drop_answers(subject: Subject) -> int:
    """All of them, as nobody knows whom a sealed answer is about; repeating one is refused then."""
    return Answer.objects.all().delete()[0]
