"""Money coming in: campaign pages, donations, Stripe, the payment sandbox."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop


class DonationsConfig(AppConfig):
    name = "donations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import lockdown
        from donations.lockdown import sign_donors_out, stop_mandates, take_campaigns_down

        lockdown.register(gettext_noop("campaign pages taken down"), take_campaigns_down)
        lockdown.register(gettext_noop("monthly gifts stopped"), stop_mandates)
        from audit.checks import excuse
        from donations import erasing, retention, triggers
        from donations import laws as gifts
        from treasury import laws

        for name, difference in gifts.LAWS.items():
            laws.register(name, difference)
        excuse("donations.Hint", "says only that an event was followed; what was learnt is in facts")
        excuse("donations.Cursor", "says how far Stripe was looked through; what was found is in facts")
        retention.register()
        triggers.register()
        excuse("donations.SignInCode", "a code on its way; that somebody signed in is an event")
        excuse("donations.DonorSession", "a browser that signed in, which is an event; ends by itself")
        erasing.register()
        lockdown.register(gettext_noop("donors signed out"), sign_donors_out)
