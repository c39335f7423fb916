"""Columns of lawyers and of match runs."""

from django.utils.translation import gettext_lazy as _

from web.pieces import Text

FIELDS: dict[str, Text] = {
    "bar": _("Bar"),
    "chosen_id": _("Lawyer chosen"),
    "components": _("Parts of the score"),
    "fit": _("Fit"),
    "inputs_sha256": _("Hash of the inputs"),
    "is_lock": _("Fixed by hand"),
    "lawyer_id": _("Lawyer"),
    "max_open": _("Most cases at once"),
    "max_severity": _("Up to which severity"),
    "milliseconds": _("Milliseconds"),
    "min_open": _("Fewest cases"),
    "needs": _("Needs"),
    "new_per_week": _("New cases each week"),
    "offered_at": _("Offered at"),
    "offered_until": _("Offer stands until"),
    "own_counsel": _("Own counsel"),
    "paid_by": _("Paid by"),
    "payer": _("Who pays"),
    "placed": _("Placed"),
    "places": _("Places"),
    "policy": _("Policy"),
    "proposal_id": _("Proposal"),
    "risks": _("Risks"),
    "run_id": _("Match run"),
    "solved_at": _("Solved at"),
    "solved_by": _("Solved by"),
    "solver": _("Solver"),
    "travels": _("Travels there"),
    "resumes_id": _("The licence that stands again"),
}
