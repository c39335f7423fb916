"""Teams: who shares cases with whom."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import teams as actions
from accounts.models import Team, TeamGrant, TeamMember, User
from web.desk.acting import Act, act_page, carry_out, press, sent
from web.forms import OnceForm
from web.loading import load, person, room


class TeamForm(OnceForm):
    name = forms.CharField(
        label=_("Name of the team"),
        max_length=60,
        help_text=_("What it does, such as “Homieĺ” or “Appeals”. Never the name of a person."),
    )


class MemberForm(OnceForm):
    user = forms.ModelChoiceField(label=_("Colleague, by alias"), queryset=User.objects.none())

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = TeamMember.objects.filter(team=team, ended_at=None).values("user")
        outside = User.objects.active().staff().exclude(pk__in=inside).order_by("username")
        field: Any = self.fields["user"]
        field.queryset, field.label_from_instance = outside, lambda user: user.username


@require_safe
@room("people.see")
def teams(request: HttpRequest) -> HttpResponse:
    """All teams that stand, with their members by alias."""
    rows = Team.objects.filter(ended_at=None).prefetch_related("members__user")
    listed = [(team, [m.user for m in team.members.all() if m.ended_at is None]) for team in rows]
    context = {"teams": listed, "may_work": person(request).has("teams.work")}
    return render(request, "desk/people/teams.html", context)


@require_http_methods(["GET", "POST"])
@room("teams.work")
def add_team(request: HttpRequest) -> HttpResponse:
    """A team without anybody yet."""
    form = sent(request, TeamForm)
    if form.is_valid() and carry_out(
        request, form, actions.add_team, _("The team stands."), name=form.cleaned_data["name"]
    ):
        return redirect("desk:team", form.result.pk)
    lead = _("Cases given to a team open to everybody who belongs to it at that moment, and to nobody else.")
    return act_page(request, form, Act(_("Make a team"), _("Make it"), reverse("desk:teams"), lead))


@require_http_methods(["GET", "POST"])
@room("teams.work")
def team(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Its members and how many cases they share; a colleague is added here."""
    shown: Team = load(Team.objects.filter(ended_at=None), pk)
    form = sent(request, MemberForm, team=shown)
    if form.is_valid() and carry_out(
        request,
        form,
        actions.join_team,
        _("They belong to it now."),
        team=shown,
        user=form.cleaned_data["user"],
    ):
        return redirect("desk:team", shown.pk)
    live = TeamGrant.objects.filter(team=shown, ended_at=None, until__gt=timezone.now())
    members = TeamMember.objects.filter(team=shown, ended_at=None).select_related("user")
    context = {"team": shown, "form": form, "members": members, "cases": live.count()}
    return render(request, "desk/people/team.html", context)


@require_POST
@room("teams.work")
def leave(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Somebody leaves; the team's cases close to them at once."""
    member: TeamMember = load(TeamMember.objects.filter(ended_at=None), pk)
    to = reverse("desk:team", args=[member.team_id])
    return press(request, actions.leave_team, _("They have left the team."), to, member=member)


@require_POST
@room("teams.work")
def end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The team ends, and with it all that it opens."""
    shown: Team = load(Team.objects.filter(ended_at=None), pk)
    return press(request, actions.end_team, _("The team has ended."), reverse("desk:teams"), team=shown)
