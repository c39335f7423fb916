"""Money coming in: campaign pages, donations, Stripe, the payment sandbox."""

from django.apps import AppConfig


class DonationsConfig(AppConfig):
    name = "donations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audit.checks import excuse
        from donations import laws as gifts
        from treasury import laws

        laws.register("settled gifts are booked", gifts.settled_gifts_are_booked)
        laws.register("booked gifts are settled", gifts.booked_gifts_are_settled)
        excuse("donations.Hint", "says only that an event was followed; what was learnt is in facts")
