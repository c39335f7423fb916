"""The agreed-upon procedures by name; findings of auditors refer to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Procedure(models.TextChoices):
    """In the order in which the pack reports them."""

    COMPLETENESS = "completeness", _("Completeness of the journal")
    CUT_OFF = "cut-off", _("Cut-off at the period's end")
    RECOMPUTATION = "recomputation", _("Recomputation of balances")
    RECONCILIATION = "reconciliation", _("Reconciliation to bank and payment company")
    DUPLICATES = "duplicates", _("Claims made twice")
    DOUBLE_FUNDING = "double-funding", _("Costs charged to two funders")
    SEGREGATION = "segregation", _("Different people enter, approve and pay")
    RATES = "rates", _("Exchange rates")
    DOCUMENTS = "documents", _("Documents behind payments")
    RECORDS = "records", _("Records beside the log")
