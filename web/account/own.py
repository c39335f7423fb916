"""Pages of one's own account: sessions, tokens for machines, the square code of a second factor."""

import io
import uuid
from typing import Any

import qrcode  # type: ignore[import-untyped]  # comes with allauth, without types
from allauth.account import views as allauth_views
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions.access import end_token, issue_token
from accounts.actions.sessions import end_other_sessions, end_session, sessions_of
from accounts.models import ApiToken
from accounts.permissions import TABLE
from audit.actions import DomainError
from web.desk.acting import carry_out, press, sent
from web.forms import OnceForm
from web.loading import load, person, room

signup = require_safe(allauth_views.signup)
password_reset = require_safe(allauth_views.password_reset)
email = require_safe(allauth_views.email)


@require_http_methods(["GET", "POST"])
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """Where this account is signed in; one's own sessions are ended here."""
    user, at = person(request), timezone.now()
    if request.method == "POST":
        try:
            if "others" in request.POST:
                end_other_sessions(keep=user.session_mark, by=user, at=at)
                messages.success(request, str(_("All other sessions have ended.")))
                return redirect("sessions")
            end_session(mark=request.POST.get("session", ""), by=user, at=at)
            messages.success(request, str(_("The session has ended.")))
        except DomainError as refusal:
            messages.error(request, refusal.text)
        return redirect("sessions")
    mark = user.session_mark
    rows = [
        {"mark": row.mark, "since_at": row.since_at, "ends_at": row.ends_at, "is_current": row.mark == mark}
        for row in sessions_of(user, at)
    ]
    context = {
        "sessions": rows,
        "idle_minutes": settings.SESSION_IDLE_MINUTES,
        "hours": settings.SESSION_COOKIE_AGE // 3600,
    }
    return render(request, "account/sessions.html", context)


@require_safe
@login_required
def totp_qr(request: HttpRequest) -> HttpResponse:
    """The secret of the app that is being set up, as a picture from our own origin; else nothing."""
    secret = request.session.get(SECRET_SESSION_KEY)
    user = person(request)
    if not secret or is_mfa_enabled(user, [Authenticator.Type.TOTP]):
        raise Http404
    picture = io.BytesIO()
    qrcode.make(get_adapter().build_totp_url(user, secret), box_size=6, border=2).save(picture, format="PNG")
    return HttpResponse(picture.getvalue(), content_type="image/png")


class TokenForm(OnceForm):
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what the machine needs. It never may do more than you."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [(permission.name, permission.text) for permission in TABLE if user.has(permission.name)]
        self.fields["scopes"].choices = held  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@room("desk.enter", "portal.enter")
def tokens(request: HttpRequest) -> HttpResponse:
    """Tokens for the API; a new one is shown once, in the answer to the request that made it."""
    user = person(request)
    form = sent(request, TokenForm, user=user)
    text = ""
    if form.is_valid():
        values = {"user": user, "scopes": form.cleaned_data["scopes"]}
        if carry_out(request, form, issue_token, _("The token is made."), **values):
            text = form.result[1]
            form = TokenForm(user=user)
    held = ApiToken.objects.filter(user=user, ended_at=None, expires_at__gt=timezone.now())
    context = {"form": form, "text": text, "tokens": held.order_by("expires_at")}
    return render(request, "account/tokens.html", context)


@require_POST
@room("desk.enter", "portal.enter")
def end_own_token(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The token stops working at once."""
    token: ApiToken = load(ApiToken.objects.filter(user=person(request), ended_at=None), pk)
    return press(request, end_token, _("The token has ended."), reverse("api-tokens"), token=token)
