"""The way from a person's page to what is held about them."""

import uuid
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag(takes_context=True)
def data_link(context: Context, subject_id: uuid.UUID) -> str | SafeString:
    """``{% data_link client.pk %}``: for those who may erase; nothing for others."""
    user: Any = context.get("user")
    if user is None or not user.is_authenticated or not user.has("people.erase"):
        return ""
    url = reverse("desk:subject", args=[subject_id])
    return format_html('<a class="press" href="{}">{}</a>', url, _("Erase, hold or copy"))
