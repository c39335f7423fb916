"""Sign-in, second factors, sessions, tokens. Nobody signs up, and no address is ever asked for."""

from django.urls import URLPattern, URLResolver, include, path

from web.account import notices, own

urlpatterns: list[URLPattern | URLResolver] = [
    path("sessions/", own.sessions, name="sessions"),
    path("notices/", notices.notices, name="notices"),
    path("tokens/", own.tokens, name="api-tokens"),
    path("tokens/<uuid:pk>/end/", own.end_own_token, name="api-token-end"),
    path("2fa/totp/square.png", own.totp_qr, name="totp-qr"),
    # These stand before allauth's own, which would take what is posted.
    path("signup/", own.signup, name="account_signup"),
    path("password/reset/", own.password_reset, name="account_reset_password"),
    path("email/", own.email, name="account_email"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
]
