"""Who sees which claims and payees, and what one person reads before deciding a claim."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.approvals import DECIDES
from accounts.models import Approval, User
from audit.history import history_model
from cases.models import Case
from treasury import advances, chart, commitments
from treasury.actions.claims import needs_second_person
from treasury.kinds import AccountKind, ClaimStatus
from treasury.models import Balance, Claim, Payee
from web.pieces import Text


def claims_for(user: User, at: datetime.datetime) -> QuerySet[Claim]:
    """All for the money room; for others those they entered and those on cases they may open."""
    if user.has("money.see"):
        return Claim.objects.visible_to(user)
    if not user.has("claims.see"):
        return Claim.objects.none()
    theirs = Q(entered_by=user.actor_id) | Q(case_id__in=Case.objects.open_to(user, at).values("id"))
    return Claim.objects.filter(theirs)


def payees_for(user: User, at: datetime.datetime) -> QuerySet[Payee]:
    """All for the money room; for others those they added and those of claims they see."""
    if user.has("money.see"):
        every: QuerySet[Payee] = Payee.objects.visible_to(user)
        return every
    if not user.has("claims.enter"):
        return Payee.objects.none()
    added = history_model(Payee)._base_manager.filter(history_type="+", history_user_id=user.actor_id)
    theirs = Q(pk__in=added.values("id")) | Q(pk__in=claims_for(user, at).values("payee"))
    return Payee.objects.filter(theirs)


def cases_for(user: User, at: datetime.datetime) -> QuerySet[Case]:
    """Cases a claim may be entered for: the treasurer knows them by the reference on the voucher."""
    return Case.objects.all() if user.has("money.see") else Case.objects.open_to(user, at)


_NEAR = datetime.timedelta(days=10)


@dataclass(frozen=True)
class Check:
    """One thing the system looked at; ``ok`` False is what the person must mind."""

    ok: bool
    text: Text
    more: Text = ""


@dataclass(frozen=True)
class Decision:
    """What this person can do with this claim now."""

    two_people: bool
    asked: Approval | None
    may_ask: bool
    may_decide: bool
    may_approve: bool
    may_reject: bool
    may_pay: bool


def decision_on(claim: Claim, user: User, at: datetime.datetime) -> Decision:
    """Which buttons stand on the claim's page; the actions themselves refuse all the same."""
    entered = claim.status == ClaimStatus.ENTERED
    two = entered and needs_second_person(claim, at.date())
    asked = open_request(claim.pk, at) if two else None
    first = any(user.has(name) for name in ("claims.enter", "money.pay", "money.approve"))
    agreed = asked is not None and asked.state == "approved"
    return Decision(
        two_people=two,
        asked=asked,
        may_ask=two and asked is None and first,
        may_decide=asked is not None and not agreed and asked.asked_by_id != user.pk and _decides(user),
        may_approve=_may_approve(claim, user, two, asked, first) if entered else False,
        may_reject=claim.status in (ClaimStatus.ENTERED, ClaimStatus.APPROVED)
        and (user.has("money.approve") or user.has("money.pay")),
        may_pay=claim.status == ClaimStatus.APPROVED and user.has("money.pay"),
    )


def _may_approve(claim: Claim, user: User, two: bool, asked: Approval | None, first: bool) -> bool:
    if not two:
        return user.has("money.approve") and not (claim.closes_id and claim.entered_by == user.actor_id)
    return asked is not None and asked.state == "approved" and asked.decided_by_id != user.pk and first


def _decides(user: User) -> bool:
    return user.has(DECIDES["claim"])


@dataclass(frozen=True)
class AdvanceSight:
    """How an advance stands; amounts in minor units of the currency of the books."""

    paid: bool
    left_minor: int
    done_minor: int
    late: bool
    vouchers: Sequence[tuple[Claim, Text]]
    may_vouch: bool


def advance_of(claim: Claim, user: User, on: datetime.date) -> AdvanceSight | None:
    """What the page of an advance shows besides; None for another claim."""
    if claim.vouchers_due_on is None:
        return None
    paid = claim.status in advances.PAID
    left = advances.left_minor(claim) if paid else 0
    rows = [
        (row, _("Counted") if row.status in advances.PAID else row.get_status_display())
        for row in claim.vouchers.order_by("-invoiced_on", "pk")
    ]
    return AdvanceSight(
        paid=paid,
        left_minor=left,
        done_minor=claim.base_minor - left if paid else 0,
        late=bool(left) and claim.vouchers_due_on < on,
        vouchers=rows,
        may_vouch=any(user.has(name) for name in ("claims.enter", "money.pay")),
    )


def open_request(claim_id: uuid.UUID, at: datetime.datetime) -> Approval | None:
    """The request for a second person that still counts."""
    live = Approval.objects.filter(kind="claim", object_id=claim_id, state__in=["asked", "approved"])
    found: Approval | None = live.filter(until__gt=at).order_by("-asked_at").first()
    return found


def checks_of(claim: Claim, user: User, at: datetime.datetime) -> list[Check]:
    """What was checked, in the order of ui/12."""
    found = [_by_another(claim, user), _route(claim), _duplicates(claim)]
    if claim.closes is not None:
        return [*found, *([_of_advance(claim, claim.closes)] if claim.status == ClaimStatus.ENTERED else [])]
    found += [_agreed(claim)] if claim.status in (ClaimStatus.ENTERED, ClaimStatus.APPROVED) else []
    late = advances.blocked(claim, at.date())
    if late:
        found.append(Check(False, _("An earlier advance of this payee is late"), _("Two people decide.")))
    if claim.case_id is not None and claim.commitment_id is None:
        found.append(_ceiling(claim))
    if claim.status == ClaimStatus.ENTERED and not late:
        found.append(_tariff(claim, at.date()))
    return found


def _of_advance(claim: Claim, advance: Claim) -> Check:
    counts = advances.counts_minor(claim, advance)
    if not counts:
        return Check(False, _("Nothing is left of the advance"), _("Reject it, and claim it by itself."))
    if counts < claim.amount_minor and claim.currency == chart.base_currency():
        more = _("What the voucher says above that is not owed unless it is claimed.")
        return Check(True, _("Counts for what is left of the advance"), more)
    return Check(True, _("Within the advance"), _("Accepting it makes that part a cost."))


def _by_another(claim: Claim, user: User) -> Check:
    if claim.entered_by == user.actor_id:
        return Check(False, _("You entered it"), _("Better somebody else decides."))
    return Check(True, _("You did not enter it"))


def _route(claim: Claim) -> Check:
    payee = claim.payee
    if payee.checked_on is None:
        return Check(False, _("Nobody has checked this payee"), _("It cannot be paid before that."))
    return Check(True, _("The payee was checked"), _("Country %s.") % payee.country)


def _duplicates(claim: Claim) -> Check:
    """Number, file, day and amount are refused when it is entered; the same fee asked for by two is not."""
    days = (claim.invoiced_on - _NEAR, claim.invoiced_on + _NEAR)
    others = Claim.objects.exclude(status=ClaimStatus.REJECTED).exclude(pk__in=[claim.pk, claim.closes_id])
    alike = others.filter(
        amount_minor=claim.amount_minor,
        currency=claim.currency,
        invoiced_on__range=days,
        case_id=claim.case_id,
    ).exclude(Q(closes=claim.pk) | Q(closes__isnull=False, closes=claim.closes_id))
    if claim.case_id is not None and alike.exclude(payee=claim.payee_id).exists():
        more = _("Somebody else claims as much for this case within ten days. Compare the vouchers.")
        return Check(False, _("Maybe claimed by two"), more)
    return Check(True, _("Not a duplicate"), _("No other claim has this number, file, or day and amount."))


def _agreed(claim: Claim) -> Check:
    agreed = claim.commitment
    if agreed is None:
        return Check(False, _("Nothing was committed for it"), _("Approving it reserves the money first."))
    left = agreed.most_minor - commitments.paid_minor(agreed) - commitments.out_minor(agreed)
    if claim.base_minor > left:
        return Check(False, _("Above the commitment and its tolerance"), _("Raise the commitment first."))
    return Check(True, _("Within the commitment and its tolerance"))


def _ceiling(claim: Claim) -> Check:
    known = Balance.objects.filter(account__kind=AccountKind.CEILING, account__subject_id=claim.case_id)
    kept = known.first()
    room = kept.free_minor if kept else 0
    if room < claim.base_minor:
        return Check(False, _("Above the ceiling of the case"), _("Ask a second officer to raise it."))
    return Check(True, _("Within the ceiling of the case"))


def _tariff(claim: Claim, on: datetime.date) -> Check:
    if needs_second_person(claim, on):
        return Check(False, _("Above the tariff"), _("A second person decides."))
    return Check(True, _("Within the tariff or a standing authority"), _("One person may approve it."))
