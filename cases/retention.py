"""Clients as people who can be erased, how long their closed cases are kept, and scores of match runs."""

import datetime
import uuid
from collections.abc import Iterable

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.erasing import registry
from accounts.erasing.registry import Obstacle
from accounts.models import Erasure
from accounts.retention.registry import Moment, Rule, Then, erases
from accounts.retention.registry import register as register_rules
from cases.actions.matching import RESULTS_LAST, drop_old_results
from cases.models import Case, Client, Hearing, MatchRun, Representation
from cases.models.case_lists import CLOSED
from lawyers.retention import bound_by
from treasury.retention import unpaid_claims
from vault import keys

YEAR = 365
KIND = "client"


def register() -> None:
    """Called from ``AppConfig.ready``."""
    registry.register_kind(
        registry.Kind(
            name=KIND,
            title=_("Client"),
            model=Client,
            called=_called,
            stays=_(
                "Case number, code name, dates, stages and amounts stay, without a name: the books and the"
                " figures of how many trials were defended rest on them."
            ),
            paths=("client_id", "case__client_id", "trial__defendants__client_id"),
            obstacles=obstacles,
            about=case_ids,
        )
    )
    registry.on_erase(
        "merged records",
        _forget_merged,
        title=_("Records of the same person that were merged"),
        outside=True,
        only=KIND,
    )
    bound_by(defending)
    register_rules(_clients(), _scores())


def _called(row: models.Model) -> str:
    return str(row)


def case_ids(client_id: uuid.UUID) -> Iterable[uuid.UUID]:
    """What exists for this client alone."""
    return Case.objects.filter(client=client_id).values_list("id", flat=True)


def obstacles(client_id: uuid.UUID, at: datetime.datetime) -> Iterable[Obstacle]:
    """A hearing ahead in an open case, and claims that somebody has still to be paid for."""
    if Client.objects.filter(pk=client_id, merged_into__isnull=False).exists():
        text = _("This record was merged: erase the person it points to, and it goes with them.")
        yield Obstacle("merged", text)
    theirs = Case.objects.filter(client=client_id)
    coming = Hearing.objects.coming(at).filter(trial__defendants__case__in=theirs.open())
    if coming.exists():
        text = _("A hearing is ahead in an open case: close the case, or wait until it was held.")
        yield Obstacle("hearing-ahead", text)
    if unpaid_claims().filter(case_id__in=theirs.values("id")).exists():
        text = _("Claims on the case are not paid yet: pay them or reject them first.")
        yield Obstacle("unpaid-claims", text)


def _forget_merged(subject: registry.Subject) -> int:
    """The keys of records merged into this one: what was written once is still sealed with them."""
    there = keys.existing(Client.objects.filter(merged_into=subject.id).values_list("pk", flat=True))
    for client_id in there:
        keys.destroy_key(client_id)
    return len(there)


def defending(lawyer_id: uuid.UUID) -> Iterable[Obstacle]:
    """Cases a lawyer is asked for or defends now."""
    if Representation.objects.live().filter(lawyer=lawyer_id).exists():
        text = _("They are asked for a case or defend one: end these episodes first.")
        yield Obstacle("defends", text)


def closed_clients(moment: Moment) -> Iterable[uuid.UUID]:
    """Clients all of whose cases were closed before the border, neither held nor erased."""
    cases = Case.objects.filter(client=OuterRef("pk"))
    live = cases.exclude(status__in=CLOSED, closed_at__lt=moment.before)
    found = Client.objects.filter(Exists(cases), ~Exists(live)).exclude(id__in=moment.held)
    gone = Erasure.objects.filter(kind=KIND).values("subject_id")
    return found.exclude(id__in=gone).order_by("pk").values_list("id", flat=True)


def _clients() -> Rule:
    return erases(
        "clients",
        people=closed_clients,
        records=_("Clients and everything written about them, once all their cases are closed"),
        basis=_(
            "GDPR 9(2)(d) and (f): defence, appeals, rehabilitation and complaints stay possible so long"
        ),
        days=6 * YEAR,
        since=_("the day on which their last case was closed"),
    )


def _scores() -> Rule:
    def old(moment: Moment) -> int:
        # Runs whose scores went already hold an empty result.
        return MatchRun.objects.filter(solved_at__lt=moment.before).exclude(result={}).count()

    return Rule(
        name="match-scores",
        records=_("Scored pairs of match runs; what people decided stays"),
        basis=_("GDPR 6(1)(f): to explain a proposal while it is being decided"),
        days=RESULTS_LAST.days,
        since=_("the run"),
        then=Then.DELETE,
        due=old,
        remove=lambda moment: drop_old_results(before=moment.before, by=moment.by, at=moment.at),
    )
