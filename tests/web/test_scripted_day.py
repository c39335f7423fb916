"""One day of one office, by its pages and without scripts; and the worklist that it leaves in the evening."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions.intake import receive_rows
from cases.deadlines.words import Rule
from cases.intake.facts import Intake
from cases.models import Case, Deadline, Exclusion, Hearing, Representation, StageEvent
from lawyers.models import Lawyer
from tests.treasury.world import World
from tests.web.counsel import answer, funded_world, lawyer, under
from tests.web.desk_cases import Desk, open_desk, words
from treasury import commitments
from treasury.models import Claim

__all__ = ["funded_world", "open_desk"]
pytestmark = pytest.mark.django_db
NEW = {"contacts": "the sister, by message", "client_kind": "detainee", "source": "family", "articles": "342"}
PEOPLE = {
    "tomorrow": ("Каваленка Алена Пятроўна", "2026-03-03", "10:00"),
    "same hour": ("Зязюля Янка Іванавіч", "2026-03-06", "11:00"),
    "elsewhere": ("Новік Ніна Антонаўна", "2026-03-06", "11:30"),
    "declined": ("Ліс Лада Пятроўна", "2026-03-09", "09:00"),
    "own": ("Адамовіч Ян Янавіч", "2026-03-11", "14:00"),
}
RELEASED = 122
GIVEN = [
    "Алесь",
    "Віктар",
    "Генадзь",
    "Дзмітры",
    "Жанна",
    "Кастусь",
    "Марыля",
    "Тамара",
    "Усевалад",
    "Фёкла",
    "Юрась",
]
SURNAMES = [
    "Бабёр",
    "Вожык",
    "Гарбуз",
    "Дуброўскі",
    "Журавель",
    "Кажан",
    "Лапцік",
    "Мядзведзь",
    "Пчолка",
    "Рабіна",
    "Сарока",
    "Цыбуля",
]


@dataclass
class Day:
    """The office, the day's cases by what becomes of them, and the clock."""

    desk: Desk
    world: World
    cases: dict[str, Case]

    def do(self, page: str, name: str, *more: object, **data: Any) -> str:
        """A form of one case that must be taken."""
        return self.desk.done(self.desk.alder, page, self.cases[name].pk, *more, **data)

    def hearing(self, name: str) -> Hearing:
        """The case's hearing that is still to come."""
        return Hearing.objects.get(trial__defendants__case=self.cases[name], status="scheduled")

    def said(self, name: str, who: Lawyer, what: str, **more: Any) -> str:
        return self.do("case-counsel", name, **answer(self.cases[name], who, what, **more))


def test_the_day(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    heron, crane, others = lawyer(desk), lawyer(desk, "Crane-08"), []
    others = [lawyer(desk, f"Wren-{number:02}") for number in (1, 2, 3)]
    day = Day(desk, world, {})
    _five_intakes_one_twice(day)
    _tomorrow_by_phone(day, heron)
    _two_courts_at_once(day, heron)
    _disbarred_at_noon(day, heron)
    _three_declines(day, others)
    _moved_twice_and_cancelled(day, crane)
    _own_counsel(day)
    _released(day)
    _judged(day, monkeypatch)
    _above_the_ceiling(day)
    _evening(day)


def _five_intakes_one_twice(day: Day) -> None:
    desk = day.desk
    page = desk.page(desk.alder, "case-new")
    offered = re.findall(r'<option value="([^"]+)"></option>', page)
    court = next(name for name in offered if "Tsentralny" in name and "Hom" in name)
    for name, (person, on, at) in PEOPLE.items():
        desk.done(desk.alder, "case-new", **NEW, name=person, court=court, hearing_on=on, hearing_at=at)
        day.cases[name] = Case.objects.latest("number")
    asked = words(desk.post(desk.alder, "case-new", **NEW, name="Kavalenka Alena"))
    assert day.cases["tomorrow"].reference in asked, "the likely duplicate is shown after Save"
    desk.done(desk.alder, "case-new", **NEW, name="Kavalenka Alena", same="new")
    twice = Case.objects.latest("number")
    desk.done(desk.alder, "case-duplicate", twice.pk, reference=day.cases["tomorrow"].reference)
    assert Case.objects.get(pk=twice.pk).status == "duplicate"
    for name in PEOPLE:
        for step in ("verified", "eligible"):
            day.do("case-status", name, to=step)


def _tomorrow_by_phone(day: Day, heron: Lawyer) -> None:
    """One person, under the standing authority, in one step."""
    page = day.desk.page(day.desk.alder, "case-counsel", day.cases["tomorrow"].pk)
    assert heron.code_name in page
    said = day.said("tomorrow", heron, "accepted", fee="90", under=under(day.world))
    assert "The case is represented" in said


def _two_courts_at_once(day: Day, heron: Lawyer) -> None:
    for name in ("same hour", "elsewhere"):
        day.said(name, heron, "accepted", fee="80", under=under(day.world))
    assert "Two hearings at once" in words(day.desk.get(day.desk.alder, "worklist"))


def _disbarred_at_noon(day: Day, heron: Lawyer) -> None:
    desk = day.desk
    page = words(desk.get(desk.alder, "lawyer-lose", heron.pk))
    assert "250.00" in page, "what is held for three cases"
    desk.done(desk.alder, "lawyer-lose", heron.pk, kind="revoked", since_on=desk.at.date(), source="")
    assert not Representation.objects.live().filter(lawyer=heron).exists()
    held = [row.commitment for row in Representation.objects.filter(lawyer=heron) if row.commitment]
    assert [commitments.held_minor(one) for one in held] == [0, 0, 0]
    once = {"once": "a-token-of-the-repair"}
    desk.visitor(desk.alder).post(reverse("desk:lawyer-repair", args=[heron.pk]), once)
    told = words(desk.get(desk.alder, "lawyer-lost", heron.pk))
    assert any(name in told for name in ("Crane-08", "Wren-01", "Wren-02", "Wren-03")), "who could take over"


def _three_declines(day: Day, others: list[Lawyer]) -> None:
    for who, reason in zip(others, ("too-far", "other-hearing", "conflict"), strict=True):
        day.said("declined", who, "declined", reason=reason)
    assert Exclusion.objects.get().lawyer == others[2]


def _moved_twice_and_cancelled(day: Day, crane: Lawyer) -> None:
    day.said("elsewhere", crane, "accepted", fee="80", under=under(day.world))
    for on, hour in (("2026-03-10", "10:00"), ("2026-03-12", "15:00")):
        day.do("case-hearing-adjourn", "elsewhere", day.hearing("elsewhere").pk, day=on, hour=hour)
    day.do("case-hearing-cancel", "elsewhere", day.hearing("elsewhere").pk)
    chain = Hearing.objects.filter(trial__defendants__case=day.cases["elsewhere"]).order_by("starts_at")
    assert [row.status for row in chain] == ["adjourned", "adjourned", "cancelled"]


def _own_counsel(day: Day) -> None:
    own = {"own_counsel": "An Invented Name", "source": "own", "signed_by": "relative", "via": "family"}
    fee = {"paid_by": "organisation", "fee": "85", "under": under(day.world), "signed_on": "2026-03-01"}
    assert "represented" in day.do("case-own-counsel", "own", **own, **fee)
    episode = Representation.objects.get(case=day.cases["own"])
    assert (episode.state, episode.lawyer) == ("active", None)


def _released(day: Day) -> None:
    """A list of 122 names, pasted; each was taken in from a monitors' list some time ago."""
    desk = day.desk
    known = [Intake(name=_name(number), contacts="monitors") for number in range(RELEASED)]
    rows = receive_rows(intakes=known, responsible=desk.alder, by=desk.alder, at=desk.at)
    told = {"happened": "released", "on": "2026-03-02", "source": "monitor"}
    lines = "\n".join(_name(number) for number in range(RELEASED))
    page = desk.post(desk.alder, "cases-bulk", lines=lines, **told).content.decode()
    assert f"{RELEASED} lines" in page
    first = {f"case-{number}": str(row.pk) for number, row in enumerate(rows)}
    assert all(key in page for key in list(first.values())), "every line found its case"
    done = words(desk.post(desk.alder, "cases-bulk-apply", **told, **first))
    assert f"{RELEASED} of {RELEASED} recorded" in done
    assert StageEvent.objects.filter(end_kind="released").count() == RELEASED


def _name(number: int) -> str:
    """Surnames and given names that nobody confuses: a pair of its own for each number."""
    return f"{SURNAMES[number // len(GIVEN)]} {GIVEN[number % len(GIVEN)]}"


def _judged(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    """Next evening: the trial was held, the sentence is known, and the ten days of the appeal run."""
    later = day.desk.at + datetime.timedelta(days=1, hours=8)
    hearing = day.hearing("tomorrow")
    monkeypatch.setattr(timezone, "now", lambda: later)
    day.desk.visitors.clear()
    held = {"happened": "held", "outcome": "judgment", "source": "family"}
    day.do("case-hearing-outcome", "tomorrow", hearing.pk, **held, verdict="convicted", sentence="2 years")
    running = Deadline.objects.filter(case=day.cases["tomorrow"])
    assert {row.rule for row in running} == {Rule.COPY_SERVED, Rule.APPEAL}


def _above_the_ceiling(day: Day) -> None:
    """85.00 were agreed for own counsel; the office claims 400.00: it is entered, and cannot be approved."""
    desk, world = day.desk, day.world
    case = day.cases["own"]
    fields = {"case": case.reference, "category": "fee", "amount": "400", "currency": "EUR", "number": "R-7"}
    payee = world.payee()
    treasurer = {"payee": payee.pk, "voucher_kind": "office_receipt", "invoiced_on": "2026-03-02"}
    said = desk.done(world.treasurer, "claim-enter", **fields, **treasurer)
    assert "400.00" in said
    claim = Claim.objects.get()
    asked = words(desk.visitor(world.treasurer).get(reverse("desk:claim", args=[claim.pk])))  # type: ignore[arg-type]
    assert "400.00" in asked
    desk.post(world.second, "claim-approve", claim.pk)
    claim.refresh_from_db()
    assert claim.status == "entered", "more than the ceiling, and more than one may approve"


def _evening(day: Day) -> None:
    """What is left to do, each thing once and under its own heading."""
    page = day.desk.page(day.desk.alder, "worklist")
    counts = {mark: int(n) for mark, n in re.findall(r'href="#(\w+)"><span>[^<]*</span><b>(\d+)</b>', page)}
    assert counts == {
        "trials": 2,  # the one whose lawyer is gone, and the one whom three declined
        "offers": 0,
        "outcomes": 0,
        "clashes": 0,  # the lawyer wanted in two courts is gone, and one hearing with him
        "deadlines": 2,  # the verdict’s copy, and the appeal
        "received": RELEASED,
        "ceilings": 0,
        "dates": counts["dates"],
        "licences": 0,
        "tasks": 0,
    }
    for name in ("same hour", "declined"):
        assert day.cases[name].reference in page
    text = words(day.desk.get(day.desk.alder, "worklist"))
    assert "licence lost" in text.lower()
    assert re.search(r"Wren-0\d: (too far|another hearing|conflict)[^;]*; nobody else is asked", text)
