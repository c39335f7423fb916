"""What was done with gifts, monthly gifts and campaign pages."""

from django.utils.translation import gettext_lazy as _

from web.pieces import Text

ACTS: dict[str, Text] = {
    "campaign.drafted": _("Campaign page drafted"),
    "campaign.published": _("Campaign page published"),
    "campaign.taken_down": _("Campaign page taken down"),
    "cards.declined": _("Unusually many cards declined"),
    "donor.checked": _("Large giver checked"),
    "donor.level_chosen": _("Giver chose what we keep"),
    "donor.signed_in": _("Giver signed in"),
    "donor.statement_told": _("Giver told of a yearly statement"),
    "donor.yearly_chosen": _("Giver chose letters each January"),
    "gift.abandoned": _("Gift abandoned"),
    "gift.attempt_begun": _("Attempt to pay begun"),
    "gift.attempt_opened": _("Payment page opened"),
    "gift.begun": _("Gift begun"),
    "gift.by_mandate": _("Month of a monthly gift paid"),
    "gift.observed": _("News of a gift taken in"),
    "gifts.observed": _("News of gifts taken in"),
    "gifts.paid_out": _("Gifts paid out to the bank"),
    "gifts.taken_over": _("Gifts of earlier years taken over"),
    "movement.booked": _("Movement at the payment company booked"),
    "payout.observed": _("News of a payout taken in"),
    "receipt.kept_up": _("Receipt made or replaced"),
    "recurring.never_began": _("Monthly gift never began"),
    "recurring.observed": _("News of a monthly gift taken in"),
    "recurring.payment_failed": _("Month of a monthly gift not paid"),
    "recurring.stop_asked": _("Stop of a monthly gift asked for"),
    "refund.asked": _("Refund asked for"),
    "refund.asked_anew": _("Refund asked for anew"),
    "refund.sent": _("Refund sent"),
}
