"""People defended: clients, court, counsel, costs of a case."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class CasesConfig(AppConfig):
    name = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import blast, budget, lockdown
        from audit import checks
        from cases import feeds, forgetting, own_people, retention, triggers
        from cases.actions.feeds import end_feeds, end_feeds_of_all

        checks.excuse("cases.Counter", "the last number of a series; derived from the rows that carry them")
        checks.excuse("cases.NextHearing", "kept by triggers from the hearings; compared each night")
        triggers.register()
        budget.register_own(own_people.own_clients)
        own_people.register_reach()
        retention.register()
        blast.register("feeds", _("Calendar addresses that answer"), feeds.live_of)
        lockdown.register(gettext_noop("calendar addresses ended"), end_feeds_of_all)
        lockdown.register_personal("feeds", end_feeds)
        forgetting.register()
