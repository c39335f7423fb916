"""The closed lists of terms and remedies, each with the words people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rule(models.TextChoices):
    """A rule of ``rules.csv`` by its code. Codes are never reused."""

    DETENTION_72H = "criminal-detention-72h", _("Detention as a suspect ends, or custody is ordered")
    CHARGE_10_DAYS = "charge-10-days", _("A suspect in custody is charged, or freed")
    CUSTODY_2_MONTHS = "custody-2-months", _("Custody during the investigation ends, or is extended")
    CUSTODY_6_MONTHS = "custody-6-months", _("Custody beyond six months takes a higher prosecutor")
    CUSTODY_18_MONTHS = "custody-18-months", _("Custody during the investigation ends for good")
    COPY_SERVED = "verdict-copy-served", _("The verdict’s copy is handed over")
    CASSATION_OLD = "criminal-cassation-2001", _("Cassation complaint against a verdict")
    CASSATION_OLD_CUSTODY = "criminal-cassation-2001-custody", _("Cassation complaint, from custody")
    APPEAL = "criminal-appeal", _("Appeal against a verdict")
    APPEAL_CUSTODY = "criminal-appeal-custody", _("Appeal against a verdict, from custody")
    ADMINISTRATIVE_72H = "administrative-detention-72h", _("Administrative detention ends")
    ADMINISTRATIVE_APPEAL = "administrative-appeal", _("Complaint against an administrative ruling")
    ARREST_APPEAL = "administrative-arrest-appeal", _("Complaint against administrative arrest")


class Trigger(models.TextChoices):
    """What a term runs from."""

    DETAINED = "detained", _("Detention")
    CUSTODY = "custody", _("Order of custody")
    VERDICT = "verdict", _("Proclamation of the verdict")
    COPY = "verdict-copy", _("Service of the verdict’s copy")
    RULING = "ruling", _("Announcement of the ruling")


class Unit(models.TextChoices):
    """What a term is counted in; hours are shown as days, counted from the day the hour fell on."""

    DAYS = "days", _("days")
    HOURS = "hours", _("hours")
    MONTHS = "months", _("months")


class Settled(models.TextChoices):
    """How a deadline ended; empty while it runs."""

    MET = "met", _("Met")
    MISSED = "missed", _("Missed")
    WAIVED = "waived", _("Not needed")


class Body(models.TextChoices):
    """Where a remedy is asked for; ``remedies.csv`` says since when and until when."""

    SUPERVISORY = "supervisory", _("Supervisory complaint, court or prosecutor")
    WGAD = "un-wgad", _("UN Working Group on Arbitrary Detention")
    SPECIAL = "un-special-procedures", _("UN special rapporteur, urgent appeal")
    CEDAW = "un-cedaw", _("UN Committee on the Elimination of Discrimination against Women")
    HRC = "un-hrc", _("UN Human Rights Committee")
    CAT = "un-cat", _("UN Committee against Torture, individual complaint")
    ECHR = "echr", _("European Court of Human Rights")
    REHABILITATION = "rehabilitation", _("Rehabilitation")
    COMPENSATION = "compensation", _("Compensation for harm")


class FilingState(models.TextChoices):
    """Where a filing stands."""

    PREPARING = "preparing", _("Being prepared")
    FILED = "filed", _("Filed")
    COMMUNICATED = "communicated", _("Communicated to the other side")
    DECIDED = "decided", _("Decided")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Category(models.TextChoices):
    """The five categories of the Working Group on Arbitrary Detention (its methods of work, paragraph 8)."""

    I = "I", _("I: no legal basis")  # noqa: E741  the Group's own numbers
    II = "II", _("II: for exercising rights or freedoms")
    III = "III", _("III: an unfair trial")
    IV = "IV", _("IV: asylum seekers held without review")
    V = "V", _("V: discrimination")
