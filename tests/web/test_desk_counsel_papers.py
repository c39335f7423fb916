"""Own counsel, agreements, warrants and ends on the Counsel tab."""

from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from cases.kinds import CaseStatus, EpisodeState
from cases.models import Agreement, Case, Representation, Warrant
from tests import people
from tests.treasury.world import World, free
from tests.web.counsel import funded_world, lawyer, send, under
from tests.web.desk_cases import Desk, open_desk, words
from vault.reading import reading

__all__ = ["funded_world", "open_desk"]
pytestmark = pytest.mark.django_db


# Own counsel


def own(desk: Desk, case: Case, **said: Any) -> dict[str, Any]:
    return {
        "own_counsel": "Пакроўская Вольга",
        "source": "own",
        "paid_by": "family",
        "signed_by": "relative",
        "via": "family",
        "under": "ceiling",
        **said,
    }


def test_own_counsel_of_the_family(desk: Desk) -> None:
    case = desk.receive()
    said = desk.done(desk.alder, "case-own-counsel", case.pk, **own(desk, case, signed_on="2026-03-01"))
    assert "Own counsel is recorded." in said
    assert "Who defends Пакроўская Вольга Lead" in said
    episode = Representation.objects.get()
    assert (episode.source, episode.state, episode.lawyer) == ("own", EpisodeState.ACTIVE, None)
    with connection.cursor() as cursor:
        cursor.execute("select * from cases_representation")
        assert "Пакроўская" not in str(cursor.fetchall())
    with reading("staff:test", "test"):
        assert episode.own_counsel == "Пакроўская Вольга"
    case.refresh_from_db()
    assert case.status == CaseStatus.REPRESENTED


def test_own_counsel_paid_by_us(desk: Desk, world: World) -> None:
    case = desk.receive()
    paid = own(desk, case, paid_by="organisation", fee="80", under=under(world))
    desk.done(desk.alder, "case-own-counsel", case.pk, **paid)
    assert Representation.objects.get().commitment.amount_minor == 8_000


def test_appointed_by_the_state(desk: Desk) -> None:
    case = desk.receive()
    named = own(
        desk, case, source="appointed", paid_by="state", own_counsel="", lawyer=lawyer(desk).code_name
    )
    assert "Appointed" in desk.done(desk.alder, "case-own-counsel", case.pk, **named)
    assert Representation.objects.get().source == "appointed"


def test_what_own_counsel_refuses(desk: Desk, world: World) -> None:
    case = desk.receive()
    for wrong, said in [
        ({"own_counsel": ""}, "Write who defends"),
        ({"lawyer": "Nobody-99"}, "Nobody on the panel goes by that code name."),
        ({"paid_by": "organisation"}, "Write what we pay"),
        ({"fee": "10"}, "Leave the fee empty"),
        ({"signed_on": "2026-03-03"}, "This day has not come yet."),
        ({"paid_by": "organisation", "fee": "9000", "under": under(world)}, "is above the tariff"),
    ]:
        assert said in desk.refused(desk.alder, "case-own-counsel", case.pk, **own(desk, case, **wrong))
    assert not Representation.objects.exists()


# Papers and ends


@pytest.fixture
def defended(desk: Desk, world: World) -> Representation:
    """A case that Heron-03 defends for 90.00."""
    case = desk.receive()
    send(desk, case, lawyer(desk), "accepted", fee="90", under=under(world))
    return Representation.objects.get()


def paper(desk: Desk, episode: Representation, page: str, by: User | None = None, **data: Any) -> str:
    return desk.done(by or desk.alder, f"counsel-{page}", episode.case_id, episode.pk, **data)


def test_papers_are_recorded(desk: Desk, defended: Representation) -> None:
    signed = {"signed_on": "2026-03-02", "signed_by": "client", "payer": "organisation"}
    assert "Signed on 2 March 2026: The client" in paper(desk, defended, "agreement", **signed)
    assert Agreement.objects.get().representation == defended
    defended.refresh_from_db()
    assert defended.state == EpisodeState.ACTIVE
    paper(desk, defended, "warrant", filed_on="2026-03-02", state="filed")
    said = paper(desk, defended, "warrant", filed_on="2026-03-02", state="refused", decided_on="2026-03-03")
    assert "Warrant Refused" in said
    assert Warrant.objects.get().state == "refused"


def test_a_warrant_is_decided_after_its_filing(desk: Desk, defended: Representation) -> None:
    ids = (defended.case_id, defended.pk)
    for data, said in [
        (
            {"filed_on": "2026-03-02", "state": "refused", "decided_on": "2026-03-01"},
            "comes before the filing",
        ),
        (
            {"filed_on": "2026-03-02", "state": "filed", "decided_on": "2026-03-03"},
            "until somebody has decided",
        ),
    ]:
        assert said in desk.refused(desk.alder, "counsel-warrant", *ids, **data)
    assert not Warrant.objects.exists()


def test_an_end_gives_the_money_back_and_the_case_seeks_again(
    desk: Desk, world: World, defended: Representation
) -> None:
    before = free(world.general)
    said = paper(desk, defended, "end", reason="client-changed")
    assert "The representation has ended." in said
    assert "Who can defend" in said
    assert free(world.general) == before + 9_000
    defended.refresh_from_db()
    assert (defended.state, defended.case.status) == (EpisodeState.ENDED, CaseStatus.SEEKING)
    again = desk.refused(desk.alder, "counsel-end", defended.case_id, defended.pk, reason="finished")
    assert "This representation is not in force." in again


def test_an_end_keeps_the_money_for_work_that_was_done(
    desk: Desk, world: World, defended: Representation
) -> None:
    before = free(world.general)
    paper(desk, defended, "end", reason="licence-lost", keep_commitment="on")
    assert free(world.general) == before


def test_papers_are_for_those_with_a_grant(desk: Desk, defended: Representation) -> None:
    for reader in (people.coordinator("hazel"), people.auditor(), people.stranger()):
        for page in ("agreement", "warrant", "end"):
            assert desk.get(reader, f"counsel-{page}", defended.case_id, defended.pk).status_code == 404
            assert desk.post(reader, f"counsel-{page}", defended.case_id, defended.pk).status_code == 404


def test_another_lawyer_besides_the_lead(desk: Desk, defended: Representation) -> None:
    crane = lawyer(desk, "Crane-08")
    case = defended.case
    page = words(desk.get(desk.alder, "case-counsel", case.pk, role="visit"))
    assert "Who can take the role “Visit”" in page
    assert "Heron-03 Fit" not in page
    send(desk, case, crane, "accepted", role="visit")
    roles = dict(Representation.objects.filter(case=case).values_list("lawyer__code_name", "role"))
    assert roles == {"Heron-03": "lead", "Crane-08": "visit"}
    assert "Who can defend" in words(
        desk.get(desk.alder, "case-counsel", desk.receive("Зязюля Янка").pk, role="x")
    )
