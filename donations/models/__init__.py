"""Money coming in: campaign pages, gifts, the attempts to pay them, what Stripe told us."""

from donations.models.campaigns import CampaignPage, CampaignText
from donations.models.gifts import Attempt, Donation, Fact
from donations.models.inbox import Hint

__all__ = ["Attempt", "CampaignPage", "CampaignText", "Donation", "Fact", "Hint"]
