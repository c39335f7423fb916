"""The words people read for the codes of this room. Codes are stored and never renamed; words may change."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lawyers.matching.codes import Ask, Component, LockFault, Reason, Stage, Status
from lawyers.standing import State

Words = Mapping[str, Promise]

LANGUAGES: Words = {
    "be": _("Belarusian"),
    "ru": _("Russian"),
    "en": _("English"),
    "pl": _("Polish"),
    "uk": _("Ukrainian"),
}
FAMILIES: Words = {
    "protest": _("Protest"),
    "speech": _("Speech"),
    "extremism": _("Extremism"),
    "security": _("State security"),
    "administrative": _("Administrative"),
    "prison-regime": _("Prison regime"),
}
SEVERITIES: Words = {
    "1": _("1, the lightest"),
    "2": _("2"),
    "3": _("3"),
    "4": _("4"),
    "5": _("5, the gravest"),
}
LICENCE: Words = {
    State.ACTIVE: _("Active"),
    State.LAPSING: _("Ends soon"),
    State.SUSPENDED: _("Suspended"),
    State.REVOKED: _("Revoked"),
    State.REFUSED: _("Attestation refused"),
    State.EXPIRED: _("Ended"),
    State.UNKNOWN: _("Not known: ask"),
}
REASONS: Words = {
    Reason.LICENCE: _("Licence not active through the next hearing"),
    Reason.COVERAGE: _("Does not go to this court or region"),
    Reason.LANGUAGE: _("No language in common"),
    Reason.COMPETENCE: _("Below the article’s severity or instance"),
    Reason.CONFLICT: _("Conflict, or declined before"),
    Reason.CALENDAR: _("Another hearing at the same time"),
    Reason.RISK: _("Takes no cases of this kind"),
    Reason.VETO: _("The client does not want this lawyer"),
    Reason.AWAY: _("Away on the day of the hearing"),
    Reason.FIXED_ADVERSE: _("Fixed to an adverse co-defendant, or to as many cases of the region as allowed"),
    Reason.FIXED_CLASH: _("A case fixed to them has a hearing at the same time"),
}
ASKS: Words = {
    Ask.LICENCE: _("Ask whether the licence is in force"),
    Ask.COVERAGE: _("Ask whether they go to this court"),
    Ask.LANGUAGE: _("Ask which languages they speak in court"),
    Ask.COMPETENCE: _("Ask whether they handle this article and instance"),
    Ask.CAPACITY: _("Ask how many cases they can take"),
}
COMPONENTS: Words = {
    Component.COMPETENCE: _("Skill"),
    Component.LOCALITY: _("Place"),
    Component.LANGUAGE: _("Language"),
    Component.CONTINUITY: _("Client"),
}
STAGES: Words = {
    Stage.COVERAGE: _("Urgent cases covered first"),
    Stage.SEATS: _("Second lawyers where wanted"),
    Stage.MINIMUM: _("Agreed minimum of each lawyer"),
    Stage.FIT: _("Best fit"),
    Stage.LOAD: _("Fair loads"),
    Stage.CHANGES: _("Fewest changes"),
}
STATUSES: Words = {
    Status.OPTIMAL: _("Optimal, proven"),
    Status.GAP: _("Lawful, not proven best: the time ran out"),
}
LOCK_FAULTS: Words = {
    LockFault.UNKNOWN_NEED: _("The case is not among those that want counsel"),
    LockFault.UNKNOWN_PLACE: _("The lawyer is not among those who can be asked"),
    LockFault.NOT_ELIGIBLE: _("A rule speaks against this lawyer in this case"),
    LockFault.NO_ROOM: _("More cases are fixed to the lawyer than they have room for"),
    LockFault.DEMAND: _("More lawyers are fixed to the case than it wants"),
    LockFault.REGION_CAP: _("More cases of one region are fixed to the lawyer than they take there"),
    LockFault.ADVERSE: _("Adverse co-defendants are fixed to one lawyer"),
    LockFault.CLASH: _("Two cases fixed to the lawyer have hearings at the same time"),
}
EVENTS: Words = {
    "lawyer.added": _("Added to the panel"),
    "lawyer.licence_recorded": _("Licence recorded"),
    "lawyer.capacity_set": _("Capacity set"),
    "lawyer.away_recorded": _("Away recorded"),
    "lawyer.coverage_added": _("Region or court added"),
    "lawyer.competence_set": _("Competence set"),
    "lawyer.languages_set": _("Languages set"),
    "lawyer.portal_opened": _("Portal opened"),
    "lawyer.portal_closed": _("Portal closed"),
    "lawyer.lost": _("Lost to the panel"),
    "lawyer.returned": _("Back on the panel"),
    "lawyer.excluded": _("Excluded from one client for good"),
    "representation.offered": _("Asked to defend"),
    "representation.answered": _("Answer recorded"),
    "representation.accepted": _("Accepted a case"),
    "representation.declined": _("Declined a case"),
    "representation.own_counsel": _("Named as a family’s own counsel"),
    "representation.ended": _("Representation ended"),
}


def word(words: Words, code: str) -> str:
    """The word for a code; the code itself where a newer version stored one that is not known here."""
    return str(words.get(code, code))


def listed(words: Words, codes: Iterable[str]) -> str:
    """Several codes as one line."""
    return ", ".join(word(words, code) for code in codes)
