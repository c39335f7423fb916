"""Procedures on claims and payments: duplicates, double funding, segregation of duties, rates, documents."""

import datetime
import json
import uuid
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from accounts.models import Approval
from audit.history import history_model
from audit.models import Event, EventSubject
from reports.audit_pack.pairs import Known, claims_at, documents_at, doubles
from reports.audit_pack.procedures import Procedure
from reports.audit_pack.writing import Exceptional, Outcome
from reports.double_funding import finding as double_funding
from reports.known import versions_at, written_by
from reports.scope import Position, Scope
from treasury import chart
from treasury.currencies import exponent
from treasury.models import Commitment, Exchange, Journal, Tariff, TariffLine

FARTHEST = Decimal("0.1")  # a rate further than this from its neighbours is named


def paid_claims(scope: Scope, position: Position) -> list[Known]:
    """Claims paid in the period, in the order of their journals."""
    rows = [row for row in claims_at(position) if row["journal"] and row["paid_on"] is not None]
    inside = [row for row in rows if scope.starts_on <= row["paid_on"] <= scope.ends_on]
    return sorted(inside, key=lambda row: row["journal"])


def duplicates(scope: Scope, position: Position) -> Outcome:
    """Vouchers that were claimed twice, one of the two at least in the period."""
    days = (scope.starts_on, scope.ends_on)
    exceptions = [
        Exceptional(
            pair.why, pair.journal, pair.second["invoiced_on"], pair.second["base_minor"],
            f"{pair.first['id']} {pair.second['id']}",
        )
        for pair in doubles(position)
        if any(
            days[0] <= (row["paid_on"] or row["invoiced_on"]) <= days[1] for row in (pair.first, pair.second)
        )
    ]  # fmt: skip
    return Outcome(
        Procedure.DUPLICATES,
        _(
            "All claims that were not rejected were compared in pairs: by the hash of each document, by the"
            " payee's own number, and by payee, case, amount and currency within ten days."
        ),
        _("Claims"),
        len(claims_at(position)),
        {
            "same-document": _("Two claims rest on the same document"),
            "same-number": _("Two claims have the payee's same number"),
            "alike": _("Same payee, case and amount within ten days"),
        },
        exceptions,
    )


def double_funded(scope: Scope, position: Position) -> Outcome:
    """What the reports of two funders could both count."""
    days = dict(Journal.objects.values_list("number", "booked_on"))
    exceptions = [
        Exceptional(one.why, one.journal, days.get(one.journal), one.amount_minor, " / ".join(one.funds))
        for one in double_funding.found(position)
        if one.journal not in days or scope.starts_on <= days[one.journal] <= scope.ends_on
    ]
    return Outcome(
        Procedure.DOUBLE_FUNDING,
        _(
            "The transfers that each funder's report counts were collected and compared with those of every"
            " other. It was tested that each transfer names the fund it leaves, that no journal charges funds"
            " with more than was spent, and that no two claims on what looks like one voucher were paid by"
            " different funds."
        ),
        _("Payments"),
        len(paid_claims(scope, position)),
        {
            double_funding.TWICE: _("Counted by the reports of two funders"),
            double_funding.ASTRAY: _("Leaves one fund and names another"),
            double_funding.ABOVE: _("Charged to funds for more than was spent"),
            double_funding.SAME_VOUCHER: _("What looks like one voucher was paid by different funds"),
        },
        exceptions,
    )


def segregation(scope: Scope, position: Position) -> Outcome:
    """Who entered, approved and paid each claim; what the log says of the approval."""
    rows = paid_claims(scope, position)
    payers = dict(
        Journal.objects.filter(pk__in=[row["paid_in_id"] for row in rows]).values_list("pk", "booked_by")
    )
    approvals = _approvals(position, [row["id"] for row in rows])
    needs = _Needs(position)
    exceptions = [
        Exceptional(what, row["journal"], row["paid_on"], row["base_minor"], str(row["id"]))
        for row in rows
        for what in _duties(row, payers[row["paid_in_id"]], approvals.get(row["id"]), needs)
    ]
    return Outcome(
        Procedure.SEGREGATION,
        _(
            "For each claim paid in the period the people who entered, approved and paid it were compared, by"
            " opaque ids. Its approval was looked for in the log; above tariff and standing authority also"
            " the second person's, with the request that they decided."
        ),
        _("Claims paid"),
        len(rows),
        {
            "no-approval": _("The log knows no approval of it"),
            "no-second": _("It needed a second approval, and the log knows none"),
            "second-unknown": _("A second person is named, and the log knows no decision of theirs"),
            "one-person": _("One person entered, approved and paid it"),
            "approver-paid": _("Whoever approved it alone paid it"),
            "entered-and-approved": _("Whoever entered it approved it alone"),
        },
        exceptions,
    )


def _approvals(position: Position, claim_ids: list[uuid.UUID]) -> dict[uuid.UUID, bool]:
    """Claims that the log knows as approved -> whether a second person's decision was used up for it."""
    wanted = {str(key): key for key in claim_ids}
    subjects = EventSubject.objects.filter(
        subject_id__in=list(wanted), event__kind="claim.approved", event__seq__lt=position.log_size
    )
    events = Event.objects.filter(seq__in=subjects.values("event")).values_list("body", flat=True)
    decided = written_by(
        history_model(Approval)._default_manager.filter(kind="claim", state="used", object_id__in=claim_ids),
        position.log_size,
    )
    used = set(decided.values_list("object_id", flat=True))
    found: dict[uuid.UUID, bool] = {}
    for body in events:
        for subject in json.loads(body)["subjects"]:
            if subject in wanted:
                found[wanted[subject]] = wanted[subject] in used
    return found


def _duties(row: Known, payer: str, second_decided: bool | None, needs: "_Needs") -> Iterator[str]:
    entered, approved, second = row["entered_by"], row["approved_by"], row["second_by"]
    if second_decided is None:
        yield "no-approval"
    if row["closes_id"] is not None:  # a voucher of an advance: accepting it is all there is to do
        if entered == approved:
            yield "entered-and-approved"
        return
    if not second and needs.second(row):
        yield "no-second"
    if second and not second_decided:
        yield "second-unknown"
    if not second and entered == approved == payer:
        yield "one-person"
    elif not second and approved == payer:
        yield "approver-paid"
    elif not second and entered == approved:
        yield "entered-and-approved"


class _Needs:
    """When a second person had to approve, by tariffs and authorities as known at the position."""

    def __init__(self, position: Position) -> None:
        tariffs = versions_at(Tariff, position.log_size, "valid_from", "valid_until")
        self._days = {row["id"]: (row["valid_from"], row["valid_until"]) for row in tariffs}
        self._lines = list(
            versions_at(TariffLine, position.log_size, "tariff_id", "category", "amount_minor")
        )
        commitments = versions_at(Commitment, position.log_size, "amount_minor", "authority_id")
        self._by_authority = {
            row["id"]: row["amount_minor"] for row in commitments if row["authority_id"] is not None
        }

    def second(self, claim: Known) -> bool:
        """Whether neither a tariff nor a standing authority covered it on the day it was paid."""
        authorised = self._by_authority.get(claim["commitment_id"])
        if authorised is not None and claim["base_minor"] <= authorised:
            return False
        return not any(
            line["category"] == claim["category"]
            and line["amount_minor"] >= claim["base_minor"]
            and self._in_force(line["tariff_id"], claim["paid_on"])
            for line in self._lines
        )

    def _in_force(self, tariff_id: uuid.UUID, on: datetime.date) -> bool:
        begins, ends = self._days[tariff_id]
        return bool(begins <= on and (ends is None or on <= ends))


def rates(scope: Scope, position: Position) -> Outcome:
    """Rates of claims and of bank lines in other currencies, each beside the one before it."""
    used = _rates(scope, position)
    exceptions = []
    before: dict[str, Decimal] = {}
    for on, currency, rate, journal, minor, inside in used:
        last = before.get(currency)
        if inside and last is not None and abs(rate / last - 1) > FARTHEST:
            exceptions.append(Exceptional("jump", journal, on, minor, f"{currency} {last:f} {rate:f}"))
        before[currency] = rate
    return Outcome(
        Procedure.RATES,
        _(
            "The rate behind every paid claim and every bank line in another currency was worked out and"
            " compared with the one used before in that currency. Named is what differs by more than a tenth."
        ),
        _("Rates in the period"),
        sum(1 for row in used if row[-1]),
        {"jump": _("The rate differs by more than a tenth from the one before")},
        exceptions,
    )


_Rate = tuple[datetime.date, str, Decimal, int, int, bool]


def _rates(scope: Scope, position: Position) -> list[_Rate]:
    base, found = chart.base_currency(), []
    for row in claims_at(position):
        if row["currency"] != base and row["journal"]:
            shift = exponent(row["currency"]) - exponent(base)
            rate = Decimal(row["base_minor"]).scaleb(shift) / row["amount_minor"]
            found.append((row["paid_on"], row["currency"], rate, row["journal"], row["base_minor"]))
    kept = written_by(Exchange.objects.all(), position.log_size)
    for on, currency, rate, journal, minor in kept.values_list(
        "rate_on", "currency", "rate", "journal__number", "base_minor"
    ):
        found.append((on, currency, Decimal(rate), journal, abs(minor)))
    found.sort(key=lambda row: (row[1], row[0], row[3]))
    return [
        (on, code, round(rate, 6), journal, minor, scope.starts_on <= on <= scope.ends_on)
        for on, code, rate, journal, minor in found
    ]


def documents(scope: Scope, position: Position) -> Outcome:
    """What proves each payment: kept documents by claim."""
    rows, kept = paid_claims(scope, position), documents_at(position)
    held: dict[bool, int] = defaultdict(int)
    for row in rows:
        held[row["id"] in kept] += 1
    exceptions = [
        Exceptional(
            "hash-only" if row["voucher_sha256"] else "none",
            row["journal"], row["paid_on"], row["base_minor"], str(row["id"]),
        )
        for row in rows
        if row["id"] not in kept
    ]  # fmt: skip
    return Outcome(
        Procedure.DOCUMENTS,
        _(
            "For each claim paid in the period it was looked up whether a document is kept under seal. The"
            " hash of each kept document is in the log; whether the files still have it stands in the last"
            " procedure."
        ),
        _("Claims paid"),
        len(rows),
        {
            "none": _("No document and no hash of one"),
            "hash-only": _("The hash of a document is recorded, the document is not kept"),
        },
        exceptions,
    )
