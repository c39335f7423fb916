"""Shared by the tests of the Counsel tab: lawyers, a standing authority, and answers that are sent."""

import datetime
from typing import Any

import pytest
from django.http import HttpResponse

from cases.models import Case
from lawyers.actions import panel
from lawyers.models import Lawyer
from tests.treasury.world import AT, TODAY, World
from tests.web.desk_cases import Desk, words
from treasury.actions import authorities
from treasury.kinds import Category
from treasury.models import StandingAuthority


def lawyer(desk: Desk, code_name: str = "Heron-03", **known: Any) -> Lawyer:
    practice = panel.Practice(
        licence_status=known.pop("licence", "active"),
        licence_from_on=datetime.date(2020, 1, 1),
        coverage=known.pop("coverage", (("homel", "", False),)),
        competences=known.pop("competences", (("protest", 5, "first"),)),
        max_open=known.pop("max_open", 4),
    )
    return panel.add_lawyer(
        code_name=code_name, practice=practice, languages="be ru", by=desk.alder, at=desk.at, **known
    )


def standing(world: World, monthly_minor: int = 100_000, most_minor: int = 9_000) -> StandingAuthority:
    """A tariff of one line, and an authority under it for this year."""
    tariff = world.tariff((Category.FEE, "", most_minor))
    terms: dict[str, Any] = {
        "monthly_minor": monthly_minor,
        "valid_from": TODAY,
        "valid_until": TODAY + datetime.timedelta(days=300),
    }
    world.approve("standing-authority", tariff.pk, authorities.authority_terms(**terms))
    return authorities.grant_standing_authority(tariff=tariff, **terms, by=world.treasurer, at=AT)


@pytest.fixture(name="world")
def funded_world(desk: Desk) -> World:
    """1,000.00 in the general fund, and a standing authority for fees up to 90.00."""
    found = World.made()
    standing(found)
    return found


def answer(case: Case, lawyer: Lawyer, what: str, **more: Any) -> dict[str, Any]:
    """What the form of one lawyer sends."""
    return {"lawyer": lawyer.pk, "role": "lead", "answer": what, "via": "phone", **more}


def send(desk: Desk, case: Case, lawyer: Lawyer, what: str, **more: Any) -> str:
    """Record an answer that is taken; the next page's words."""
    return desk.done(desk.alder, "case-counsel", case.pk, **answer(case, lawyer, what, **more))


def refused(desk: Desk, case: Case, lawyer: Lawyer, what: str, **more: Any) -> HttpResponse:
    found = desk.post(desk.alder, "case-counsel", case.pk, **answer(case, lawyer, what, **more))
    assert found.status_code == 200
    assert "There is a problem" in words(found)
    return found


def under(world: World) -> str:
    return str(StandingAuthority.objects.get().pk)
