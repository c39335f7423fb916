"""What open lines may be: gathered from claims, journals, instalments, references, and earlier lines."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from treasury import advances
from treasury.bank.matching import Candidate, CandidateKind, Facts, Scored, rank
from treasury.bank.models import BankAccount, BankLine, Match, MatchKind, PaymentOrder, TransferReference
from treasury.kinds import POSTED, Category, ClaimStatus, JournalKind
from treasury.models import Claim, Instalment, Journal, Transfer

_BACK = datetime.timedelta(days=120)
_HINTED = {"fee": Category.BANK_FEE, "rent": Category.RENT, "salary": Category.SALARY}
SENT, ARRIVED, FAILED = "payout-sent:", "payout-arrived:", "payout-failed:"


def facts_of(line: BankLine) -> Facts:
    """A line for the solver: what is open of it, and its marks."""
    marks = line.marks
    return Facts(
        amount_minor=line.left.open_minor,
        booked_on=line.booked_on,
        references=frozenset(marks.get("references", ())),
        payees=frozenset(marks.get("payees", ())),
        hints=frozenset([*marks.get("hints", ()), *(["own"] if marks.get("own") else [])]),
        reversal=line.reversal,
    )


@dataclass
class Pool:
    """All that lines of one account may be, fetched once for a page."""

    account: BankAccount
    shared: list[Candidate] = field(default_factory=list)
    advances: list[Claim] = field(default_factory=list)

    @classmethod
    def of(cls, account: BankAccount) -> "Pool":
        """Gather it; in accounts the books do not know yet there is nothing to match."""
        if not account.code:
            return cls(account)
        shared = [*_claims(), *_journals(account), *_payouts(), *_instalments()]
        return cls(account, shared, list(advances.outstanding()))

    def suggestions(self, line: BankLine) -> list[Scored]:
        """The best five for a line that has something open."""
        if not self.account.code or not line.left.open_minor:
            return []
        of_line = [*by_reference(line, claims=False), *_own_words(line), *_given_back(line, self.advances)]
        return rank(facts_of(line), [*self.shared, *of_line])[:5]


def by_reference(line: BankLine, *, claims: bool = True) -> list[Candidate]:
    """What a line's own references name: a fund for a gift, a claim that was ordered."""
    codes = line.marks.get("references", [])
    if not codes:
        return []
    if line.left.open_minor > 0:
        live = TransferReference.objects.filter(code__in=codes)
        return [
            Candidate(CandidateKind.GIFT, str(one.pk), 1, line.booked_on, reference=one.code, any_amount=True)
            for one in live
        ]
    if not claims:
        return []
    wanted = PaymentOrder.objects.filter(end_to_end__in=codes).values("claim")
    return [*_claims(Q(pk__in=wanted)), *_journals(line.account, Q(claim__in=wanted))]


def _claims(which: Q | None = None) -> Iterable[Candidate]:
    payable = Claim.objects.payable().filter(which or Q())
    ordered = dict(
        PaymentOrder.objects.filter(withdrawn_at=None, claim__status=ClaimStatus.APPROVED).values_list(
            "claim_id", "end_to_end"
        )
    )
    for claim in payable:
        yield Candidate(
            CandidateKind.CLAIM,
            str(claim.pk),
            -claim.base_minor,
            claim.invoiced_on,
            reference=ordered.get(claim.pk, ""),
            payee=str(claim.payee_id),
        )


def unmatched(account: BankAccount) -> QuerySet[Any]:
    """Journals that moved this account's money in the books and that no line shows yet, with ``net``.

    A journal and its reversal that are both without a line undo each other and are left out.
    """
    live = Match.objects.filter(undone_at=None)
    on = Transfer.objects.filter(kind__in=POSTED, journal=OuterRef("pk"))
    code = f"bank:{account.code}"
    matched = Exists(live.filter(journal=OuterRef("pk")))
    undone = Q(reversed_in__isnull=False) & ~Exists(live.filter(journal=OuterRef("reversed_in")))
    undoes = Q(reverses__isnull=False) & ~Exists(live.filter(journal=OuterRef("reverses")))
    return (
        Journal.objects.filter(Exists(on.filter(Q(debit__code=code) | Q(credit__code=code))))
        .exclude(matched)
        .exclude(undone)
        .exclude(undoes)
        .annotate(
            net=Sum("transfers__amount_minor", filter=_posted(debit__code=code), default=0)
            - Sum("transfers__amount_minor", filter=_posted(credit__code=code), default=0)
        )
        .exclude(net=0)
    )


def _posted(**side: str) -> Q:
    return Q(transfers__kind__in=POSTED, **{f"transfers__{name}": value for name, value in side.items()})


def _journals(account: BankAccount, which: Q | None = None) -> Iterable[Candidate]:
    orders = dict(
        PaymentOrder.objects.filter(claim__paid_in__isnull=False).values_list("claim__paid_in", "end_to_end")
    )
    rows = unmatched(account).exclude(kind=JournalKind.OPENING).filter(which or Q())
    since = account.lines.order_by("booked_on").values_list("booked_on", flat=True).first()
    if since is not None:
        rows = rows.filter(booked_on__gte=since - datetime.timedelta(days=31))
    for journal in rows.annotate(payee=F("claim__payee")):
        yield Candidate(
            CandidateKind.JOURNAL,
            str(journal.pk),
            journal.net,
            journal.booked_on,
            reference=orders.get(journal.pk, ""),
            payee=str(journal.payee or ""),
            hint="stripe" if journal.kind == JournalKind.PAYOUT else "",
        )


def payouts_on_the_way() -> list[tuple[Journal, int]]:
    """Payouts that left the processor and that no bank line shows, with their amounts."""
    sent = Journal.objects.filter(kind=JournalKind.PAYOUT, key__startswith=SENT, reversed_in=None)
    ends = Journal.objects.filter(Q(key__startswith=ARRIVED) | Q(key__startswith=FAILED), reversed_in=None)
    over = {key.partition(":")[2].partition("/")[0] for key in ends.values_list("key", flat=True)}
    rows = sent.annotate(total=Sum("transfers__amount_minor"))
    return [(row, row.total) for row in rows if row.key.partition(":")[2] not in over]


def _payouts() -> Iterable[Candidate]:
    for journal, amount in payouts_on_the_way():
        yield Candidate(CandidateKind.JOURNAL, str(journal.pk), amount, journal.booked_on, hint="stripe")


def _instalments() -> Iterable[Candidate]:
    for row in Instalment.objects.filter(received_on=None):
        yield Candidate(CandidateKind.INSTALMENT, str(row.pk), row.amount_minor, row.due_on)


def _own_words(line: BankLine) -> Iterable[Candidate]:
    """What only this line's own marks, and the lines before it, can tell."""
    open_minor = line.left.open_minor
    sign = 1 if open_minor > 0 else -1
    for own in line.marks.get("own", ()):
        yield Candidate(CandidateKind.OWN, own, sign, line.booked_on, hint="own", any_amount=True)
    if open_minor < 0:
        for hint, category in _HINTED.items():
            if hint in line.marks.get("hints", ()):
                known = _seen_before(line, category)
                yield Candidate(
                    CandidateKind.COST,
                    category.value,
                    -1,
                    line.booked_on,
                    hint=hint,
                    seen_before=known,
                    any_amount=True,
                )
    yield from _undone_by(line)


def _given_back(line: BankLine, open_ones: Iterable[Claim]) -> Iterable[Candidate]:
    """Open advances that a credit may give back: all that is left, or any part from their payee's account."""
    if line.left.open_minor <= 0:
        return
    for advance in open_ones:
        payee = str(advance.payee_id)
        yield Candidate(
            CandidateKind.ADVANCE,
            str(advance.pk),
            advance.left_minor,  # type: ignore[attr-defined]  # outstanding adds it
            line.booked_on,
            payee=payee,
            any_amount=payee in line.marks.get("payees", ()),
        )


def _seen_before(line: BankLine, category: Category) -> bool:
    """Whether the same amount was booked as this cost in the last months."""
    since = line.booked_on - _BACK
    before = Match.objects.filter(undone_at=None, kind=MatchKind.COST, amount_minor=line.amount_minor)
    return before.filter(
        line__booked_on__range=(since, line.booked_on), journal__transfers__category=category
    ).exists()


def _undone_by(line: BankLine) -> Iterable[Candidate]:
    """Earlier matches that this line may give back."""
    earlier = Match.objects.filter(
        undone_at=None,
        amount_minor=-line.left.open_minor,
        line__account=line.account,
        line__booked_on__range=(line.booked_on - _BACK, line.booked_on),
        journal__reversed_in=None,
    ).exclude(kind__in=[MatchKind.RETURN, MatchKind.PAYOUT])
    told = "returned" in line.marks.get("hints", ()) or line.reversal
    for match in earlier.select_related("line"):
        payees = match.line.marks.get("payees", [""])
        yield Candidate(
            CandidateKind.RETURN,
            str(match.pk),
            line.left.open_minor,
            match.line.booked_on,
            payee=payees[0] if payees else "",
            hint="returned" if told else "",
        )


def as_uuid(key: str) -> uuid.UUID | None:
    """The id that a candidate's key is, or None."""
    try:
        return uuid.UUID(key)
    except ValueError:
        return None
