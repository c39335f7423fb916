"""Money coming in: campaign pages, gifts, the attempts to pay them, what Stripe told us."""

from donations.models.alarms import Alarm
from donations.models.campaigns import CampaignPage, CampaignText
from donations.models.donors import Donor, DonorCheck, DonorSession, SignInCode
from donations.models.gifts import Attempt, Donation, Fact
from donations.models.inbox import Hint
from donations.models.processor import Cursor, Movement, Payout, PayoutEntry, Refund
from donations.models.receipts import Receipt
from donations.models.recurring import RecurringDonation

__all__ = [
    "Alarm",
    "Attempt",
    "CampaignPage",
    "CampaignText",
    "Cursor",
    "Donation",
    "Donor",
    "DonorCheck",
    "DonorSession",
    "Fact",
    "Hint",
    "Movement",
    "Payout",
    "PayoutEntry",
    "Receipt",
    "RecurringDonation",
    "Refund",
    "SignInCode",
]
