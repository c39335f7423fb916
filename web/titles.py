"""Window titles of private pages: one neutral word from this list, never a name or a reference.

Titles end in browser histories, task bars and screenshots of a phone that is searched.
"""

from django.utils.translation import gettext_lazy as _

TITLES = {
    "account": _("Account"),
    "calendar": _("Calendar"),
    "check": _("Check"),
    "dates": _("Dates"),
    "entry": _("Entry"),
    "gift": _("Gift"),
    "history": _("History"),
    "keys": _("Keys"),
    "list": _("List"),
    "notice": _("Notice"),
    "people": _("People"),
    "plan": _("Plan"),
    "record": _("Record"),
    "report": _("Report"),
    "sheet": _("Sheet"),
    "sign-in": _("Sign in"),
    "sign-out": _("Sign out"),
    "worklist": _("Worklist"),
}
