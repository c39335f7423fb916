"""Offers, answers by phone, first acceptance wins, conflict excludes for good, own counsel, the fee."""

import datetime
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from accounts.actions.access import grant_access
from accounts.approvals import decide_approval, request_approval
from accounts.models import User
from audit.models import Event
from cases import kinds
from cases.actions import counsel, counsel_rules
from cases.actions.counsel import Fee, offer_case, record_answer
from cases.actions.intake import receive_case
from cases.actions.reference import load_reference
from cases.actions.status import change_status
from cases.intake.facts import HearingFact, Intake
from cases.kinds import DefendedBy, EpisodeReason, EpisodeState, PaidBy
from cases.models import Case, Exclusion, Representation
from lawyers.actions.panel import add_lawyer
from lawyers.models import Lawyer
from tests import people
from tests.cases.conftest import AddLawyer, Receive
from tests.plugins.roles import as_owner
from treasury import commitments
from treasury.actions.authorities import (
    approve_tariff,
    authority_terms,
    grant_standing_authority,
    tariff_terms,
)
from treasury.actions.ceilings import AboveTariff
from treasury.eligible import CeilingShort, NotEnoughMoney
from treasury.kinds import Category
from treasury.models import Ceiling, Commitment, Fund, StandingAuthority
from treasury.tariffs import OutsideAuthority
from vault.keys import ORGANISATION
from vault.reading import reading

MakeFund = Callable[[int], Fund]


@pytest.fixture
def authority(officer: User, at: datetime.datetime) -> StandingAuthority:
    """900.00 for a fee at most, 2,000.00 a month, approved beforehand by a second officer."""
    treasurer, on = people.treasurer(), at.date()
    fees = [(Category.FEE, "", 90_000)]
    terms = tariff_terms(name="B", fees=fees, valid_from=on)
    _approved(ORGANISATION, terms, treasurer, officer, at)
    tariff = approve_tariff(name="B", fees=fees, valid_from=on, by=treasurer, at=at)
    until = on + datetime.timedelta(days=90)
    terms = authority_terms(monthly_minor=200_000, valid_from=on, valid_until=until)
    _approved(tariff.id, terms, treasurer, officer, at)
    return grant_standing_authority(
        tariff=tariff, monthly_minor=200_000, valid_from=on, valid_until=until, by=treasurer, at=at
    )


def _approved(
    object_id: uuid.UUID, payload: dict[str, Any], asks: User, agrees: User, at: datetime.datetime
) -> None:
    approval = request_approval(
        kind="standing-authority", object_id=object_id, payload=payload, by=asks, at=at
    )
    decide_approval(approval=approval, agrees=True, by=agrees, at=at)


def test_accepted_by_phone_commits_the_fee_in_one_event(
    receive: Receive,
    lawyer: AddLawyer,
    fund: MakeFund,
    authority: StandingAuthority,
    coordinator: User,
    at: datetime.datetime,
) -> None:
    fund(500_000)
    case, heron = receive(), lawyer()
    before = Event.objects.count()
    episode = record_answer(
        case=case,
        lawyer=heron,
        answer=EpisodeState.ACCEPTED,
        fee=Fee(80_000, authority=authority),
        by=coordinator,
        at=at,
    )
    assert Event.objects.count() == before + 1
    assert (episode.state, episode.recorded_by) == ("accepted", coordinator.actor_id)
    assert episode.commitment is not None
    assert commitments.held_minor(episode.commitment) == 80_000
    assert episode.commitment.authority == authority
    assert Ceiling.objects.get(case_id=case.id).lines == {"fee": 80_000}
    case.refresh_from_db()
    assert case.status == "represented"
    assert case.defendants.get().defended_by == DefendedBy.PANEL


def test_too_little_money_says_how_much_and_changes_nothing(
    receive: Receive,
    lawyer: AddLawyer,
    fund: MakeFund,
    authority: StandingAuthority,
    coordinator: User,
    at: datetime.datetime,
) -> None:
    fund(50_000)
    case = receive()
    offer = offer_case(case=case, lawyer=lawyer(), by=coordinator, at=at)
    events = Event.objects.count()
    with pytest.raises(NotEnoughMoney) as refused:
        counsel.accept_offer(
            representation=offer, fee=Fee(80_000, authority=authority), by=coordinator, at=at
        )
    assert refused.value.params["missing_minor"] == 30_000
    assert {way["code"] for way in refused.value.params["ways_out"]} >= {"lower-amount", "ask-donors"}
    offer.refresh_from_db()
    case.refresh_from_db()
    assert (offer.state, case.status) == ("offered", "seeking-counsel")
    assert not Commitment.objects.exists()
    assert not Ceiling.objects.exists()
    assert Event.objects.count() == events


def test_a_fee_above_the_ceiling_says_so(
    receive: Receive,
    lawyer: AddLawyer,
    fund: MakeFund,
    authority: StandingAuthority,
    coordinator: User,
    at: datetime.datetime,
) -> None:
    fund(500_000)
    case = receive()
    record_answer(
        case=case,
        lawyer=lawyer(),
        answer=EpisodeState.ACCEPTED,
        fee=Fee(80_000, authority=authority),
        by=coordinator,
        at=at,
    )
    with pytest.raises(CeilingShort) as refused:
        record_answer(
            case=case,
            lawyer=lawyer("Crane-08"),
            role=kinds.Role.SECOND,
            answer=EpisodeState.ACCEPTED,
            fee=Fee(10_000, authority=authority),
            by=coordinator,
            at=at,
        )
    assert refused.value.params["missing_minor"] == 10_000


def test_above_the_tariff_one_person_is_not_enough(
    receive: Receive, authority: StandingAuthority, coordinator: User, at: datetime.datetime
) -> None:
    with pytest.raises(AboveTariff):
        counsel.record_own_counsel(
            case=receive(days=None),
            own_counsel="somebody",
            paid_by=PaidBy.ORGANISATION,
            fee=Fee(95_000, authority=authority),
            by=coordinator,
            at=at,
        )


def test_the_month_of_a_standing_authority_is_not_exceeded(
    receive: Receive,
    fund: MakeFund,
    authority: StandingAuthority,
    coordinator: User,
    at: datetime.datetime,
) -> None:
    fund(500_000)

    def pay_own_counsel() -> None:
        counsel.record_own_counsel(
            case=receive(),
            own_counsel="somebody",
            paid_by=PaidBy.ORGANISATION,
            fee=Fee(90_000, authority=authority),
            by=coordinator,
            at=at,
        )

    pay_own_counsel()
    pay_own_counsel()
    with pytest.raises(OutsideAuthority):
        pay_own_counsel()
    assert Commitment.objects.count() == 2


def test_a_decline_for_conflict_excludes_for_good(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    case, heron = receive(), lawyer()
    record_answer(
        case=case,
        lawyer=heron,
        answer=EpisodeState.DECLINED,
        reason=EpisodeReason.CONFLICT,
        by=coordinator,
        at=at,
    )
    assert Exclusion.objects.get().kind == "conflict"
    with pytest.raises(counsel_rules.Excluded):
        offer_case(case=case, lawyer=heron, by=coordinator, at=at)
    with pytest.raises(counsel_rules.Excluded):
        counsel.record_own_counsel(case=case, lawyer=heron, paid_by=PaidBy.FAMILY, by=coordinator, at=at)


def _insert_offer(case: Case, lawyer: Lawyer, state: str = "offered") -> None:
    """What somebody with a database prompt would write."""
    values = {
        "id": uuid.uuid4().hex if connection.vendor == "sqlite" else str(uuid.uuid4()),
        "version": 0,
        "role": "lead",
        "source": "match",
        "state": state,
        "paid_by": "organisation",
        "reason": "",
        "reported_via": "phone",
        "recorded_by": "nobody",
        "own_counsel": "",
        "case_id": case.id.hex if connection.vendor == "sqlite" else str(case.id),
        "client_id": case.client_id.hex if connection.vendor == "sqlite" else str(case.client_id),
        "lawyer_id": lawyer.id.hex if connection.vendor == "sqlite" else str(lawyer.id),
        "offered_until": "2026-03-05 00:00:00+00:00",
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"insert into cases_representation ({', '.join(values)})"
            f" values ({', '.join(['%s'] * len(values))})",
            list(values.values()),
        )


def test_raw_sql_cannot_offer_to_somebody_excluded(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    case, heron, crane = receive(), lawyer(), lawyer("Crane-08")
    counsel.exclude(case=case, lawyer=heron, kind=kinds.ExclusionKind.VETO, by=coordinator, at=at)
    _insert_offer(case, crane)
    assert Representation.objects.get().lawyer == crane
    with pytest.raises(IntegrityError):
        _insert_offer(case, heron)
    heron_id = heron.id.hex if connection.vendor == "sqlite" else str(heron.id)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update cases_representation set lawyer_id = %s", [heron_id])


def test_an_exclusion_cannot_be_taken_away(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    counsel.exclude(case=receive(), lawyer=lawyer(), kind=kinds.ExclusionKind.VETO, by=coordinator, at=at)
    refused = pytest.raises(IntegrityError)
    with as_owner(connection), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from cases_exclusion")


def test_an_exclusion_holds_for_the_next_case_of_the_client(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    first, heron = receive(), lawyer()
    counsel.exclude(case=first, lawyer=heron, kind=kinds.ExclusionKind.CONFLICT, by=coordinator, at=at)
    again = receive_case(intake=Intake(), client=first.client, by=coordinator, at=at)
    change_status(case=again, to=kinds.CaseStatus.ELIGIBLE, by=coordinator, at=at)
    with pytest.raises(counsel_rules.Excluded):
        offer_case(case=again, lawyer=heron, by=coordinator, at=at)


def test_another_decline_does_not_exclude(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    case, heron = receive(), lawyer()
    record_answer(
        case=case,
        lawyer=heron,
        answer=EpisodeState.DECLINED,
        reason=EpisodeReason.OTHER_HEARING,
        by=coordinator,
        at=at,
    )
    assert not Exclusion.objects.exists()
    assert offer_case(case=case, lawyer=heron, by=coordinator, at=at).state == "offered"


def test_the_first_recorded_acceptance_wins(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    case = receive(days=1)
    first = offer_case(case=case, lawyer=lawyer(), by=coordinator, at=at)
    second = offer_case(case=case, lawyer=lawyer("Crane-08"), by=coordinator, at=at)
    counsel.accept_offer(representation=second, by=coordinator, at=at)
    first.refresh_from_db()
    assert (first.state, first.reason) == ("withdrawn", "somebody-else")
    with pytest.raises(counsel_rules.HasCounsel):
        counsel.accept_offer(representation=first, by=coordinator, at=at)


def test_several_are_asked_only_in_the_last_two_days(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    case = receive(days=5)
    offer_case(case=case, lawyer=lawyer(), by=coordinator, at=at)
    with pytest.raises(counsel_rules.AskedOther):
        offer_case(case=case, lawyer=lawyer("Crane-08"), by=coordinator, at=at)


def test_the_database_refuses_a_second_lead(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    case = receive()
    record_answer(case=case, lawyer=lawyer(), answer=EpisodeState.ACCEPTED, by=coordinator, at=at)
    with pytest.raises(IntegrityError):
        _insert_offer(case, lawyer("Crane-08"), state="accepted")


@pytest.mark.parametrize(
    ("known", "refusal"),
    [
        ({"licence": "suspended"}, counsel_rules.LicenceLapsed),
        ({"until": datetime.date(2026, 3, 4)}, counsel_rules.LicenceLapsed),
        ({"channel": "none"}, counsel_rules.NoChannel),
    ],
)
def test_who_cannot_be_asked(
    receive: Receive,
    lawyer: AddLawyer,
    coordinator: User,
    at: datetime.datetime,
    known: dict[str, Any],
    refusal: type[Exception],
) -> None:
    with pytest.raises(refusal):
        offer_case(case=receive(days=5), lawyer=lawyer(**known), by=coordinator, at=at)


def test_an_unknown_licence_is_no_refusal(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    assert offer_case(case=receive(), lawyer=lawyer(licence=""), by=coordinator, at=at)


def test_nobody_is_asked_before_the_case_is_decided(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    with pytest.raises(counsel_rules.NotOpen):
        offer_case(case=receive(seeking=False), lawyer=lawyer(), by=coordinator, at=at)


def test_an_offer_lapses_at_the_hearing_at_the_latest(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    offer = offer_case(case=receive(days=1), lawyer=lawyer(), by=coordinator, at=at)
    assert offer.offered_until == at + datetime.timedelta(days=1)
    assert counsel.lapse_offers(by=coordinator, at=at + datetime.timedelta(hours=23)) == 0
    assert counsel.lapse_offers(by=coordinator, at=at + datetime.timedelta(hours=24)) == 1
    offer.refresh_from_db()
    assert (offer.state, offer.reason) == ("lapsed", "no-answer")
    with pytest.raises(counsel_rules.NotOffered):
        counsel.accept_offer(representation=offer, by=coordinator, at=at + datetime.timedelta(hours=25))


def test_own_counsel_is_paid_without_any_match(
    receive: Receive,
    fund: MakeFund,
    authority: StandingAuthority,
    coordinator: User,
    at: datetime.datetime,
) -> None:
    fund(500_000)
    case = receive(seeking=False)
    episode = counsel.record_own_counsel(
        case=case,
        own_counsel="Совін Пётр",
        paid_by=PaidBy.ORGANISATION,
        fee=Fee(60_000, authority=authority),
        signed_by=kinds.SignedBy.RELATIVE,
        signed_on=at.date(),
        by=coordinator,
        at=at,
    )
    assert (episode.lawyer, episode.source, episode.state) == (None, "own", "active")
    assert episode.commitment is not None
    assert commitments.held_minor(episode.commitment) == 60_000
    assert episode.agreements.get().signed_by == "relative"
    assert case.defendants.get().defended_by == DefendedBy.OWN
    stored = Representation.objects.get()
    with reading(coordinator.actor_id, "test"):
        assert stored.own_counsel == "Совін Пётр"
    with connection.cursor() as cursor:
        cursor.execute("select * from cases_representation")
        assert "Совін" not in str(cursor.fetchall())


def test_own_counsel_the_family_pays_commits_nothing(
    receive: Receive, coordinator: User, at: datetime.datetime
) -> None:
    counsel.record_own_counsel(
        case=receive(), own_counsel="somebody", paid_by=PaidBy.FAMILY, fee=Fee(1), by=coordinator, at=at
    )
    assert not Commitment.objects.exists()


def test_the_end_releases_the_fee_and_looks_for_counsel_again(
    receive: Receive,
    lawyer: AddLawyer,
    fund: MakeFund,
    authority: StandingAuthority,
    coordinator: User,
    at: datetime.datetime,
) -> None:
    fund(500_000)
    case = receive()
    episode = record_answer(
        case=case,
        lawyer=lawyer(),
        answer=EpisodeState.ACCEPTED,
        fee=Fee(80_000, authority=authority),
        by=coordinator,
        at=at,
    )
    counsel.end_representation(
        representation=episode, reason=EpisodeReason.LICENCE_LOST, by=coordinator, at=at
    )
    assert episode.commitment is not None
    assert commitments.held_minor(episode.commitment) == 0
    case.refresh_from_db()
    assert case.status == "seeking-counsel"
    assert case.defendants.get().defended_by == DefendedBy.UNKNOWN
    with pytest.raises(counsel_rules.NotDefending):
        counsel.end_representation(
            representation=episode, reason=EpisodeReason.FINISHED, by=coordinator, at=at
        )


def test_work_done_keeps_its_commitment(
    receive: Receive,
    lawyer: AddLawyer,
    fund: MakeFund,
    authority: StandingAuthority,
    coordinator: User,
    at: datetime.datetime,
) -> None:
    fund(500_000)
    episode = record_answer(
        case=receive(),
        lawyer=lawyer(),
        answer=EpisodeState.ACCEPTED,
        fee=Fee(80_000, authority=authority),
        by=coordinator,
        at=at,
    )
    counsel.end_representation(
        representation=episode,
        reason=EpisodeReason.FINISHED,
        keep_commitment=True,
        by=coordinator,
        at=at,
    )
    assert episode.commitment is not None
    assert commitments.held_minor(episode.commitment) == 80_000


def test_agreement_and_warrant_make_it_active(
    receive: Receive, lawyer: AddLawyer, coordinator: User, at: datetime.datetime
) -> None:
    episode = record_answer(
        case=receive(), lawyer=lawyer(), answer=EpisodeState.ACCEPTED, by=coordinator, at=at
    )
    counsel.record_agreement(
        representation=episode,
        signed_on=at.date(),
        signed_by=kinds.SignedBy.RELATIVE,
        payer=PaidBy.ORGANISATION,
        by=coordinator,
        at=at,
    )
    for state in (kinds.WarrantState.FILED, kinds.WarrantState.ADMITTED):
        counsel.record_warrant(representation=episode, state=state, filed_on=at.date(), by=coordinator, at=at)
    episode.refresh_from_db()
    assert episode.state == "active"
    assert episode.warrants.get().state == "admitted"


def test_who_may_see_episodes(
    receive: Receive,
    lawyer: AddLawyer,
    coordinator: User,
    colleague: User,
    at: datetime.datetime,
) -> None:
    case = receive()
    offer_case(case=case, lawyer=lawyer(), by=coordinator, at=at)
    seen = [
        Representation.objects.visible_to(person, at).count()
        for person in (coordinator, colleague, people.stranger(), people.auditor())
    ]
    assert seen == [1, 0, 0, 1]
    grant_access(user=colleague, object_kind="case", object_id=case.id, by=coordinator, at=at)
    assert Representation.objects.visible_to(colleague, at).count() == 1


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_two_acceptances_at_once_and_one_wins(at: datetime.datetime) -> None:
    by = people.coordinator()
    load_reference(by=by, at=at)
    intake = Intake(alias="Swallow", contacts="x", hearing=HearingFact(at + datetime.timedelta(days=1)))
    case = receive_case(intake=intake, by=by, at=at)
    change_status(case=case, to=kinds.CaseStatus.ELIGIBLE, by=by, at=at)
    offers = [
        offer_case(case=case, lawyer=add_lawyer(code_name=name, by=by, at=at), by=by, at=at)
        for name in ("Heron-03", "Crane-08")
    ]
    barrier = threading.Barrier(2)
    ends: list[object] = []

    def accept(offer: Representation) -> None:
        try:
            barrier.wait()
            counsel.accept_offer(representation=offer, by=by, at=at)
            ends.append("accepted")
        except Exception as error:  # noqa: BLE001 - compared below
            ends.append(type(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=accept, args=(offer,)) for offer in offers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, ends)) == sorted(["accepted", str(counsel_rules.HasCounsel)])
    assert Representation.objects.defending().count() == 1
