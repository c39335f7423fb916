"""Tags and filters for pages of cases: regions, partial dates, nearness, actors, fields that were opened."""

import datetime
import secrets
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases import kinds
from web import formats
from web.desk.cases import words

register = template.Library()


@register.filter
def region(code: str) -> Any:
    """The region's name."""
    return words.region_name(code)


@register.filter
def dated(on: datetime.date | None, precision: str = "day") -> str:
    """``{{ case.stage_on|dated:case.stage_precision }}``: as exactly as it is known."""
    return words.dated(on, precision)


@register.simple_tag
def near(moment: datetime.date | None, now: datetime.datetime) -> str | SafeString:
    """``{% near hearing.starts_at now %}``: "tomorrow", "in 3 days", marked when it presses."""
    if moment is None:
        return ""
    found = words.near(moment, now)
    return format_html('<span class="{} nowrap">{}</span>', found.css, found.words)


@register.simple_tag
def since(moment: datetime.date, now: datetime.datetime) -> str:
    """``{% since case.stage_on now %}``: "41 days ago" and the like, without a mark."""
    return words.near(moment, now).words


@register.simple_tag
def left(until: datetime.datetime, now: datetime.datetime) -> SafeString:
    """How much time is left of an offer."""
    found = words.left(until, now)
    return format_html('<span class="{} num nowrap">{}</span>', found.css, found.words)


@register.simple_tag
def sitting(hearing: Any, short: bool = False) -> SafeString:
    """When a hearing is: with its hour, or the day alone where the hour is not known."""
    return SafeString(opens(hearing.starts_at, hearing.time_known, short))


@register.simple_tag
def opens(moment: datetime.datetime | None, time_known: bool | None = True, short: bool = True) -> Any:
    """A moment with its weekday; the day alone where the hour is not known."""
    if moment is None:
        return ""
    local = formats.in_zone(moment)
    shown: datetime.date = local
    if not time_known and isinstance(local, datetime.datetime):
        shown = local.date()
    text = formats.write_moment(shown, short=short, weekday=True)
    mark = format_html('<time datetime="{}">{}</time>', shown.isoformat(), text)
    return format_html('<span class="nowrap">{}</span>', mark) if short else mark


@register.simple_tag(takes_context=True)
def who(context: Context, actor_id: str) -> str:
    """An actor as colleagues may know them."""
    return words.who(actor_id, context["request"].user)


@register.filter
def opened_fields(labels: str) -> str:
    """What was opened, in words."""
    return words.opened_fields(labels)


@register.filter
def of(known: dict[Any, Any], key: Any) -> Any:
    """``{{ names|of:case.pk }}``: the value of a key, "" where there is none."""
    return known.get(key, "")


@register.filter
def instance(code: str | None) -> Any:
    """The instance of a trial in words."""
    return dict(kinds.Instance.choices).get(code or "", "–")


@register.simple_tag
def fresh_once() -> SafeString:
    """A single-use token of its own for a button that has no other field."""
    return format_html('<input type="hidden" name="once" value="{}">', secrets.token_urlsafe(24))


@register.simple_tag
def custody_days(case: Any, now: datetime.datetime) -> int:
    """Days since the detention."""
    return (timezone.localdate(now) - case.detained_on).days if case.detained_on else 0


@register.filter
def day(moment: datetime.datetime) -> str:
    """The day of a moment, for a sentence."""
    return words.dated(timezone.localdate(moment))


@register.filter
def moment(at: datetime.datetime) -> str:
    """A moment, for a sentence."""
    return formats.write_moment(at)


@register.filter
def grant_kind(grant: Any) -> Any:
    """As what somebody may open a case."""
    return words.GRANTS.get(grant.kind, grant.kind)


@register.filter
def defence_shape(code: str) -> str:
    """The shape beside who defends: full with counsel, rust where nobody does, a ring where unknown."""
    return words.DEFENCES.get(code, "waiting")
