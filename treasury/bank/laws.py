"""Money laws of the bank; each gives the difference that breaks it, in minor units."""

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Concat

from treasury import chart
from treasury.asking import Rows, rows
from treasury.bank import candidates
from treasury.bank.models import BankAccount, BankLine, Match, MatchKind, OpenLine
from treasury.kinds import POSTED, ClaimStatus
from treasury.models import Claim, Transfer


def lines_add_up() -> int:
    """What is open on each line is the line less its matches."""
    return sum(abs(off) for (off,) in rows(_off_lines))


def _off_lines() -> Rows:
    live = Match.objects.filter(undone_at=None, line=OuterRef("line")).order_by().values("line")
    done = Coalesce(Subquery(live.annotate(total=Sum("amount_minor")).values("total")), 0)
    lines = OpenLine.objects.exclude(base_minor=None)
    return lines.annotate(off=F("base_minor") - F("open_minor") - done).exclude(off=0).values_list("off")


def matches_as_booked() -> int:
    """Each match moved its bank account in the books by its own amount: so a payout is its bank line."""
    moved = rows(_moved_by_matches, chart.base_currency())
    return sum(abs((came or 0) - (went or 0) - amount) for amount, came, went in moved)


def _moved_by_matches(base: str) -> Rows:
    ending = Case(When(line__account__currency=base, then=Value("")), default=Value("-fx"))
    sums = {
        name: Sum(
            "journal__transfers__amount_minor",
            filter=Q(
                journal__transfers__kind__in=POSTED, **{f"journal__transfers__{side}__code": F("place")}
            ),
        )
        for name, side in (("came", "debit"), ("went", "credit"))
    }
    live = Match.objects.filter(undone_at=None).order_by()
    placed = live.annotate(place=Concat(Value("bank:"), "line__account__code", ending))
    return placed.annotate(**sums).values_list("amount_minor", "came", "went")


def payouts_as_arrived() -> int:
    """Each payout that a line settles was sent with the same amount."""
    return sum(abs(amount - (sent or 0)) for amount, sent in rows(_sent))


def _sent() -> Rows:
    arrived = Match.objects.filter(undone_at=None, kind=MatchKind.PAYOUT, settles__isnull=False).order_by()
    sent = arrived.annotate(sent=Sum("settles__transfers__amount_minor"))
    return sent.values_list("amount_minor", "sent")


def reconciled_claims_have_lines() -> int:
    """Claims shown as reconciled without a line, and paid ones with a line; a count."""
    return sum(count for _status, count in rows(_wrongly_shown))


def _wrongly_shown() -> Rows:
    lined = Exists(Match.objects.filter(undone_at=None, journal=OuterRef("paid_in")))
    wrong = Claim.objects.filter(
        Q(~lined, status=ClaimStatus.RECONCILED) | Q(lined, status=ClaimStatus.PAID)
    ).order_by()
    return wrong.values_list("status").annotate(count=Count("id"))


def bank_is_statement() -> int:
    """Statement less books of each account, beyond what open lines, unseen journals and gaps explain."""
    base = chart.base_currency()
    return sum(
        abs(_unexplained(code) if currency == base else _not_valued(code))
        for code, currency in rows(_known_accounts)
    )


def _known_accounts() -> Rows:
    return BankAccount.objects.exclude(code="").order_by().values_list("code", "currency")


def _unexplained(code: str) -> int:
    """What reconciliation.Difference leaves unexplained, over all days.

    Of the statement open lines, gaps and the start leave what its lines have matched, whatever it says.
    With what no line shows yet that is the books.
    """
    matched, unseen = (sum(total for _row, total in rows(of, code)) for of in (_matched, _unseen))
    return int(matched + unseen) - _in_books(f"bank:{code}")


def _matched(code: str) -> Rows:
    live = Match.objects.filter(undone_at=None, line__account__code=code).order_by()
    return live.values_list("line__account").annotate(total=Sum("amount_minor"))


def _unseen(code: str) -> Rows:
    return candidates.unmatched(BankAccount(code=code)).order_by().values_list("number", "net")


def _in_books(code: str) -> int:
    """Debits less credits of an account of the chart."""
    came, went = (sum(total for _kind, total in rows(_moved, side, code)) for side in ("debit", "credit"))
    return int(came - went)


def _moved(side: str, code: str) -> Rows:
    moved = Transfer.objects.filter(kind__in=POSTED, **{f"{side}__code": code}).order_by()
    return moved.values_list("kind").annotate(total=Sum("amount_minor"))


def _not_valued(code: str) -> int:
    """Lines in another currency that have their rate, less what the books hold in that currency."""
    valued = sum(total for _account, total in rows(_valued, code))
    return int(valued) - _in_books(f"fx:{code}")


def _valued(code: str) -> Rows:
    lines = BankLine.objects.filter(account__code=code, exchange__isnull=False).order_by()
    return lines.values_list("account").annotate(total=Sum("amount_minor"))


LAWS = {
    "bank-lines-add-up": lines_add_up,
    "bank-matches-as-booked": matches_as_booked,
    "payouts-as-arrived": payouts_as_arrived,
    "reconciled-claims-have-lines": reconciled_claims_have_lines,
    "bank-account-is-statement": bank_is_statement,
}
