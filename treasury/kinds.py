"""The closed lists of the books. A category says what money is for; an account kind where it is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountKind(models.TextChoices):
    """Where money is. What each may be debited and credited with: ``docs/books.md``."""

    BANK = "bank", _("Bank account")
    CLEARING = "clearing", _("Clearing with a payment processor")
    CASH = "cash", _("Cash")
    ADVANCE = "advance", _("Advance with an intermediary")
    RECEIVABLE = "receivable", _("Receivable")
    PAYABLE = "payable", _("Payable")
    INCOME = "income", _("Income")
    REFUNDS = "refunds", _("Refunds and disputes")
    FEES = "fees", _("Processing and bank fees")
    PROGRAMME = "programme", _("Programme expense")
    STAFF = "staff", _("Staff expense")
    OFFICE = "office", _("Office expense")
    FX = "fx", _("Exchange differences")
    OPENING = "opening", _("Opening balances")
    SUSPENSE = "suspense", _("Not yet allocated")
    FUND = "fund", _("Fund")
    RESERVE = "reserve", _("Reserve")
    UNCOVERED = "uncovered", _("Losses no fund has covered yet")
    FUNDS_CONTROL = "funds_control", _("Funds, control account")
    CEILING = "ceiling", _("Case ceiling")
    CEILINGS_CONTROL = "ceilings_control", _("Case ceilings, control account")
    GRANT_LINE = "grant_line", _("Line of a grant")
    LINES_CONTROL = "lines_control", _("Lines of grants, control account")
    AHEAD = "ahead", _("Signed and not yet received")
    AHEAD_CONTROL = "ahead_control", _("Signed and not yet received, control account")


# Guarded accounts are credited first and can never be debited below zero, holds included.
GUARDED = (
    AccountKind.FUND,
    AccountKind.RESERVE,
    AccountKind.CEILING,
    AccountKind.GRANT_LINE,
    AccountKind.AHEAD,
)
# Debited first, and can never be credited beyond that: what an intermediary has is not accounted for twice.
COVERED = (AccountKind.ADVANCE,)
# Accounts whose money is traced by batch.
TRACED = (AccountKind.FUND, AccountKind.RESERVE)
# Assets less what is owed: what the funds are made of.
NET_ASSETS = (
    AccountKind.BANK,
    AccountKind.CLEARING,
    AccountKind.CASH,
    AccountKind.ADVANCE,
    AccountKind.RECEIVABLE,
    AccountKind.PAYABLE,
    AccountKind.SUSPENSE,
)


class TransferKind(models.TextChoices):
    """TigerBeetle's four: money moves at once, is held, or a hold is posted or released."""

    POST = "post", _("Posted")
    PEND = "pend", _("Held")
    POST_PEND = "post_pend", _("Hold posted")
    VOID_PEND = "void_pend", _("Hold released")


POSTED = (TransferKind.POST, TransferKind.POST_PEND)


class JournalKind(models.TextChoices):
    """One business event each."""

    OPENING = "opening", _("Opening balance")
    GIFT = "gift", _("Gift")
    REFUND = "refund", _("Refund")
    DISPUTE = "dispute", _("Dispute lost")
    RETURNED = "returned", _("Money that came back")
    PROCESSOR = "processor", _("Movement of the payment company")
    PAYOUT = "payout", _("Payout to the bank")
    INSTALMENT = "instalment", _("Grant instalment")
    CEILING = "ceiling", _("Case ceiling")
    COMMITMENT = "commitment", _("Commitment")
    RELEASE = "release", _("Commitment released")
    PAYMENT = "payment", _("Claim paid")
    RUNNING_COST = "running_cost", _("Running cost")
    ALLOCATION = "allocation", _("Allocation between funds")
    COVER = "cover", _("Loss covered from the reserve")
    REVERSAL = "reversal", _("Reversal")
    OTHER_INCOME = "other_income", _("Other income")
    SUSPENSE = "suspense", _("Not known yet")
    OWN_TRANSFER = "own_transfer", _("Between our own accounts")
    EXCHANGE = "exchange", _("Currency brought into the books")
    GRANT = "grant", _("Limits of a grant")
    GRANT_RETURN = "grant_return", _("Unspent grant returned")
    INDIRECT = "indirect", _("Indirect costs of a grant")
    DOUBLED = "doubled", _("Gifts doubled")
    LEFTOVER = "leftover", _("Left over, as givers agreed")
    HELD = "held", _("Gift held for a decision")
    LET_GO = "let_go", _("Held gift let go")
    ADVANCE_CLOSED = "advance_closed", _("Voucher of an advance")
    ADVANCE_RETURNED = "advance_returned", _("Advance returned")


class Category(models.TextChoices):
    """What money came from or went to; budget lines, restrictions and reports speak in these."""

    GIFT = "gift", _("Gifts")
    GRANT = "grant", _("Grants")
    OPENING = "opening", _("Opening balance")
    ALLOCATION = "allocation", _("Allocation between funds")
    PAYOUT = "payout", _("Payout to the bank")
    PROCESSING_FEE = "processing_fee", _("Processing fees")
    REFUND = "refund", _("Refunds")
    DISPUTE = "dispute", _("Disputes lost")
    CEILING = "ceiling", _("Case ceiling")
    FEE = "fee", _("Counsel's fee")
    VISIT = "visit", _("Prison visits")
    TRAVEL = "travel", _("Travel")
    COURT_FEE = "court_fee", _("Court fees")
    EXPERT = "expert", _("Expert opinions")
    TRANSLATION = "translation", _("Translation")
    APPEAL = "appeal", _("Appeal and later instances")
    FAMILY_SUPPORT = "family_support", _("Family support")
    SALARY = "salary", _("Salaries")
    RENT = "rent", _("Rent")
    OFFICE = "office", _("Office and equipment")
    AUDIT = "audit", _("Audit and accounting")
    BANK_FEE = "bank_fee", _("Bank fees")
    OTHER_INCOME = "other_income", _("Other income")
    SUSPENSE = "suspense", _("Not yet allocated")
    OWN_TRANSFER = "own_transfer", _("Between our own accounts")
    EXCHANGE = "exchange", _("Currency exchange")
    INDIRECT = "indirect", _("Indirect costs")
    LIMIT = "limit", _("Limit of a grant")


CASE_COSTS = (
    Category.FEE,
    Category.VISIT,
    Category.TRAVEL,
    Category.COURT_FEE,
    Category.EXPERT,
    Category.TRANSLATION,
    Category.APPEAL,
    Category.FAMILY_SUPPORT,
)
RUNNING_COSTS = (Category.SALARY, Category.RENT, Category.OFFICE, Category.AUDIT, Category.BANK_FEE)

_EXPENSE_ACCOUNTS = {
    Category.SALARY: AccountKind.STAFF,
    Category.RENT: AccountKind.OFFICE,
    Category.OFFICE: AccountKind.OFFICE,
    Category.AUDIT: AccountKind.OFFICE,
    Category.BANK_FEE: AccountKind.FEES,
}


def expense_account(category: str) -> AccountKind:
    """The expense account a cost of this category is debited to."""
    return _EXPENSE_ACCOUNTS.get(Category(category), AccountKind.PROGRAMME)


class FundKind(models.TextChoices):
    """The purpose of a fund; a commitment draws on eligible funds in the order of DRAWING_ORDER."""

    GENERAL = "general", _("General")
    CAMPAIGN = "campaign", _("Campaign")
    GROUP = "group", _("Group of cases")
    CASE = "case", _("One case")
    GRANT = "grant", _("Grant")
    RESERVE = "reserve", _("Reserve")
    PLEDGE = "pledge", _("Matching pledge")


# The reserve is not in it: it moves only by a decision of two people. What doubles gifts only does that.
DRAWING_ORDER = {
    FundKind.CASE: 0,
    FundKind.GROUP: 1,
    FundKind.CAMPAIGN: 1,
    FundKind.GRANT: 2,
    FundKind.GENERAL: 3,
}


class BatchKind(models.TextChoices):
    """What a batch is made of."""

    GIFTS = "gifts", _("Gifts of one period")
    GRANT = "grant", _("A grant")
    OPENING = "opening", _("Opening balance")


class RateRule(models.TextChoices):
    """At which rate a grant in another currency is told to its funder."""

    RECEIPT = "receipt", _("What the instalments were worth when they came")
    FIXED = "fixed", _("A rate fixed in the agreement")
    KNOWN = "known", _("The last rate before the day")


class ReportKind(models.TextChoices):
    """What a funder wants to hear."""

    FINANCIAL = "financial", _("Financial report")
    NARRATIVE = "narrative", _("Narrative report")
    FINAL = "final", _("Final report")
    AUDIT = "audit", _("Report of the auditor")


class PayeeKind(models.TextChoices):
    """Who receives money."""

    COUNSEL = "counsel", _("Counsel")
    BAR_OFFICE = "bar_office", _("Bar office")
    RELATIVE = "relative", _("Relative")
    EXPERT = "expert", _("Expert")
    TRANSLATOR = "translator", _("Translator")
    COURT = "court", _("Court")
    PARTNER = "partner", _("Partner organisation")
    LANDLORD = "landlord", _("Landlord")
    STAFF = "staff", _("Staff")
    SUPPLIER = "supplier", _("Supplier")


class VoucherKind(models.TextChoices):
    """The evidence for a claim."""

    INVOICE = "invoice", _("Invoice")
    OFFICE_RECEIPT = "office_receipt", _("Receipt of a bar office")
    AGREEMENT = "agreement", _("Agreement")
    PARTNER_CONFIRMATION = "partner_confirmation", _("Partner's confirmation")
    WITNESSED_NOTE = "witnessed_note", _("Witnessed note")
    BANK_NOTE = "bank_note", _("Bank's own note")
    PAYROLL = "payroll", _("Payroll sheet")


class ClaimStatus(models.TextChoices):
    """entered -> approved -> paid -> reconciled, or rejected."""

    ENTERED = "entered", _("Entered")
    APPROVED = "approved", _("Approved")
    PAID = "paid", _("Paid")
    RECONCILED = "reconciled", _("Reconciled with the bank")
    REJECTED = "rejected", _("Rejected")


class ReasonCode(models.TextChoices):
    """Why something was undone; the words behind it are sealed."""

    WRONG_AMOUNT = "wrong_amount", _("Wrong amount")
    WRONG_FUND = "wrong_fund", _("Wrong fund")
    WRONG_PAYEE = "wrong_payee", _("Wrong payee")
    DUPLICATE = "duplicate", _("Booked twice")
    RETURNED = "returned", _("Returned by the bank")
    NO_VOUCHER = "no_voucher", _("Voucher missing or not accepted")
    NOT_OURS = "not_ours", _("Not a cost of the organisation")
    OTHER = "other", _("Another reason")
