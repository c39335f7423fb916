"""The history browser: what was changed, one record through time, as known on a moment, sealed words shut."""

import copy
import datetime
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions.access import grant_access
from audit import log, timeline
from audit.actions import action
from audit.history import history_model
from audit.models import Event, ReadRecord
from cases.actions.reference import load_reference
from cases.models import Case, Client
from cases.models.case_lists import GRANT_KIND
from tests import people
from tests.api.world import get, make
from tests.plugins.tampering import tamper
from tests.web import desk_cases
from tests.web.desk import Desk, signed_in, status, words
from treasury.models import Claim, Transfer

AUDIT = {"auditor", "second-officer"}
DAY = datetime.timedelta(days=1)


@pytest.fixture
def desk(desk_made: Desk, db: None) -> Desk:
    return copy.deepcopy(desk_made)


@pytest.fixture
def case_desk(db: None, settings: Any) -> desk_cases.Desk:
    settings.SECOND_FACTOR_REQUIRED = False
    load_reference(by=people.SETUP, at=people.START)
    made = desk_cases.Desk(at=timezone.now())
    made.receive()
    return made


@action("test.renamed")
def rename(*, client: Client, place: str, code_name: str, by: object, at: datetime.datetime) -> None:
    client.place, client.code_name = place, code_name
    client.save()


def test_the_pages_are_for_auditors_and_second_officers(desk: Desk) -> None:
    claim = desk.world.claim(10_000)
    assert desk.who_enters("desk:changes") == AUDIT
    assert desk.who_enters("desk:record-history", "treasury_claim", claim.pk) == AUDIT
    for table, key in (
        ("treasury_claim", uuid.uuid4()),
        ("auth_permission", claim.pk),
        ("nothing", claim.pk),
    ):
        assert status(desk.auditor, "desk:record-history", table, key) == 404


def test_changes_are_found_by_record_person_concern_and_day(desk: Desk) -> None:
    claim, other = desk.world.claim(10_000), desk.world.claim(20_000)
    auditor = signed_in(desk.auditor)

    def found(**query: object) -> set[str]:
        page = auditor.get(reverse("desk:changes"), {"kind": "treasury_claim", **query})
        return {version.object_id for version in page.context["shown"]}

    both = {str(claim.pk), str(other.pk)}
    assert found() == both
    assert found(object=claim.pk) == {str(claim.pk)}
    assert found(subject=other.pk) == {str(other.pk)}
    assert found(actor=desk.treasurer.short) == both
    assert found(actor=desk.auditor.actor_id) == set()
    assert found(since="2031-01-01") == set()
    assert found(until="2031-01-01") == both
    assert found(object="no-id") == both, "a filter that cannot be read narrows nothing"


def test_a_change_is_told_field_by_field_and_sealed_ones_stay_shut(case_desk: desk_cases.Desk) -> None:
    client = Client.objects.get()
    opened = ReadRecord.objects.count()
    at = timezone.now()
    rename(client=client, place="Secretville", code_name="Rowan-99", by=case_desk.alder, at=at)
    page = signed_in(people.auditor()).get(reverse("desk:record-history", args=["cases_client", client.pk]))
    newest = page.context["shown"][0]
    told = {str(change.field): change for change in newest.changes}
    assert told["Place"].sealed
    assert not told["Place"].after
    assert told["Code name"].after == "Rowan-99"
    assert newest.seq == Event.objects.get(kind="test.renamed").seq
    text = words(page)
    assert "changed, sealed" in text
    assert "Secretville" not in text
    assert "s1." not in text, "not even the token"
    assert ReadRecord.objects.count() == opened
    assert f"tree of {log.head()[0]}" in text


def test_as_known_on_a_moment(case_desk: desk_cases.Desk) -> None:
    client = Client.objects.get()
    first = client.code_name
    begun = history_model(Client)._base_manager.get(version=0).history_date
    for number, name in enumerate(("Rowan-98", "Rowan-99")):
        at = begun + DAY * (number + 1)
        rename(client=client, place="x", code_name=name, by=case_desk.alder, at=at)
    auditor = signed_in(people.auditor())
    address = reverse("desk:record-history", args=["cases_client", client.pk])

    def known(moment: datetime.datetime) -> str | None:
        on = timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M:%S")
        version = auditor.get(address, {"on": on}).context["known"]
        return version.row["code_name"] if version else None

    assert known(begun - DAY) is None
    assert known(begun + DAY / 2) == first
    assert known(begun + DAY * 1.5) == "Rowan-98"
    assert known(begun + DAY * 9) == "Rowan-99"
    assert "no moment that can be read" in words(auditor.get(address, {"on": "yesterday"}))
    assert auditor.get(address, {"on": "yesterday"}).context["known"].row["code_name"] == first


def test_sealed_words_open_to_whoever_holds_the_case_and_leave_a_reading(case_desk: desk_cases.Desk) -> None:
    client = Client.objects.get()
    rename(client=client, place="Secretville", code_name="Rowan-99", by=case_desk.alder, at=timezone.now())
    address = reverse("desk:record-history", args=["cases_client", client.pk]) + "?open=sealed"
    auditor = signed_in(people.auditor()).get(address)
    assert not auditor.context["may_open"]
    assert "Secretville" not in words(auditor)
    second = people.second_officer()
    assert "Secretville" not in words(signed_in(second).get(address)), "history alone opens nothing"
    grant_access(
        user=second,
        object_kind=GRANT_KIND,
        object_id=Case.objects.get().pk,
        by=case_desk.alder,
        at=timezone.now(),
    )
    before = ReadRecord.objects.filter(actor_id=second.actor_id).count()
    assert "Secretville" not in words(signed_in(second).get(address.partition("?")[0]))
    assert "Secretville" in words(signed_in(second).get(address))
    rows = ReadRecord.objects.filter(actor_id=second.actor_id, purpose="desk:record-history")
    assert rows.count() >= 1
    assert ReadRecord.objects.filter(actor_id=second.actor_id).count() > before
    assert "client.place" in " ".join(rows.latest("pk").subjects.values_list("fields", flat=True))


def test_a_row_that_is_written_once_has_one_version_and_its_entry(desk: Desk) -> None:
    desk.world.gift(100)
    transfer = Transfer.objects.first()
    assert transfer is not None
    (version,) = timeline.versions(Transfer, [transfer.pk])
    event = Event.objects.get(action_id=transfer.action_id)
    assert (version.seq, version.at, version.actor_id) == (event.seq, event.at, event.actor_id)
    assert version.whole


def test_a_version_that_the_log_does_not_bind_is_marked(desk: Desk) -> None:
    claim = desk.world.claim(10_000)
    address = reverse("desk:record-history", args=["treasury_claim", claim.pk])
    auditor = signed_in(desk.auditor)
    assert "Not what the log says" not in words(auditor.get(address))
    table = history_model(Claim)._meta.db_table
    tamper(f"update {table} set record = replace(record, '10000', '20000')")
    assert "Not what the log says" in words(auditor.get(address))


def test_a_removed_row_is_known_until_then(desk: Desk) -> None:
    """The removal bears the number of the last change: it still comes after it."""
    base = {"table": "t", "object_id": "1", "actor_id": "x", "action_id": uuid.uuid4(), "key": "k", "row": {}}
    at = timezone.now()
    changed = timeline.Version(number=1, kind="~", at=at, **base)
    removed = timeline.Version(number=1, kind="-", at=at + DAY, **base)
    assert timeline.known_on([removed, changed], at + DAY / 2) is changed
    assert timeline.known_on([changed, removed], at + DAY * 2) is None


def test_the_pages_cost_the_same_however_long_the_history(case_desk: desk_cases.Desk) -> None:
    client = Client.objects.get()
    auditor = signed_in(people.auditor())
    addresses = [
        reverse("desk:changes") + "?kind=cases_client",
        reverse("desk:record-history", args=["cases_client", client.pk]),
    ]

    def cost() -> list[int]:
        counts = []
        for address in addresses:
            auditor.get(address)
            with CaptureQueriesContext(connection) as seen:
                auditor.get(address)
            counts.append(len(seen))
        return counts

    few = cost()
    for number in range(6):
        at = timezone.now()
        rename(client=client, place="x", code_name=f"Rowan-{number}", by=case_desk.alder, at=at)
    assert cost() == few
    assert max(few) <= 12


def test_machines_read_the_same(db: None) -> None:
    world = make()
    world.receive()
    auditor = world.client(world.auditor)
    answer = get(auditor, "versions/", kind="cases_case").json()
    row = answer["results"][0]
    assert row["kind"] == "cases_case"
    assert row["event"] is not None
    assert row["whole"] is True
    fields = {change["field"]: change for change in row["changes"]}
    assert all(change["after"] is None for change in fields.values() if change["sealed"])
    known = get(
        auditor, "versions/", kind="cases_case", object=row["object"], known_on="2001-01-01T00:00:00Z"
    )
    assert known.json()["results"] == []
    now = timezone.now().isoformat()
    (only,) = get(auditor, "versions/", kind="cases_case", object=row["object"], known_on=now).json()[
        "results"
    ]
    assert only["object"] == row["object"]
    assert get(auditor, "versions/", kind="cases_case", known_on=now).status_code == 400
    assert get(auditor, "versions/", kind="accounts_none").status_code == 400
