"""Home, campaigns, languages: what anybody may read, and what cannot be read from it."""

import datetime
import re
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation

from cases.actions.people import withdraw_authority
from cases.coverage import Coverage, coverage, published_quarter
from cases.kinds import DefendedBy
from cases.models import Case, KnownTrial
from cases.published import code_names, lacking_minor
from config import messages
from donations.actions import campaigns
from donations.published import quarter_of, shown_on
from donations.totals import raised, raised_by
from tests import people
from tests.web import showcase
from tests.web.showcase import Office
from tests.web.visitors import LONG_AGO, NOW, _no_kept_figures, general, text_of
from treasury.actions.funds import close_fund
from treasury.models import Fund
from web.public import arch, figures
from web.public.words import per_cent, quarter_words

__all__ = ["_no_kept_figures", "general"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Office:
    return Office.made()


# The first page


@pytest.mark.parametrize(
    ("accept", "language"),
    [("be,en;q=0.5", "be"), ("ru", "ru"), ("pl", "en"), ("", "en"), ("de,be;q=0.1", "be")],
)
def test_the_bare_address_leads_to_the_readers_language(client: Client, accept: str, language: str) -> None:
    response = client.get("/", headers={"Accept-Language": accept})
    assert (response.status_code, response["Location"]) == (302, f"/{language}/")
    assert not response.cookies


def test_an_empty_house_shows_no_figures(client: Client, db: None) -> None:
    page = text_of(client.get("/en/"))
    assert "No campaign asks for gifts now" in page
    assert "No figure can be shown yet" in page
    assert "There is no quarter yet" in page
    assert "<meter" not in page


def test_the_first_page_shows_needs_campaigns_and_who_defended(client: Client, office: Office) -> None:
    office.campaign(office.cases(ceiling_minor=62_345))
    showcase.trials(timezone.localdate(), panel=44, own=16, appointed=21, none=3, unknown=8)
    page = text_of(client.get("/en/"))
    assert re.search(r'figure">€4,300</strong> was lacking', page)
    assert "Medical staff" in page
    rows = re.findall(
        r'<th scope="row">([^<]+)</th>\s*<td class="num">(\d+)</td>\s*<td class="num">(\d+)', page
    )
    assert rows == [
        ("Our lawyers", "40", "44"),
        ("Own counsel of the family", "20", "22"),
        ("Appointed by the state", "20", "22"),
        ("Nobody, or not known", "10", "11"),
        ("All known trials", "90", "100"),
    ]
    assert page.count("<circle") == 2 + 4 + 2 + 2 + 1, "the two marks, and a dot for each ten trials"


def test_queries_do_not_grow_with_campaigns(
    client: Client, office: Office, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    cases = office.cases(5)
    for number in range(3):
        showcase.gifts(office.campaign(cases, slug=f"c{number}").fund, 2)
    with django_assert_max_num_queries(16):
        client.get("/en/")
    for path, queries in (("/en/", 4), ("/en/campaigns/", 4)):
        with django_assert_num_queries(queries):
            client.get(path)


def test_the_drawing_has_a_place_for_every_dot() -> None:
    quarter = (datetime.date(2026, 4, 1), datetime.date(2026, 6, 30))
    for counts in ((400, 200, 230, 130), (0, 0, 0, 990), (5000, 10, 0, 20), (830, 0, 0, 0)):
        groups = arch.dots(Coverage(*quarter, *counts))
        places = [place for group in groups for place in group.places]
        assert len(places) == len(set(places))
        assert all(0 < x < 480 and 0 < y < 400 for x, y in places)
        inside = sum(len(group.places) for group in groups[:3])
        assert (inside > 0) == (sum(counts[:3]) > 0)
        assert (len(groups[3].places) > 0) == (counts[3] > 0)


# Who defended


@pytest.mark.parametrize(
    ("on", "first", "last"),
    [
        ((2026, 11, 21), (2026, 4, 1), (2026, 6, 30)),
        ((2026, 9, 29), (2026, 1, 1), (2026, 3, 31)),
        ((2026, 10, 1), (2026, 4, 1), (2026, 6, 30)),
        ((2026, 1, 1), (2025, 7, 1), (2025, 9, 30)),
        ((2026, 2, 28), (2025, 7, 1), (2025, 9, 30)),
        ((2026, 7, 1), (2026, 1, 1), (2026, 3, 31)),
    ],
)
def test_a_quarter_is_shown_three_months_after_its_end(
    on: tuple[int, int, int], first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    assert published_quarter(datetime.date(*on)) == (datetime.date(*first), datetime.date(*last))
    assert shown_on(quarter_of(datetime.date(*last))) <= datetime.date(*on)


def test_few_trials_are_not_shown(office: Office) -> None:
    today = datetime.date(2026, 11, 21)
    showcase.trials(today, panel=19)
    assert coverage(today) is None
    showcase.trials(today, none=1)
    shown = coverage(today)
    assert shown is not None
    assert (shown.ours, shown.nobody, shown.total) == (20, 0, 20)


def test_trials_of_other_quarters_do_not_count(office: Office) -> None:
    showcase.trials(datetime.date(2026, 11, 21), panel=30)
    assert coverage(datetime.date(2026, 8, 1)) is None
    assert coverage(datetime.date(2027, 1, 1)) is None


def test_a_linked_case_says_who_defended(office: Office) -> None:
    from cases.actions.court import add_trial, record_defence
    from cases.actions.reference import link_known_trial

    today = datetime.date(2026, 11, 21)
    showcase.trials(today, unknown=20)
    known = list(KnownTrial.objects.all()[:6])
    for trial, case in zip(known, office.cases(6, agreed=False), strict=True):
        link_known_trial(known_trial=trial, case=case, by=people.SETUP, at=LONG_AGO)
        made = add_trial(court=None, case=case, by=people.SETUP, at=LONG_AGO)
        record_defence(
            defendant=made.defendants.get(), defended_by=DefendedBy.PANEL, by=people.SETUP, at=LONG_AGO
        )
    shown = coverage(today)
    assert shown is not None
    assert (shown.ours, shown.nobody) == (10, 10)


# What is lacking


def test_needs_are_of_at_least_five_cases_and_stand_still_through_a_month(office: Office) -> None:
    today = timezone.localdate()
    cases = office.cases(4, ceiling_minor=123_456)
    assert lacking_minor(today) == 0
    cases += office.cases(1, ceiling_minor=123_456)
    assert lacking_minor(today) == 610_000
    assert lacking_minor(LONG_AGO.date()) == 0, "approved in the course of that month"
    assert Case.objects.count() == 5


# Campaigns


def test_a_campaign_page_names_those_who_agreed_and_no_case(client: Client, office: Office) -> None:
    cases = office.cases(6)
    quiet = office.cases(1, agreed=False)
    page = office.campaign([*cases, *quiet])
    shown = text_of(client.get(f"/en/campaigns/{page.pk}/"))
    for case in cases:
        assert case.client.code_name in shown
        assert case.reference not in shown
        assert str(case.pk) not in shown
    assert quiet[0].client.code_name not in shown
    withdrawn = cases[0].client
    withdraw_authority(authority=withdrawn.authorities.get(), by=people.SETUP, at=NOW)
    shown = text_of(client.get(f"/en/campaigns/{page.pk}/"))
    assert withdrawn.code_name not in shown
    assert cases[1].client.code_name in shown
    withdraw_authority(authority=cases[1].client.authorities.get(), by=people.SETUP, at=NOW)
    assert "Whom it is for" not in text_of(client.get(f"/en/campaigns/{page.pk}/")), "four would stand out"


def test_restricted_cases_are_never_named(office: Office) -> None:
    from audit.actions import action

    @action("test.restricted")
    def restrict(*, case: Case, by: Any, at: datetime.datetime) -> None:
        case.confidentiality = "restricted"
        case.save()

    cases = office.cases(2)
    restrict(case=cases[0], by=people.SETUP, at=LONG_AGO)
    assert code_names([case.pk for case in cases]) == [cases[1].client.code_name]


def test_only_what_is_published_can_be_seen(client: Client, office: Office, general: Fund) -> None:
    cases = office.cases(5)
    draft = office.campaign(cases, slug="draft", publish=False)
    shown = office.campaign(cases, slug="shown")
    down = office.campaign(cases, slug="down")
    campaigns.take_down_campaign(page=down, by=people.SETUP, at=NOW)
    assert client.get(f"/en/campaigns/{shown.pk}/").status_code == 200
    for page in (draft, down):
        assert client.get(f"/en/campaigns/{page.pk}/").status_code == 404
        assert str(page.pk) not in text_of(client.get("/en/campaigns/"))
        amount = client.post(f"/en/give/?for={page.pk}", {"there": "no"})["Location"]
        assert str(page.pk) not in text_of(client.get(amount))
    assert str(shown.pk) in text_of(client.get(amount))


def test_a_campaign_that_ended_takes_no_gifts(client: Client, office: Office, general: Fund) -> None:
    cases = office.cases(5)
    ended = office.campaign(cases, slug="ended", closes_on=NOW.date() - datetime.timedelta(days=2))
    closed = office.campaign(cases, slug="closed")
    close_fund(fund=closed.fund, by=people.SETUP, at=NOW)
    for page in (ended, closed):
        shown = text_of(client.get(f"/en/campaigns/{page.pk}/"))
        assert "This campaign has ended" in shown
        assert f"?for={page.pk}" not in shown


def test_the_thermometer_does_not_move_by_one_gift(client: Client, office: Office) -> None:
    page = office.campaign(office.cases(5))

    def snapshot() -> str:
        return text_of(client.get(f"/en/campaigns/{page.pk}/"))

    showcase.gifts(page.fund, 49)
    before = snapshot()
    assert "€0</span> of €14,000" in before
    showcase.gifts(page.fund, 1)
    assert snapshot() == before
    showcase.gifts(page.fund, 0, close=True)
    closed = snapshot()
    assert "€4,650</span> of €14,000" in closed, "50 times 93.15, cut to whole tens"
    showcase.gifts(page.fund, 1, net_minor=500_000)
    assert snapshot() == closed
    assert raised_by([page.fund])[page.fund.pk] == raised(page.fund)


# Languages


def test_a_campaign_without_words_in_the_language_says_which_it_uses(client: Client, office: Office) -> None:
    page = office.campaign(office.cases(5))
    assert '<header class="stack">' in text_of(client.get(f"/be/campaigns/{page.pk}/"))
    russian = text_of(client.get(f"/ru/campaigns/{page.pk}/"))
    assert '<header class="stack" lang="en">' in russian
    assert "Medical staff" in russian


PAGES = [
    "", "campaigns/", "give/", "give/other-ways/", "gift/", "gift/AAAA/", "about/", "about/giving/",
    "about/access/",    "give/back/00000000-0000-4000-8000-000000000000/",
]  # fmt: skip


@pytest.mark.parametrize("language", ["be", "ru"])
@pytest.mark.parametrize("path", PAGES)
def test_public_pages_are_wholly_translated(client: Client, office: Office, language: str, path: str) -> None:
    showcase.trials(timezone.localdate(), panel=30)
    page = text_of(client.get(f"/{language}/{path}"))
    assert f'<html lang="{language}">' in page
    # Words of ours that stay in Latin letters: names of things.
    body = re.sub(r"<[^>]+>", " ", page)
    left = set(re.findall(r"[A-Za-z]{3,}", body))
    # What others will see word for word: registered names, the sender, the word on the payment page.
    names = (django_settings.STATEMENT_NAME, django_settings.SEPA_CREDITOR_NAME)
    named = (*names, django_settings.DEFAULT_FROM_EMAIL, "Gift")
    left -= set(re.findall(r"[A-Za-z]{3,}", " ".join(named)))
    assert left <= {"Abarona", "Tor", "Browser", "SEPA", "Stripe", "Safest", "English", "WCAG"}, left


@pytest.mark.parametrize("language", ["be", "ru"])
def test_unchecked_translations_say_so(client: Client, language: str) -> None:
    with translation.override(language):
        words = translation.gettext("No native speaker has checked this translation yet.")
    assert words in text_of(client.get(f"/{language}/gift/"))
    assert "No native speaker" not in text_of(client.get("/en/gift/"))


@pytest.mark.parametrize("language", ["be", "ru"])
def test_catalogues_keep_the_plural_forms_of_the_language(language: str) -> None:
    file = django_settings.BASE_DIR / "locale" / language / "LC_MESSAGES" / "django.po"
    entries = list(messages.read_entries(file.read_text(encoding="utf-8"), file.name))
    assert "nplurals=4" in entries[0].forms[0]
    plurals = [entry for entry in entries if entry.plural is not None and entry.translated]
    assert plurals
    assert all(len(entry.forms) == 4 for entry in plurals)
    with translation.override(language):
        said = {translation.ngettext("%(n)s campaign", "All %(n)s campaigns", n) for n in (1, 2, 5)}
    assert len(said) == 3


def test_quarters_and_shares_in_words() -> None:
    day = datetime.date(2026, 5, 9)
    with translation.override("en"):
        assert quarter_words(day) == "April to June 2026"
    with translation.override("be"):
        assert quarter_words(day) == "красавік — чэрвень 2026 года"
    assert (per_cent(1, 3), per_cent(2, 3), per_cent(0, 0)) == (33, 67, 0)


# Every public page


@pytest.mark.parametrize("path", PAGES)
def test_pages_need_no_script_and_reach_nobody_else(client: Client, path: str) -> None:
    response = client.get(f"/en/{path}")
    page = text_of(response)
    assert page.count("<h1") == 1
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", page)
    assert not re.search(r'(src|href|action)="(https?:)?//', page)
    assert all(cookie["max-age"] == 0 for cookie in response.cookies.values())
    assert client.post(f"/en/{path or 'campaigns/'}", {}).status_code in (200, 404, 405)


def test_figures_are_kept_for_a_while(
    client: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[datetime.date] = []
    monkeypatch.setattr(figures, "coverage", asked.append)
    client.get("/en/")
    client.get("/be/")
    assert len(asked) == 1
    cache.clear()
    client.get("/en/")
    assert len(asked) == 2
