"""The public rooms as somebody without scripts sees them, and the way to give in a real browser."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from donations import tasks
from donations.sandbox.server import Sandbox
from tests import people
from tests.browser.conftest import KeepScreen, NewVisitor, RequireAccessible
from tests.browser.steps import follow
from tests.web import showcase, visitors
from tests.web.visitors import LONG_AGO, sandbox
from treasury.actions.funds import open_fund
from treasury.actions.gifts import close_batches_due
from treasury.actions.payments import book_running_cost
from treasury.kinds import Category, FundKind, VoucherKind
from treasury.models import Fund

__all__ = ["sandbox"]


@pytest.fixture
def fund_at_work(transactional_db: None) -> Iterator[Fund]:
    """A general fund, a campaign, known trials, budgets that lack money."""
    cache.clear()
    general = open_fund(
        code="general", name="General fund", kind=FundKind.GENERAL, by=people.SETUP, at=LONG_AGO
    )
    office = showcase.Office.made()
    page = office.campaign(office.cases(ceiling_minor=62_000))
    showcase.gifts(page.fund, 51)
    showcase.gifts(general, 49, close=True)
    showcase.trials(timezone.localdate(), panel=402, own=196, appointed=233, none=51, unknown=76)
    yield general
    cache.clear()


def seen(page: Page, url: str, name: str, keep: KeepScreen, require: RequireAccessible) -> None:
    page.goto(url)
    require(page)
    keep(page, name)


class Looker:
    """Judges and keeps the page that is open, under a name."""

    def __init__(self, page: Page, language: str, keep: KeepScreen, require: RequireAccessible) -> None:
        self.page, self.language, self.keep, self.require = page, language, keep, require

    def __call__(self, name: str) -> None:
        self.require(self.page)
        self.keep(self.page, f"giving-{name}-{self.language}")


@pytest.mark.parametrize("language", ["en", "be", "ru"])
def test_the_public_pages_are_sound_in_each_language(
    live_server: LiveServer, fund_at_work: Fund, page: Page, keep_screen: KeepScreen,
    require_accessible: RequireAccessible, language: str,
) -> None:  # fmt: skip
    root = f"{live_server.url}/{language}"
    # What axe judges is the same in each language; that longer words fit is seen in the pictures.
    require = require_accessible if language == "en" else lambda page: None
    for path, name in (("", "home"), ("campaigns/", "campaigns"), ("give/", "give"), ("gift/", "gift-find"),
                       ("give/other-ways/", "unsafe"), ("gift/AAAA/", "gift-unknown")):  # fmt: skip
        seen(page, f"{root}/{path}", f"public-{name}-{language}", keep_screen, require)
    page.goto(f"{root}/campaigns/")
    follow(page, "main h3 a")
    require(page)
    keep_screen(page, f"public-campaign-{language}")


def test_an_empty_house_says_so(
    live_server: LiveServer, transactional_db: None, page: Page, keep_screen: KeepScreen,
    require_accessible: RequireAccessible,
) -> None:  # fmt: skip
    cache.clear()
    seen(page, f"{live_server.url}/en/", "public-home-empty", keep_screen, require_accessible)
    seen(page, f"{live_server.url}/en/campaigns/", "public-campaigns-empty", keep_screen, require_accessible)
    cache.clear()


@pytest.mark.long
@pytest.mark.parametrize("language", ["be"])  # the whole path is walked in English
def test_a_gift_by_keyboard_and_forms_alone(
    live_server: LiveServer, fund_at_work: Fund, sandbox: Sandbox, settings: Any, new_visitor: NewVisitor,
    keep_screen: KeepScreen, require_accessible: RequireAccessible, language: str,
) -> None:  # fmt: skip
    # Chrome holds the redirect after a form against the policy; the sandbox has another port in each run.
    policy = settings.CONTENT_SECURITY_POLICY
    directives = {**policy["DIRECTIVES"], "form-action": ["'self'", sandbox.base_url]}
    settings.CONTENT_SECURITY_POLICY = {**policy, "DIRECTIVES": directives}
    page = new_visitor()
    look = Looker(page, language, keep_screen, require_accessible)
    page.goto(f"{live_server.url}/{language}/campaigns/")
    follow(page, "main h3 a")
    follow(page, "main .side .button")
    follow(page, "main form .button")
    assert page.locator(".errors").count() == 1
    look("safe-error")
    page.check("input[value=no]")
    follow(page, "main form .button")
    look("amount")
    follow(page, "main form .button")
    look("amount-error")
    page.check("input[name=amount][value='100']")
    follow(page, "main form .button")
    look("check")
    assert not page.context.cookies()
    page.check("input[name=agree]")
    follow(page, "main form .button")
    expect(page).to_have_url(re.compile(re.escape(sandbox.base_url)))
    follow(page, "button:text-is('Pay')")
    page.wait_for_url(re.compile("/give/thanks/"))
    look("thanks-code")
    code = page.inner_text("code.secret")
    for event in sandbox.events():
        visitors.post_event(Client(), event)
    tasks.drain_inbox.call()
    page.reload()
    look("thanks-settled")
    assert not page.context.cookies()
    page.goto(f"{live_server.url}/{language}/gift/")
    page.fill("input[name=code]", code)
    follow(page, "main form .button")
    look("gift")


@pytest.mark.parametrize("language", ["be"])
def test_the_use_of_a_batch_on_phone_and_desk(
    live_server: LiveServer, fund_at_work: Fund, sandbox: Sandbox, page: Page, client: Client,
    keep_screen: KeepScreen, require_accessible: RequireAccessible, language: str,
) -> None:  # fmt: skip
    donation, _ = visitors.give(client)
    shown = visitors.text_of(client.get(f"/en/give/thanks/{donation.pk}/"))
    code = re.search(r'class="secret">([^<]+)<', shown)
    assert code
    visitors.pay(client, sandbox, donation)
    close_batches_due(by=people.SETUP, at=visitors.NOW)
    for number, days in enumerate((1, 80)):
        at = LONG_AGO + datetime.timedelta(days=days)
        book_running_cost(
            source_id=f"s{number}", category=Category.SALARY, amount_minor=91_230 + number * 50_000,
            voucher_kind=VoucherKind.PAYROLL, on=at.date(), by=people.SETUP, at=at,
        )  # fmt: skip
    page.goto(f"{live_server.url}/{language}/gift/{code[1]}/")
    assert page.locator(".stacked").count() == 2
    require_accessible(page)
    keep_screen(page, f"giving-gift-used-{language}")
