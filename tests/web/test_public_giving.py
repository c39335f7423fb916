"""From the safety question to the page of the gift, by the forms that are on the pages."""

import re
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from audit.models import Event
from donations import codes, tasks
from donations.actions.giving import LEAST_MINOR, MOST_MINOR
from donations.models import Donation, Fact
from donations.models.gifts import Status
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway
from tests import people
from tests.web import visitors
from tests.web.visitors import CODE, NOW, _no_kept_figures, general, sandbox, text_of, without_menu
from treasury import chart
from treasury.actions.funds import close_fund
from treasury.models import Fund
from web.public import amounts

__all__ = ["_no_kept_figures", "general", "sandbox"]
pytestmark = pytest.mark.django_db


# The whole way


def test_a_gift_goes_the_whole_way_and_its_code_opens_its_page(
    client: Client, sandbox: Sandbox, general: Fund
) -> None:
    donation, sent = visitors.give(client)
    assert sent["Location"].startswith(sandbox.base_url)
    thanks = f"/en/give/thanks/{donation.pk}/"
    before = client.head(thanks)
    assert before.status_code == 200
    waiting = client.get(thanks)
    (code,) = CODE.findall(text_of(waiting))
    assert "We are confirming" in text_of(waiting)
    assert "Refresh" not in waiting, "the code would vanish before anybody could copy it"
    again = client.get(thanks)
    assert not CODE.search(text_of(again)), "shown a second time"
    assert again["Refresh"] == "5"
    visitors.pay(client, sandbox, donation)
    assert donation.status == Status.SETTLED
    done = client.get(thanks)
    assert "is in the books" in text_of(done)
    assert "Refresh" not in done
    found = client.post("/en/gift/", {"code": code.lower().replace("-", " ")})
    page = text_of(client.get(found["Location"]))
    settled = donation.facts.get(kind=Fact.Kind.SETTLED)
    assert "Your gift of €50.00" in page
    assert f"€{settled.net_minor // 100}.{settled.net_minor % 100:02d}" in page
    assert "Nothing can be shown yet" in page
    assert code.replace("-", "") not in without_menu(page).replace("-", "")
    chart_balance = chart.fund(general).balance
    assert chart_balance.posted_minor == settled.net_minor


def test_giving_leaves_no_cookie_but_the_code_on_its_way(
    client: Client, sandbox: Sandbox, general: Fund
) -> None:
    check = visitors.to_check(client)
    body = visitors.answers(client, check)
    assert not client.cookies, "nothing may tell on a searched phone that somebody was about to give"
    sent = client.post(check, body)
    donation = Donation.objects.get()
    (cookie,) = sent.cookies.values()
    assert cookie["path"] == f"/en/give/thanks/{donation.pk}/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert 0 < cookie["max-age"] <= 3600
    assert cookie.value not in sent["Location"]
    shown = client.get(cookie["path"])
    assert shown.cookies[cookie.key]["max-age"] == 0
    quiet = Client()
    check = visitors.to_check(quiet)
    assert not quiet.post(check, visitors.answers(quiet, check, "quiet")).cookies


def test_a_forged_or_foreign_code_cookie_shows_nothing(
    client: Client, sandbox: Sandbox, general: Fund
) -> None:
    first, sent = visitors.give(client)
    second, _ = visitors.give(Client())
    thief = Client()
    (cookie,) = sent.cookies.values()
    for value in (cookie.value, "AAAA-BBBB", ""):
        thief.cookies[cookie.key] = value
        assert not CODE.search(text_of(thief.get(f"/en/give/thanks/{second.pk}/")))
    assert first.code_digest != second.code_digest


def test_what_stripe_is_told_says_nothing(client: Client, sandbox: Sandbox, general: Fund) -> None:
    donation, sent = visitors.give(client)
    code = CODE.findall(text_of(client.get(f"/en/give/thanks/{donation.pk}/")))[0]
    session = sandbox.events()[0]["data"]["object"] if sandbox.events() else {}
    told = str([list(sandbox.world.store.every(kind)) for kind in ("checkout.session", "line_items")])
    told += str(session) + sent["Location"]
    assert str(donation.pk) in told, "the sandbox keeps sessions elsewhere: this test would look at nothing"
    for secret in (
        code,
        code.replace("-", ""),
        donation.code_digest,
        "General",
        "general",
        "campaign",
        "fund",
    ):
        assert secret not in told
    page = text_of(client.get(f"/en/give/thanks/{donation.pk}/"))
    assert "€50" not in page, "Stripe knows this address"
    assert "needed most" not in page


def test_a_repeated_form_begins_no_second_gift(client: Client, sandbox: Sandbox, general: Fund) -> None:
    check = visitors.to_check(client)
    body = visitors.answers(client, check)
    assert client.post(check, body).status_code == 303
    repeated = client.post(check, body)
    assert repeated.status_code == 200
    assert "You have sent this page before" in text_of(repeated)
    assert Donation.objects.count() == 1
    fresh = re.search(r'name="once" value="([^"]+)"', text_of(repeated))
    assert fresh
    assert fresh[1] != body["once"]
    assert client.post(check, {**body, "once": fresh[1]}).status_code == 303
    assert Donation.objects.count() == 2


def test_a_token_of_ones_own_making_is_refused(client: Client, sandbox: Sandbox, general: Fund) -> None:
    check = visitors.to_check(client)
    body = visitors.answers(client, check)
    for token in ("a" * 30, body["once"][:-1] + "x", ""):
        refused = client.post(check, {**body, "once": token})
        assert refused.status_code == 200
        assert "Load this page anew" in text_of(refused)
    assert not Donation.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}],
    ids=["site", "origin", "null"],
)
def test_forms_of_other_sites_are_refused(
    client: Client, sandbox: Sandbox, general: Fund, headers: dict[str, str]
) -> None:
    check = visitors.to_check(client)
    body = visitors.answers(client, check)
    assert client.post(check, body, headers=headers).status_code == 403
    assert not Donation.objects.exists()
    assert client.post(check, body, headers={"Origin": "http://testserver"}).status_code == 303


# When something is in the way


@pytest.mark.parametrize("how", ["away", "refuses"])
def test_without_the_payment_page_nothing_is_charged_and_it_says_so(
    client: Client, general: Fund, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    base = "http://127.0.0.1:9" if how == "away" else sandbox.base_url
    broken = Gateway("sk_test_sandbox", base, timeout=1, max_network_retries=0)
    monkeypatch.setattr(tasks, "gateway", lambda: broken)
    if how == "refuses":
        monkeypatch.setattr("donations.checkout.PRODUCT_NAME", "")
    check = visitors.to_check(client)
    response = client.post(check, visitors.answers(client, check))
    broken.close()
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert "Nothing was charged" in text_of(response)
    assert check in text_of(response)
    assert not response.cookies
    assert Donation.objects.get().status == Status.DRAFT


def test_a_payment_that_failed_says_so(client: Client, sandbox: Sandbox, general: Fund) -> None:
    donation, _ = visitors.give(client, level="quiet")
    thanks = f"/en/give/thanks/{donation.pk}/"
    visitors.pay(client, sandbox, donation, "sepa_fails")
    assert "two weeks" in text_of(client.get(thanks))
    sandbox.settle()
    for event in sandbox.events():
        visitors.post_event(client, event)
    tasks.drain_inbox.call()
    failed = client.get(thanks)
    assert "did not go through" in text_of(failed)
    assert "Refresh" not in failed


def test_who_comes_back_unpaid_is_told_and_the_code_is_forgotten(
    client: Client, sandbox: Sandbox, general: Fund
) -> None:
    donation, sent = visitors.give(client)
    back = client.get(f"/en/give/back/{donation.pk}/")
    assert "Nothing was charged" in text_of(back)
    (cookie,) = back.cookies.values()
    (given,) = sent.cookies.values()
    assert (cookie.key, cookie["path"], cookie["max-age"]) == (given.key, given["path"], 0)


def test_unknown_gifts_and_drafts_have_no_thanks_page(client: Client, general: Fund) -> None:
    assert client.get("/en/give/thanks/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_a_fund_that_closes_meanwhile_takes_no_gift(client: Client, sandbox: Sandbox, general: Fund) -> None:
    check = visitors.to_check(client)
    close_fund(fund=general, by=people.SETUP, at=NOW)
    response = client.post(check, {"once": "x" * 20, "level": "quiet", "agree": "on"})
    assert response.status_code == 303
    assert client.get(response["Location"]).status_code == 503
    assert not Donation.objects.exists()


# The questions


def test_yes_leads_to_a_page_that_asks_not_to_give_and_is_not_kept(client: Client, general: Fund) -> None:
    events = Event.objects.count()
    answered = client.post("/en/give/", {"there": "yes"})
    assert answered.status_code == 303
    assert "yes" not in answered["Location"]
    page = text_of(client.get(answered["Location"]))
    assert "Please do not give" in page
    assert "/give/amount" not in page
    assert not client.cookies
    assert Event.objects.count() == events


def test_no_page_can_be_reached_before_the_one_before_it(client: Client, general: Fund) -> None:
    unanswered = client.post("/en/give/", {})
    assert "Choose an answer" in text_of(unanswered)
    for path in (
        "/en/give/amount/",
        "/en/give/check/",
        "/en/give/amount/?s=forged",
        "/en/give/check/?s=a:b:c",
    ):
        sent = client.get(path)
        assert (sent.status_code, sent["Location"]) == (303, "/en/give/")
    amount_page = client.post("/en/give/", {"there": "no"})["Location"]
    skipped = client.get(amount_page.replace("/amount/", "/check/"))
    assert "/en/give/amount/" in skipped["Location"]


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("35", 3500), ("35.5", 3550), ("35,50", 3550), ("1 000", 100_000), ("€ 40", 4000),
        ("1\u00a0200,05 €", 120_005),
        ("1,000", None), ("-5", None), ("1e3", None), ("abc", None), ("٣٥", None), ("", None),
        ("1.2.3", None),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(typed: str, minor: int | None) -> None:
    assert amounts.read_minor(typed) == minor


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choose an amount"),
        ({"amount": "other"}, "Write the amount"),
        ({"amount": "50", "other": "35"}, "Keep one of them"),
        ({"other": "many"}, "in digits"),
        ({"other": str(LEAST_MINOR // 100 - 1)}, "between €5 and €5,000"),
        ({"other": str(MOST_MINOR // 100 + 1)}, "between €5 and €5,000"),
        ({"amount": "50", "purpose": "nothing"}, "This campaign has ended"),
    ],
)
def test_the_amount_page_says_what_is_wrong(
    client: Client, general: Fund, sent: dict[str, str], words: str
) -> None:
    amount_page = client.post("/en/give/", {"there": "no"})["Location"]
    response = client.post(amount_page, {"purpose": "general", **sent})
    assert response.status_code == 200
    page = text_of(response)
    assert page.count(words) >= 2, "in the list above and beside the field"
    assert "Error:" in page.split("</title>")[0]


def test_an_own_amount_in_another_currency_comes_through(
    client: Client, sandbox: Sandbox, general: Fund
) -> None:
    amount_page = client.post("/en/give/", {"there": "no"})["Location"]
    (zloty,) = re.findall(r'href="([^"]+)">PLN<', text_of(client.get(amount_page)))
    check = client.post(zloty, {"other": "35,50", "purpose": "general"})["Location"]
    assert "PLN\u00a035.50" in text_of(client.get(check))
    back = re.search(r'href="(/en/give/amount/[^"]+)"', text_of(client.get(check)))
    assert back
    assert 'value="35.50"' in text_of(client.get(back[1]))
    client.post(check, visitors.answers(client, check))
    gift = Donation.objects.get()
    assert (gift.amount_minor, gift.currency) == (3550, "PLN")


def test_what_the_bank_sees_must_be_read(client: Client, sandbox: Sandbox, general: Fund) -> None:
    check = visitors.to_check(client)
    body = visitors.answers(client, check)
    del body["agree"]
    assert "Confirm: I have read what my bank will see." in text_of(client.post(check, body))
    assert not Donation.objects.exists()


def test_the_policy_lets_the_form_lead_to_the_payment_page(client: Client, general: Fund) -> None:
    policy = client.get(visitors.to_check(client))["Content-Security-Policy"]
    assert f"form-action 'self' {django_settings.CHECKOUT_ORIGIN}" in policy


# Headers and queries


def test_pages_of_gifts_are_private(client: Client, sandbox: Sandbox, general: Fund) -> None:
    donation, _ = visitors.give(client)
    for path in (
        f"/en/give/thanks/{donation.pk}/",
        f"/en/give/back/{donation.pk}/",
        "/en/gift/",
        "/en/gift/x/",
    ):
        response = client.get(path)
        assert response["Cache-Control"] == "no-store"
        assert "noindex" in response["X-Robots-Tag"]


def test_queries_of_giving_are_bounded(
    client: Client, sandbox: Sandbox, general: Fund, django_assert_max_num_queries: Any
) -> None:
    check = visitors.to_check(client)
    with django_assert_max_num_queries(3):
        client.get(check)
    donation, _ = visitors.give(client)
    with django_assert_max_num_queries(1):
        client.get(f"/en/give/thanks/{donation.pk}/")
    with django_assert_max_num_queries(1):
        client.get(f"/en/gift/{codes.new_code()}/")
