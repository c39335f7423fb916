"""The first page of the desk: what is due and why, one's own tasks, and what suits each role."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.approvals import DECIDES
from accounts.models import Approval, User
from cases import clashes, finding, kinds, standins, worklist
from cases.actions import office
from cases.models import Case, Feedback, HelpRequest, Task
from reports.definitions import waiting as reports_waiting
from treasury import chart
from vault.fields import prefetch
from web.desk.acting import Act, act_page, carry_out, press, sent
from web.desk.audit.start import access_ends, waiting
from web.desk.cases.handing import waiting_for
from web.desk.cases.office_forms import TaskForm
from web.desk.money.advances import pressing
from web.desk.money.overview import reports_due
from web.desk.people.watch import freezes_for, reviews_for
from web.desk.worklist_reasons import Reason, licences_to_lapse, reasons_for
from web.forms import OnceForm
from web.loading import load, person, room
from web.pieces import Text
from web.rooms import DESK, open_doors

_SHOWN = 12


@dataclass(frozen=True)
class Stat:
    """One of the counts above the list; ``due`` ones press."""

    mark: str
    word: Text
    count: int
    due: bool = False


@dataclass
class Lists:
    """What is due on the cases somebody holds."""

    trials: list[Any] = field(default_factory=list)
    offers: list[Any] = field(default_factory=list)
    deadlines: list[Any] = field(default_factory=list)
    clashes: list[Any] = field(default_factory=list)
    standins: list[Any] = field(default_factory=list)
    outcomes: list[Any] = field(default_factory=list)
    ceilings: list[Any] = field(default_factory=list)
    undated: list[Any] = field(default_factory=list)
    received: list[Any] = field(default_factory=list)
    licences: list[Any] = field(default_factory=list)
    reasons: dict[uuid.UUID, Reason] = field(default_factory=dict)
    names: dict[uuid.UUID, str] = field(default_factory=dict)


@require_safe
@room("desk.enter")
def show(request: HttpRequest) -> HttpResponse:
    """Coordinators and second officers see the cases they hold; everybody sees their tasks and rooms."""
    user, now = person(request), timezone.now()
    works = user.has("cases.work")
    lists = due_lists(user, now) if works else Lists()
    owned = list(worklist.my_tasks(user))
    cases = [*_cases_of(lists), *(task.case for task in owned if task.case is not None)]
    lists.names = finding.open_names(user, cases, now) if works and cases else {}
    tasks = [task for task in owned if _may_read(task, lists.names)]
    prefetch(tasks, "text")
    context = {
        "lists": lists,
        "names": lists.names,
        "stats": stats(lists, tasks, now) if works else [],
        "tasks": tasks,
        "task_form": TaskForm(auto_id="task_%s"),
        "once": OnceForm(),
        "works": works,
        "holds": bool(works and Case.objects.open_to(user, now).open().exists()),
        "shown": _SHOWN,
        "approvals": approvals_for(user, now),
        "approvals_url": _address("desk:approvals"),
        "glass": broken_glass(user),
        "handovers": list(waiting_for(user)) if works else [],
        "asked": _asked(user, now),
        "feedback": Feedback.objects.visible_to(user, now).open().count(),
        "freezes": list(freezes_for(user).select_related("user")),
        "doors": [door for door in open_doors(DESK, request) if not door.current],
        "may_take_in": user.has("cases.open"),
        "advances": pressing(user, now),
        "funder_reports": reports_due(timezone.localdate(now)) if user.has("money.see") else [],
        "saved_reports": reports_waiting(timezone.localdate(now)) if user.has("reports.build") else [],
        "today": timezone.localdate(now),
        "currency": chart.base_currency(),
        "now": now,
        "access_ends": access_ends(user, now),
        **waiting(user, now),
    }
    return render(request, "desk/worklist.html", context)


def due_lists(user: User, now: datetime.datetime) -> Lists:
    """Each list in one query, of the cases this person holds a grant on."""
    mine = Case.objects.open_to(user, now)
    lists = Lists(
        trials=list(worklist.trials_without_counsel(mine, now)),
        offers=list(worklist.offers_to_lapse(mine, now)),
        outcomes=list(worklist.hearings_without_outcome(mine, now)),
        deadlines=list(worklist.deadlines_due(mine, now)),
        clashes=clashes.clashes(mine, now),
        standins=standins.needed(mine, now),
        ceilings=list(worklist.ceilings_short(mine)),
        undated=list(worklist.without_next_date(mine, now)),
        received=list(
            mine.filter(status=kinds.CaseStatus.RECEIVED).select_related("client").order_by("received_at")
        ),
        licences=licences_to_lapse(now) if user.has("lawyers.see") else [],
    )
    lists.reasons = reasons_for(lists.trials, lists.ceilings)
    wanted = mine.filter(pk__in=[row.case_id for row in lists.outcomes]).select_related("client")
    by_id = {case.pk: case for case in wanted}
    for hearing in lists.outcomes:
        hearing.case = by_id[hearing.case_id]
    return lists


def stats(lists: Lists, tasks: list[Task], now: datetime.datetime) -> list[Stat]:
    """Ten counts; amber over those that cannot wait."""
    today = timezone.localdate(now)
    overdue = any(task.due_on is not None and task.due_on <= today for task in tasks)
    return [
        Stat("trials", _("trials without counsel, 14 days"), len(lists.trials), bool(lists.trials)),
        Stat("offers", _("offers about to lapse"), len(lists.offers), bool(lists.offers)),
        Stat("outcomes", _("hearings without an outcome"), len(lists.outcomes), bool(lists.outcomes)),
        Stat("clashes", _("two hearings at once"), len(lists.clashes), bool(lists.clashes)),
        *_if_any("standins", _("hearings to stand in at"), lists.standins),
        Stat("deadlines", _("deadlines, 14 days"), len(lists.deadlines), bool(lists.deadlines)),
        Stat("received", _("new cases to look at"), len(lists.received)),
        Stat("ceilings", _("ceilings short"), len(lists.ceilings)),
        Stat("dates", _("cases with no next date"), len(lists.undated)),
        Stat("licences", _("licences lapse in 30 days"), len(lists.licences), bool(lists.licences)),
        Stat("tasks", _("my tasks"), len(tasks), overdue),
    ]


def _if_any(mark: str, word: Text, rows: list[Any]) -> list[Stat]:
    """A count of something rare, which takes no place while there is none."""
    return [Stat(mark, word, len(rows), due=True)] if rows else []


def _asked(user: User, now: datetime.datetime) -> int:
    """Requests for help that wait for a decision, or to which something was added."""
    return HelpRequest.objects.visible_to(user, now).to_read().count() if user.has("cases.open") else 0


def approvals_for(user: User, now: datetime.datetime) -> int:
    """How many requests wait that this person may decide."""
    kinds_of = [kind for kind, permission in DECIDES.items() if user.has(permission)]
    if not kinds_of:
        return 0
    waiting = Approval.objects.filter(state="asked", kind__in=kinds_of, until__gt=now)
    return int(waiting.exclude(asked_by=user).count())


def broken_glass(user: User) -> list[Any]:
    """Cases that were opened without a grant and at which nobody has looked yet, with the reasons given."""
    reviews = list(reviews_for(user).select_related("grant", "holder").order_by("broken_at")[:_SHOWN])
    ids = [review.grant.object_id for review in reviews]
    cases = {case.pk: case for case in Case.objects.filter(pk__in=ids).select_related("client")}
    prefetch([review.grant for review in reviews], "reason")
    return [(review, cases[review.grant.object_id]) for review in reviews if review.grant.object_id in cases]


def _cases_of(lists: Lists) -> Iterable[Case]:
    yield from (offer.case for offer in lists.offers[:_SHOWN])
    yield from (deadline.case for deadline in lists.deadlines[:_SHOWN])
    yield from (hearing.case for hearing in lists.outcomes[:_SHOWN])
    yield from (one.case for one in lists.standins[:_SHOWN])
    for clash in lists.clashes[:_SHOWN]:
        yield from clash.cases
    for some in (lists.trials, lists.ceilings, lists.undated, lists.received):
        yield from some[:_SHOWN]


def _may_read(task: Task, names: dict[uuid.UUID, str]) -> bool:
    """A task about a case whose grant has ended is not opened any more."""
    return task.case_id is None or task.case_id in names


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@require_http_methods(["GET", "POST"])
@room("desk.enter")
def add_task(request: HttpRequest) -> HttpResponse:
    """Something to do for oneself, about no case."""
    form = sent(request, TaskForm)
    if form.is_valid() and carry_out(
        request,
        form,
        office.add_task,
        _("The task is on the list."),
        owner=person(request),
        text=form.cleaned_data["text"],
        due_on=form.cleaned_data["due_on"],
    ):
        return redirect(reverse("desk:worklist") + "#tasks")
    lead = _(
        "A task about a case is added on the case’s own page, so that it is sealed with its client’s key."
    )
    return act_page(request, form, Act(_("Add a task"), _("Add it"), reverse("desk:worklist"), lead))


@require_POST
@room("desk.enter")
def finish_task(request: HttpRequest, task_id: uuid.UUID) -> HttpResponse:
    """One of one's own tasks is done."""
    task = load(Task.objects.filter(owner=person(request)), task_id)
    return press(request, office.finish_task, _("Done."), reverse("desk:worklist") + "#tasks", task=task)
