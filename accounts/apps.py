"""Who acts: staff, roles, grants of access, two-person approvals, sign-in, tokens."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
