"""A related person who is a client of ours binds counsel, once a human has said who it is."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases import facts
from cases.actions import circumstances as acts
from cases.actions import counsel
from cases.actions.counsel_rules import BoundToOther
from cases.circumstances import PartyKind
from cases.kinds import PaidBy
from cases.models import Case, RelatedParty
from lawyers.actions.panel import Practice, add_lawyer
from tests.web.desk_cases import Desk, open_desk  # noqa: F401  the fixture


def excluded(case: Case, at: datetime.datetime) -> set[str]:
    (need,) = facts.collect_needs(Case.objects.filter(pk=case.pk), at)
    return set(need.excluded)


def test_counsel_of_a_witness_is_bound_both_ways(desk: Desk) -> None:
    case, witness = desk.receive(), desk.receive("Зязюля Янка Іванавіч")
    told = {"by": desk.alder, "at": desk.at}
    heron, egret = (
        add_lawyer(code_name=code, practice=Practice(), **told) for code in ("Heron-03", "Egret-04")
    )
    counsel.record_own_counsel(case=witness, lawyer=heron, paid_by=PaidBy.FAMILY, **told)
    counsel.record_own_counsel(case=case, lawyer=egret, paid_by=PaidBy.FAMILY, **told)
    party = acts.name_party(case=case, kind=PartyKind.WITNESS, name="Зезюля Иван", **told)
    assert excluded(case, desk.at) == set()  # a name alone decides nothing
    page = desk.page(desk.alder, "case-party-who", case.pk, party.pk)
    assert "Зезюля Иван" in page, "the page says of whom it asks"
    assert witness.reference in page
    assert case.reference + ")" not in page
    desk.done(desk.alder, "case-party-who", case.pk, party.pk, person=str(witness.client_id))
    assert excluded(case, desk.at) == {str(heron.pk)}
    assert excluded(witness, desk.at) == {str(egret.pk)}
    with pytest.raises(BoundToOther):  # by hand neither
        counsel.offer_case(case=case, lawyer=heron, **told)
    with CaptureQueriesContext(connection) as asked:
        excluded(case, desk.at)
    assert len(asked) <= 10
    desk.done(desk.alder, "case-party-who", case.pk, party.pk, person="nobody")
    assert excluded(case, desk.at) == set()
    relative = acts.name_party(case=case, kind=PartyKind.RELATIVE, name="Зязюля Янка", **told)
    acts.recognise_party(party=relative, person=witness.client, **told)
    assert excluded(case, desk.at) == set()  # families share counsel
    with pytest.raises(acts.TheClient):
        acts.recognise_party(party=relative, person=case.client, **told)
    assert RelatedParty.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update cases_relatedparty set person_id = client_id")
