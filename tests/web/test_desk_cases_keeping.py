"""Filters kept by a name, drafts that survive a dropped line, records joined on pages."""

import datetime
import re
from html import unescape

import pytest
from django.db import connection

from accounts.models import Approval, User
from accounts.retention import applying
from accounts.retention.registry import rules
from cases.actions import desk as acts
from cases.models import Case, Client, IntakeDraft, SavedFilter
from tests import people
from tests.web.desk_cases import Desk, open_desk, words  # noqa: F401  the fixture
from vault import keys


def test_filters_are_kept_by_a_name_for_one_person(desk: Desk) -> None:
    desk.receive()
    page = unescape(desk.page(desk.alder, "cases", region="homel", status="seeking-counsel"))
    query = re.search(r'name="query" value="([^"]+)"', page)
    assert query is not None
    assert query[1] == "region=homel&status=seeking-counsel"
    assert "Kept." in desk.done(desk.alder, "filter-keep", name="Зоя's court", query=query[1] + "&x=Zoya")
    row = SavedFilter.objects.get()
    assert row.query == "region=homel&status=seeking-counsel"  # no word of anybody's own
    with connection.cursor() as cursor:
        cursor.execute("select name from cases_savedfilter")
        assert "Зоя" not in str(cursor.fetchall())
    assert 'href="?region=homel&status=seeking-counsel">Зоя' in unescape(desk.page(desk.alder, "cases"))
    hazel = people.coordinator("hazel")
    assert "Зоя" not in desk.page(hazel, "cases")
    assert desk.post(hazel, "filter-drop", row.pk).status_code == 404
    assert "Choose filters first" in desk.done(desk.alder, "filter-keep", name="nothing", query="x=1")
    assert "Dropped" in desk.done(desk.alder, "filter-drop", row.pk)
    assert "Зоя" not in desk.page(desk.alder, "cases")
    for number in range(acts.MOST_FILTERS):
        acts.keep_filter(owner=hazel, name="n", query=f"q={number}", by=hazel, at=desk.at)
    with pytest.raises(acts.TooManyFilters):
        acts.keep_filter(owner=hazel, name="n", query="q=13", by=hazel, at=desk.at)


def test_a_draft_survives_a_dropped_line_and_goes_when_saved(desk: Desk) -> None:
    typed = {"name": "Ліс Лада", "summary": "Забралі ў чацвер", "once": "d" * 32}
    desk.refused(desk.alder, "case-new", **typed)  # a contact is missing, and then the line drops
    draft = IntakeDraft.objects.get()
    assert keys.exists(draft.pk)
    page = desk.page(desk.alder, "case-new")
    assert "Not finished" in page
    assert "Лада" not in page
    with connection.cursor() as cursor:
        cursor.execute("select * from cases_intakedraft")
        assert "Лада" not in str(cursor.fetchall())
    again = desk.page(desk.alder, "case-new", draft=str(draft.pk))
    assert "Забралі ў чацвер" in again
    assert f'value="{"d" * 32}"' in again
    hazel = people.coordinator("hazel")
    assert "Забралі" not in desk.page(hazel, "case-new", draft=str(draft.pk))
    assert desk.post(hazel, "draft-drop", draft.pk).status_code == 404
    told = {"contacts": "sister", "client_kind": "detainee", "source": "family"}
    desk.done(desk.alder, "case-new", **typed, **told)
    assert not IntakeDraft.objects.exists()
    assert not keys.exists(draft.pk)
    desk.post(desk.alder, "case-new", **typed, **told)  # the browser sends it once more
    assert (Case.objects.count(), IntakeDraft.objects.count()) == (1, 0)


def test_drafts_are_few_and_end_after_seven_days(desk: Desk) -> None:
    made = [
        acts.keep_draft(
            owner=desk.alder, token=f"t{n}", values={"name": "x"}, by=desk.alder,
            at=desk.at - datetime.timedelta(hours=9 - n),
        )
        for n in range(acts.MOST_DRAFTS + 1)
    ]  # fmt: skip
    assert not keys.exists(made[0].pk)
    assert IntakeDraft.objects.count() == acts.MOST_DRAFTS
    (rule,) = (one for one in rules() if one.name == "intake-drafts")
    late = desk.at + datetime.timedelta(days=6)
    assert applying.apply_one(rule, by=people.SETUP, at=late).removed == 0
    late += datetime.timedelta(days=1)
    assert applying.apply_one(rule, by=people.SETUP, at=late).removed == acts.MOST_DRAFTS
    assert not [row for row in made if keys.exists(row.pk)]


def test_records_are_joined_and_taken_apart_by_two_people(desk: Desk) -> None:
    one, other = desk.receive("Каваленка Алена"), desk.receive("Коваленко Елена")
    birch = people.second_officer()
    hazel = people.coordinator("hazel")
    theirs = desk.receive("Чужы Яўген", by=hazel)
    offered = desk.page(desk.alder, "case-merge", one.pk)
    assert "Коваленко Елена" in offered
    assert other.reference in offered, "who is alike is shown before a colleague is asked"
    assert "Чужы" not in offered
    assert "No other record has a name like this" in desk.page(hazel, "case-merge", theirs.pk)
    assert "no grant" in desk.refused(desk.alder, "case-merge", one.pk, reference=theirs.reference)
    assert "two different" in desk.refused(desk.alder, "case-merge", one.pk, reference=one.reference)
    _by_two(desk, birch, "case-merge", one, reference=other.reference)
    assert Client.objects.get(pk=other.client_id).merged_into_id == one.client_id
    page = desk.page(desk.alder, "case", one.pk)
    assert "Merged records" in page
    assert "Коваленко Елена" in page
    back = {"cases": str(other.pk), "back_to": str(other.client_id), "name": ""}
    _by_two(desk, birch, "case-split", one, **back)
    assert Client.objects.get(pk=other.client_id).merged_into_id is None
    assert Case.objects.get(pk=other.pk).client_id == other.client_id


def _by_two(desk: Desk, birch: User, page: str, case: Case, /, **data: str) -> None:
    """One sends the page, a colleague agrees, the first sends what was agreed."""
    desk.done(desk.alder, page, case.pk, **data)
    asked = Approval.objects.get(state="asked")
    desk.done(birch, "approval-decide", asked.pk, answer="yes")
    desk.done(desk.alder, page, case.pk, **data)
