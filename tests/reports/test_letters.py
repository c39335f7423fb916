"""Letters to the givers of a fund: followed to their transfers, and told again where the past changed."""

import datetime
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from reports import restating, verification
from reports.build import build
from reports.models import Snapshot
from reports.scope import Scope, position_now
from reports.verification import verify
from tests import people
from tests.reports.organisation import Q1, Organisation
from tests.reports.test_coverage_report import add, close, moment
from tests.reports.test_figures import traced
from tests.web.desk import signed_in, words
from treasury.actions.corrections import reverse_journal
from treasury.actions.payments import book_running_cost
from treasury.kinds import Category, ReasonCode, VoucherKind
from treasury.models import Journal

pytestmark = pytest.mark.django_db


def spend(made: Organisation, amount_minor: int, name: str, at: datetime.datetime) -> Journal:
    return book_running_cost(
        source_id=name, category=Category.OFFICE, amount_minor=amount_minor,
        voucher_kind=VoucherKind.BANK_NOTE, on=people.START.date(), by=made.world.treasurer, at=at,
    )  # fmt: skip


def letter(folder: Path) -> Path:
    call_command("build_report", "donor-letter", "--from", "2026-01-01", "--to", "2026-03-31",
                 fund="general", formats="json", out=folder, stdout=io.StringIO())  # fmt: skip
    [path] = folder.iterdir()
    return path


def retold(scope: Scope) -> list[Any]:
    made = build(scope, position_now(), language="en")
    return [row for section in made.sections if section.key == "retold" for row in section.rows]


def test_a_letter_names_what_is_behind_it_and_what_changed(tmp_path: Path) -> None:
    made = Organisation.made()
    made.world.gift(3_000_000, fee_minor=0)
    cost = spend(made, 1_234_500, "paper-1", people.START)
    batch = made.world.general.batches.get()
    close(batch=batch, by=people.SETUP, at=moment(3, 30))
    add(days=[], who="none", by=people.SETUP, at=moment(8))
    name = f"general {batch.number}"
    path = letter(tmp_path / "first")
    plain = Scope("donor-letter", *Q1, "general")
    assert set(traced(plain, position_now())) == {"batches", "uses"}
    the_page_says_that_it_is_rounded(Snapshot.objects.get())
    add(days=[], who="none", by=people.SETUP, at=moment(8, 2))
    scope = restating.with_past(plain)
    assert scope.reported is not None
    assert retold(scope) == []
    spend(made, 450_000, "paper-2", moment(9))
    quarter = datetime.date(2026, 1, 1)
    assert retold(scope) == [(name, quarter, "other", 1_230_000, 1_680_000, "late")]
    reverse_journal(journal=cost, reason_code=ReasonCode.RETURNED, by=made.world.treasurer, at=moment(9, 2))
    assert retold(scope) == [(name, quarter, "other", 1_230_000, 450_000, "returned")]
    # Without a word about what was told before, the change would be silent.
    assert retold(plain) == []
    assert verify(path).ok
    assert verify(letter(tmp_path / "second")).ok
    assert Snapshot.objects.latest("log_size").reported_to == Q1[1]
    assert list(verification.problems()) == []


def the_page_says_that_it_is_rounded(issued: Snapshot) -> None:
    auditor = signed_in(people.auditor())
    page = auditor.get(reverse("desk:report", args=[issued.pk]))
    [address] = {url for url in page.content.decode().split('"') if "/uses/0/amount" in url}
    behind = words(auditor.get(address))
    assert "The report tells it rounded down." in behind
    assert "Tell an auditor" not in behind
    assert "/uses/total/amount" not in page.content.decode()
