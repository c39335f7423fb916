"""One page takes in a person: name or alias, a contact, and whatever else is known."""

import datetime
import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction

from accounts.models import Grant, User
from audit.models import Event
from cases import finding, kinds
from cases.actions.intake import NobodyNamed, NoContact, receive_case
from cases.intake.articles import ArticleRef
from cases.intake.facts import HearingFact, Intake
from cases.models import Case, Client
from cases.names import SAME_PERSON_LIKELY
from lawyers.intake.cells import PartialDate
from tests import people
from tests.cases.conftest import COURT, Receive
from vault.reading import NoReader, reading


@pytest.mark.django_db
def test_an_alias_and_a_contact_are_enough(coordinator: User, at: datetime.datetime) -> None:
    case = receive_case(intake=Intake(alias="Swallow", contacts="her sister"), by=coordinator, at=at)
    assert case.reference == "BY-2026-0001"
    assert case.status == "received"
    assert case.client.code_name not in case.reference
    assert Event.objects.last().kind == "case.received"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("intake", "refusal"),
    [
        (Intake(contacts="her sister"), NobodyNamed),
        (Intake(name="  ", contacts="her sister"), NobodyNamed),
        (Intake(name="Алена"), NoContact),
    ],
)
def test_without_either_nothing_is_written(
    coordinator: User, at: datetime.datetime, intake: Intake, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        receive_case(intake=intake, by=coordinator, at=at)
    assert not Case.objects.exists()
    assert not Client.objects.exists()


def test_one_page_makes_all_of_it_in_one_event(receive: Receive, at: datetime.datetime) -> None:
    before = Event.objects.count()
    case = receive(
        seeking=False,
        born=PartialDate(datetime.date(1981, 1, 1), "year"),
        detained=PartialDate(datetime.date(2026, 2, 11)),
        articles=(ArticleRef("342", "1"), ArticleRef("24.23")),
        judge="A judge",
    )
    assert Event.objects.count() == before + 1
    assert (case.kind, case.stage, case.in_custody, case.region) == ("criminal", "detained", True, "homel")
    assert case.urgency == "soon"
    assert {str(row.article) for row in case.accusations.all()} == {"342 part 1", "24.23"}
    (defendant,) = case.defendants.all()
    assert defendant.trial.court.code == COURT
    assert defendant.trial.hearings.get().status == "scheduled"
    with reading("staff:test", "test"):
        assert case.client.born_on == datetime.date(1981, 1, 1)
        assert defendant.trial.judge == "A judge"


def test_the_responsible_coordinator_gets_a_grant(receive: Receive, coordinator: User) -> None:
    case = receive(seeking=False)
    grant = Grant.objects.get()
    assert (grant.user, grant.object_id, grant.kind) == (coordinator, case.id, "responsible")


def test_administrative_articles_make_an_administrative_case(receive: Receive) -> None:
    case = receive(seeking=False, articles=(ArticleRef("24.23"),))
    assert case.kind == "administrative"


def test_an_unknown_article_is_taken_in_without_citation(receive: Receive) -> None:
    case = receive(seeking=False, articles=(ArticleRef("999", "7"),))
    article = case.accusations.get().article
    assert (article.citation, article.checked_by_counsel) == ("", False)


def test_a_re_arrest_is_a_new_case_of_the_same_client(
    receive: Receive, coordinator: User, at: datetime.datetime
) -> None:
    first = receive(seeking=False)
    again = receive_case(intake=Intake(), client=first.client, by=coordinator, at=at)
    assert again.client_id == first.client_id
    assert again.reference == "BY-2026-0002"
    assert Client.objects.count() == 1


def test_nothing_of_the_person_stands_in_plain_columns(receive: Receive) -> None:
    receive(
        "Зязюля Янка", seeking=False, alias="Cuckoo", summary="mark-of-a-summary", judge="mark-of-a-judge"
    )
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select * from "{table}"')
            text = str(cursor.fetchall())
            assert not any(mark in text for mark in ("Зязюля", "Cuckoo", "mark-of", "sister")), table


@pytest.mark.parametrize(
    "spelling",
    [
        "Каваленка Алена Пятроўна",
        "Коваленко Елена Петровна",
        "Kavalenka Alena",
        "Alena Kavalienka",
        "Kovalenko Elena",
    ],
)
def test_duplicates_are_found_over_three_languages(
    receive: Receive, coordinator: User, spelling: str
) -> None:
    known = receive("Каваленка Алена Пятроўна", seeking=False)
    receive("Зязюля Янка", seeking=False)
    newcomer = receive(spelling, seeking=False)
    with reading(coordinator.actor_id, "duplicates"):
        found = finding.likely_duplicates(newcomer.client)
    assert found[0].client == known.client
    assert found[0].name >= SAME_PERSON_LIKELY
    assert newcomer.client not in [one.client for one in found]


def test_another_person_is_no_duplicate(receive: Receive, coordinator: User) -> None:
    receive("Каваленка Алена Пятроўна", seeking=False)
    other = receive("Зязюля Янка", seeking=False)
    with reading(coordinator.actor_id, "duplicates"):
        assert finding.likely_duplicates(other.client) == []


def test_looking_for_duplicates_needs_a_reading(receive: Receive) -> None:
    case = receive(seeking=False)
    with pytest.raises(NoReader):
        finding.likely_duplicates(Client.objects.get(pk=case.client_id))


def test_references_count_on_and_a_refused_intake_leaves_no_gap(
    receive: Receive, coordinator: User, at: datetime.datetime
) -> None:
    receive(seeking=False)
    with pytest.raises(NoContact):
        receive_case(intake=Intake(name="Без кантакту"), by=coordinator, at=at)
    assert receive(seeking=False).reference == "BY-2026-0002"


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_two_at_once_get_references_without_a_gap(at: datetime.datetime) -> None:
    by = people.coordinator()
    barrier = threading.Barrier(2)
    failed: list[BaseException] = []

    def take_in() -> None:
        try:
            barrier.wait()
            for _each in range(8):
                receive_case(intake=Intake(alias="Swallow", contacts="x"), by=by, at=at)
        except BaseException as error:  # noqa: BLE001 - shown by the test, whatever it is
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take_in) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    numbers = sorted(Case.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 17))


@pytest.mark.parametrize(
    "change",
    [
        "reference = 'BY2026-00001'",
        "reference = 'BY-2026-1'",
        "number = 0",
        "status = 'closed'",
        "status = 'duplicate'",
    ],
)
def test_the_database_refuses_a_case_out_of_shape(receive: Receive, change: str) -> None:
    receive(seeking=False)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update cases_case set {change}")


def test_a_second_case_cannot_take_the_same_reference(receive: Receive) -> None:
    receive(seeking=False)
    receive(seeking=False)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update cases_case set reference = 'BY-2026-0001' where number = 2")


def test_code_names_are_unique(receive: Receive) -> None:
    receive(seeking=False)
    receive(seeking=False)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update cases_client set code_name = 'Rowan-42'")


def test_a_hearing_tomorrow_is_urgent(receive: Receive, at: datetime.datetime) -> None:
    hearing = HearingFact(at + datetime.timedelta(hours=20))
    assert receive(seeking=False, hearing=hearing).urgency == kinds.Urgency.URGENT
