"""Which funds may pay for something, and what to do when they cannot."""

import datetime
import uuid
from collections.abc import Collection, Container
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError
from treasury import chart, drawing, lines
from treasury.currencies import amount_text
from treasury.drawing import Draw
from treasury.kinds import DRAWING_ORDER, AccountKind, Category, FundKind, VoucherKind
from treasury.models import Balance, Fund, Instalment

# Kinds that may pay for every case unless cases are named for them.
UNLISTED = (FundKind.GENERAL, FundKind.GRANT)


class NotEnoughMoney(DomainError):
    """Funds that may pay hold too little. Params: ``missing_minor``, ``missing`` (as text), ``ways_out``.

    ``ways_out`` is a list of {"code", "amount_minor", "text"}: what can be done, likeliest first.
    """

    code = "not-enough-money"
    message = _("%(missing)s are missing in the funds that may pay for this.")


class CeilingShort(NotEnoughMoney):
    """The case's approved ceiling leaves too little room."""

    code = "ceiling-short"
    message = _("The approved ceiling of this case is %(missing)s too low.")


def funds_for(
    category: Category,
    case_id: uuid.UUID | None,
    on: datetime.date,
    voucher_kind: VoucherKind | None = None,
) -> list[Fund]:
    """Open funds whose restriction allows this cost on this day, in drawing order.

    With a voucher's kind: without the grants whose funder does not accept it.
    """
    funds = Fund.objects.open().filter(kind__in=list(DRAWING_ORDER)).select_related("grant")
    fitting = [
        fund
        for fund in funds.prefetch_related("cases")
        if fund.allows(category, on)
        and fits_case(fund, category, case_id)
        and (voucher_kind is None or accepts(fund, voucher_kind))
    ]
    return sorted(fitting, key=lambda fund: (DRAWING_ORDER[FundKind(fund.kind)], fund.opened_on, fund.code))


def accepts(fund: Fund, voucher_kind: str) -> bool:
    """Whether the funder behind the fund takes this kind of voucher as evidence; anybody else does."""
    grant = getattr(fund, "grant", None)
    return grant is None or not grant.evidence or voucher_kind in grant.evidence


def fits_case(fund: Fund, category: Category, case_id: uuid.UUID | None) -> bool:
    """Whether a fund is for this case, or for running costs where there is none."""
    return fits(fund.kind, fund.categories, {row.case_id for row in fund.cases.all()}, category, case_id)


def fits(
    kind: str,
    categories: Container[str],
    listed: Collection[uuid.UUID],
    category: str,
    case_id: uuid.UUID | None,
) -> bool:
    """The same from what the fund says of itself and the cases listed for it."""
    if case_id is None:
        # Running costs: a grant must name the category, and gifts for cases are not for rent.
        named = kind == FundKind.GRANT and category in categories
        return not listed and (named or kind == FundKind.GENERAL)
    if kind in UNLISTED and not listed:
        return True
    return case_id in listed


def free_in(fund: Fund) -> int:
    """What a fund holds that is neither spent nor committed, in minor units."""
    return Balance.objects.get(account=chart.fund(fund)).free_minor


def sources(
    category: Category,
    case_id: uuid.UUID | None,
    on: datetime.date,
    voucher_kind: VoucherKind | None = None,
) -> list[tuple[Fund, int]]:
    """Funds that may pay, in drawing order, each with what it may give: of a grant what its line allows."""
    rooms = lines.Rooms(category)
    found = []
    for fund in funds_for(category, case_id, on, voucher_kind):
        free, room = free_in(fund), rooms.free(fund)
        found.append((fund, free if room is None else min(free, room)))
    return found


def draw(
    need_minor: int,
    category: Category,
    case_id: uuid.UUID | None,
    on: datetime.date,
    *,
    ahead: bool = False,
    voucher_kind: VoucherKind | None = None,
) -> list[Draw[Fund]]:
    """From which funds the amount comes. Raises NotEnoughMoney. Needs the lock of the books.

    With ``ahead`` what no fund has may rest on signed instalments, within the limits the board has set.
    """
    found = sources(category, case_id, on, voucher_kind)
    draws, missing = drawing.plan(need_minor, found)
    if missing and ahead:
        more, missing = _ahead(missing, category, [fund for fund, _free in found], draws)
        draws += more
    if missing:
        raise short_of_funds(missing, need_minor, [fund for fund, _free in found])
    return draws


def _ahead(
    need_minor: int, category: Category, funds: list[Fund], drawn: list[Draw[Fund]]
) -> tuple[list[Draw[Fund]], int]:
    """Draws on what is signed and has not come, and what is still missing."""
    rooms = lines.Rooms(category)
    taken = {one.fund.id: one.amount_minor for one in drawn}
    kept = Balance.objects.filter(
        account__kind=AccountKind.AHEAD, account__subject_id__in=[fund.id for fund in funds]
    )
    free = {row.account.subject_id: row.free_minor for row in kept.select_related("account")}
    sources = []
    for fund in funds:
        room = rooms.free(fund)
        left = free.get(fund.id, 0)
        limit = left if room is None else room - taken.get(fund.id, 0)
        sources.append((fund, min(left, limit)))
    more, missing = drawing.plan(need_minor, sources)
    return [Draw(one.fund, one.amount_minor, ahead=True) for one in more], missing


def refuse_above_ceiling(case_id: uuid.UUID, need_minor: int) -> None:
    """Raise CeilingShort if the case's ceiling leaves less room than this."""
    room = Balance.objects.get(account=chart.ceiling(case_id)).free_minor
    if room < need_minor:
        missing = need_minor - room
        ways_out = [
            way_out(
                "raise-ceiling", missing, gettext("Ask a second officer to raise the ceiling by %(amount)s.")
            ),
            way_out("lower-amount", room, gettext("Agree on %(amount)s or less.")),
        ]
        raise CeilingShort(**shortage(missing, ways_out))


def short_of_funds(missing: int, need_minor: int, funds: list[Fund]) -> NotEnoughMoney:
    """The refusal with its ways out."""
    ways_out = _from_other_funds(missing, funds) + _from_instalments(funds)
    if need_minor > missing:
        ways_out.append(
            way_out("lower-amount", need_minor - missing, gettext("Agree on %(amount)s or less."))
        )
    ways_out.append(
        way_out("ask-donors", missing, gettext("Open a campaign page for %(amount)s, or ask a funder."))
    )
    return NotEnoughMoney(**shortage(missing, ways_out))


def _from_other_funds(missing: int, funds: list[Fund]) -> list[dict[str, Any]]:
    fitting = {fund.id for fund in funds}
    words = gettext("Two people may allocate %(amount)s from the fund “%(fund)s”.")
    return [
        way_out("allocate", min(missing, free), words, fund=fund.name)
        for fund in Fund.objects.open()
        if fund.id not in fitting and (free := free_in(fund)) > 0
    ]


def _from_instalments(funds: list[Fund]) -> list[dict[str, Any]]:
    due = Instalment.objects.filter(received_on=None, grant__fund__in=funds).select_related("grant")
    words = gettext("An instalment of %(amount)s is due on %(due)s.")
    return [way_out("await-instalment", row.amount_minor, words, due=row.due_on.isoformat()) for row in due]


def way_out(code: str, amount_minor: int, words: str, **more: str) -> dict[str, Any]:
    """One thing that can be done, in words for the person who was refused."""
    text = words % {"amount": amount_text(amount_minor, chart.base_currency()), **more}
    return {"code": code, "amount_minor": amount_minor, "text": text}


def shortage(missing: int, ways_out: list[dict[str, Any]]) -> dict[str, Any]:
    """The params of a refusal."""
    text = amount_text(missing, chart.base_currency())
    return {"missing_minor": missing, "missing": text, "ways_out": ways_out}
