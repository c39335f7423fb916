"""Who works here: the only pages where the names of staff are opened."""

import datetime
import secrets
import uuid

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import people as actions
from accounts.models import Approval, RoleGrant, User
from accounts.permissions import AUDITOR, ROLES
from vault.fields import prefetch
from web.desk.acting import Act, act_page, carry_out, press, sent
from web.desk.asking import Ask, after, agreed, ask_or_do, two_person_page, typed
from web.desk.money.fund_forms import DAY
from web.forms import OnceForm
from web.languages import native_name
from web.loading import load, person, room


class PersonForm(OnceForm):
    username = forms.CharField(
        label=_("Alias"),
        max_length=40,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9._-]+$", _("Small letters, figures, dots and dashes."))],
        help_text=_("For signing in. Never a name."),
    )
    name = forms.CharField(
        label=pgettext_lazy("person", "Name"),
        max_length=120,
        help_text=_("Sealed under their own key; seen in this room only."),
    )
    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        from django.conf import settings

        codes = [(code, native_name(code)) for code, _word in settings.LANGUAGES]
        self.fields["language"].choices = codes  # type: ignore[attr-defined]


class RoleForm(OnceForm):
    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()), widget=forms.RadioSelect)
    until = forms.DateField(
        label=_("Until the end of"),
        required=False,
        widget=forms.DateInput(attrs=DAY),
        help_text=_("Always for auditors, who are guests; for others only if they are here for a time."),
    )
    whom = ""

    def also_said(self) -> list[tuple[str, str]]:
        """Whom it is for, by the signs that colleagues use."""
        return [(gettext("For"), self.whom)]


@require_safe
@room("people.see")
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, by name, with their roles."""
    users = list(User.objects.order_by("-is_active", "username")[:500])
    prefetch(users, "name")
    held: dict[uuid.UUID, list[RoleGrant]] = {}
    for grant in RoleGrant.objects.filter(ended_at=None).order_by("role"):
        held.setdefault(grant.user_id, []).append(grant)
    rows = [(user, [_short(grant.role) for grant in held.get(user.pk, [])]) for user in users]
    reader = person(request)
    context = {
        "rows": rows,
        "may_manage": reader.has("people.manage"),
        "may_cut_off": reader.has("people.cut_off"),
    }
    return render(request, "desk/people/people.html", context)


def _short(role: str) -> str:
    return ROLES[role].partition(":")[0]


@require_safe
@room("people.see")
def member(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One person: roles, what they may do, closing the account."""
    shown: User = load(User.objects.all(), pk)
    grants = list(shown.role_grants.order_by("-started_at"))
    asked = Approval.objects.filter(kind="role.grant", object_id=pk, state__in=["asked", "approved"])
    user = person(request)
    context = {
        "member": shown,
        "grants": [(grant, ROLES[grant.role]) for grant in grants],
        "asked": asked.count(),
        "may_manage": user.has("people.manage"),
        "may_cut_off": user.has("people.cut_off"),
        "is_self": user.pk == shown.pk,
    }
    return render(request, "desk/people/member.html", context)


@require_http_methods(["GET", "POST"])
@room("people.manage")
def add_person(request: HttpRequest) -> HttpResponse:
    """A new account without a role; its first password is shown once, to be handed over."""
    form = sent(request, PersonForm)
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("username", "name", "language")}
        password = secrets.token_urlsafe(15)
        try:
            added = carry_out(
                request, form, actions.add_user, _("The account is open."), password=password, **values
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
            added = False
        if added:
            shown = {"member": form.result, "password": password}
            return render(request, "desk/people/added.html", shown)
    lead = _("They sign in with the alias and a first password, then set up a second factor.")
    act = Act(_("Add a person"), _("Add"), reverse("desk:people"), lead)
    return act_page(request, form, act)


@require_http_methods(["GET", "POST"])
@room("people.manage")
def ask_role(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give somebody a role: one asks, another agrees."""
    shown: User = load(User.objects.active(), pk)
    approval = agreed(request)
    form = sent(request, RoleForm, initial=typed(approval, RoleForm))
    form.whom = shown.short
    back = reverse("desk:member", args=[pk])
    if form.is_valid():
        role, until = form.cleaned_data["role"], _end_of(form.cleaned_data["until"])
        ask = Ask("role.grant", shown.pk, actions.role_terms(role, until))
        words = gettext("The role is given.")
        if role == AUDITOR and until is None:
            form.add_error("until", actions.NeedsEnd().text)
        elif ask_or_do(request, form, ask, actions.grant_role, words, user=shown, role=role, until=until):
            return after(form, back)
    lead = _("For %s. What each role may do stands in the access table.") % shown.short
    return two_person_page(request, form, Act(_("Give a role"), _("Give it"), back, lead), approval)


def _end_of(day: datetime.date | None) -> datetime.datetime | None:
    """The midnight after a day, here."""
    if day is None:
        return None
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.max.replace(microsecond=0)))


@require_POST
@room("people.manage")
def end_role(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a role away at once."""
    grant: RoleGrant = load(RoleGrant.objects.filter(ended_at=None), pk)
    to = reverse("desk:member", args=[grant.user_id])
    return press(request, actions.end_role, _("The role has ended."), to, role_grant=grant)


@require_POST
@room("people.manage")
def close_account(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Nobody signs in with it any more."""
    shown: User = load(User.objects.active(), pk)
    to = reverse("desk:member", args=[pk])
    if shown.pk == person(request).pk:
        messages.error(request, gettext("This is your own account. A colleague has to close it."))
        return redirect(to)
    words = _("The account is closed; its roles, access and tokens have ended.")
    return press(request, actions.close_account, words, to, user=shown)
