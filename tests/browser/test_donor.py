"""The donors' room as somebody without scripts sees it, judged by axe."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from accounts.outbox import sending
from donations.sandbox.server import Sandbox
from tests import people
from tests.browser.conftest import KeepScreen, NewVisitor, RequireAccessible
from tests.browser.steps import follow
from tests.web import visitors
from tests.web.visitors import LONG_AGO, sandbox
from treasury.actions.funds import open_fund
from treasury.kinds import FundKind

__all__ = ["sandbox"]


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_donor_signs_in_and_looks_round(
    sandbox: Sandbox,
    live_server: LiveServer,
    new_visitor: NewVisitor,
    keep_screen: KeepScreen,
    require_accessible: RequireAccessible,
    settings: Any,
) -> None:
    cache.clear()
    open_fund(code="general", name="General fund", kind=FundKind.GENERAL, by=people.SETUP, at=LONG_AGO)
    gift, _sent = visitors.give(
        Client(), level="in-touch", email="juniper@example.org", amount="50", rhythm="monthly"
    )
    visitors.pay(Client(), sandbox, gift)
    page = new_visitor()
    base = f"{live_server.url}/be/my"

    def look(name: str) -> None:
        require_accessible(page)
        keep_screen(page, f"donor-{name}")

    page.goto(f"{base}/sign-in/")
    look("address")
    page.fill("input[name=email]", "juniper@example.org")
    follow(page, "main button[type=submit]")
    look("code")
    sending.send_due(at=timezone.now())
    found = re.findall(r"^([A-Z2-9]{4}-[A-Z2-9]{4})$", mail.outbox[-1].body, re.MULTILINE)
    page.fill("input[name=code]", found[0])
    follow(page, "main button[type=submit]")
    look("home")
    page.goto(f"{base}/gifts/{gift.pk}/")
    look("gift")
    page.goto(f"{base}/erase/")
    look("erase")
    page.check("input[name=sure]")
    follow(page, "main button.button")
    look("erased")
    cache.clear()
