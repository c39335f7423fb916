"""How pages of cases say places, partial dates, nearness and people."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from vault.reading import COMPARED
from web import formats
from web.pieces import Text

# Words for the region codes of the shipped lists; a code that is not here is shown as it is.
REGIONS: dict[str, Text] = {
    "brest": gettext_lazy("Brest"),
    "homel": gettext_lazy("Homieĺ"),
    "hrodna": gettext_lazy("Hrodna"),
    "mahilou": gettext_lazy("Mahilioŭ"),
    "minsk-city": gettext_lazy("Minsk city"),
    "minsk": gettext_lazy("Minsk region"),
    "vitsebsk": gettext_lazy("Viciebsk"),
}
# What a label of a sealed field is called where it is said who opened it.
FIELDS: dict[str, Text] = {
    "client.name": gettext_lazy("name"),
    "client.latin_name": gettext_lazy("name"),
    "client.alias": gettext_lazy("name"),
    "client.born_on": gettext_lazy("birth date"),
    "client.place": gettext_lazy("place"),
    "client.contacts": gettext_lazy("contacts"),
    "case.summary": gettext_lazy("summary"),
    "stage.reason": gettext_lazy("timeline"),
    "note.text": gettext_lazy("notes"),
    "task.text": gettext_lazy("tasks"),
    "deadline.reason": gettext_lazy("deadlines"),
    "filing.number": gettext_lazy("remedies"),
    "filing.next_step": gettext_lazy("remedies"),
    "document.title": gettext_lazy("documents"),
    "file.document": gettext_lazy("documents"),
    "contact.said": gettext_lazy("talks"),
    "custody.detail": gettext_lazy("custody"),
    "incident.account": gettext_lazy("incidents"),
    "testimony.account": gettext_lazy("testimonies"),
    "testimony.told_by": gettext_lazy("testimonies"),
    "party.name": gettext_lazy("related people"),
    "party.remark": gettext_lazy("related people"),
    "referral.whom": gettext_lazy("referrals"),
    "referral.remark": gettext_lazy("referrals"),
    "authority.given_by": gettext_lazy("authorities"),
    "authority.detail": gettext_lazy("authorities"),
    "defendant.sentence": gettext_lazy("sentence"),
    "representation.own_counsel": gettext_lazy("own counsel"),
    "lawyer.name": gettext_lazy("name"),
    "lawyer.latin_name": gettext_lazy("name"),
    "lawyer.contact": gettext_lazy("contact"),
    "licence.source": gettext_lazy("source of the licence"),
    "loss.source": gettext_lazy("source of the loss"),
}
GRANTS: dict[str, Text] = {
    "responsible": gettext_lazy("responsible"),
    "deputy": gettext_lazy("deputy"),
    "helper": gettext_lazy("helper"),
    "glass": gettext_lazy("broke the glass"),
}
# The shape beside who defends: full with counsel, rust where nobody does, a ring where it is not known.
DEFENCES = {
    "panel": "good",
    "own": "good",
    "appointed": "going",
    "none": "late",
    "refused-access": "late",
    "declined": "shut",
}
LATE, SOON = 4, 8


@dataclass(frozen=True)
class Near:
    """A distance in days in words; ``css`` is "late", "soon" or "soft"."""

    words: str
    css: str


def region_name(code: str) -> Text:
    """The region of a code, in the reader's language."""
    return REGIONS.get(code, code)


def dated(on: datetime.date | None, precision: str = "day") -> str:
    """A date as exactly as it is known."""
    if on is None:
        return ""
    if precision == "year":
        return date_format(on, "Y")
    if precision == "month":
        return date_format(on, "F Y")
    words = formats.write_moment(on)
    return _("by %(day)s") % {"day": words} if precision == "by" else words


def near(moment: datetime.date, now: datetime.datetime) -> Near:
    """How far a day is from today, in the zone of the reader."""
    day = formats.in_zone(moment)
    on = day.date() if isinstance(day, datetime.datetime) else day
    days = (on - timezone.localdate(now)).days
    if days == 0:
        return Near(_("today"), "late")
    if days == 1:
        return Near(_("tomorrow"), "late")
    if days == -1:
        return Near(_("yesterday"), "soft")
    if days < 0:
        words = ngettext("%(days)s day ago", "%(days)s days ago", -days) % {"days": -days}
        return Near(words, "late" if days < -2 else "soft")
    words = ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}
    return Near(words, "late" if days <= LATE else "soon" if days <= SOON else "soft")


def left(until: datetime.datetime, now: datetime.datetime) -> Near:
    """How much of an offer's time is left."""
    hours = int((until - now).total_seconds() // 3600)
    if until <= now:
        return Near(_("run out"), "late")
    if hours < 1:
        return Near(_("under an hour"), "late")
    words = ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}
    return Near(words, "late" if hours < 8 else "soon" if hours < 24 else "soft")


def who(actor_id: str, reader: User) -> str:
    """An actor as colleagues may know them: "you", eight digits, or what part of the system acted."""
    if actor_id == reader.actor_id:
        return _("You")
    kind, _sep, rest = actor_id.partition(":")
    if kind == "staff":
        return rest[:8]
    return {
        "system": _("The system"),
        "public": _("The public site"),
        "donor": _("A donor"),
    }.get(kind, kind)


def opened_fields(labels: str) -> str:
    """The labels of a read record in words, without repeats."""
    return ", ".join(dict.fromkeys(_opened(label) for label in labels.split()))


def _opened(label: str) -> str:
    word = str(FIELDS.get(label.removesuffix(COMPARED), _("other facts")))
    return _("%(what)s, compared only") % {"what": word} if label.endswith(COMPARED) else word
