"""Procedures on the journal: completeness, cut-off, recomputation, reconciliation."""

import datetime
from collections.abc import Iterator

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from reports.audit_pack.pairs import Known, claims_at
from reports.audit_pack.procedures import Procedure
from reports.audit_pack.writing import Exceptional, Outcome
from reports.known import versions_at, written_by
from reports.measures import FUND_ACCOUNTS, gained, total
from reports.scope import Position, Scope
from reports.types import reconciling
from reports.types.funding_behind import until
from treasury.kinds import NET_ASSETS, POSTED, TRACED, AccountKind
from treasury.models import BankLine, Journal, Match, Transfer
from treasury.standing import trial_balance, within

WINDOW = datetime.timedelta(days=15)
_MOST_NAMED = 200


def completeness(scope: Scope, position: Position) -> Outcome:
    """Journal numbers without a gap, none beside the log."""
    journals = Journal.objects.filter(number__lte=position.journal_number)
    count = journals.count()
    return Outcome(
        Procedure.COMPLETENESS,
        _(
            "All journal numbers from 1 to the last one under this position of the log were walked for gaps."
            " Each journal and transfer was traced to the event of the log that wrote it."
        ),
        _("Journals"),
        count,
        {
            "gap": _("A number is missing"),
            "no-event": _("Written by no event of the log"),
            "transfer-no-event": _("A transfer was written by no event of the log"),
        },
        [*_gaps(position, count), *_outside_log(position)],
    )


def _gaps(position: Position, count: int) -> Iterator[Exceptional]:
    if count == position.journal_number:
        return
    there = set(Journal.objects.filter(number__lte=position.journal_number).values_list("number", flat=True))
    for number in range(1, position.journal_number + 1):
        if number not in there:
            yield Exceptional("gap", number)


def _outside_log(position: Position) -> Iterator[Exceptional]:
    limit = within(position.journal_number)
    journals = Journal.objects.filter(number__lte=position.journal_number)
    known = written_by(journals, position.log_size)
    for row in journals.exclude(pk__in=known.values("pk")).order_by("number")[:_MOST_NAMED]:
        yield Exceptional("no-event", row.number, row.booked_on)
    moved = Transfer.objects.filter(limit)
    astray = moved.exclude(pk__in=written_by(moved, position.log_size).values("pk"))
    for one in astray.select_related("journal").order_by("journal__number", "line")[:_MOST_NAMED]:
        yield Exceptional(
            "transfer-no-event", one.journal.number, one.journal.booked_on, one.amount_minor, one.id
        )


def cut_off(scope: Scope, position: Position) -> Outcome:
    """What lies on one side of the period's end by one date and on the other by another."""
    end = scope.ends_on
    near = within(position.journal_number, end - WINDOW, end + WINDOW)
    journals = list(_near_end(scope, position))
    exceptions = [*_by_voucher(scope, position), *_by_bank(scope, position), *_by_entry(journals, end)]
    examined = Transfer.objects.filter(near).values("journal").distinct().count()
    return Outcome(
        Procedure.CUT_OFF,
        _(
            "Journals booked within 15 days of the period's last day were compared: the day they are booked"
            " on with the day of their voucher, with the day on which the bank moved the money, and with the"
            " day on which they were entered."
        ),
        _("Journals near the end"),
        examined,
        {
            "voucher-after": _("Booked in the period, voucher dated after it"),
            "voucher-before": _("Booked after the period, voucher dated in it"),
            "bank-before": _("The bank moved it in the period, booked after it"),
            "bank-after": _("Booked in the period, the bank moved it after it"),
            "entered-late": _("Booked in the period, entered more than 10 days after it"),
            "dated-ahead": _("Booked after the period, entered in it"),
        },
        exceptions,
    )


def _near_end(scope: Scope, position: Position) -> Iterator[Journal]:
    border = (scope.ends_on - WINDOW, scope.ends_on + WINDOW)
    rows = Journal.objects.filter(number__lte=position.journal_number, booked_on__range=border)
    yield from rows.order_by("number").iterator()


def _by_voucher(scope: Scope, position: Position) -> Iterator[Exceptional]:
    end = scope.ends_on
    for claim in claims_at(position):
        booked = claim["paid_on"]
        if not claim["journal"] or booked is None or abs(booked - end) > WINDOW:
            continue
        if booked <= end < claim["invoiced_on"]:
            yield _of_claim("voucher-after", claim)
        elif claim["invoiced_on"] <= end < booked:
            yield _of_claim("voucher-before", claim)


def _of_claim(what: str, claim: Known) -> Exceptional:
    return Exceptional(what, claim["journal"], claim["invoiced_on"], claim["base_minor"], str(claim["id"]))


def _by_bank(scope: Scope, position: Position) -> Iterator[Exceptional]:
    end = scope.ends_on
    lines = written_by(BankLine.objects.all(), position.log_size)
    days = dict(lines.filter(booked_on__range=(end - WINDOW, end + WINDOW)).values_list("pk", "booked_on"))
    matches = [
        row
        for row in versions_at(Match, position.log_size, "line_id", "journal_id", "amount_minor", "undone_at")
        if row["undone_at"] is None and row["line_id"] in days
    ]
    booked = Journal.objects.in_bulk([row["journal_id"] for row in matches])
    for row in sorted(matches, key=lambda one: booked[one["journal_id"]].number):
        journal, bank_on = booked[row["journal_id"]], days[row["line_id"]]
        if (bank_on <= end) != (journal.booked_on <= end):
            what = "bank-before" if bank_on <= end else "bank-after"
            yield Exceptional(what, journal.number, bank_on, abs(row["amount_minor"]))


def _by_entry(journals: list[Journal], end: datetime.date) -> Iterator[Exceptional]:
    for journal in journals:
        entered = journal.booked_at.date()
        if journal.booked_on <= end and entered > end + datetime.timedelta(days=10):
            yield Exceptional("entered-late", journal.number, entered)
        elif entered <= end < journal.booked_on:
            yield Exceptional("dated-ahead", journal.number, entered)


def recomputation(scope: Scope, position: Position) -> Outcome:
    """Balances from transfers: every journal balances, all accounts add up to zero, funds are net assets."""
    rows = trial_balance(scope.starts_on, scope.ends_on, position.journal_number)
    exceptions = list(_unbalanced(position))
    for what, figures in (
        ("opening-off", sum(row.opening_minor for row in rows)),
        ("closing-off", sum(row.closing_minor for row in rows)),
        ("funds-off", _funds_less_places(scope, position)),
    ):
        if figures:
            exceptions.append(Exceptional(what, amount_minor=figures))
    return Outcome(
        Procedure.RECOMPUTATION,
        _(
            "The opening and closing balance of every account was added up anew from the transfers. It was"
            " tested that each journal moves funds by as much as it moves net assets, that all accounts"
            " together are zero, and that the funds are what the places hold where the money is."
        ),
        _("Accounts"),
        len(rows),
        {
            "unbalanced": _("The journal does not balance"),
            "opening-off": _("Opening balances do not add up to zero"),
            "closing-off": _("Closing balances do not add up to zero"),
            "funds-off": _("Funds differ from net assets"),
        },
        exceptions,
    )


def _unbalanced(position: Position) -> Iterator[Exceptional]:
    moved = Transfer.objects.filter(within(position.journal_number), kind__in=POSTED).order_by()
    funds = [*TRACED, AccountKind.UNCOVERED]
    sums = moved.values("journal__number").annotate(
        net=Sum("amount_minor", filter=Q(debit__kind__in=[*NET_ASSETS, *funds]), default=0)
        - Sum("amount_minor", filter=Q(credit__kind__in=[*NET_ASSETS, *funds]), default=0)
    )
    for row in sums.exclude(net=0).order_by("journal__number"):
        yield Exceptional("unbalanced", row["journal__number"], amount_minor=row["net"])


def _funds_less_places(scope: Scope, position: Position) -> int:
    moved = until(scope, position)
    funds = total(gained(moved, side=FUND_ACCOUNTS | Q(kind=AccountKind.UNCOVERED)))
    return funds + total(gained(moved, side=Q(kind__in=NET_ASSETS)))


def reconciliation(scope: Scope, position: Position) -> Outcome:
    """Books beside the bank's statements and the payment company's own balance."""
    exceptions, examined = [], 0
    for section in reconciling.sections(scope, position):
        names = [column.key for column in section.columns]
        off = names.index("unexplained" if "unexplained" in names else "difference")
        for row in section.rows:
            examined += 1
            if row[off]:
                what = "bank" if section.key == "bank" else "processor"
                exceptions.append(Exceptional(what, amount_minor=int(str(row[off])), about=str(row[0])))
    return Outcome(
        Procedure.RECONCILIATION,
        _(
            "The books were laid beside the statements of each bank account, and beside each balance"
            " transaction of the payment company, as known at this position of the log. Differences that"
            " are explained line by line stand in the funding statement; here is what no line explains."
        ),
        _("Accounts and kinds of movement"),
        examined,
        {
            "bank": _("Bank and books differ without an explanation"),
            "processor": _("Payment company and books differ"),
        },
        exceptions,
    )
