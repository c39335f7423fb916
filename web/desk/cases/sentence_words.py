"""A stored sentence in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from web.pieces import Text

_KINDS: dict[str, Text] = {
    "prison": gettext_lazy("prison"),
    "open-facility": gettext_lazy("open facility"),
    "home-restriction": gettext_lazy("restriction at home"),
    "arrest": gettext_lazy("arrest"),
    "fine": gettext_lazy("fine"),
    "community-work": gettext_lazy("community work"),
    "treatment": gettext_lazy("compulsory treatment"),
}
_REGIMES: dict[str, Text] = {
    "general": gettext_lazy("general regime"),
    "enhanced": gettext_lazy("enhanced regime"),
    "strict": gettext_lazy("strict regime"),
}


def sentence_words(parts: Any) -> str:
    """The fields of ``cases.intake.sentences.Sentence`` as people say them; "" for none."""
    if not parts:
        return ""
    kind, regime = _KINDS.get(parts.get("kind", ""), ""), _REGIMES.get(parts.get("regime", ""), "")
    found = [str(kind), _("for life") if parts.get("life") else _how_much(parts), str(regime)]
    return ", ".join(words for words in found if words)


def _how_much(parts: dict[str, Any]) -> str:
    years, months = divmod(parts.get("months", 0), 12)
    days, units = parts.get("days", 0), parts.get("base_units", 0)
    counted = [
        (years, ngettext("%(n)s year", "%(n)s years", years)),
        (months, ngettext("%(n)s month", "%(n)s months", months)),
        (days, ngettext("%(n)s day", "%(n)s days", days)),
        (units, ngettext("%(n)s base unit", "%(n)s base units", units)),
    ]
    return " ".join(words % {"n": number} for number, words in counted if number)
