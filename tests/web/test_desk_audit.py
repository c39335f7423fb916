"""The auditors' room: the log, one event, who opened what."""

import copy
import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit import log, merkle
from audit.history import history_model
from audit.models import Event, ReadRecord
from reports import actions
from reports.build import build
from reports.scope import Scope, position_now
from tests import people
from tests.plugins.tampering import tamper
from tests.web.desk import Desk, signed_in, status, words
from treasury.models import Claim

AUDIT = {"auditor", "second-officer"}


@pytest.fixture
def desk(desk_made: Desk, db: None) -> Desk:
    return copy.deepcopy(desk_made)


@pytest.mark.parametrize("name", ["audit", "readings", "log-state"])
def test_the_room_is_for_auditors_and_second_officers(desk: Desk, name: str) -> None:
    assert desk.who_enters(f"desk:{name}") == AUDIT


def test_one_event_is_for_them_too(desk: Desk) -> None:
    assert desk.who_enters("desk:event", 3) == AUDIT
    assert status(desk.auditor, "desk:event", 999_999) == 404


def test_events_are_filtered(desk: Desk) -> None:
    claim = desk.world.claim(10_000)
    client = signed_in(desk.auditor)

    def kinds(query: str) -> list[str]:
        page = client.get(reverse("desk:audit") + query)
        return [event.kind for event in page.context["page"].rows]

    assert kinds("?kind=claim") == ["claim.entered"]
    assert kinds(f"?subject={claim.pk}") == ["claim.entered"]
    assert set(kinds("?actor=" + desk.treasurer.short)) >= {"claim.entered", "payee.added"}
    assert "claim.entered" not in kinds("?actor=" + desk.second.actor_id)
    assert kinds("?since=2031-01-01") == []
    assert kinds("?until=2020-01-01") == []
    assert kinds("?subject=no-id")


def test_the_log_is_read_page_by_page(desk: Desk) -> None:
    for _number in range(55):
        desk.world.gift(100)
    client = signed_in(desk.auditor)
    seen: list[int] = []
    cursor = ""
    for _page in range(10):
        page = client.get(reverse("desk:audit"), {"cursor": cursor}).context["page"]
        seen += [event.seq for event in page.rows]
        cursor = page.after
        if not cursor:
            break
    assert seen == sorted(Event.objects.values_list("seq", flat=True), reverse=True)


def test_an_event_shows_its_records_sealed_and_its_place(desk: Desk) -> None:
    claim = desk.world.claim(10_000, number="SECRET-NUMBER-9")
    event = Event.objects.get(kind="claim.entered")
    page = signed_in(desk.auditor).get(reverse("desk:event", args=[event.seq]))
    text = words(page)
    assert merkle.leaf_hash(event.body.encode()).hex() in text
    size, root = log.head()
    assert root.hex() in text
    assert f"of {size}" in text
    record = next(r for r in page.context["records"] if "claim" in r.table)
    assert record.state == "whole"
    fields = {str(name): value for name, value in record.fields}
    assert fields["In the books' currency"] == "10000"
    assert fields["Number"] == ""  # sealed: not even its token is shown
    assert "SECRET-NUMBER-9" not in text
    assert str(claim.pk) in text


def test_a_changed_record_is_marked(desk: Desk) -> None:
    desk.world.claim(10_000)
    event = Event.objects.get(kind="claim.entered")
    kept_in = history_model(Claim)
    row = kept_in._base_manager.get()
    changed = row.record.replace("10000", "20000")
    tamper(f"UPDATE {kept_in._meta.db_table} SET record = %s", values=(changed,))
    page = signed_in(desk.auditor).get(reverse("desk:event", args=[event.seq]))
    assert "Was changed" in words(page)


def test_who_opened_this_is_answered(desk: Desk) -> None:
    payee = desk.world.payee()
    signed_in(desk.treasurer).get(reverse("desk:payee", args=[payee.pk]) + "?open=payee")
    client = signed_in(desk.auditor)
    page = client.get(reverse("desk:readings") + f"?subject={payee.pk}")
    (row,) = page.context["page"].rows
    assert (row.actor_id, row.purpose) == (desk.treasurer.actor_id, "desk:payee")
    assert "payee.name" in words(page)
    other = client.get(reverse("desk:readings") + f"?subject={uuid.uuid4()}")
    assert "Nothing was opened that fits." in words(other)
    by_actor = client.get(reverse("desk:readings") + f"?actor={desk.treasurer.short}")
    assert len(by_actor.context["page"].rows) == 1
    assert client.get(reverse("desk:readings") + "?since=2031-01-01").context["page"].rows == []


def test_the_state_compares_issued_positions_with_the_log(desk: Desk) -> None:
    scope = Scope("trial-balance", datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
    document = build(scope, position_now(), language="en")
    snapshot = actions.issue(document=document, scope=scope, written={}, by=people.SETUP, at=people.START)
    client = signed_in(desk.auditor)
    assert "The log still has it" in words(client.get(reverse("desk:log-state")))
    tamper("UPDATE reports_snapshot SET root_hex = %s", values=("0" * 64,))
    assert snapshot.root_hex != "0" * 64
    assert "The log has another" in words(client.get(reverse("desk:log-state")))


@pytest.mark.parametrize("name", ["audit", "readings"])
def test_lists_cost_the_same_however_long(desk: Desk, name: str) -> None:
    client = signed_in(desk.auditor)

    def count() -> int:
        client.get(reverse(f"desk:{name}"))
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse(f"desk:{name}"))
        return len(seen)

    payee = desk.world.payee()
    signed_in(desk.treasurer).get(reverse("desk:payee", args=[payee.pk]) + "?open=payee")
    few = count()
    for _number in range(4):
        desk.world.gift(100)
        signed_in(desk.treasurer).get(reverse("desk:payee", args=[payee.pk]) + "?open=payee")
    assert ReadRecord.objects.count() >= 5
    assert count() == few
    assert few <= 12
