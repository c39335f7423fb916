"""Accounts at banks, their statements line by line, and what each line was booked or matched as."""

import uuid
from typing import Self, TypeVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.tracked import AppendOnly, Tracked, TrackedManager
from treasury import kinds
from treasury.visibility import MoneyQuerySet, Viewer
from vault import keys
from vault.fields import SealedField


class MatchKind(models.TextChoices):
    """What a line, or a part of it, turned out to be."""

    CLAIM = "claim", _("Payment of a claim")
    PAYOUT = "payout", _("Payout of the payment processor")
    INSTALMENT = "instalment", _("Grant instalment")
    GIFT = "gift", _("Gift by bank transfer")
    COST = "cost", _("Running cost")
    INCOME = "income", _("Other income")
    RETURN = "return", _("Returned or reversed")
    ADVANCE = "advance", _("Advance given back")
    TRANSFER = "transfer", _("Between our own accounts")
    CASH = "cash", _("Cash paid in or taken out")
    SUSPENSE = "suspense", _("Not known yet")
    BOOKED = "booked", _("Booked before by hand")


class BankAccount(Tracked):
    """An account at a bank. ``code`` ties it to the books (``bank:<code>``); empty until somebody does.

    ``iban`` may be another bank's own kind of number. ``iban_index`` finds it again for the next statement.
    """

    code = models.SlugField(max_length=40, blank=True)
    currency = models.CharField(max_length=3, validators=[RegexValidator(r"^[A-Z]{3}$")])
    iban = SealedField(label="bankaccount.iban", subject="subject_id")
    iban_index = models.CharField(max_length=64)
    added_on = models.DateField()

    subject_id = keys.ORGANISATION
    objects = TrackedManager.from_queryset(MoneyQuerySet["BankAccount"])()

    class Meta(Tracked.Meta):
        ordering = ["code", "added_on"]
        constraints = [
            models.UniqueConstraint(name="bank_account_once", fields=["iban_index", "currency"]),
            models.UniqueConstraint(name="bank_account_code_once", fields=["code"], condition=~Q(code="")),
        ]

    def __str__(self) -> str:
        return self.code or f"{self.currency} {str(self.pk)[:8]}"


M = TypeVar("M", bound=models.Model)


class SeenQuerySet(models.QuerySet[M]):
    """Rows that are written once; strangers find nothing."""

    def visible_to(self, actor: Viewer) -> Self:
        return self if actor.has("money.see") else self.none()


class BankStatement(AppendOnly):
    """One statement as the bank sent it. ``content_index`` is a keyed digest: the same content comes once.

    ``off_minor`` is closing less opening less the lines in the file: 0 in a whole one. ``known_lines`` were
    in an earlier, overlapping statement already.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="statements")
    number = models.CharField(max_length=40, blank=True)
    opening_minor = models.BigIntegerField(null=True)
    opening_on = models.DateField(null=True)
    closing_minor = models.BigIntegerField(null=True)
    closing_on = models.DateField()
    off_minor = models.BigIntegerField(default=0)
    line_count = models.PositiveIntegerField()
    known_lines = models.PositiveIntegerField(default=0)
    content_index = models.CharField(max_length=64, unique=True)
    imported_at = models.DateTimeField()
    imported_by = models.CharField(max_length=60)

    objects = models.Manager.from_queryset(SeenQuerySet["BankStatement"])()

    class Meta(AppendOnly.Meta):
        ordering = ["closing_on", "imported_at"]


class BankLine(AppendOnly):
    """One movement. Names, accounts and words are sealed in ``words`` under ``subject_id``.

    The subject is the payee when the account is one of a payee, the line itself when money came in (so that
    a giver can be forgotten alone), else the organisation. ``marks`` are opaque: our own references, payees'
    ids, kinds of words. ``line_index`` is a keyed digest that tells equal lines from others.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="lines")
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    booked_on = models.DateField(db_index=True)
    value_on = models.DateField()
    reversal = models.BooleanField(default=False)
    batch_count = models.PositiveIntegerField(default=0)
    part = models.PositiveIntegerField(default=0)
    original_minor = models.BigIntegerField(null=True)
    original_currency = models.CharField(max_length=3, blank=True)
    rate = models.CharField(max_length=24, blank=True)
    line_index = models.CharField(max_length=64, db_index=True)
    marks = models.JSONField(default=dict)
    subject_id = models.UUIDField()
    words = SealedField(label="bankline.words", subject="subject_id")

    objects = models.Manager.from_queryset(SeenQuerySet["BankLine"])()

    class Meta(AppendOnly.Meta):
        ordering = ["booked_on", "statement_id", "number"]
        constraints = [
            models.UniqueConstraint(name="bank_line_once", fields=["statement", "number"]),
            models.CheckConstraint(name="bank_line_moves", condition=~Q(amount_minor=0)),
        ]


class OpenLineQuerySet(MoneyQuerySet["OpenLine"]):
    """Adjectives for what is left of lines."""

    def waiting(self) -> Self:
        """With something left to book."""
        return self.filter(Q(base_minor=None) | ~Q(open_minor=0))


class OpenLine(Tracked):
    """What of a line is still to be booked, in the currency of the books.

    ``base_minor`` is the whole line; None while a line in another currency waits for its rate.
    """

    line = models.OneToOneField(BankLine, models.PROTECT, related_name="left")
    base_minor = models.BigIntegerField(null=True)
    open_minor = models.BigIntegerField(default=0)
    refused = models.CharField(max_length=60, blank=True)  # the code of the refusal that kept it here

    objects = TrackedManager.from_queryset(OpenLineQuerySet)()

    class Meta(Tracked.Meta):
        constraints = [
            models.CheckConstraint(
                name="open_line_within",
                condition=Q(base_minor=None, open_minor=0)
                | Q(base_minor__gt=0, open_minor__gte=0, open_minor__lte=F("base_minor"))
                | Q(base_minor__lt=0, open_minor__lte=0, open_minor__gte=F("base_minor")),
            ),
        ]


class Match(Tracked):
    """A line, or a part of it, and the journal that books it. Undone by reversal, never deleted."""

    line = models.ForeignKey(BankLine, models.PROTECT, related_name="matches")
    journal = models.ForeignKey("treasury.Journal", models.PROTECT, related_name="bank_matches")
    claim = models.ForeignKey(
        "treasury.Claim", models.PROTECT, null=True, blank=True, related_name="bank_matches"
    )
    # The payout that this line brings in, where the payout itself was booked to money on its way.
    settles = models.ForeignKey(
        "treasury.Journal", models.PROTECT, null=True, blank=True, related_name="bank_arrivals"
    )
    kind = models.CharField(max_length=10, choices=MatchKind)
    amount_minor = models.BigIntegerField()
    score = models.PositiveSmallIntegerField(default=0)
    booked_here = models.BooleanField()  # the journal was written for this match
    matched_at = models.DateTimeField()
    matched_by = models.CharField(max_length=60)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=60, blank=True)
    undone_in = models.ForeignKey("treasury.Journal", models.PROTECT, null=True, blank=True, related_name="+")
    reason_code = models.CharField(max_length=20, choices=kinds.ReasonCode, blank=True)

    class Meta(Tracked.Meta):
        ordering = ["matched_at"]
        constraints = [
            models.UniqueConstraint(
                name="match_journal_once", fields=["journal"], condition=Q(undone_at=None)
            ),
            models.UniqueConstraint(
                name="match_settles_once",
                fields=["settles"],
                condition=Q(undone_at=None, settles__isnull=False),
            ),
            models.CheckConstraint(name="match_moves", condition=~Q(amount_minor=0)),
            models.CheckConstraint(
                name="match_undone_with_reason",
                condition=Q(undone_at=None, undone_by="", reason_code="")
                | Q(undone_at__isnull=False) & ~Q(undone_by="") & ~Q(reason_code=""),
            ),
        ]


class Exchange(AppendOnly):
    """The rate at which a line in another currency came into the books: who said so, for which day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    line = models.OneToOneField(BankLine, models.PROTECT, related_name="exchange")
    journal = models.OneToOneField("treasury.Journal", models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    rate = models.CharField(max_length=24)  # of the books' currency for one of the other
    rate_on = models.DateField()
    source = models.CharField(
        max_length=10, choices=[("bank", _("The bank")), ("ecb", _("ECB")), ("other", _("Other"))]
    )
    base_minor = models.BigIntegerField()
    entered_by = models.CharField(max_length=60)

    class Meta(AppendOnly.Meta):
        constraints = [models.CheckConstraint(name="exchange_moves", condition=~Q(base_minor=0))]


class TransferReference(Tracked):
    """A reference for somebody who asked how to give by bank transfer; the giver stays a code."""

    code = models.CharField(max_length=10, unique=True)
    fund = models.ForeignKey("treasury.Fund", models.PROTECT, related_name="transfer_references")
    made_on = models.DateField()
    made_by = models.CharField(max_length=60)
    closed_on = models.DateField(null=True, blank=True)

    objects = TrackedManager.from_queryset(MoneyQuerySet["TransferReference"])()

    class Meta(Tracked.Meta):
        ordering = ["-made_on", "code"]


class PaymentFile(AppendOnly):
    """A payment file that was made and handed out once; the file itself is not kept, its digest is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="payment_files")
    message_id = models.CharField(max_length=35, unique=True)
    order_count = models.PositiveIntegerField()
    total_minor = models.BigIntegerField()
    execute_on = models.DateField()
    file_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)

    class Meta(AppendOnly.Meta):
        ordering = ["-made_at"]


class PaymentOrder(Tracked):
    """One claim in a payment file; ``end_to_end`` comes back on the statement. A claim is ordered once."""

    file = models.ForeignKey(PaymentFile, models.PROTECT, related_name="orders")
    claim = models.ForeignKey("treasury.Claim", models.PROTECT, related_name="orders")
    amount_minor = models.BigIntegerField()
    end_to_end = models.CharField(max_length=10, unique=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta(Tracked.Meta):
        constraints = [
            models.UniqueConstraint(
                name="claim_ordered_once", fields=["claim"], condition=Q(withdrawn_at=None)
            ),
            models.CheckConstraint(name="order_positive", condition=Q(amount_minor__gt=0)),
        ]
