"""The Django project itself: settings, addresses, system checks and the commands that span rooms."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401  registers the abarona.E0xx checks
