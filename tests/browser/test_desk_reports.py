"""Reports and the auditors' room as their readers see them: no script, phone and desk, axe finds nothing."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from audit.checkpoints import signing
from reports import actions, tasks
from reports.audit_pack.procedures import Procedure
from reports.findings import actions as findings
from reports.sampling_room import actions as room
from reports.scope import Scope
from tests.browser.conftest import KeepScreen, NewVisitor, RequireAccessible
from tests.browser.test_desk_cases import signed_in
from tests.reports.auditing import FROM, TO, Audited, audited
from tests.treasury.world import AT, WORKER

Place = tuple[str, list[object]]


def places(books: Audited) -> list[Place]:
    """A page of each make in both rooms; the others are built of the same parts."""
    shown: list[Place] = []
    for kind in ("funding-statement", "audit-pack"):
        scope = Scope(kind, FROM, TO, compare=kind == "funding-statement")
        job = actions.ask_report(scope=scope, formats=["json"], language="be", by=books.auditor, at=AT)
        shown.append(("report", [tasks.run(job.pk, clock=lambda: AT).snapshot.pk]))
    point = signing.checkpoint_now(by=WORKER, at=AT)
    sample = room.draw_sample(
        checkpoint=point, starts_on=FROM, ends_on=TO, nonce="6 1 1 4 2 3", size=30, by=books.auditor, at=AT
    )
    raised = findings.raise_finding(procedure=Procedure.RATES, words="Which?", by=books.auditor, at=AT)
    room.ask_voucher(item=sample.drawn.get(claim=books.honest), by=books.auditor, at=AT)
    figure: list[object] = [*shown[0][1], "funds", "total", "closing"]
    alone = (
        "reports",
        "report-save",
        "audit-start",
        "samples",
        "archives",
        "audit",
        "changes",
        "checkpoints",
    )
    return [
        *shown,
        ("report-figure", figure),
        ("sample", [sample.pk]),
        ("finding", [raised.pk]),
        ("event", [1]),
        *((name, []) for name in alone),
    ]


@pytest.mark.long
@pytest.mark.broken_books("seeded for the auditor to find")
@pytest.mark.django_db(transaction=True)
def test_pages_of_reports_and_audit_are_readable_on_phone_and_desk(
    live_server: Any,
    settings: Any,
    tmp_path: Path,
    new_visitor: NewVisitor,
    keep_screen: KeepScreen,
    require_accessible: RequireAccessible,
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.SECURE_SSL_REDIRECT = False
    settings.FILES_DIR, settings.REPORTS_DIR = tmp_path / "files", tmp_path
    books = audited()
    page = new_visitor()
    signed_in(page, live_server.url, books.auditor)
    for number, (name, ids) in enumerate(places(books)):
        page.goto(live_server.url + reverse(f"desk:{name}", args=ids))
        require_accessible(page)
        keep_screen(page, f"desk-{name}-{number}")
    reader = new_visitor(locale="be-BY")
    signed_in(reader, live_server.url, books.auditor)
    reader.goto(live_server.url + reverse("desk:audit-start"))
    assert reader.locator("h1").inner_text() == "Пакой аўдытараў"
    keep_screen(reader, "desk-audit-start-be")
