"""The panel: what each action records and refuses, and what no statement may write behind its back."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import Error, connection, transaction

from accounts.approvals import NeedsSecondPerson, decide_approval, request_approval
from accounts.models import User
from audit.models import Event
from lawyers import code_names, wording
from lawyers.actions import panel
from lawyers.matching import codes
from lawyers.models import Away, Capacity, Competence, Coverage, Lawyer, Licence
from lawyers.standing import State, standing
from tests import people
from vault import indexes
from vault.reading import NoReader, reading

pytestmark = pytest.mark.django_db

DAY = datetime.date
TODAY = DAY(2026, 3, 2)


@pytest.fixture
def heron(coordinator: User, at: datetime.datetime) -> Lawyer:
    """Return a lawyer of whom nothing but the name is known."""
    return panel.add_lawyer(
        code_name="Heron-03", name="Рудчык Ганна", contact="ask Alder", by=coordinator, at=at
    )


def record(lawyer: Lawyer, status: str, since: DAY, until: DAY | None = None) -> Licence:
    return panel.record_licence(
        lawyer=lawyer,
        status=status,
        from_on=since,
        until_on=until,
        by=people.SETUP,
        at=people.START,
    )


def episodes(lawyer: Lawyer) -> list[tuple[str, DAY, DAY | None]]:
    return list(lawyer.licences.order_by("from_on").values_list("status", "from_on", "until_on"))


# Adding


def test_a_lawyer_is_sealed_and_found_by_name_keys(coordinator: User, at: datetime.datetime) -> None:
    added = panel.add_lawyer(
        code_name="Crane-08", name="Рудчык Ганна", name_keys={"s:rdk"}, by=coordinator, at=at
    )
    with pytest.raises(NoReader):
        _ = added.name
    with connection.cursor() as cursor:
        cursor.execute("select * from lawyers_lawyer")
        assert "Рудчык" not in str(cursor.fetchall())
    with reading("staff:test", "test"):
        assert Lawyer.objects.get().name == "Рудчык Ганна"
    assert indexes.subjects(panel.NAMES, [indexes.name_index(panel.NAMES, "s:rdk")]) == {added.pk}
    event = Event.objects.get(kind="lawyer.added")
    assert event.actor_id == coordinator.actor_id
    assert "Рудчык" not in event.body


def test_a_code_name_is_given_once(heron: Lawyer, coordinator: User, at: datetime.datetime) -> None:
    with pytest.raises(panel.CodeNameTaken) as refused:
        panel.add_lawyer(code_name="Heron-03", by=coordinator, at=at)
    assert "Heron-03" in refused.value.text
    assert Lawyer.objects.count() == 1


def test_practice_that_is_not_known_leaves_no_row(heron: Lawyer) -> None:
    for model in (Licence, Competence, Coverage, Capacity, Away):
        assert not model.objects.exists(), model


def test_what_is_known_at_first_is_all_written(coordinator: User, at: datetime.datetime) -> None:
    practice = panel.Practice(
        bar="Minsk",
        licence_status="active",
        licence_from_on=DAY(2020, 1, 1),
        source="register",
        competences=(("protest", 3, "first appeal"),),
        coverage=(("homel", "", False), ("brest", "", True)),
        max_open=4,
        min_open=1,
        new_per_week=2,
        aways=((DAY(2026, 4, 1), DAY(2026, 4, 5)),),
    )
    added = panel.add_lawyer(code_name="Wren-20", practice=practice, by=coordinator, at=at)
    assert episodes(added) == [("active", DAY(2020, 1, 1), None)]
    assert added.competences.get().max_severity == 3
    assert set(added.coverages.values_list("region", "travels")) == {("homel", False), ("brest", True)}
    assert (added.capacity.max_open, added.capacity.min_open, added.capacity.new_per_week) == (4, 1, 2)
    assert added.aways.get().until_on == DAY(2026, 4, 5)


# Licences


def test_a_new_licence_ends_the_open_one_before(heron: Lawyer) -> None:
    record(heron, "active", DAY(2020, 1, 1))
    record(heron, "suspended", DAY(2026, 2, 1))
    assert episodes(heron) == [
        ("active", DAY(2020, 1, 1), DAY(2026, 1, 31)),
        ("suspended", DAY(2026, 2, 1), None),
    ]
    assert standing(heron.licences.all(), TODAY).state == State.SUSPENDED


def test_a_revocation_cuts_a_licence_that_was_to_last_longer(heron: Lawyer) -> None:
    record(heron, "active", DAY(2024, 1, 1), DAY(2027, 12, 31))
    record(heron, "revoked", DAY(2026, 3, 1))
    assert episodes(heron)[0] == ("active", DAY(2024, 1, 1), DAY(2026, 2, 28))
    assert not Lawyer.objects.licensed(TODAY).exists()


def test_a_fact_that_arrives_late_does_not_outlive_the_later_one(heron: Lawyer) -> None:
    record(heron, "revoked", DAY(2026, 2, 1))
    record(heron, "active", DAY(2020, 1, 1))
    assert episodes(heron)[0] == ("active", DAY(2020, 1, 1), DAY(2026, 1, 31))
    assert standing(heron.licences.all(), TODAY).state == State.REVOKED


@pytest.mark.parametrize(
    ("known", "later", "stands"),
    [
        ((("active", DAY(2020, 1, 1), None),), (), ("active", DAY(2026, 3, 21), None)),
        ((), (), ("active", DAY(2026, 3, 21), None)),
        (
            (("active", DAY(2020, 1, 1), DAY(2026, 12, 31)),),
            (),
            ("active", DAY(2026, 3, 21), DAY(2026, 12, 31)),
        ),
        ((("active", DAY(2020, 1, 1), DAY(2026, 3, 9)),), (), None),
        ((("active", DAY(2020, 1, 1), None),), (("revoked", DAY(2026, 3, 5), None),), None),
        (
            (("active", DAY(2020, 1, 1), None),),
            (("suspended", DAY(2026, 3, 11), DAY(2026, 4, 30)),),
            ("active", DAY(2026, 5, 1), None),
        ),
        (
            (("active", DAY(2020, 1, 1), None),),
            (("active", DAY(2026, 3, 6), None),),
            ("active", DAY(2026, 3, 21), None),
        ),
        ((("active", DAY(2020, 1, 1), None), ("active", DAY(2026, 6, 1), None)), (), None),
        ((), (("active", DAY(2026, 3, 21), DAY(2027, 3, 20)),), None),
        ((), (("revoked", DAY(2026, 3, 21), None),), None),
    ],
    ids=[
        "open",
        "unknown",
        "ends later",
        "ends before",
        "revoked",
        "made longer",
        "lifted",
        "follows",
        "recorded for its day",
        "revoked on its day",
    ],
)
def test_after_a_suspension_the_licence_stands_again(
    heron: Lawyer, known: Any, later: Any, stands: Any
) -> None:
    for row in known:
        record(heron, *row)
    record(heron, "suspended", DAY(2026, 3, 1), DAY(2026, 3, 20))
    for row in later:
        record(heron, *row)
    again = heron.licences.filter(resumes__isnull=False)
    assert list(again.values_list("status", "from_on", "until_on")) == ([stands] if stands else [])


def test_two_licences_never_begin_on_one_day(heron: Lawyer) -> None:
    record(heron, "active", DAY(2020, 1, 1))
    with pytest.raises(panel.LicenceBegins):
        record(heron, "revoked", DAY(2020, 1, 1))
    with pytest.raises(panel.DaysInDisorder):
        record(heron, "active", DAY(2021, 1, 1), DAY(2020, 12, 31))
    assert len(episodes(heron)) == 1


@pytest.mark.parametrize(
    ("known", "state", "until"),
    [
        ([], State.UNKNOWN, None),
        ([("active", DAY(2020, 1, 1), None)], State.ACTIVE, None),
        ([("active", DAY(2020, 1, 1), DAY(2026, 4, 1))], State.LAPSING, DAY(2026, 4, 1)),
        ([("active", DAY(2020, 1, 1), DAY(2026, 4, 2))], State.ACTIVE, DAY(2026, 4, 2)),
        ([("active", DAY(2020, 1, 1), DAY(2026, 3, 1))], State.EXPIRED, DAY(2026, 3, 1)),
        ([("active", DAY(2026, 3, 3), None)], State.EXPIRED, None),
        ([("attestation-refused", DAY(2026, 3, 2), None)], State.REFUSED, None),
        (
            [("active", DAY(2020, 1, 1), None), ("revoked", DAY(2026, 1, 1), None)],
            State.REVOKED,
            None,
        ),
    ],
)
def test_how_a_licence_stands(
    known: list[tuple[str, DAY, DAY | None]], state: State, until: DAY | None
) -> None:
    rows = [Licence(status=status, from_on=since, until_on=end) for status, since, end in known]
    found = standing(rows, TODAY)
    assert (found.state, found.until_on) == (state, until)
    assert found.in_force == (state in (State.ACTIVE, State.LAPSING))


def test_lists_by_licence_and_region(lawyer: Callable[..., Lawyer], coordinator: User, at: Any) -> None:
    active = lawyer("Crane-08")
    lost = lawyer("Swift-11", licence="suspended", coverage=(("brest", "", True),))
    unknown = panel.add_lawyer(code_name="Owl-01", by=coordinator, at=at)
    assert set(Lawyer.objects.licensed(TODAY)) == {active}
    assert set(Lawyer.objects.licence_unknown()) == {unknown}
    assert set(Lawyer.objects.covering("brest")) == {lost}
    assert not Lawyer.objects.licensed(DAY(2019, 12, 31)).exists()


# Room, days, places, languages


def test_capacity_is_set_and_set_again(heron: Lawyer, coordinator: User, at: datetime.datetime) -> None:
    panel.set_capacity(lawyer=heron, max_open=5, by=coordinator, at=at)
    panel.set_capacity(lawyer=heron, max_open=3, min_open=1, new_per_week=2, by=coordinator, at=at)
    kept = Capacity.objects.get()
    assert (kept.max_open, kept.min_open, kept.new_per_week) == (3, 1, 2)
    assert kept.history.count() == 2
    with pytest.raises(panel.MinimumAboveMost):
        panel.set_capacity(lawyer=heron, max_open=1, min_open=2, by=coordinator, at=at)


def test_days_away_have_an_order(heron: Lawyer, coordinator: User, at: datetime.datetime) -> None:
    one = DAY(2026, 4, 1)
    assert panel.record_away(lawyer=heron, from_on=one, until_on=one, by=coordinator, at=at).pk
    with pytest.raises(panel.DaysInDisorder):
        panel.record_away(lawyer=heron, from_on=one, until_on=DAY(2026, 3, 31), by=coordinator, at=at)


def test_a_region_is_covered_once_and_a_court_beside_it(
    heron: Lawyer, coordinator: User, at: datetime.datetime
) -> None:
    panel.add_coverage(lawyer=heron, region="homel", by=coordinator, at=at)
    panel.add_coverage(lawyer=heron, region="homel", court_code="by-homel-region", by=coordinator, at=at)
    with pytest.raises(panel.CoveredAlready):
        panel.add_coverage(lawyer=heron, region="homel", travels=True, by=coordinator, at=at)
    assert heron.coverages.count() == 2


def test_competence_and_languages_are_replaced(
    heron: Lawyer, coordinator: User, at: datetime.datetime
) -> None:
    panel.set_competence(lawyer=heron, article_family="speech", max_severity=2, by=coordinator, at=at)
    panel.set_competence(
        lawyer=heron, article_family="speech", max_severity=4, instances="first", by=coordinator, at=at
    )
    assert heron.competences.get().max_severity == 4
    panel.set_languages(lawyer=heron, languages="be ru", by=coordinator, at=at)
    panel.set_languages(lawyer=heron, languages="", by=coordinator, at=at)
    heron.refresh_from_db()
    assert heron.languages == ""
    assert [row.languages for row in heron.history.order_by("version")] == ["", "be ru", ""]


def test_each_action_leaves_one_event_about_the_lawyer(
    heron: Lawyer, coordinator: User, at: datetime.datetime
) -> None:
    panel.set_capacity(lawyer=heron, max_open=5, by=coordinator, at=at)
    panel.add_coverage(lawyer=heron, region="homel", by=coordinator, at=at)
    found = Event.objects.filter(subjects__subject_id=str(heron.pk)).values_list("kind", flat=True)
    assert list(found) == ["lawyer.added", "lawyer.capacity_set", "lawyer.coverage_added"]
    assert set(found) <= set(wording.EVENTS)


# The portal


def test_a_portal_takes_two_people(heron: Lawyer, coordinator: User, at: datetime.datetime) -> None:
    abroad = people.person("jay", "lawyer")
    with pytest.raises(panel.WrongAccount):
        panel.open_portal(lawyer=heron, user=coordinator, by=coordinator, at=at)
    with pytest.raises(NeedsSecondPerson):
        panel.open_portal(lawyer=heron, user=abroad, by=coordinator, at=at)
    asked = request_approval(
        kind="lawyer.portal", object_id=heron.pk, payload={"user": str(abroad.pk)}, by=coordinator, at=at
    )
    decide_approval(approval=asked, agrees=True, by=people.administrator(), at=at)
    other = people.person("rook", "lawyer")
    with pytest.raises(NeedsSecondPerson):
        panel.open_portal(lawyer=heron, user=other, by=coordinator, at=at)
    opened = panel.open_portal(lawyer=heron, user=abroad, by=coordinator, at=at)
    assert (opened.channel, opened.user) == ("portal", abroad)


def test_who_sees_the_panel(heron: Lawyer, coordinator: User) -> None:
    abroad = people.person("jay", "lawyer")
    assert set(Lawyer.objects.visible_to(coordinator)) == {heron}
    assert set(Lawyer.objects.visible_to(people.second_officer())) == {heron}
    for blind in (people.auditor(), people.treasurer(), people.administrator(), people.stranger(), abroad):
        assert not Lawyer.objects.visible_to(blind).exists(), blind.username
    assert not Lawyer.objects.visible_to(people.SETUP).exists()


# Behind the actions' back


def key(value: uuid.UUID) -> Any:
    return value if connection.vendor == "postgresql" else value.hex


@pytest.mark.parametrize(
    "statement",
    [
        "update lawyers_lawyer set channel = 'pigeon'",
        "update lawyers_licence set until_on = '2019-12-31'",
        "update lawyers_capacity set min_open = max_open + 1",
        "update lawyers_competence set max_severity = 6",
        "update lawyers_competence set max_severity = 0",
        "update lawyers_away set until_on = '2026-03-31'",
        "update lawyers_lawyer set user_id = (select id from accounts_user limit 1)",
        "update lawyers_historicallawyer set code_name = 'Nobody'",
        "delete from lawyers_historicallawyer",
        "update lawyers_historicallicence set status = 'active'",
        "delete from lawyers_historicallicence",
    ],
)
def test_no_statement_writes_what_must_never_be(
    statement: str, coordinator: User, at: datetime.datetime
) -> None:
    practice = panel.Practice(
        licence_status="suspended",
        licence_from_on=DAY(2020, 1, 1),
        competences=(("speech", 3, ""),),
        max_open=2,
        aways=((DAY(2026, 4, 1), DAY(2026, 4, 5)),),
    )
    panel.add_lawyer(code_name="Wren-20", practice=practice, by=coordinator, at=at)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("model", "known"),
    [
        (Licence, {"status": "active", "from_on": DAY(2020, 1, 1)}),
        (Competence, {"article_family": "speech"}),
        (Coverage, {"region": "homel"}),
        (Capacity, {"max_open": 3}),
    ],
)
def test_no_second_row_says_the_same(model: type, known: dict[str, Any], heron: Lawyer) -> None:
    """The row is copied column by column in SQL, under another key."""

    @panel.action("test.row")
    def make(*, by: Any, at: Any) -> None:
        model.objects.create(lawyer=heron, **known)

    make(by=people.SETUP, at=people.START)
    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields if field.column != "id"]
    listed = ", ".join(columns)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"insert into {table} (id, {listed}) select %s, {listed} from {table}", [key(uuid.uuid4())]
        )


# Words and code names


def test_every_code_has_words() -> None:
    pairs = [
        (codes.Reason, wording.REASONS),
        (codes.Ask, wording.ASKS),
        (codes.Component, wording.COMPONENTS),
        (codes.Stage, wording.STAGES),
        (codes.Status, wording.STATUSES),
        (codes.LockFault, wording.LOCK_FAULTS),
        (State, wording.LICENCE),
    ]
    for listed, words in pairs:
        assert set(listed) == set(words), listed
    assert wording.word(wording.REASONS, "a-code-of-tomorrow") == "a-code-of-tomorrow"


def test_code_names_are_birds_that_nobody_bears() -> None:
    asked: list[set[str]] = []

    def all_but_one(names: Any) -> set[str]:
        asked.append(set(names))
        return set(sorted(names)[1:])

    drawn = code_names.draw(all_but_one)
    assert drawn == min(asked[0])
    assert drawn.rsplit("-", 1)[0] in code_names.WORDS
    with pytest.raises(RuntimeError):
        code_names.draw(set)
