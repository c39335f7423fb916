"""The closed lists of what happens around a case, and the codes of the HURIDOCS micro-thesauri."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IncidentKind(models.TextChoices):
    """What was done to the client."""

    ILL_TREATMENT = "ill-treatment", _("Ill-treatment")
    NO_CARE = "no-medical-care", _("Medical care denied")
    INCOMMUNICADO = "incommunicado", _("Held incommunicado")
    NO_LAWYER = "lawyer-refused", _("Lawyer refused access")
    CONFESSION = "forced-confession", _("Forced confession video")
    PUNISHMENT = "punishment-cell", _("Punishment cell")
    LETTERS = "letters-stopped", _("Letters or parcels stopped")
    OTHER = "other", _("Another incident")


# HURIDOCS Micro-thesauri: a tool for documenting human rights violations (2001), list 4, types of acts.
# Offered for each kind; a human chooses, and none was checked by counsel.
HURIDOCS: dict[str, tuple[str, ...]] = {
    IncidentKind.ILL_TREATMENT: ("03 01", "03 02", "03 05"),
    IncidentKind.NO_CARE: ("03 07",),
    IncidentKind.INCOMMUNICADO: ("02 04",),
    IncidentKind.NO_LAWYER: ("02 04",),
    IncidentKind.CONFESSION: ("03 01",),
    IncidentKind.PUNISHMENT: ("02 04", "03 05"),
}


class OfficialKind(models.TextChoices):
    """What somebody is in the service of the state."""

    JUDGE = "judge", _("Judge")
    PROSECUTOR = "prosecutor", _("Prosecutor")
    INVESTIGATOR = "investigator", _("Investigator")
    POLICE = "police", _("Police officer")
    PRISON = "prison", _("Head or guard of a prison")
    EXPERT = "expert", _("Court expert")


class PartyKind(models.TextChoices):
    """How a person stands to the case; for conflicts of counsel."""

    RELATIVE = "relative", _("Relative")
    WITNESS = "witness", _("Witness")
    VICTIM = "victim", _("Called a victim by the prosecution")
    ACCUSER = "accuser", _("Informer or accuser")
    CO_ACCUSED = "co-accused", _("Co-accused, not our client")


class Criteria(models.TextChoices):
    """What a recognition as a political prisoner rests on."""

    PACE = "pace-1900", _("PACE resolution 1900 (2012)")
    GUIDELINE = "guideline", _("Guidelines of monitors on the definition of political prisoner")
    WGAD = "un-wgad", _("Opinion of the UN Working Group on Arbitrary Detention")
    OTHER = "other", _("Its own criteria")


class ReferralKind(models.TextChoices):
    """What help others give."""

    MEDICAL = "medical", _("Medical help")
    PSYCHOLOGICAL = "psychological", _("Psychological help")
    RELOCATION = "relocation", _("Relocation")
    DOCUMENTS = "documents", _("Documents")
    FAMILY = "family", _("Support of the family")
    PARTNER = "partner", _("Partner organisation")


class ReferralOutcome(models.TextChoices):
    """What came of a referral; empty while nobody has said."""

    HELPED = "helped", _("Helped")
    PARTLY = "partly", _("Helped in part")
    REFUSED = "refused", _("Refused")
    NOT_WANTED = "not-wanted", _("Not wanted by the client")
    NO_ANSWER = "no-answer", _("No answer")


class ObserverKind(models.TextChoices):
    """Who came to watch a hearing; never a name."""

    MONITOR = "monitor", _("Monitors")
    DIPLOMAT = "diplomat", _("Diplomats")
    MEDIA = "media", _("Media")
    FAMILY = "family", _("Family and friends")
    PUBLIC = "public", _("Others")
