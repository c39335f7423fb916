"""The books: accounts, transfers between two of them, journals. Totals are kept by triggers.

``Balance``, ``Hold``, ``Lot`` and ``Counter`` are written by the triggers of ``treasury.triggers`` alone;
the database refuses any other statement that touches them.
"""

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from audit.tracked import AppendOnly
from treasury import kinds
from vault import keys
from vault.fields import SealedField


class Account(AppendOnly):
    """A place where money can be. Never changes; its totals are its ``balance``.

    ``subject_id`` is the fund, the opaque id of the case whose ceiling this is, or the advance.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=kinds.AccountKind)
    subject_id = models.UUIDField(null=True, blank=True)
    currency = models.CharField(max_length=3, validators=[RegexValidator(r"^[A-Z]{3}$")])

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["kind", "subject_id"], name="account_kind_subject")]


class Balance(models.Model):
    """Totals of one account in minor units.

    ``guard`` "C": may not be debited beyond its credits; "D": not credited beyond its debits.
    """

    account = models.OneToOneField(Account, models.PROTECT, primary_key=True, related_name="balance")
    guard = models.CharField(max_length=1, blank=True)
    debit_posted = models.BigIntegerField(default=0)
    debit_pending = models.BigIntegerField(default=0)
    credit_posted = models.BigIntegerField(default=0)
    credit_pending = models.BigIntegerField(default=0)
    transfer_id = models.CharField(max_length=120, blank=True)  # the last one applied

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="balance_not_negative",
                condition=Q(
                    debit_posted__gte=0, debit_pending__gte=0, credit_posted__gte=0, credit_pending__gte=0
                ),
            ),
            models.CheckConstraint(
                name="balance_not_overdrawn",
                condition=~Q(guard="C") | Q(credit_posted__gte=F("debit_posted") + F("debit_pending")),
            ),
            models.CheckConstraint(
                name="balance_not_overcleared",
                condition=~Q(guard="D") | Q(debit_posted__gte=F("credit_posted") + F("credit_pending")),
            ),
        ]

    @property
    def posted_minor(self) -> int:
        """Credits less debits, posted: what a fund owns, what a ceiling still allows; assets are negative."""
        return self.credit_posted - self.debit_posted

    @property
    def free_minor(self) -> int:
        """What is neither spent nor held."""
        return self.credit_posted - self.debit_posted - self.debit_pending


class Counter(models.Model):
    """The last journal number: one row, whose lock is the lock of the books."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    last_number = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(name="counter_one_row", condition=Q(id=1))]


class Journal(AppendOnly):
    """One business event in the books. ``number`` is gapless and grows with the event log.

    ``key`` comes from the caller ("gift:<balance transaction>"), so a retry cannot book twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.BigIntegerField(unique=True)
    key = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=20, choices=kinds.JournalKind)
    booked_on = models.DateField(db_index=True)
    booked_at = models.DateTimeField()
    booked_by = models.CharField(max_length=60)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_in")
    reason_code = models.CharField(max_length=20, choices=kinds.ReasonCode, blank=True)
    note = SealedField(label="journal.note", subject="note_subject_id", blank=True, default="")

    note_subject_id = keys.ORGANISATION

    class Meta(AppendOnly.Meta):
        ordering = ["number"]
        # Most journals reverse nothing: a planner that has counted those passes the unique index over.
        indexes = [
            models.Index(fields=["reverses"], name="journal_reverses", condition=Q(reverses__isnull=False))
        ]
        constraints = [
            models.CheckConstraint(
                name="reversal_has_reason", condition=Q(reverses__isnull=True) | ~Q(reason_code="")
            ),
        ]


class Transfer(AppendOnly):
    """An amount from one account (credited) to another (debited): balanced by construction.

    The id is the journal's key and the line. ``pending`` names the hold that a ``post_pend`` or
    ``void_pend`` uses up; both of its accounts are the same as the hold's.
    """

    id = models.CharField(primary_key=True, max_length=120)
    # Its index is that of the line; the batch's is the one that finds what left it.
    journal = models.ForeignKey(Journal, models.PROTECT, db_index=False, related_name="transfers")
    line = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=9, choices=kinds.TransferKind)
    debit = models.ForeignKey(Account, models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, models.PROTECT, related_name="credits")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    pending = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="uses")
    fund = models.ForeignKey("treasury.Fund", models.PROTECT, null=True, blank=True, related_name="transfers")
    batch = models.ForeignKey(
        "treasury.Batch", models.PROTECT, null=True, blank=True, db_index=False, related_name="transfers"
    )
    commitment = models.ForeignKey(
        "treasury.Commitment", models.PROTECT, null=True, blank=True, related_name="transfers"
    )
    case_id = models.UUIDField(null=True, blank=True, db_index=True)
    category = models.CharField(max_length=20, choices=kinds.Category)

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["batch", "debit"], name="transfer_batch_debit")]
        constraints = [
            models.CheckConstraint(name="transfer_amount_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(name="transfer_two_accounts", condition=~Q(debit=F("credit"))),
            models.UniqueConstraint(name="transfer_line_once", fields=["journal", "line"]),
            models.CheckConstraint(
                name="transfer_hold_named",
                condition=Q(kind__in=["post_pend", "void_pend"], pending__isnull=False)
                | Q(kind__in=["post", "pend"], pending__isnull=True),
            ),
        ]


class Hold(models.Model):
    """What is left of a ``pend`` transfer."""

    transfer = models.OneToOneField(Transfer, models.PROTECT, primary_key=True, related_name="hold")
    remaining_minor = models.BigIntegerField()
    last_transfer_id = models.CharField(max_length=120)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(name="hold_not_negative", condition=Q(remaining_minor__gte=0))]


class Lot(models.Model):
    """What is left of one batch in one fund's account."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="lots")
    batch = models.ForeignKey("treasury.Batch", models.PROTECT, related_name="lots")
    remaining_minor = models.BigIntegerField()
    transfer_id = models.CharField(max_length=120)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="lot_once", fields=["account", "batch"]),
            models.CheckConstraint(name="lot_not_negative", condition=Q(remaining_minor__gte=0)),
        ]


class Period(AppendOnly):
    """A closed accounting period. Nothing more is booked with a date inside it.

    The control figures are what the books showed when it was closed; ``check_money`` recomputes them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    starts_on = models.DateField()
    ends_on = models.DateField()
    closed_at = models.DateTimeField()
    closed_by = models.CharField(max_length=60)
    journals = models.BigIntegerField()
    posted_minor = models.BigIntegerField()

    class Meta(AppendOnly.Meta):
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(name="period_in_order", condition=Q(starts_on__lte=F("ends_on")))
        ]
