"""What a lawyer abroad says here: that they want the names, yes or no, and what is public of a hearing."""

import uuid

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from cases import kinds, portal
from cases.actions import portal as acts
from web.counsel.page import own_episodes
from web.desk.acting import Act, act_page, carry_out, press, sent
from web.desk.cases.court_forms import OutcomeForm
from web.forms import OnceForm
from web.loading import load, room


class DeclineForm(OnceForm):
    """Why not; a conflict excludes for good."""

    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[(reason.value, reason.label) for reason in kinds.DECLINE_REASONS],
        widget=forms.RadioSelect,
        initial=kinds.EpisodeReason.NOT_SAID,
    )


class PublicOutcomeForm(OutcomeForm):
    """The staff's form without a source, which is the lawyer, and without what only staff record."""

    source = None  # type: ignore[assignment]  # how Django leaves out a field of the parent
    verdict = None  # type: ignore[assignment]
    sentence = None  # type: ignore[assignment]


def _here(key: uuid.UUID) -> str:
    return reverse("counsel:one", args=[key])


@require_POST
@room("portal.enter")
def names(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Open the names for a check of conflicts; that it was asked for is recorded."""
    episode = load(own_episodes(request), key)
    done = _("The names are open below. That you opened them is recorded.")
    return press(request, acts.open_parties, done, _here(key), representation=episode)


@require_POST
@room("portal.enter")
def accept(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Yes."""
    episode = load(own_episodes(request), key)
    done = _("Accepted. What we know of the case is open below.")
    return press(request, acts.accept_through_portal, done, _here(key), representation=episode)


@require_http_methods(["GET", "HEAD", "POST"])
@room("portal.enter")
def decline(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """No, and why."""
    episode = load(own_episodes(request), key)
    form = sent(request, DeclineForm)
    done = _("Declined. Thank you for telling us.")
    if form.is_valid() and carry_out(
        request,
        form,
        acts.decline_through_portal,
        done,
        representation=episode,
        reason=kinds.EpisodeReason(form.cleaned_data["reason"]),
    ):
        return redirect("counsel:own")
    act = Act(_("Decline"), _("Decline"), _here(key), _("Nobody asks again."), episode.client.code_name)
    return act_page(request, form, act)


@require_http_methods(["GET", "HEAD", "POST"])
@room("portal.enter")
def report(request: HttpRequest, key: uuid.UUID, hearing_id: uuid.UUID) -> HttpResponse:
    """What is public of a hearing."""
    episode = load(own_episodes(request), key)
    if not portal.knows_facts(episode):
        raise Http404
    hearing = load(portal.hearings(episode), hearing_id)
    form = sent(request, PublicOutcomeForm)
    done = _("Recorded. Thank you.")
    if form.is_valid() and carry_out(
        request,
        form,
        acts.report_through_portal,
        done,
        representation=episode,
        hearing=hearing,
        **form.public(),
    ):
        return redirect(_here(key))
    lead = _("Only what anybody in the room could hear. Nothing that a signed silence covers.")
    act = Act(_("What happened at the hearing"), _("Record it"), _here(key), lead, episode.client.code_name)
    return act_page(request, form, act)
