"""People who asked for help as people who can be erased, and how long what they wrote is kept."""

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.erasing import registry
from accounts.erasing.registry import Subject
from accounts.models import Erasure
from accounts.retention.registry import Moment, Rule, Then, erases
from accounts.retention.registry import register as register_rules
from cases.actions.desk import remove_draft
from cases.models import HelpRequest, IntakeDraft
from cases.retention import KIND as CLIENT
from vault import keys

KIND = "asker"


def register() -> None:
    """Called from ``AppConfig.ready``."""
    registry.register_kind(
        registry.Kind(
            name=KIND,
            title=_("Somebody who asked for help"),
            model=HelpRequest,
            called=lambda row: str(row.pk)[:8],
            stays=_("That somebody asked, when, and what was decided; nothing of what they wrote."),
            paths=("request_id",),
        )
    )
    registry.on_erase(
        "help requests",
        _forget_theirs,
        title=_("What they wrote on the page for help"),
        outside=True,
        only=CLIENT,
    )
    register_rules(
        erases(
            "help-decided",
            people=lambda moment: _kept(moment, HelpRequest.objects.filter(decided_at__lt=moment.before)),
            records=_("Requests for help that were taken up (their words are in the case) or refused"),
            basis=_("GDPR 6(1)(f) and 9(2)(f): to answer whoever comes back with the code"),
            days=30,
            since=_("the day on which it was decided"),
        ),
        erases(
            "help-undecided",
            people=lambda moment: _kept(
                moment, HelpRequest.objects.undecided().filter(asked_at__lt=moment.before)
            ),
            records=_("Requests for help that nobody decided"),
            basis=_("GDPR 6(1)(f) and 9(2)(f): a step before help; nothing came of it"),
            days=180,
            since=_("the day on which it was asked"),
        ),
        _drafts(),
    )


def _drafts() -> Rule:
    def old(moment: Moment) -> "QuerySet[IntakeDraft]":
        found: QuerySet[IntakeDraft] = IntakeDraft.objects.filter(kept_at__lt=moment.before)
        return found

    def remove(moment: Moment) -> int:
        rows = list(old(moment))
        for row in rows:
            remove_draft(row)
        return len(rows)

    return Rule(
        name="intake-drafts",
        records=_("Intakes that were begun and not finished, sealed for the colleague who began"),
        basis=_("GDPR 6(1)(f) and 9(2)(f): a dropped line must not lose what a family has told"),
        days=7,
        since=_("the last time it was sent"),
        then=Then.DELETE,
        due=lambda moment: old(moment).count(),
        remove=remove,
    )


def _kept(moment: Moment, rows: "QuerySet[HelpRequest]") -> list[uuid.UUID]:
    gone = Erasure.objects.filter(kind=KIND).values("subject_id")
    found = rows.exclude(pk__in=gone).exclude(pk__in=moment.held).exclude(case__client__in=moment.held)
    return list(found.values_list("pk", flat=True))


def _forget_theirs(subject: Subject) -> int:
    """The keys of the requests from which a client's cases were made."""
    ids = list(HelpRequest.objects.filter(case__client=subject.id).values_list("pk", flat=True))
    there = keys.existing(ids)
    for request_id in there:
        keys.destroy_key(request_id)
    return len(there)
