"""Tags and filters that write a value: money, moments, code names, titles, options for scripts."""

import datetime
import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import format_html
from django.utils.safestring import SafeString

from web import formats
from web.titles import TITLES

register = template.Library()


@register.simple_tag
def money(minor: int, currency: str, whole: bool = False) -> str:
    """``{% money 148000 "EUR" %}``; ``whole=True`` for public totals. Never breaks over a line."""
    return formats.write_money(minor, currency, whole=whole)


@register.filter(name="money")
def money_filter(minor: int, currency: str) -> str:
    """The same as a filter, for sentences in blocktranslate."""
    return formats.write_money(minor, currency)


@register.filter
def money_whole(minor: int, currency: str) -> str:
    """Whole units, cut towards zero."""
    return formats.write_money(minor, currency, whole=True)


@register.filter
def number(value: int) -> str:
    """A count with its groups of three."""
    return formats.write_number(value)


@register.simple_tag
def when(moment: datetime.date | None, short: bool = False, weekday: bool = False) -> str | SafeString:
    """A ``<time>`` with the exact moment for machines; nothing for None."""
    if moment is None:
        return ""
    words = formats.write_moment(moment, short=short, weekday=weekday)
    return format_html('<time datetime="{}">{}</time>', formats.in_zone(moment).isoformat(), words)


@register.simple_tag
def code_name(bearer: Any) -> SafeString:
    """The code name of a client or lawyer (or the text itself), never broken over a line."""
    return format_html('<span class="nowrap">{}</span>', getattr(bearer, "code_name", bearer))


@register.simple_tag
def title(word: str) -> str:
    """A neutral window title by its key in web.titles. Raises TemplateSyntaxError for any other."""
    if word not in TITLES:
        raise template.TemplateSyntaxError(f"{word!r} is no neutral title; choose one of web.titles")
    return str(TITLES[word])


@register.filter
def as_json(value: Any) -> str:
    """JSON for a data attribute; the template escapes it as any other text."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.filter
def amount(minor: int, currency: str) -> str:
    """An amount without its currency, for tables whose column head names it."""
    return formats.write_amount(minor, currency)
