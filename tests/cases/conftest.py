"""People, lists and money that the tests of cases begin with, made by the real actions."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from cases.actions.intake import receive_case
from cases.actions.reference import load_reference
from cases.actions.status import change_status
from cases.intake.articles import ArticleRef
from cases.intake.facts import HearingFact, Intake
from cases.kinds import CaseStatus
from cases.models import Case
from lawyers.actions.panel import Practice, add_lawyer
from lawyers.models import Lawyer
from tests import people
from treasury.actions.funds import book_opening_balance, open_fund
from treasury.kinds import FundKind
from treasury.models import Fund

COURT = "by-homel-city-tsentralny"


@pytest.fixture
def coordinator(db: None) -> User:
    return people.coordinator()


@pytest.fixture
def colleague(db: None) -> User:
    return people.coordinator("hazel")


@pytest.fixture
def officer(db: None) -> User:
    return people.second_officer()


@pytest.fixture
def reference(db: None, at: datetime.datetime) -> None:
    load_reference(by=people.SETUP, at=at)


Receive = Callable[..., Case]


@pytest.fixture
def receive(coordinator: User, reference: None, at: datetime.datetime) -> Receive:
    """Take in a case; ``days`` sets a hearing in so many days at 10:00, ``seeking`` makes it eligible."""

    def make(
        name: str = "Каваленка Алена Пятроўна",
        *,
        days: float | None = 5,
        by: User | None = None,
        seeking: bool = True,
        **known: Any,
    ) -> Case:
        if days is not None and "hearing" not in known:
            known["hearing"] = HearingFact(at + datetime.timedelta(days=days))
        known.setdefault("articles", (ArticleRef("342", "1"),))
        known.setdefault("contacts", "sister, by message")
        known.setdefault("court", COURT)
        case = receive_case(intake=Intake(name=name, **known), by=by or coordinator, at=at)
        if seeking:
            for step in (CaseStatus.ELIGIBLE, CaseStatus.SEEKING):
                change_status(case=case, to=step, by=by or coordinator, at=at)
        return case

    return make


AddLawyer = Callable[..., Lawyer]


@pytest.fixture
def lawyer(coordinator: User, at: datetime.datetime) -> AddLawyer:
    """A lawyer of the panel with a licence and the region of ``COURT``; anything else may be said."""

    def make(code_name: str = "Heron-03", **known: Any) -> Lawyer:
        practice = Practice(
            licence_status=known.pop("licence", "active"),
            licence_from_on=datetime.date(2020, 1, 1),
            licence_until_on=known.pop("until", None),
            coverage=known.pop("coverage", (("homel", "", False),)),
            competences=known.pop("competences", ()),
            max_open=known.pop("max_open", 5),
        )
        return add_lawyer(code_name=code_name, practice=practice, by=coordinator, at=at, **known)

    return make


@pytest.fixture
def fund(coordinator: User, at: datetime.datetime) -> Callable[[int], Fund]:
    """The general fund, holding so many minor units."""

    def make(amount_minor: int) -> Fund:
        general = open_fund(code="general", name="General fund", kind=FundKind.GENERAL, by=coordinator, at=at)
        book_opening_balance(
            fund=general, amount_minor=amount_minor, on=timezone.localdate(at), by=coordinator, at=at
        )
        return general

    return make
