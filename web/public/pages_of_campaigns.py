"""Published campaign pages as readers see them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from donations.models import CampaignPage, CampaignText
from donations.totals import Raised, raised_by

SPARE_LANGUAGE = "en"


@dataclass(frozen=True)
class Campaign:
    """A published page with its words in the reader's language; ``lang`` names another one, if it is.

    Amounts are minor units of the fund's currency; ``raised`` moves by closed batches only.
    """

    page: CampaignPage
    text: CampaignText
    lang: str
    raised: Raised
    is_open: bool

    @property
    def lacking_minor(self) -> int:
        """What the goal still lacks by what may be shown."""
        return max(0, self.page.goal_minor - self.raised.shown_minor)


def published() -> QuerySet[CampaignPage]:
    """What anybody may read now, the newest first."""
    pages = CampaignPage.objects.public().select_related("fund").prefetch_related("texts")
    return pages.order_by("-published_at", "pk")


def campaigns(pages: Iterable[CampaignPage]) -> list[Campaign]:
    """The pages as readers see them; one without any words is left out."""
    pages = list(pages)
    raised = raised_by(page.fund for page in pages)
    today = timezone.localdate()
    found = []
    for page in pages:
        text = words_of(page)
        if text is not None:
            lang = "" if text.language == get_language() else text.language
            found.append(Campaign(page, text, lang, raised[page.fund_id], takes_gifts(page, today)))
    return found


def words_of(page: CampaignPage) -> CampaignText | None:
    """The reader's language, else English, else whatever there is."""
    texts = {text.language: text for text in page.texts.all()}
    wanted = texts.get(get_language() or SPARE_LANGUAGE) or texts.get(SPARE_LANGUAGE)
    return wanted or next(iter(texts.values()), None)


def takes_gifts(page: CampaignPage, today: datetime.date) -> bool:
    """Whether one can still give to it."""
    ends = [day for day in (page.closes_on, page.fund.ends_on) if day is not None]
    return page.fund.closed_on is None and all(today <= day for day in ends)
