"""The whole path in a browser without scripts: case, counsel, gift, payment, verified report."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Case
from config.demo import office, panel
from config.demo.world import Size, World
from donations.models import Donation
from donations.sandbox.server import Sandbox
from reports.models import Job
from tests.browser.conftest import KeepScreen, NewVisitor, RequireAccessible
from tests.browser.steps import follow
from tests.web import visitors
from tests.web.visitors import sandbox
from treasury.models import Claim

__all__ = ["sandbox"]
SMALL = Size(cases=0, past=0, lawyers=8, gifts=0, known_trials=0)


class Desk:
    """One colleague's browser."""

    def __init__(
        self, page: Page, root: str, alias: str, keep: KeepScreen, require: RequireAccessible
    ) -> None:
        self.page, self.root, self.keep, self.require = page, root, keep, require
        page.goto(f"{root}/desk/")
        page.fill("input[name=login]", alias)
        page.fill("input[name=password]", office.PASSWORD)
        with page.expect_navigation():
            page.press("input[name=password]", "Enter")
        expect(page.locator("h1")).to_be_visible()

    def go(self, path: str) -> None:
        response = self.page.goto(f"{self.root}{path}")
        assert response is not None
        assert response.status == 200, path

    def press(self, words: str, nth: int = 0) -> None:
        self.follow(self.page.get_by_role("button", name=words, exact=True).nth(nth))

    def follow(self, link: Locator) -> None:
        """Click what leads to another page and wait for that page: a click alone returns earlier."""
        with self.page.expect_navigation():
            link.click()

    def look(self, name: str) -> None:
        """Judge and keep the page that is open."""
        assert self.page.locator(".errors").count() == 0, self.page.inner_text("main")
        self.require(self.page)
        self.keep(self.page, f"path-{name}")


@pytest.fixture
def world(transactional_db: None) -> World:
    """An office that begins: people, a tariff, a grant, payees, courts, eight lawyers."""
    made = World(size=SMALL, now=timezone.now().replace(microsecond=0), say=print)
    for part in (office.staff, office.rules, office.funds, office.payees, panel.reference, panel.lawyers):
        part(made)
    return made


@pytest.fixture
def policy(settings: Any, sandbox: Sandbox) -> None:
    """Chrome holds the redirect after a form against the policy; the sandbox has another port each run."""
    kept = settings.CONTENT_SECURITY_POLICY
    directives = {**kept["DIRECTIVES"], "form-action": ["'self'", sandbox.base_url]}
    settings.CONTENT_SECURITY_POLICY = {**kept, "DIRECTIVES": directives}


@pytest.mark.long
def test_from_a_phone_call_to_a_verified_report(
    live_server: LiveServer,
    world: World,
    sandbox: Sandbox,
    policy: None,
    new_visitor: NewVisitor,
    keep_screen: KeepScreen,
    require_accessible: RequireAccessible,
    tmp_path: Path,
) -> None:
    def desk(alias: str) -> Desk:
        return Desk(new_visitor(), live_server.url, alias, keep_screen, require_accessible)

    coordinator = desk("alder")
    _case_is_taken_in(coordinator)
    _counsel_accepts_by_phone(coordinator)
    _donor_gives(new_visitor(), live_server.url, sandbox, keep_screen, require_accessible)
    _claim_is_entered(coordinator)
    _claim_is_approved(desk("birch"))
    _claim_is_paid(desk("cedar"))
    _report_is_made_and_verified(desk("damson"), tmp_path)
    call_command("verify")
    call_command("check_money")


def _case_is_taken_in(desk: Desk) -> None:
    desk.look("worklist-empty")
    desk.go("/desk/cases/new/")
    desk.page.fill("input[name=name]", "Алесь Рабінавіч Верасень")
    desk.page.fill("textarea[name=contacts]", "the sister, on the safe line")
    desk.page.fill("input[name=articles]", "342")
    desk.page.fill("input[name=court]", "by-minsk-city-tsentralny")
    desk.look("intake")
    desk.press("Save")
    case = Case.objects.get()
    desk.go(f"/desk/cases/{case.pk}/")
    expect(desk.page.locator("h1")).to_contain_text("Алесь")
    for step in ("Verified", "Eligible: we defend"):
        desk.press(step)
    desk.look("case")
    assert Case.objects.get().status == "eligible"


def _counsel_accepts_by_phone(desk: Desk) -> None:
    case = Case.objects.get()
    desk.go(f"/desk/cases/{case.pk}/counsel/")
    desk.look("counsel")
    desk.page.locator("summary", has_text="Accepted").first.click()
    desk.page.locator("input[name=fee]").first.fill("600")
    desk.press("Record: accepted")
    desk.look("counsel-accepted")
    case.refresh_from_db()
    assert case.status == "represented"
    assert case.representations.get().commitment is not None


def _donor_gives(
    page: Page, root: str, stripe: Sandbox, keep: KeepScreen, require: RequireAccessible
) -> None:
    page.goto(f"{root}/en/")
    page.goto(f"{root}/en/give/")
    page.check("input[value=no]")
    follow(page, "main form .button")
    page.check("input[name=amount][value='50']")
    follow(page, "main form .button")
    page.check("input[name=agree]")
    follow(page, "main form .button")
    expect(page).to_have_url(re.compile(re.escape(stripe.base_url)))
    follow(page, "button:text-is('Pay')")
    page.wait_for_url(re.compile("/give/thanks/"))
    for event in stripe.events():
        assert visitors.post_event(Client(), event).status_code == 200
    call_command("db_worker", batch=True, startup_delay=False, reload=False, verbosity=0)
    page.reload()
    require(page)
    keep(page, "path-thanks")
    assert Donation.objects.get().status == "settled"


def _claim_is_entered(desk: Desk) -> None:
    desk.go("/desk/money/payees/add/")
    desk.page.select_option("select[name=kind]", "bar_office")
    desk.page.fill("input[name=name]", "Advocates' office Rowan & Hazel")
    desk.page.fill("input[name=country]", "LT")
    desk.page.fill("input[name=iban]", "LT12 1000 0111 0100 1000")
    desk.look("payee-new")
    desk.follow(desk.page.locator("main form .button").first)
    case = Case.objects.get()
    desk.go(f"/desk/cases/{case.pk}/costs/")
    desk.look("costs")
    desk.follow(desk.page.get_by_role("link", name="Enter a claim").first)
    desk.page.select_option("select[name=payee]", index=1)
    desk.page.fill("input[name=case]", case.reference)
    desk.page.select_option("select[name=category]", "fee")
    desk.page.select_option("select[name=commitment]", index=1)
    desk.page.fill("input[name=amount]", "600.00")
    desk.page.select_option("select[name=voucher_kind]", "office_receipt")
    desk.page.fill("input[name=number]", "R-1")
    desk.page.fill("input[name=invoiced_on]", timezone.localdate().isoformat())
    desk.follow(desk.page.locator("main form .button").first)
    desk.look("claim-entered")
    assert Claim.objects.get().status == "entered"


def _claim_is_approved(desk: Desk) -> None:
    claim = Claim.objects.get()
    desk.go(f"/desk/money/payees/{claim.payee_id}/")
    desk.press("Checked today")
    desk.go(f"/desk/money/claims/{claim.pk}/")
    desk.look("claim-to-decide")
    desk.follow(desk.page.locator(f"form[action='/desk/money/claims/{claim.pk}/approve/'] button"))
    desk.look("claim-approved")
    assert Claim.objects.get().status == "approved"


def _claim_is_paid(desk: Desk) -> None:
    desk.go("/desk/money/payments/")
    desk.look("payments")
    desk.go(f"/desk/money/claims/{Claim.objects.get().pk}/")
    desk.follow(desk.page.get_by_role("link", name="Pay it"))
    desk.look("pay")
    desk.follow(desk.page.locator("main form .button").first)
    desk.look("claim-paid")
    assert Claim.objects.get().status == "paid"


def _report_is_made_and_verified(desk: Desk, folder: Path) -> None:
    desk.go("/desk/reports/")
    today = timezone.localdate()
    desk.page.fill("input[name=starts_on]", today.replace(month=1, day=1).isoformat())
    desk.page.fill("input[name=ends_on]", today.isoformat())
    for file_format in ("pdf", "csv"):
        desk.page.check(f"input[name=formats][value={file_format}]")
    desk.press("Make the report")
    call_command("db_worker", batch=True, startup_delay=False, reload=False, verbosity=0)
    job = Job.objects.get()
    assert job.state == "done"
    desk.go(f"/desk/reports/{job.snapshot.pk}/")
    desk.look("report")
    for file in job.snapshot.files.all():
        with desk.page.expect_download() as taken:
            desk.page.locator(f"form[action*='{file.pk}'] button").click()
        target = folder / file.name
        taken.value.save_as(target)
        call_command("verify_report", str(target))
