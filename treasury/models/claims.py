"""Payees and what they ask to be paid."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from audit.tracked import Tracked, TrackedManager
from treasury import kinds
from treasury.visibility import MoneyQuerySet
from vault import keys
from vault.fields import SealedField


class Payee(Tracked):
    """Who receives money. Sealed under a key of their own; ``checked_on`` dates the due-diligence check."""

    kind = models.CharField(max_length=12, choices=kinds.PayeeKind)
    country = models.CharField(max_length=2)
    name = SealedField(label="payee.name")
    iban = SealedField(label="payee.iban", blank=True, default="")
    address = SealedField(label="payee.address", blank=True, default="")
    checked_on = models.DateField(null=True, blank=True)
    checked_by = models.CharField(max_length=60, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = TrackedManager.from_queryset(MoneyQuerySet["Payee"])()

    class Meta(Tracked.Meta):
        constraints = [
            models.CheckConstraint(
                name="payee_check_paired",
                condition=Q(checked_on__isnull=True, checked_by="")
                | Q(checked_on__isnull=False) & ~Q(checked_by=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class ClaimQuerySet(MoneyQuerySet["Claim"]):
    """Adjectives for claims."""

    def waiting(self) -> Self:
        """Entered and not yet decided."""
        return self.filter(status=kinds.ClaimStatus.ENTERED)

    def payable(self) -> Self:
        """Approved and not yet paid."""
        return self.filter(status=kinds.ClaimStatus.APPROVED)

    def advances(self) -> Self:
        """Money to an intermediary, who owes vouchers for it."""
        return self.filter(vouchers_due_on__isnull=False)


class Claim(Tracked):
    """A demand to pay with its voucher. Without a case it is a running cost.

    ``amount_minor`` is what the voucher says in its ``currency``; ``base_minor`` what it costs in the
    currency of the books. ``number_index`` and ``voucher_sha256`` find a voucher that was claimed before.

    With ``vouchers_due_on`` it is an advance: what is paid stays the organisation's until vouchers, or
    money that comes back, account for it by that day. With ``closes`` it is such a voucher.
    """

    payee = models.ForeignKey(Payee, models.PROTECT, related_name="claims")
    commitment = models.ForeignKey(
        "treasury.Commitment", models.PROTECT, null=True, blank=True, related_name="claims"
    )
    case_id = models.UUIDField(null=True, blank=True, db_index=True)
    category = models.CharField(max_length=20, choices=kinds.Category)
    voucher_kind = models.CharField(max_length=20, choices=kinds.VoucherKind)
    number = SealedField(label="claim.number", subject="payee_id", blank=True, default="")
    number_index = models.CharField(max_length=64, blank=True)
    voucher_sha256 = models.CharField(max_length=64, blank=True)
    invoiced_on = models.DateField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    base_minor = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=kinds.ClaimStatus, default=kinds.ClaimStatus.ENTERED)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=60)
    approved_by = models.CharField(max_length=60, blank=True)
    second_by = models.CharField(max_length=60, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    paid_in = models.OneToOneField(
        "treasury.Journal", models.PROTECT, null=True, blank=True, related_name="claim"
    )
    vouchers_due_on = models.DateField(null=True, blank=True)
    closes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="vouchers")
    payments = models.PositiveSmallIntegerField(default=0)  # times paid, returned ones included
    reason_code = models.CharField(max_length=20, choices=kinds.ReasonCode, blank=True)
    note = SealedField(label="claim.note", subject="note_subject_id", blank=True, default="")

    note_subject_id = keys.ORGANISATION
    objects = TrackedManager.from_queryset(ClaimQuerySet)()

    class Meta(Tracked.Meta):
        indexes = [
            models.Index(fields=["status", "invoiced_on"], name="claim_status_day"),
            models.Index(
                fields=["vouchers_due_on"],
                name="claim_vouchers_due",
                condition=Q(vouchers_due_on__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(name="claim_positive", condition=Q(amount_minor__gt=0, base_minor__gt=0)),
            models.CheckConstraint(
                name="claim_approved_by_another",
                condition=Q(approved_by="") | Q(second_by="") | ~Q(approved_by=F("second_by")),
            ),
            models.CheckConstraint(
                name="claim_paid_was_approved",
                condition=Q(status__in=["entered", "rejected"]) | ~Q(approved_by=""),
            ),
            models.CheckConstraint(
                name="claim_advance_or_voucher", condition=Q(closes=None) | Q(vouchers_due_on=None)
            ),
            models.CheckConstraint(
                name="claim_voucher_by_another",
                condition=Q(closes=None) | Q(approved_by="") | ~Q(approved_by=F("entered_by")),
            ),
            models.CheckConstraint(
                name="claim_rejected_with_reason", condition=~Q(status="rejected") | ~Q(reason_code="")
            ),
            models.UniqueConstraint(
                name="claim_number_once",
                fields=["number_index"],
                condition=~Q(number_index="") & ~Q(status="rejected"),
            ),
            models.UniqueConstraint(
                name="claim_voucher_once",
                fields=["voucher_sha256"],
                condition=~Q(voucher_sha256="") & ~Q(status="rejected"),
            ),
        ]
