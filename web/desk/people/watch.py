"""What a colleague has to look at: glass that was broken, reading that froze."""

import uuid

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.actions.freezing import lift_freeze
from accounts.actions.glass import review_glass
from accounts.budget import budget_of
from accounts.models import GlassReview, Grant, ReadingFreeze, User
from cases.models import Case
from cases.models.case_lists import GRANT_KIND
from web.desk.acting import Act, act_page, carry_out, sent
from web.desk.people.reach import ReasonForm
from web.forms import OnceForm
from web.loading import load, person, room


class GlassForm(OnceForm):
    verdict = forms.ChoiceField(
        label=_("Was it in order?"), choices=GlassReview.Verdict.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In a few words"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        required=False,
        help_text=_("Needed if it was not in order; the case then closes to that person at once."),
    )


@require_http_methods(["GET", "POST"])
@room("glass.review", "cases.work")
def review(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Look at one break-glass grant: who, which case, why, what was opened under it."""
    row: GlassReview = load(reviews_for(person(request)).select_related("grant", "holder"), pk)
    form = sent(request, GlassForm)
    if form.is_valid() and carry_out(
        request,
        form,
        review_glass,
        _("Looked at. It is off the list."),
        review=row,
        verdict=form.cleaned_data["verdict"],
        words=form.cleaned_data["words"],
    ):
        return redirect("desk:worklist")
    case = Case.objects.filter(pk=row.grant.object_id).select_related("client").first()
    if case is None:
        raise Http404
    act = Act(_("Broken glass"), _("Keep this"), reverse("desk:worklist"), back_word=_("Worklist"))
    context = {"form": form, "act": act, "row": row, "case": case}
    return render(request, "desk/people/glass.html", context)


def reviews_for(user: User) -> QuerySet[GlassReview]:
    """Broken glass that waits for this person: all for second officers, else that on one's own cases."""
    waiting: QuerySet[GlassReview] = GlassReview.objects.filter(reviewed_by=None).exclude(holder=user)
    if user.has("glass.review"):
        return waiting
    if not user.has("cases.work"):
        return waiting.none()
    mine = Grant.objects.live(timezone.now()).filter(
        user=user, object_kind=GRANT_KIND, kind__in=["responsible", "deputy"]
    )
    return waiting.filter(grant__object_kind=GRANT_KIND, grant__object_id__in=mine.values("object_id"))


@require_http_methods(["GET", "POST"])
@room("glass.review")
def lift(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let somebody read again whose budget of a day ran out."""
    freeze: ReadingFreeze = load(freezes_for(person(request)).select_related("user"), pk)
    form = sent(request, ReasonForm)
    if form.is_valid():
        done = _("Lifted. Their count begins anew.")
        if carry_out(request, form, lift_freeze, done, freeze=freeze, reason=form.cleaned_data["reason"]):
            return redirect("desk:worklist")
    words = {"who": freeze.user.username, "count": freeze.subjects, "budget": budget_of(freeze.user)}
    lead = _(
        "%(who)s opened %(count)s people outside their own cases in a day; their role has %(budget)s. Ask"
        " them why, by voice, before you lift it. If nobody there knows about it, cut them off."
    )
    act = Act(_("Frozen reading"), _("Lift it"), reverse("desk:worklist"), lead % words)
    return act_page(request, form, act)


def freezes_for(user: User) -> QuerySet[ReadingFreeze]:
    """Frozen readings of colleagues that this person may lift."""
    waiting: QuerySet[ReadingFreeze] = ReadingFreeze.objects.filter(lifted_at=None).exclude(user=user)
    return waiting if user.has("glass.review") else waiting.none()
