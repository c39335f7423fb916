"""Money laws of the bank; each gives the difference that breaks it, in minor units."""

import datetime

from django.db.models import Exists, F, OuterRef, Q, Sum

from treasury import chart
from treasury.bank import reconciliation
from treasury.bank.models import BankAccount, Match, MatchKind, OpenLine
from treasury.kinds import POSTED, ClaimStatus
from treasury.models import Claim, Transfer


def lines_add_up() -> int:
    """What is open on each line is the line less its matches."""
    done = dict(
        Match.objects.filter(undone_at=None)
        .order_by()
        .values_list("line_id")
        .annotate(total=Sum("amount_minor"))
    )
    rows = OpenLine.objects.exclude(base_minor=None).filter(
        Q(line__in=list(done)) | ~Q(open_minor=F("base_minor"))
    )
    return sum(
        abs(row.base_minor - row.open_minor - done.get(row.line_id, 0))
        for row in rows
        if row.base_minor is not None
    )


def matches_as_booked() -> int:
    """Each match moved its bank account in the books by its own amount: so a payout is its bank line."""
    difference = 0
    moved = Transfer.objects.filter(kind__in=POSTED)
    for match in Match.objects.filter(undone_at=None).select_related("line__account"):
        account = match.line.account
        in_base = account.currency == chart.base_currency()
        code = f"bank:{account.code}" if in_base else f"bank:{account.code}-fx"
        sums = moved.filter(journal=match.journal_id).aggregate(
            came=Sum("amount_minor", filter=Q(debit__code=code)),
            went=Sum("amount_minor", filter=Q(credit__code=code)),
        )
        difference += abs((sums["came"] or 0) - (sums["went"] or 0) - match.amount_minor)
    return difference


def payouts_as_arrived() -> int:
    """Each payout that a line settles was sent with the same amount."""
    arrived = Match.objects.filter(undone_at=None, kind=MatchKind.PAYOUT, settles__isnull=False)
    rows = arrived.annotate(sent=Sum("settles__transfers__amount_minor"))
    return sum(abs(row.amount_minor - (row.sent or 0)) for row in rows)


def reconciled_claims_have_lines() -> int:
    """Claims shown as reconciled without a line, and paid ones with a line; a count."""
    lined = Exists(Match.objects.filter(undone_at=None, journal=OuterRef("paid_in")))
    without = Claim.objects.filter(~lined, status=ClaimStatus.RECONCILED).count()
    return without + Claim.objects.filter(lined, status=ClaimStatus.PAID).count()


def bank_is_statement() -> int:
    """Statement less books of each account, beyond what open lines, unseen journals and gaps explain."""
    last = datetime.date.max
    difference = sum(abs(row.unexplained_minor) for row in reconciliation.accounts_on(last))
    for account in BankAccount.objects.exclude(code="").exclude(currency=chart.base_currency()):
        valued = (
            account.lines.filter(exchange__isnull=False).aggregate(total=Sum("amount_minor"))["total"] or 0
        )
        difference += abs(valued - reconciliation.foreign_minor(account, last))
    return difference


LAWS = {
    "bank-lines-add-up": lines_add_up,
    "bank-matches-as-booked": matches_as_booked,
    "payouts-as-arrived": payouts_as_arrived,
    "reconciled-claims-have-lines": reconciled_claims_have_lines,
    "bank-account-is-statement": bank_is_statement,
}
