"""The panel's pages: who enters, what a list and a page show and open, what each form records."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from cases.actions.counsel import offer_case
from cases.kinds import Confidentiality
from lawyers.actions import panel
from lawyers.models import Lawyer
from tests import people
from tests.web.desk_cases import Desk, open_desk, readings_of, words
from vault.keys import destroy_key
from vault.reading import reading

__all__ = ["open_desk"]
pytestmark = pytest.mark.django_db

DAY = datetime.date
RECORDING = ["licence", "competence", "coverage", "languages", "capacity", "away"]


def lawyer(desk: Desk, code_name: str = "Heron-03", *, max_open: int | None = 4, **known: Any) -> Lawyer:
    """Somebody in Homel with an open licence, unless said otherwise."""
    practice = panel.Practice(
        licence_status=known.pop("licence", "active"),
        licence_from_on=DAY(2020, 1, 1),
        licence_until_on=known.pop("until", None),
        coverage=known.pop("coverage", (("homel", "", False),)),
        max_open=max_open,
    )
    known.setdefault("name", "Рудчык Ганна")
    known.setdefault("contact", "the green phone")
    return panel.add_lawyer(code_name=code_name, practice=practice, by=desk.alder, at=desk.at, **known)


def unknown(desk: Desk, code_name: str = "Owl-01") -> Lawyer:
    return panel.add_lawyer(code_name=code_name, by=desk.alder, at=desk.at)


# Who enters


def test_the_panel_is_for_coordinators_and_second_officers(desk: Desk) -> None:
    heron = lawyer(desk)
    pages = [("lawyers", []), ("lawyer", [heron.pk])]
    for page, ids in pages:
        for reader in (desk.alder, people.second_officer(f"birch-{page}")):
            assert desk.get(reader, page, *ids).status_code == 200
        assert desk.get(None, page, *ids).status_code == 302
    blind = [people.auditor(), people.treasurer(), people.administrator(), people.stranger()]
    abroad = people.person("jay", "lawyer")
    for reader in (*blind, abroad):
        for page, ids in pages:
            assert desk.get(reader, page, *ids).status_code == 404, (reader.username, page)


def test_only_coordinators_record(desk: Desk) -> None:
    heron = lawyer(desk)
    birch = people.second_officer()
    for page in [f"lawyer-{name}" for name in RECORDING]:
        assert desk.get(desk.alder, page, heron.pk).status_code == 200
        assert desk.get(birch, page, heron.pk).status_code == 404
        assert desk.post(birch, page, heron.pk).status_code == 404
    assert desk.get(birch, "lawyer-add").status_code == 404
    assert "Add a lawyer" not in desk.page(birch, "lawyers")
    assert "Record" not in words(desk.get(birch, "lawyer", heron.pk)).split("Who opened this")[0].replace(
        "A coordinator speaks and records", ""
    ).replace("is recorded", "")


# The list


def test_names_stay_sealed_until_somebody_opens_them(desk: Desk) -> None:
    heron, crane = lawyer(desk), lawyer(desk, "Crane-08", name="Крэйда Ян")
    page = desk.page(desk.alder, "lawyers")
    assert "Heron-03" in page
    assert "Рудчык" not in page
    assert not readings_of(heron.pk)
    page = desk.page(desk.alder, "lawyers", names="open")
    assert "Рудчык Ганна" in page
    assert "Крэйда Ян" in page
    (read,) = readings_of(heron.pk)
    assert (read.actor_id, read.purpose) == (desk.alder.actor_id, "desk:lawyers")
    assert readings_of(crane.pk) == [read]


def listed(desk: Desk, **query: str) -> set[str]:
    text = words(desk.get(desk.alder, "lawyers", **query))
    return {name for name in ("Active-01", "Ending-01", "Lost-01", "Full-01", "Owl-01") if name in text}


def test_filters(desk: Desk) -> None:
    lawyer(desk, "Active-01")
    lawyer(desk, "Ending-01", until=DAY(2026, 4, 1), coverage=(("brest", "", False),), max_open=None)
    lawyer(desk, "Lost-01", licence="suspended")
    lawyer(desk, "Full-01", max_open=0, coverage=())
    unknown(desk)
    everybody = {"Active-01", "Ending-01", "Lost-01", "Full-01", "Owl-01"}
    assert listed(desk) == everybody
    assert listed(desk, region="brest") == {"Ending-01"}
    assert listed(desk, licence="active") == {"Active-01", "Ending-01", "Full-01"}
    assert listed(desk, licence="lapsing") == {"Ending-01"}
    assert listed(desk, licence="lost") == {"Lost-01"}
    assert listed(desk, licence="unknown") == {"Owl-01"}
    assert listed(desk, room="free") == {"Active-01", "Lost-01"}
    assert listed(desk, room="full") == {"Full-01"}
    assert listed(desk, room="unknown") == {"Ending-01", "Owl-01"}
    assert listed(desk, licence="active", room="free") == {"Active-01"}
    assert listed(desk, region="nowhere") == everybody
    none = words(desk.get(desk.alder, "lawyers", region="hrodna"))
    assert "No lawyer fits these filters." in none


def test_what_is_not_known_is_to_be_asked(desk: Desk) -> None:
    assert "The panel is empty." in words(desk.get(desk.alder, "lawyers"))
    owl = unknown(desk)
    text = words(desk.get(desk.alder, "lawyers"))
    assert "Not known: ask" in text
    assert "room not known: ask" in text
    page = words(desk.get(desk.alder, "lawyer", owl.pk))
    assert page.count("Not known: ask") == 5  # heading, licence, competence, places, languages
    assert "room not known: ask" in page


def test_the_list_takes_as_many_queries_for_forty_as_for_two(desk: Desk) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as taken:
            desk.page(desk.alder, "lawyers", names="open")
        return len(taken)

    lawyer(desk)
    lawyer(desk, "Crane-08")
    asked()
    few = asked()
    for number in range(38):
        lawyer(desk, f"Wren-{number:02}")
    # People whose names are new to the reader are counted against the day's budget: three queries at most.
    assert asked() <= few + 3
    assert few < 40


# One lawyer


def test_the_page_opens_the_name_and_the_contact_only_when_asked(desk: Desk) -> None:
    heron = lawyer(desk)
    page = desk.page(desk.alder, "lawyer", heron.pk)
    assert "Рудчык Ганна" in page
    assert "the green phone" not in page
    assert "Рудчык" not in page.split("</title>")[0]
    opened = desk.page(people.second_officer(), "lawyer", heron.pk, contact="open")
    assert "the green phone" in opened
    fields = [row.fields for read in readings_of(heron.pk) for row in read.subjects.all()]
    assert ["lawyer.contact" in row for row in fields] == [False, True]
    text = words(desk.get(desk.alder, "lawyer", heron.pk))
    assert "You: name" in text
    assert "contact" in text.split("Who opened this")[1]


def test_the_page_lists_offers_and_hides_cases_of_others(desk: Desk) -> None:
    heron = lawyer(desk)
    case = desk.receive()
    offer_case(case=case, lawyer=heron, by=desk.alder, at=desk.at)
    hidden = desk.receive("Зязюля Янка", confidentiality=Confidentiality.RESTRICTED)
    offer_case(case=hidden, lawyer=heron, by=desk.alder, at=desk.at)
    page = words(desk.get(desk.alder, "lawyer", heron.pk))
    assert case.reference in page
    assert hidden.reference in page
    page = words(desk.get(people.coordinator("hazel"), "lawyer", heron.pk))
    assert case.reference in page
    assert hidden.reference not in page
    assert hidden.client.code_name not in page
    assert "1 more in a case that is not in your lists." in page
    assert "Asked to defend" in page
    assert "Recorded by: " + desk.alder.short in page


def test_an_erased_lawyer_still_has_a_page(desk: Desk) -> None:
    heron = lawyer(desk)
    panel.record_licence(
        lawyer=heron,
        status="active",
        from_on=DAY(2025, 1, 1),
        source="register of the bar",
        by=desk.alder,
        at=desk.at,
    )
    assert "register of the bar" in desk.page(desk.alder, "lawyer", heron.pk)
    destroy_key(heron.pk)
    page = desk.page(desk.alder, "lawyer", heron.pk, contact="open")
    assert "Heron-03" in page
    assert "Рудчык" not in page
    assert "register of the bar" not in page
    assert "Heron-03" in desk.page(desk.alder, "lawyers", names="open")


def test_an_unknown_lawyer_is_nowhere(desk: Desk) -> None:
    assert desk.get(desk.alder, "lawyer", desk.alder.pk).status_code == 404


# Recording


def test_a_lawyer_is_added_with_what_is_known(desk: Desk) -> None:
    sent = {
        "once": "0123456789abcdef",
        "code_name": "Crane-08",
        "name": "Рудчык Ганна",
        "contact": "the green phone",
        "channel": "relay",
        "status": "active",
        "from_on": "2021-05-01",
        "regions": ["homel", "brest"],
        "families": ["protest"],
        "languages": ["be", "ru"],
        "risks": ["prison-regime"],
        "max_open": "6",
    }
    said = words(desk.visitor(desk.alder).post(reverse("desk:lawyer-add"), sent, follow=True))
    assert "The lawyer is on the panel." in said
    crane = Lawyer.objects.get()
    assert (crane.code_name, crane.languages, crane.risks) == ("Crane-08", "be ru", "prison-regime regime")
    assert set(crane.coverages.values_list("region", flat=True)) == {"homel", "brest"}
    assert (crane.licences.get().status, crane.capacity.max_open) == ("active", 6)
    with reading("staff:test", "test"):
        assert (crane.name, crane.contact) == ("Рудчык Ганна", "the green phone")


def test_a_code_name_is_offered_and_may_be_all_one_knows(desk: Desk) -> None:
    form = desk.get(desk.alder, "lawyer-add").context["form"]
    offered = form["code_name"].value()
    assert offered
    desk.done(desk.alder, "lawyer-add", code_name=offered, channel="none")
    assert Lawyer.objects.get().channel == "none"


def test_what_adding_refuses(desk: Desk) -> None:
    lawyer(desk)
    good = {"code_name": "Crane-08", "channel": "relay"}
    for wrong, said in [
        ({"code_name": "Heron-03"}, "Another lawyer goes by the code name Heron-03."),
        ({"channel": "portal"}, "Select a valid choice"),
        ({"status": "active"}, "Say since when"),
        (
            {"status": "active", "from_on": "2021-05-01", "until_on": "2020-05-01"},
            "The last day comes before the first.",
        ),
        ({"code_name": ""}, "Fill in: Code name"),
    ]:
        assert said in desk.refused(desk.alder, "lawyer-add", **{**good, **wrong})
    assert Lawyer.objects.count() == 1


@pytest.mark.parametrize(
    ("page", "data", "effect", "kind"),
    [
        (
            "licence",
            {"status": "suspended", "from_on": "2026-03-01", "source": "register"},
            lambda row: row.licences.latest("from_on").status == "suspended",
            "lawyer.licence_recorded",
        ),
        (
            "competence",
            {"article_family": "speech", "max_severity": "3", "instances": ["first", "appeal"]},
            lambda row: row.competences.get().instances == "first appeal",
            "lawyer.competence_set",
        ),
        (
            "coverage",
            {"region": "brest", "travels": "on"},
            lambda row: row.coverages.get(region="brest").travels,
            "lawyer.coverage_added",
        ),
        (
            "coverage",
            {"court": "Supreme Court"},
            lambda row: row.coverages.filter(court_code="by-supreme").exists(),
            "lawyer.coverage_added",
        ),
        ("languages", {"languages": ["be"]}, lambda row: row.languages == "be", "lawyer.languages_set"),
        (
            "capacity",
            {"max_open": "7", "min_open": "", "new_per_week": "2"},
            lambda row: (
                (row.capacity.max_open, row.capacity.min_open, row.capacity.new_per_week) == (7, 0, 2)
            ),
            "lawyer.capacity_set",
        ),
        (
            "away",
            {"from_on": "2026-03-10", "until_on": "2026-03-12"},
            lambda row: row.aways.get().until_on == DAY(2026, 3, 12),
            "lawyer.away_recorded",
        ),
    ],
)
def test_each_form_records_one_thing(
    desk: Desk, page: str, data: dict[str, Any], effect: Any, kind: str
) -> None:
    heron = lawyer(desk)
    assert "Recorded for Heron-03." in desk.done(desk.alder, f"lawyer-{page}", heron.pk, **data)
    assert effect(Lawyer.objects.get())
    event = Event.objects.latest("seq")
    assert (event.kind, event.actor_id) == (kind, desk.alder.actor_id)


@pytest.mark.parametrize(
    ("page", "data", "said"),
    [
        ("licence", {"status": "active", "from_on": "2020-01-01"}, "There is a licence entry from that day"),
        (
            "licence",
            {"status": "active", "from_on": "2026-01-02", "until_on": "2026-01-01"},
            "The last day comes before the first.",
        ),
        ("competence", {"article_family": "cooking", "max_severity": "9"}, "Select a valid choice"),
        ("coverage", {}, "Choose a region, or write the name of a court."),
        ("coverage", {"region": "homel"}, "is recorded for this lawyer already"),
        ("coverage", {"court": "The court of the moon"}, "We do not know this court"),
        ("capacity", {"max_open": "2", "min_open": "3"}, "The agreed minimum is above the most."),
        ("capacity", {"max_open": ""}, "Fill in: Most open cases"),
        ("away", {"from_on": "2026-01-01", "until_on": "2026-01-02"}, "These days are over."),
        ("away", {"from_on": "2026-04-02", "until_on": "2026-04-01"}, "The last day comes before the first."),
    ],
)
def test_what_the_forms_refuse(desk: Desk, page: str, data: dict[str, Any], said: str) -> None:
    heron = lawyer(desk)
    events = Event.objects.count()
    assert said in desk.refused(desk.alder, f"lawyer-{page}", heron.pk, **data)
    assert Event.objects.count() == events


def test_a_form_that_is_sent_twice_acts_once(desk: Desk) -> None:
    heron = lawyer(desk)
    data = {"from_on": "2026-03-10", "until_on": "2026-03-12"}
    first = desk.post(desk.alder, "lawyer-away", heron.pk, once="0123456789abcdef", **data)
    second = desk.post(desk.alder, "lawyer-away", heron.pk, once="0123456789abcdef", **data)
    assert (first.status_code, second.status_code) == (302, 200)
    assert "This was done already." in words(second)
    assert heron.aways.count() == 1
