"""A coordinator's first page: what is due, each part in one query.

Every function takes ``cases``, the list the reader may see (``Case.objects.visible_to(...)`` or narrower),
and answers rows with what a page shows. Names are opened by the caller (``finding.open_names``).
"""

import datetime

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate

from accounts.models import User
from cases import kinds, status
from cases.models import Budget, Case, Deadline, Defendant, Hearing, Representation, Task
from cases.models.case_lists import CaseQuerySet
from cases.stages import Stage
from treasury.kinds import AccountKind
from treasury.models import Balance, Ceiling

FINAL = (Stage.SERVING, Stage.ENDED, Stage.EXECUTED)
SOON = datetime.timedelta(days=14)


def trials_without_counsel(
    cases: CaseQuerySet, at: datetime.datetime, within: datetime.timedelta = SOON
) -> CaseQuerySet:
    """Cases in court soon whom nobody defends yet, soonest first; ``next_at``, ``offer_out`` beside them."""
    return (
        cases.open()
        .without_counsel()
        .with_next_hearing(at)
        .with_counsel()
        .filter(Q(("next_at__lt", at + within)))
        .select_related("client", "court")
        .soonest_first()
    )


def offers_to_lapse(
    cases: CaseQuerySet, at: datetime.datetime, within: datetime.timedelta = datetime.timedelta(hours=48)
) -> QuerySet[Representation]:
    """Offers without an answer that lapse soon, or should have lapsed, soonest first."""
    offers = Representation.objects.offered().filter(case__in=_ids(cases), offered_until__lt=at + within)
    return offers.select_related("case__client", "lawyer").order_by("offered_until")


def hearings_without_outcome(cases: CaseQuerySet, at: datetime.datetime) -> QuerySet[Hearing]:
    """Hearings that have begun and nobody has said what came of them, oldest first; ``case_id`` is one of
    the defendants' among ``cases``, ``reference`` and ``code_name`` are that case's."""
    mine = Case.objects.filter(id__in=_ids(cases), defendants__trial=OuterRef("trial"))
    found = Hearing.objects.without_outcome(at).annotate(
        case_id=Subquery(mine.values("id")[:1]),
        reference=Subquery(mine.values("reference")[:1]),
        code_name=Subquery(mine.values("client__code_name")[:1]),
    )
    return found.filter(case_id__isnull=False).select_related("trial__court").order_by("starts_at")


def ceilings_short(cases: CaseQuerySet) -> CaseQuerySet:
    """Open cases whose newest budget is above what was approved; ``short_minor`` says by how much.

    One without any ceiling is short by its whole budget.
    """
    newest = Budget.objects.filter(case=OuterRef("pk")).order_by("-number")
    approved = Ceiling.objects.filter(case_id=OuterRef("pk")).order_by("-number")
    return (
        cases.open()
        .annotate(
            budget_minor=Subquery(newest.values("total_minor")[:1]),
            ceiling_minor=Coalesce(Subquery(approved.values("total_minor")[:1]), 0),
        )
        .annotate(short_minor=F("budget_minor") - F("ceiling_minor"))
        .filter(short_minor__gt=0)
        .select_related("client")
        .order_by("-short_minor")
    )


def with_room(cases: CaseQuerySet) -> CaseQuerySet:
    """Adds ``ceiling_minor`` (approved) and ``room_minor`` (neither spent nor held); None without one."""
    account = Balance.objects.filter(account__kind=AccountKind.CEILING, account__subject_id=OuterRef("pk"))
    approved = Ceiling.objects.filter(case_id=OuterRef("pk")).order_by("-number")
    room = F("credit_posted") - F("debit_posted") - F("debit_pending")
    return cases.annotate(
        ceiling_minor=Subquery(approved.values("total_minor")[:1]),
        room_minor=Subquery(account.annotate(room=room).values("room")[:1]),
    )


def without_next_date(cases: CaseQuerySet, at: datetime.datetime) -> CaseQuerySet:
    """Open cases before a judgment is final with no hearing ahead, the longest waiting first."""
    ahead = Hearing.objects.coming(at).filter(trial__defendants__case=OuterRef("pk"))
    return (
        cases.open()
        .exclude(stage__in=FINAL)
        .filter(~Exists(ahead))
        .select_related("client")
        .order_by(Coalesce("stage_on", TruncDate("received_at")), "received_at")
    )


def deadlines_due(
    cases: CaseQuerySet, at: datetime.datetime, within: datetime.timedelta = SOON
) -> QuerySet[Deadline]:
    """Terms that end soon or have run out and that nobody has settled, soonest first."""
    until = (at + within).date()
    found = Deadline.objects.running().filter(case__in=_ids(cases), due_on__lte=until)
    return found.select_related("case__client").order_by("due_on", "id")


def my_tasks(user: User) -> QuerySet[Task]:
    """Open tasks of one person, those with a day first."""
    mine = Task.objects.open().filter(owner=user)
    return mine.select_related("case__client").order_by(F("due_on").asc(nulls_last=True), "id")


def waiting_to_be_matched(cases: CaseQuerySet) -> CaseQuerySet:
    """Cases that counsel is looked for: the needs of a match run.

    Those decided, and verified ones whose judgment is not final: who could defend helps to decide.
    """
    verified = Q(status=kinds.CaseStatus.VERIFIED) & ~Q(stage__in=FINAL)
    return cases.filter(Q(status__in=status.DECIDED) | verified).without_counsel()


def said_so_far(case: Case) -> QuerySet[Representation]:
    """Every answer of a case, newest first."""
    rows = Representation.objects.filter(case=case).select_related("lawyer", "commitment")
    return rows.order_by(Coalesce("ended_at", "answered_at", "offered_at").desc())


def coming_hearings(
    cases: CaseQuerySet, from_at: datetime.datetime, until: datetime.datetime
) -> QuerySet[Hearing]:
    """The calendar of these cases: hearings between two moments with the defendants among ``cases``."""
    # Asked of each hearing and each place: a list of all these cases would be made anew for every page.
    seen = cases.order_by()
    ours = Defendant.objects.filter(Exists(seen.filter(pk=OuterRef("case_id")))).select_related(
        "case__client"
    )
    return (
        Hearing.objects.filter(starts_at__gte=from_at, starts_at__lt=until)
        .exclude(status=kinds.HearingStatus.ADJOURNED)
        .filter(Exists(seen.filter(defendants__trial=OuterRef("trial"))))
        .select_related("trial__court")
        .prefetch_related(Prefetch("trial__defendants", queryset=ours))
        .order_by("starts_at", "id")
    )


def _ids(cases: CaseQuerySet) -> QuerySet[Case, object]:
    return cases.order_by().values("id")
