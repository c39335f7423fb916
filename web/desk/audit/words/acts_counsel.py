"""What was done with lawyers, offers and matches."""

from django.utils.translation import gettext_lazy as _

from web.pieces import Text

ACTS: dict[str, Text] = {
    "lawyer.added": _("Lawyer added"),
    "lawyer.away_recorded": _("Absence of a lawyer recorded"),
    "lawyer.capacity_set": _("Capacity of a lawyer set"),
    "lawyer.competence_set": _("Competence of a lawyer set"),
    "lawyer.coverage_added": _("Court added for a lawyer"),
    "lawyer.excluded": _("Lawyer excluded for good"),
    "lawyer.languages_set": _("Languages of a lawyer set"),
    "lawyer.licence_recorded": _("Licence of a lawyer recorded"),
    "lawyer.lost": _("Lawyer lost"),
    "lawyer.portal_closed": _("Room for a lawyer abroad closed"),
    "lawyer.portal_opened": _("Room for a lawyer abroad opened"),
    "lawyer.returned": _("Lawyer back"),
    "match.decided": _("Proposal decided"),
    "match.scores_dropped": _("Scores of a match deleted"),
    "match.stored": _("Matched"),
    "offers.lapsed": _("Offers lapsed"),
    "portal.accepted": _("Accepted in the lawyer's room"),
    "portal.claimed": _("Claimed in the lawyer's room"),
    "portal.declined": _("Declined in the lawyer's room"),
    "portal.reported": _("Reported in the lawyer's room"),
    "representation.accepted": _("Accepted by a lawyer"),
    "representation.answered": _("A lawyer’s word recorded"),
    "representation.declined": _("Declined by a lawyer"),
    "representation.ended": _("Representation ended"),
    "representation.offered": _("Offered to a lawyer"),
    "representation.own_counsel": _("Own counsel recorded"),
    "representation.withdrawn": _("Offer withdrawn"),
}
