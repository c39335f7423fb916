"""Small books with gifts, a grant and a running cost, through the real actions."""

import datetime

from tests import people
from treasury.actions.funds import open_fund
from treasury.actions.gifts import book_gift
from treasury.kinds import FundKind
from treasury.models import Fund

AT = people.START


def general(name: str = "General fund") -> Fund:
    return open_fund(code="general", name=name, kind=FundKind.GENERAL, by=people.SETUP, at=AT)


def gift(fund: Fund, source: str, gross_minor: int = 10_000, on: datetime.date | None = None) -> None:
    fee = gross_minor * 3 // 200 + 25
    book_gift(
        source_id=source,
        fund=fund,
        gross_minor=gross_minor,
        fee_minor=fee,
        net_minor=gross_minor - fee,
        on=on,
        by=people.SETUP,
        at=AT,
    )
