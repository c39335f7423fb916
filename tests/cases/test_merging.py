"""Two records of one person, one record of two people: both histories kept, by two people."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import approvals
from accounts.erasing import registry
from accounts.models import User
from cases import finding, moving
from cases.actions import asking, circumstances, counsel, merging
from cases.actions.court import add_defendant
from cases.actions.office import add_note, add_task
from cases.actions.papers import add_document
from cases.actions.people import add_authority, withdraw_authority
from cases.actions.stage import record_stage
from cases.circumstances import PartyKind
from cases.intake.facts import Intake
from cases.kinds import AuthorityKind, Basis, ExclusionKind, PaidBy, Relation, Source
from cases.models import Case, Client, Defendant, Note, RelatedParty, Representation, StageEvent, Trial
from cases.own_people import own_clients
from cases.papers import DocumentKind
from cases.stages import Stage
from tests import people
from tests.cases.conftest import AddLawyer, Receive
from vault import files, keys, reading
from vault.cleaning.kinds import FileType


@pytest.fixture
def second(db: None) -> User:
    return people.second_officer()


def agree(kind: str, object_id: Any, payload: dict[str, Any], asks: User, second: User, at: Any) -> None:
    asked = approvals.request_approval(kind=kind, object_id=object_id, payload=payload, by=asks, at=at)
    approvals.decide_approval(approval=asked, agrees=True, by=second, at=at)


def join(one: Case, other: Case, by: User, second: User, at: datetime.datetime) -> Client:
    agree(merging.MERGE, other.client_id, merging.merge_terms(one.client), by, second, at)
    with reading.reading(by.actor_id, "test"):
        return merging.merge_clients(survivor=one.client, merged=other.client, by=by, at=at)


def test_merge_carries_everything_and_split_takes_it_back(
    receive: Receive, lawyer: AddLawyer, coordinator: User, second: User, at: datetime.datetime
) -> None:
    one = receive("Каваленка Алена")
    other = receive("Коваленко Елена", summary="Taken at work", days=9)
    add_note(case=other, text="She is ill", by=coordinator, at=at)
    add_task(case=other, owner=coordinator, text="Call", by=coordinator, at=at)
    given: dict[str, Any] = {"basis": Basis.SPOKEN, "relation": Relation.SIBLING, "given_on": at.date()}
    add_authority(
        client=other.client, kind=AuthorityKind.PAY, given_by="Sister", **given, by=coordinator, at=at
    )
    record_stage(
        case=other, stage=Stage.CHARGED, occurred_on=at.date(), source=Source.FAMILY, reason="late",
        by=coordinator, at=at,
    )  # fmt: skip
    heron, egret = lawyer(), lawyer("Egret-04")
    counsel.offer_case(case=other, lawyer=heron, by=coordinator, at=at)
    counsel.exclude(case=other, lawyer=egret, kind=ExclusionKind.VETO, by=coordinator, at=at)
    told: dict[str, Any] = {"by": coordinator, "at": at}
    counsel.record_own_counsel(case=one, lawyer=lawyer("Crane-08"), paid_by=PaidBy.FAMILY, **told)
    party = circumstances.name_party(case=other, kind=PartyKind.WITNESS, name="Алена К.", **told)
    circumstances.recognise_party(party=party, person=one.client, **told)  # who proves to be the same
    loser = other.client
    with pytest.raises(approvals.NeedsSecondPerson), reading.reading("test", "test"):
        merging.merge_clients(survivor=one.client, merged=loser, by=coordinator, at=at)
    survivor = join(one, other, coordinator, second, at)
    for model in moving.models_of_cases():
        assert not model.objects.filter(client=loser).exists(), model
    assert Representation.objects.get(lawyer=heron).client_id == survivor.pk
    assert RelatedParty.objects.get().person is None
    assert survivor.exclusions.get().lawyer_id == egret.pk
    assert own_clients(coordinator.pk, {survivor.pk, loser.pk}, at) == {survivor.pk, loser.pk}
    with reading.reading("test", "test"):
        assert Case.objects.get(pk=other.pk).summary == "Taken at work"
        assert Note.objects.get().text == "She is ill"
        assert survivor.authorities.get().given_by == "Sister"
        stands = Client.objects.get(pk=survivor.pk)
        assert (stands.name, stands.alias) == ("Каваленка Алена", "Коваленко Елена")
        assert Client.objects.get(pk=loser.pk).name == "Коваленко Елена"  # stays readable
        # what was written once stays under the key it was sealed with
        assert StageEvent.objects.get(case=other, stage="charged").reason == "late"
        newcomer = Client(name="Каваленка Елена")
        assert {row.client.pk for row in finding.likely_duplicates(newcomer)} == {survivor.pk}
    loser.refresh_from_db()
    assert loser.merged_into_id == survivor.pk
    _taken_back(one, other, loser, coordinator, second, at)


def _taken_back(one: Case, other: Case, loser: Client, by: User, second: User, at: datetime.datetime) -> None:
    survivor, moved = one.client, Case.objects.get(pk=other.pk)
    agree(merging.SPLIT, survivor.pk, merging.split_terms([moved], loser), by, second, at)
    with reading.reading("test", "test"):
        back = merging.split_client(client=survivor, cases=[moved], back_to=loser, by=by, at=at)
    assert back == loser
    assert Case.objects.get(pk=other.pk).client_id == loser.pk
    with reading.reading("test", "test"):
        assert Note.objects.get().text == "She is ill"
    agree(merging.SPLIT, loser.pk, merging.split_terms([moved]), by, second, at)
    with pytest.raises(merging.NothingToMove):  # somebody has to stay
        merging.split_client(client=back, cases=[Case.objects.get(pk=other.pk)], name="X", by=by, at=at)


def test_two_people_under_one_record_get_one_each(
    receive: Receive,
    coordinator: User,
    second: User,
    at: datetime.datetime,
    django_capture_on_commit_callbacks: Any,
) -> None:
    first = receive("Ліс Лада")
    told: dict[str, Any] = {"by": coordinator, "at": at}
    asked = asking.ask_for_help(code="C" * 24, contact="x", words="y", **told)
    asking.add_help_note(asked=asked, text="Before", **told)
    with reading.reading("test", "test"):
        case = asking.take_help_request(
            asked=asked, intake=Intake(summary="Another Lada"), client=first.client, **told
        )
        asking.add_help_note(asked=asked, text="After", **told)
        ruling = files.Cleaned(FileType.TEXT, b"A ruling", "a" * 64, "b" * 64)
        paper = add_document(case=case, content=ruling, kind=DocumentKind.VERDICT, **told)
        agree(merging.SPLIT, first.client_id, merging.split_terms([case]), coordinator, second, at)
        with django_capture_on_commit_callbacks(execute=True):
            new = merging.split_client(
                client=first.client, cases=[case], name="Ліс Лада Іванаўна", by=coordinator, at=at
            )
        assert not files.path_of(paper.file).exists()
        assert Case.objects.get(pk=case.pk).summary == "Another Lada"
    assert new.pk != first.client_id
    assert {row.client.pk for row in _alike("Ліс Лада")} == {first.client_id, new.pk}
    keys.destroy_key(first.client_id)
    files.delete_files([first.client_id], at=at)
    with reading.reading("test", "test"):
        assert Case.objects.get(pk=case.pk).summary == "Another Lada"
        assert {note.text for note in asked.notes.all()} == {"Before", "After"}
        paper.refresh_from_db()
        assert b"".join(files.open_file(paper.file)) == b"A ruling"


def _alike(name: str) -> list[finding.Duplicate]:
    with reading.reading("test", "test"):
        return finding.likely_duplicates(Client(name=name))


def test_what_cannot_be_joined_is_refused_with_its_reason(
    receive: Receive, lawyer: AddLawyer, coordinator: User, second: User, at: datetime.datetime
) -> None:
    one, other = receive("Каваленка Алена"), receive("Коваленко Елена")
    given: dict[str, Any] = {"basis": Basis.SPOKEN, "relation": Relation.SIBLING, "given_on": at.date()}
    with pytest.raises(merging.OnePersonOnly):
        merging.refuse_merge(one.client, one.client)
    row = [
        add_authority(client=case.client, kind=AuthorityKind.PAY, **given, by=coordinator, at=at)
        for case in (one, other)
    ]
    with pytest.raises(merging.SameAuthority):
        merging.refuse_merge(one.client, other.client)
    withdraw_authority(authority=row[0], by=coordinator, at=at)
    heron = lawyer()
    counsel.offer_case(case=other, lawyer=heron, by=coordinator, at=at)
    told: dict[str, Any] = {"by": coordinator, "at": at}
    accuser = receive("Бусел Іван")
    counsel.record_own_counsel(case=accuser, lawyer=heron, paid_by=PaidBy.FAMILY, **told)
    party = circumstances.name_party(case=one, kind=PartyKind.ACCUSER, name="Бусел Іван", **told)
    circumstances.recognise_party(party=party, person=accuser.client, **told)
    with pytest.raises(merging.ExcludedDefends):  # bound to the accuser of one, asked for the other
        merging.refuse_merge(one.client, other.client)
    circumstances.recognise_party(party=party, person=None, **told)
    merging.refuse_merge(one.client, other.client)
    counsel.exclude(case=one, lawyer=heron, kind=ExclusionKind.VETO, by=coordinator, at=at)
    with pytest.raises(merging.ExcludedDefends):
        merging.refuse_merge(one.client, other.client)
    trial = Trial.objects.get(defendants__case=one)
    add_defendant(trial=trial, case=other, by=coordinator, at=at)
    assert Defendant.objects.filter(trial=trial).count() == 2
    with pytest.raises(merging.InOneTrial):
        merging.refuse_merge(one.client, other.client)
    third = receive("Зязюля Янка")
    join(one, third, coordinator, second, at)
    with pytest.raises(merging.MergedAlready):
        merging.refuse_merge(other.client, Client.objects.get(pk=third.client_id))
    trace = next(found for found in registry.traces(outside=True) if found.label == "merged records")
    subject = registry.subject_of(registry.kind_of("client"), one.client_id, at)
    assert [found.code for found in registry.kind_of("client").obstacles(third.client_id, at)] == ["merged"]
    assert trace.remove(subject) == 1
    assert not keys.exists(third.client_id)


def test_the_database_keeps_cases_on_standing_records(
    receive: Receive, coordinator: User, second: User, at: datetime.datetime
) -> None:
    one, other, third = receive("Каваленка Алена"), receive("Коваленко Елена"), receive("Зязюля Янка")
    loser = other.client
    join(one, other, coordinator, second, at)
    keep = {"loser": loser.pk, "one": one.client_id, "third": third.client_id}
    ids = {name: key.hex if connection.vendor == "sqlite" else str(key) for name, key in keep.items()}
    for statement in (
        "update cases_case set client_id = %(loser)s where client_id = %(third)s",
        "update cases_client set merged_into_id = %(one)s, merged_at = '2026-03-02' where id = %(third)s",
        "update cases_client set merged_into_id = %(third)s, merged_at = '2026-03-02' where id = %(one)s",
        "update cases_client set merged_into_id = %(loser)s, merged_at = '2026-03-02' where id = %(loser)s",
        "update cases_client set merged_at = null where id = %(loser)s",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, ids)
