"""The tabs of the auditors' room, for whoever is in it."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

register = template.Library()

_SEES = ("audit.see", "audit.answer")
# Mark of the page, its words, its address, and the permissions of which one opens it.
_TABS = (
    ("start", _("Start here"), "desk:audit-start", _SEES),
    ("samples", _("Samples"), "desk:samples", _SEES),
    ("vouchers", _("Vouchers"), "desk:vouchers", _SEES),
    ("findings", _("Findings"), "desk:findings", _SEES),
    ("archives", _("Archives"), "desk:archives", ("audit.work",)),
    ("consistency", _("Two reports, one log"), "desk:consistency", ("reports.build",)),
    ("log", _("The log"), "desk:audit", ("audit.see",)),
)


@register.inclusion_tag("desk/audit/room/tabs.html", takes_context=True)
def audit_tabs(context: Context, here: str) -> dict[str, Any]:
    """``{% audit_tabs here %}``: links to the pages of the room that this person may open."""
    user: Any = context["user"]
    tabs = [
        (words, reverse(name), mark == here)
        for mark, words, name, opens in _TABS
        if any(user.has(permission) for permission in opens)
    ]
    return {"tabs": tabs}
