"""The desk's rooms of cases as their readers see them: no script, phone and desk, axe finds nothing."""

from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from cases.actions.costs import open_budget
from cases.actions.intake import receive_case
from cases.actions.office import add_note, add_task
from cases.actions.people import add_authority
from cases.actions.reference import KnownTrialFact, add_known_trials, load_reference
from cases.intake.articles import ArticleRef
from cases.intake.facts import HearingFact, Intake
from cases.kinds import AuthorityKind, Basis, DefendedBy, Relation
from cases.models import Case
from lawyers.intake.cells import PartialDate
from tests import people
from tests.browser.conftest import KeepScreen, NewVisitor, RequireAccessible
from tests.browser.steps import follow
from treasury.kinds import Category
from vault.reading import reading

COURT = "by-homel-city-tsentralny"


def signed_in(page: Page, address: str, user: User) -> None:
    """Give the browser the session of somebody who signed in."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[configured.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": cookie, "url": address}])


def a_case(user: User, name: str, days: int) -> Case:
    """Somebody with a hearing, everything about whom is known a little."""
    at = timezone.now()
    intake = Intake(
        name=name,
        contacts="sister, by message",
        court=COURT,
        articles=(ArticleRef("342", "1"),),
        detained=PartialDate(at.date() - timezone.timedelta(days=20)),
        hearing=HearingFact(at + timezone.timedelta(days=days)),
        summary="Told by a relative.",
    )
    case = receive_case(intake=intake, by=user, at=at)
    with reading(user.actor_id, "test"):
        add_note(case=case, text="The sister calls on Fridays.", by=user, at=at)
        add_task(owner=user, text="Call the sister", case=case, due_on=at.date(), by=user, at=at)
        add_authority(
            client=case.client,
            kind=AuthorityKind.PAY,
            basis=Basis.SPOKEN,
            relation=Relation.SIBLING,
            given_on=at.date(),
            by=user,
            at=at,
        )
    open_budget(case=case, lines={Category.FEE: 90_000}, by=user, at=at)
    return case


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_every_page_of_cases_is_readable_on_phone_and_desk(
    live_server: Any,
    settings: Any,
    new_visitor: NewVisitor,
    keep_screen: KeepScreen,
    require_accessible: RequireAccessible,
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.SECURE_SSL_REDIRECT = False
    at = timezone.now()
    load_reference(by=people.SETUP, at=at)
    alder, hazel = people.coordinator(), people.coordinator("hazel")
    case, hers = a_case(alder, "Каваленка Алена Пятроўна", 1), a_case(hazel, "Ліс Лада", 9)
    add_known_trials(
        trials=[
            KnownTrialFact(
                court=COURT,
                starts=PartialDate(at.date()),
                articles="342",
                source="a monitor’s list",
                defended_by=DefendedBy.NONE,
            )
        ],
        by=alder,
        at=at,
    )
    page = new_visitor()
    signed_in(page, live_server.url, alder)
    rooms: list[tuple[str, list[object]]] = [
        ("worklist", []),
        ("cases", []),
        ("case-new", []),
        ("trials", []),
        ("case", [case.pk]),
        ("case-court", [case.pk]),
        ("case-costs", [case.pk]),
        ("case-history", [case.pk]),
        ("case-close", [case.pk]),
        ("case-trial-link", [case.pk]),
        ("case-stage", [case.pk]),
    ]
    for name, ids in rooms:
        page.goto(live_server.url + reverse(f"desk:{name}", args=ids))
        require_accessible(page)
        keep_screen(page, f"desk-{name}")
    page.goto(live_server.url + reverse("desk:case", args=[hers.pk]))
    require_accessible(page)
    keep_screen(page, "desk-case-closed")

    page.goto(live_server.url + reverse("desk:case-new"))
    page.fill("#id_name", "Коваленко Елена")
    page.fill("#id_contacts", "the mother")
    follow(page, "main button[type=submit]")
    assert page.get_by_text("Is it one of these people?").is_visible()
    require_accessible(page)
    keep_screen(page, "desk-case-duplicates")
