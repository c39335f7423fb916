"""Writing, publishing and taking down campaign pages."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts import approvals
from accounts.models import User
from audit.actions import DomainError, action, touch
from audit.actors import Actor
from donations.models import CampaignPage, CampaignText
from treasury.models import Fund

# Fewer cases would point at people.
LEAST_CASES = 5


class TooFewCases(DomainError):
    code = "too-few-cases"
    message = _(
        "A campaign page stands for at least %(least)s cases, so that it points at nobody. Add cases."
    )


class SlugTaken(DomainError):
    code = "slug-taken"
    message = _("Another campaign page has this address. Choose another.")


@dataclass(frozen=True)
class Words:
    """A campaign page in one language."""

    language: str
    title: str
    lead: str
    story: str = ""


@action("campaign.drafted")
def draft_campaign(
    *,
    fund: Fund,
    slug: str,
    goal_minor: int,
    words: list[Words],
    closes_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> CampaignPage:
    """A page that nobody outside sees yet. Raises SlugTaken."""
    if CampaignPage.objects.filter(slug=slug).exists():
        raise SlugTaken()
    page = CampaignPage.objects.create(fund=fund, slug=slug, goal_minor=goal_minor, closes_on=closes_on)
    for text in words:
        CampaignText.objects.create(
            page=page, language=text.language, title=text.title, lead=text.lead, story=text.story
        )
    touch(page.pk, fund.pk)
    return page


@action("campaign.published")
def publish_campaign(*, page: CampaignPage, by: User, at: datetime.datetime) -> CampaignPage:
    """Show it to everybody; needs a second person's approval of kind ``campaign``.

    Raises TooFewCases, approvals.NeedsSecondPerson.
    """
    if page.fund.cases.count() < LEAST_CASES:
        raise TooFewCases(least=LEAST_CASES)
    approvals.use_approval(kind="campaign", object_id=page.pk, payload=payload(page), by=by, at=at)
    page.state, page.published_at = CampaignPage.State.PUBLISHED, at
    page.save()
    touch(page.pk)
    return page


@action("campaign.taken_down")
def take_down_campaign(*, page: CampaignPage, by: Actor, at: datetime.datetime) -> CampaignPage:
    """Hide it at once; that needs nobody's consent."""
    page.state = CampaignPage.State.DOWN
    page.save()
    touch(page.pk)
    return page


def payload(page: CampaignPage) -> dict[str, object]:
    """What the second person approves: the page as it is worded now."""
    texts = page.texts.order_by("language").values_list("language", "title", "lead", "story")
    return {"slug": page.slug, "goal_minor": page.goal_minor, "texts": [list(text) for text in texts]}
