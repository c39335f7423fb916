"""How people who act are written: eight digits, never a name outside the room of people."""

import secrets
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag(takes_context=True)
def actor(context: Context, actor_id: str) -> str:
    """``{% actor claim.entered_by %}``: "you", eight digits of a colleague, or what machine it was."""
    user: Any = context.get("user")
    if user is not None and user.is_authenticated and actor_id == user.actor_id:
        return _("you")
    kind, _sep, key = actor_id.partition(":")
    if kind == "staff":
        return key[:8]
    return {"system": _("the system"), "public": _("the public"), "donor": _("a donor")}.get(kind, actor_id)


@register.filter
def short(value: Any) -> str:
    """The first eight signs of an id, by which people can speak of a thing."""
    return str(value)[:8]


@register.simple_tag
def once() -> SafeString:
    """The hidden field that lets a button take effect once; each button has its own."""
    return format_html('<input type="hidden" name="once" value="{}">', secrets.token_urlsafe(24))
