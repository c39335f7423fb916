"""Money coming in: campaign pages, donations, Stripe, the payment sandbox."""

from django.apps import AppConfig


class DonationsConfig(AppConfig):
    name = "donations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audit.checks import excuse

        excuse("donations.Hint", "says only that an event was followed; what was learnt is in facts")
