"""The organisation's steps, closing with what is open, and what was written about a client."""

import datetime
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.approvals import NeedsSecondPerson, decide_approval
from accounts.models import User
from cases import costs, kinds
from cases.actions import counsel, office, people
from cases.actions.costs import (
    ApprovedAlready,
    approve_budget,
    ask_for_ceiling,
    enter_case_claim,
    open_budget,
)
from cases.actions.status import (
    NotANextStep,
    WhichCase,
    change_status,
    close_case,
    open_matters,
    reopen_case,
)
from cases.kinds import CaseStatus, ClosingReason, EpisodeState
from cases.models import Case, Note, Representation, Task
from tests.cases.conftest import AddLawyer, Receive
from treasury import commitments
from treasury.actions.ceilings import NotABudget
from treasury.actions.commitments import commit
from treasury.actions.payees import add_payee
from treasury.kinds import Category, PayeeKind, VoucherKind
from treasury.models import Commitment, Fund
from vault.reading import reading

MakeFund = Callable[[int], Fund]


def test_steps_follow_each_other(receive: Receive, coordinator: User, at: datetime.datetime) -> None:
    case = receive(seeking=False)
    with pytest.raises(NotANextStep) as refused:
        change_status(case=case, to=CaseStatus.REPRESENTED, by=coordinator, at=at)
    assert "Verified" in refused.value.text
    for step in (CaseStatus.VERIFIED, CaseStatus.ELIGIBLE, CaseStatus.SEEKING):
        change_status(case=case, to=step, by=coordinator, at=at)
    assert case.status == "seeking-counsel"


def test_a_duplicate_names_the_other_case(receive: Receive, coordinator: User, at: datetime.datetime) -> None:
    first, second = receive(seeking=False), receive(seeking=False)
    for wrong in (None, second):
        with pytest.raises(WhichCase):
            change_status(case=second, to=CaseStatus.DUPLICATE, duplicate_of=wrong, by=coordinator, at=at)
    change_status(case=second, to=CaseStatus.DUPLICATE, duplicate_of=first, by=coordinator, at=at)
    assert not Case.objects.open().filter(pk=second.pk).exists()
    reopen_case(case=second, by=coordinator, at=at)
    assert second.duplicate_of is None


def _approved_ceiling(
    case: Case, lines: dict[str, int], asks: User, agrees: User, at: datetime.datetime
) -> None:
    budget = open_budget(case=case, lines=lines, by=asks, at=at)
    with pytest.raises(NeedsSecondPerson):
        approve_budget(budget=budget, by=asks, at=at)
    approval = ask_for_ceiling(budget=budget, by=asks, at=at)
    decide_approval(approval=approval, agrees=True, by=agrees, at=at)
    approve_budget(budget=budget, by=asks, at=at)
    with pytest.raises(ApprovedAlready):
        approve_budget(budget=budget, by=asks, at=at)


def test_closing_settles_what_is_open(
    receive: Receive,
    lawyer: AddLawyer,
    fund: MakeFund,
    coordinator: User,
    officer: User,
    at: datetime.datetime,
) -> None:
    fund(500_000)
    case = receive()
    _approved_ceiling(case, {"fee": 50_000, "travel": 10_000}, coordinator, officer, at)
    counsel.record_answer(
        case=case,
        lawyer=lawyer(),
        answer=EpisodeState.ACCEPTED,
        fee=counsel.Fee(50_000),
        by=coordinator,
        at=at,
    )
    travel = commit(category=Category.TRAVEL, amount_minor=5_000, case_id=case.id, by=coordinator, at=at)
    office.add_task(owner=coordinator, text="fetch the warrant", case=case, by=coordinator, at=at)
    case.refresh_from_db()
    matters = open_matters(case, at)
    assert [len(part) for part in (matters.representations, matters.commitments)] == [1, 2]
    assert [len(part) for part in (matters.hearings, matters.tasks)] == [1, 1]
    close_case(case=case, reason=ClosingReason.RELEASED, keep=[travel], by=coordinator, at=at)
    after = open_matters(case, at)
    assert [row for row, _held in after.commitments] == [travel]
    assert [after.representations, after.hearings, after.tasks] == [[], [], []]
    assert Representation.objects.get().reason == "case-closed"
    assert Task.objects.get().done_at == at
    assert sum(commitments.held_minor(row) for row in Commitment.objects.all()) == 5_000
    with pytest.raises(NotANextStep):
        close_case(case=case, reason=ClosingReason.ENDED, by=coordinator, at=at)
    reopen_case(case=case, by=coordinator, at=at)
    assert (case.status, case.closed_at) == ("reopened", None)


def test_a_hearing_shared_with_another_client_goes_on(
    receive: Receive, coordinator: User, at: datetime.datetime
) -> None:
    from cases.actions.court import add_defendant

    first, second = receive(), receive("Зязюля Янка", days=None)
    trial = first.defendants.get().trial
    add_defendant(trial=trial, case=second, by=coordinator, at=at)
    close_case(case=first, reason=ClosingReason.WITHDRAWN, by=coordinator, at=at)
    assert trial.hearings.get().status == "scheduled"
    second.refresh_from_db()
    close_case(case=second, reason=ClosingReason.WITHDRAWN, by=coordinator, at=at)
    assert trial.hearings.get().status == "cancelled"


def test_the_costs_of_a_case(
    receive: Receive, fund: MakeFund, coordinator: User, officer: User, at: datetime.datetime
) -> None:
    fund(500_000)
    case = receive()
    _approved_ceiling(case, {"fee": 50_000}, coordinator, officer, at)
    commit(category=Category.FEE, amount_minor=20_000, case_id=case.id, by=coordinator, at=at)
    open_budget(case=case, lines={"fee": 50_000, "expert": 30_000}, by=coordinator, at=at)
    found = costs.case_costs(case)
    assert found == costs.CaseCosts(
        budget_minor=80_000,
        ceiling_minor=50_000,
        raised_minor=0,
        drawn_minor=20_000,
        committed_minor=20_000,
        paid_minor=0,
    )
    assert (found.room_minor, found.short_minor) == (30_000, 30_000)


@pytest.mark.parametrize("lines", [{"fee": -1}, {"salary": 10}, {"gold": 10}])
def test_a_budget_has_costs_of_a_case(
    receive: Receive, coordinator: User, at: datetime.datetime, lines: dict[str, int]
) -> None:
    with pytest.raises(NotABudget):
        open_budget(case=receive(seeking=False), lines=lines, by=coordinator, at=at)


def test_a_claim_rests_on_the_fee_of_the_representation(
    receive: Receive,
    lawyer: AddLawyer,
    fund: MakeFund,
    coordinator: User,
    officer: User,
    at: datetime.datetime,
) -> None:
    fund(500_000)
    case = receive()
    _approved_ceiling(case, {"fee": 50_000}, coordinator, officer, at)
    episode = counsel.record_answer(
        case=case,
        lawyer=lawyer(),
        answer=EpisodeState.ACCEPTED,
        fee=counsel.Fee(50_000),
        by=coordinator,
        at=at,
    )
    payee = add_payee(kind=PayeeKind.BAR_OFFICE, name="Office", country="PL", by=coordinator, at=at)
    claim = enter_case_claim(
        case=case,
        payee=payee,
        category=Category.FEE,
        amount_minor=50_000,
        invoiced_on=at.date(),
        voucher_kind=VoucherKind.OFFICE_RECEIPT,
        representation=episode,
        by=coordinator,
        at=at,
    )
    assert (claim.case_id, claim.commitment) == (case.id, episode.commitment)


def test_what_may_be_done_is_given_and_withdrawn(
    receive: Receive, coordinator: User, at: datetime.datetime
) -> None:
    client = receive(seeking=False).client
    given = people.add_authority(
        client=client,
        kind=kinds.AuthorityKind.PAY,
        basis=kinds.Basis.SPOKEN,
        relation=kinds.Relation.SIBLING,
        given_by="Каваленка Вера",
        given_on=at.date(),
        by=coordinator,
        at=at,
    )
    with reading(coordinator.actor_id, "test"):
        assert client.authorities.get().given_by == "Каваленка Вера"
    again = {
        "client": client,
        "kind": kinds.AuthorityKind.PAY,
        "basis": kinds.Basis.WRITTEN,
        "relation": kinds.Relation.SELF,
        "given_on": at.date(),
        "by": coordinator,
        "at": at,
    }
    with pytest.raises(people.AuthorityGiven):
        people.add_authority(**again)
    with pytest.raises(people.WithdrawnBeforeGiven):
        people.withdraw_authority(
            authority=given, withdrawn_on=at.date() - datetime.timedelta(days=1), by=coordinator, at=at
        )
    people.withdraw_authority(authority=given, by=coordinator, at=at)
    with pytest.raises(people.AuthorityWithdrawn):
        people.withdraw_authority(authority=given, by=coordinator, at=at)
    people.add_authority(**again)
    assert client.authorities.live().count() == 1


def test_a_corrected_name_is_found_under_its_new_spelling(
    receive: Receive, coordinator: User, at: datetime.datetime
) -> None:
    from cases import finding

    client = receive("Памылка Нехта", seeking=False).client
    other = receive("Зязюля Янка", seeking=False).client
    with reading(coordinator.actor_id, "test"):
        people.change_client(client=client, name="Зязюля Янка", by=coordinator, at=at)
        assert [one.client for one in finding.likely_duplicates(other)] == [client]


def test_notes_and_tasks_are_sealed(receive: Receive, coordinator: User, at: datetime.datetime) -> None:
    case = receive(seeking=False)
    office.add_note(case=case, text="mark-of-a-note", by=coordinator, at=at)
    office.add_task(owner=coordinator, text="mark-of-a-task", by=coordinator, at=at)
    task = office.add_task(owner=coordinator, text="mark-of-case-task", case=case, by=coordinator, at=at)
    with reading(coordinator.actor_id, "test"):
        assert Note.objects.get().text == "mark-of-a-note"
        assert {row.text for row in Task.objects.all()} == {"mark-of-a-task", "mark-of-case-task"}
    with connection.cursor() as cursor:
        for table in ("cases_note", "cases_task", "cases_historicalnote", "cases_historicaltask"):
            cursor.execute(f"select * from {table}")
            assert "mark-of" not in str(cursor.fetchall())
    office.finish_task(task=task, by=coordinator, at=at)
    with pytest.raises(office.DoneAlready):
        office.finish_task(task=task, by=coordinator, at=at)
    with pytest.raises(office.NothingWritten):
        office.add_note(case=case, text=" ", by=coordinator, at=at)
    with pytest.raises(office.NothingWritten):
        office.add_task(owner=coordinator, text=" ", by=coordinator, at=at)


def test_the_database_pairs_a_task_with_its_client(
    receive: Receive, coordinator: User, at: datetime.datetime
) -> None:
    office.add_task(owner=coordinator, text="x", case=receive(seeking=False), by=coordinator, at=at)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update cases_task set client_id = null")
