"""The panel: licence, competence, capacity; matching as a pure solver."""

from django.apps import AppConfig


class LawyersConfig(AppConfig):
    name = "lawyers"
    default_auto_field = "django.db.models.BigAutoField"
