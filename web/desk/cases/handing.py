"""Handing over all of a colleague's cases; and the day on one sheet of paper."""

import datetime
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from cases import worklist
from cases.actions import handing as acts
from cases.models import Case, HandOver
from web.desk.acting import Act, act_page, carry_out, press, sent
from web.desk.cases.fields import ColleagueField
from web.desk.cases.office_forms import workers
from web.forms import OnceForm
from web.loading import load, person, room

DAYS = 3


class HandOverForm(OnceForm):
    """From whom, to whom."""

    giver = ColleagueField(label=_("Whose cases"), queryset=User.objects.none())
    taker = ColleagueField(label=_("Who is to take them"), queryset=User.objects.none())

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        giver: Any = self.fields["giver"]
        taker: Any = self.fields["taker"]
        taker.queryset = workers()
        decides = reader.has("approvals.decide")
        giver.queryset = User.objects.order_by("username") if decides else User.objects.filter(pk=reader.pk)
        giver.empty_label = None


@require_http_methods(["GET", "POST"])
@room("cases.work")
def propose(request: HttpRequest) -> HttpResponse:
    """One's own cases; a second officer's hand also reaches those of somebody who is gone."""
    reader = person(request)
    form = sent(request, HandOverForm, reader=reader)
    if form.is_valid() and carry_out(
        request,
        form,
        acts.propose_hand_over,
        _("The colleague is asked. The cases stay where they are until they are taken."),
        giver=form.cleaned_data["giver"],
        taker=form.cleaned_data["taker"],
    ):
        return redirect("desk:worklist")
    lead = _("All cases and their open tasks, in one go. It takes effect when the colleague takes them.")
    act = Act(_("Hand over all cases"), _("Ask the colleague"), reverse("desk:cases"), lead, _("Cases"))
    return act_page(request, form, act)


@require_POST
@room("cases.work")
def take(request: HttpRequest, handover_id: uuid.UUID) -> HttpResponse:
    """The colleague who was asked takes them."""
    row = load(HandOver.objects.waiting().filter(taker=person(request)), handover_id)
    done = _("The cases are yours now. Whoever handed them over cannot open them any more.")
    return press(request, acts.take_hand_over, done, reverse("desk:worklist"), handover=row)


@require_POST
@room("cases.work")
def drop(request: HttpRequest, handover_id: uuid.UUID) -> HttpResponse:
    """Declined by the one, or taken back by the other."""
    row = load(waiting_for(person(request)), handover_id)
    done = _("The hand-over is dropped; nothing was changed.")
    return press(request, acts.drop_hand_over, done, reverse("desk:worklist"), handover=row)


def waiting_for(user: User) -> Any:
    """Hand-overs that this person takes, gives or, as a second officer, may drop."""
    found = HandOver.objects.waiting().select_related("giver", "taker")
    if user.has("approvals.decide"):
        return found
    return found.filter(taker=user) | found.filter(giver=user)


@require_safe
@room("cases.work")
def day_sheet(request: HttpRequest) -> HttpResponse:
    """The next days on paper: code names and references only, because paper is found."""
    user, now = person(request), timezone.now()
    mine = Case.objects.open_to(user, now)
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    until = start + datetime.timedelta(days=DAYS)
    context = {
        "hearings": list(worklist.coming_hearings(mine, start, until)),
        "deadlines": list(worklist.deadlines_due(mine, now, until - now)),
        "tasks": [task for task in worklist.my_tasks(user) if task.due_on and task.due_on < until.date()],
        "now": now,
        "days": DAYS,
    }
    return render(request, "desk/cases/day_sheet.html", context)
