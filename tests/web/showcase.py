"""A fund at work, as the public sees it: a campaign, known trials, budgets that lack money. Real actions."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.approvals import decide_approval, request_approval
from accounts.models import User
from cases.actions.intake import receive_case
from cases.actions.people import add_authority
from cases.actions.reference import KnownTrialFact, add_known_trials, load_reference
from cases.coverage import published_quarter
from cases.intake.facts import Intake
from cases.kinds import AuthorityKind, Basis, DefendedBy, Relation
from cases.models import Case, Court
from donations.actions import campaigns
from donations.models import CampaignPage
from lawyers.intake.cells import PartialDate
from tests import people
from tests.web.visitors import LONG_AGO, NOW
from treasury.actions.ceilings import approve_ceiling, ceiling_terms
from treasury.actions.funds import open_fund
from treasury.actions.gifts import book_gift, close_batches_due
from treasury.kinds import FundKind
from treasury.models import Fund

WORDS = (
    campaigns.Words(
        "en",
        "Medical staff",
        "Seven people: nurses, doctors, a paramedic. They treated people who had been beaten.",
        "Some were taken from their wards, some from their homes.\n\nThe evidence is alike: a photograph.",
    ),
    campaigns.Words(
        "be",
        "Медыкі",
        "Сем чалавек: медсёстры, лекары, фельчар. Яны лячылі збітых людзей.",
        "Адных забралі проста з палат, другіх з дому.\n\nДоказы падобныя: фотаздымак.",
    ),
)


@dataclass
class Office:
    """Who works here."""

    coordinator: User
    treasurer: User
    officer: User

    @classmethod
    def made(cls) -> "Office":
        """A coordinator, a treasurer and a second officer; courts and articles are loaded."""
        load_reference(by=people.SETUP, at=LONG_AGO)
        return cls(people.coordinator(), people.treasurer(), people.second_officer())

    def approve(self, kind: str, object_id: uuid.UUID, payload: dict[str, object], asks: User) -> None:
        asked = request_approval(kind=kind, object_id=object_id, payload=payload, by=asks, at=LONG_AGO)
        decide_approval(approval=asked, agrees=True, by=self.officer, at=LONG_AGO)

    def cases(self, count: int = 7, *, agreed: bool = True, ceiling_minor: int = 0) -> list[Case]:
        """Cases of invented people; ``agreed`` to stand on a page under their code names."""
        found = []
        for number in range(count):
            intake = Intake(name=f"Вігоўскі Пробны {uuid.uuid4().hex[:6]} {number}", contacts="sister")
            case = receive_case(intake=intake, by=self.coordinator, at=LONG_AGO)
            if agreed:
                self.agree(case)
            if ceiling_minor:
                self.ceiling(case, ceiling_minor)
            found.append(case)
        return found

    def agree(self, case: Case) -> None:
        add_authority(
            client=case.client, kind=AuthorityKind.PUBLISH_CODED, basis=Basis.SPOKEN,
            relation=Relation.SIBLING, given_on=LONG_AGO.date(), by=self.coordinator, at=LONG_AGO,
        )  # fmt: skip

    def ceiling(self, case: Case, amount_minor: int) -> None:
        lines = {"fee": amount_minor}
        self.approve("ceiling", case.id, ceiling_terms(lines), self.treasurer)
        approve_ceiling(case_id=case.id, lines=lines, by=self.treasurer, at=LONG_AGO)

    def campaign(
        self,
        cases: Sequence[Case],
        *,
        slug: str = "medics",
        words: Sequence[campaigns.Words] = WORDS,
        publish: bool = True,
        closes_on: datetime.date | None = None,
    ) -> CampaignPage:
        """A campaign page for these cases with a goal of 14,000.00."""
        fund = open_fund(
            code=slug, name="Campaign", kind=FundKind.CAMPAIGN, case_ids=[case.id for case in cases],
            by=self.treasurer, at=LONG_AGO,
        )  # fmt: skip
        page = campaigns.draft_campaign(
            fund=fund, slug=slug, goal_minor=1_400_000, words=list(words), closes_on=closes_on,
            by=self.officer, at=LONG_AGO,
        )  # fmt: skip
        if publish:
            self.approve("campaign", page.pk, campaigns.payload(page), self.coordinator)
            page = campaigns.publish_campaign(page=page, by=self.coordinator, at=LONG_AGO)
        return page


def gifts(fund: Fund, count: int, *, net_minor: int = 9_315, close: bool = False) -> None:
    """Gifts of an earlier day; ``close`` closes every batch that is large and old enough."""
    for _ in range(count):
        book_gift(
            source_id=f"txn_{uuid.uuid4().hex}", fund=fund, gross_minor=net_minor + 150, fee_minor=150,
            net_minor=net_minor, on=LONG_AGO.date(), by=people.SETUP, at=LONG_AGO,
        )  # fmt: skip
    if close:
        close_batches_due(by=people.SETUP, at=NOW)


def trials(
    today: datetime.date, *, panel: int = 0, own: int = 0, appointed: int = 0, none: int = 0, unknown: int = 0
) -> None:
    """Known trials of the quarter that may be shown on this day."""
    starts = PartialDate(published_quarter(today)[0])
    court = Court.objects.order_by("code").first()
    assert court is not None
    counts = {
        DefendedBy.PANEL: panel, DefendedBy.OWN: own, DefendedBy.APPOINTED: appointed, DefendedBy.NONE: none,
        DefendedBy.UNKNOWN: unknown,
    }  # fmt: skip
    facts = [
        KnownTrialFact(court=court.code, starts=starts, articles="342", source="list", defended_by=who)
        for who, count in counts.items()
        for _ in range(count)
    ]
    add_known_trials(trials=facts, by=people.SETUP, at=LONG_AGO)
