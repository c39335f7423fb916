"""Circumstances and incidents of a case, by pages: every kind is added, ended, struck out."""

from cases.models import CustodyPeriod, Incident, Referral
from tests import people
from tests.web.desk_cases import Desk, open_desk, words  # noqa: F401  the fixture
from web.desk.cases.entries import SORTS

DAY = "2026-03-01"
GIVEN: dict[str, dict[str, str]] = {
    "custody": {"place": "colony-4", "from_on": "02.2026", "source": "family", "detail": "cell seven"},
    "incidents": {
        "kind": "no-medical-care", "occurred_on": "02.2026", "account": "no insulin", "source": "family",
        "reliability": "probable",
    },
    "testimonies": {"told_on": DAY, "account": "a long story", "relation": "self", "basis": "spoken"},
    "officials": {"kind": "judge", "name": "Invented J."},
    "parties": {"kind": "witness", "name": "Invented W."},
    "recognitions": {"organisation": "A monitor", "criteria": "guideline", "recognised_on": DAY},
    "referrals": {"kind": "medical", "referred_on": DAY, "whom": "a clinic"},
}  # fmt: skip
SAID = (
    "cell seven",
    "no insulin",
    "03 07",
    "a long story",
    "Invented J.",
    "Invented W.",
    "A monitor",
    "a clinic",
)


def test_every_kind_is_recorded_and_shown(desk: Desk) -> None:
    case = desk.receive(days=-1)
    hearing = case.defendants.get().trial.hearings.get()
    given = {
        **GIVEN,
        "observers": {"hearing": str(hearing.pk), "kind": "media", "came": "4", "admitted": "0"},
    }
    assert set(given) == set(SORTS)
    for sort, data in given.items():
        assert desk.get(desk.alder, "case-fact-new", case.pk, sort).status_code == 200
        desk.done(desk.alder, "case-fact-new", case.pk, sort, **data)
    page = words(desk.get(desk.alder, "case-facts", case.pk))
    for said in (*SAID, "0 of 4 let in", "February 2026"):
        assert said in page, said
    period, referral, incident = CustodyPeriod.objects.get(), Referral.objects.get(), Incident.objects.get()
    desk.done(desk.alder, "case-fact-end", case.pk, "custody", period.pk, on=DAY)
    desk.done(desk.alder, "case-fact-end", case.pk, "referrals", referral.pk, on=DAY, outcome="helped")
    assert desk.get(desk.alder, "case-fact-end", case.pk, "incidents", incident.pk).status_code == 404
    desk.done(desk.alder, "case-fact-strike", case.pk, "incidents", incident.pk)
    page = words(desk.get(desk.alder, "case-facts", case.pk))
    assert "no insulin" not in page
    assert "Helped" in page
    assert desk.get(desk.alder, "case-fact-new", case.pk, "nothing").status_code == 404
    for stranger in (people.coordinator("hazel"), people.auditor()):
        assert desk.get(stranger, "case-facts", case.pk).status_code == 404
