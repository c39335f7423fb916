"""The panel: licence, competence, capacity; matching as a pure solver."""

from django.apps import AppConfig


class LawyersConfig(AppConfig):
    name = "lawyers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import blast
        from lawyers import reach, retention

        blast.register("lawyers", reach.WORD, reach.count)
        retention.register()
