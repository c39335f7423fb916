"""What one can give for."""

import uuid
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext

from donations.models import CampaignPage
from treasury.kinds import FundKind
from treasury.models import Fund
from web.public.pages_of_campaigns import published, takes_gifts, words_of

GENERAL = "general"


@dataclass(frozen=True)
class Purpose:
    """A fund that takes gifts, in the reader's words; ``key`` is a campaign page's id or "general"."""

    key: str
    words: str
    fund: Fund


def purposes() -> list[Purpose]:
    """The general fund first, then the campaigns that take gifts; empty when nothing can be given to."""
    general = Fund.objects.open().filter(kind=FundKind.GENERAL).order_by("opened_on", "code").first()
    found = [Purpose(GENERAL, gettext("Where it is needed most"), general)] if general else []
    today = timezone.localdate()
    return found + [
        purpose for page in published() if takes_gifts(page, today) and (purpose := _of(page)) is not None
    ]


def purpose_of(key: str) -> Purpose | None:
    """The one with this key, if it takes gifts now."""
    return next((purpose for purpose in purposes() if purpose.key == (key or GENERAL)), None)


def campaign_key(text: str) -> str:
    """The id of a campaign page out of an address, "" for anything else."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""


def _of(page: CampaignPage) -> Purpose | None:
    text = words_of(page)
    return Purpose(str(page.pk), text.title, page.fund) if text else None
