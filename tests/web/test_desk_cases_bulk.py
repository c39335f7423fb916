"""A pasted list: matched, confirmed, applied row by row."""

import datetime

from cases import kinds
from cases.actions.circumstances import record_custody
from cases.models import Case, CustodyPeriod, StageEvent
from tests import people
from tests.web.desk_cases import Desk, open_desk, words  # noqa: F401  the fixture

DAY = "2026-03-01"
RELEASED = {"happened": "released", "on": DAY, "source": "monitor"}


def test_a_list_of_people_released(desk: Desk) -> None:
    alena, janka = desk.receive(), desk.receive("Зязюля Янка Іванавіч")
    ended = desk.receive("Новік Ніна Антонаўна")
    theirs = desk.receive("Ліс Лада Пятроўна", by=people.coordinator("hazel"))
    record_custody(
        case=alena, from_on=datetime.date(2026, 2, 1), source=kinds.Source.FAMILY, by=desk.alder, at=desk.at
    )
    lines = "Kavalenka Alena\nЗязюля Янка;\nНовик Нина\nЛіс Лада\n\nKavalenka Alena\n"
    answer = desk.post(desk.alder, "cases-bulk", lines=lines, **RELEASED)
    page = words(answer)
    assert "4 lines" in page
    assert "Каваленка Алена Пятроўна" in page
    assert "Nobody like this among the cases you hold" in page  # a colleague's client
    assert theirs.reference not in page
    assert not StageEvent.objects.filter(end_kind="released").exists()
    chosen = {
        "case-0": str(alena.pk),
        "case-1": str(janka.pk),
        "case-2": str(ended.pk),
        "case-3": str(theirs.pk),
    }
    desk.post(desk.alder, "cases-bulk-apply", **RELEASED, **{"case-0": str(ended.pk)})
    token = "b" * 32
    page = words(desk.post(desk.alder, "cases-bulk-apply", once=token, **RELEASED, **chosen))
    assert "2 of 3 recorded" in page
    assert "has ended already" in page
    again = words(desk.post(desk.alder, "cases-bulk-apply", once=token, **RELEASED, **chosen))
    assert "Nothing was changed a second time" in again
    assert StageEvent.objects.filter(end_kind="released").count() == 3
    assert CustodyPeriod.objects.get().until_on == datetime.date(2026, 3, 1)
    assert Case.objects.get(pk=theirs.pk).stage != "ended"


def test_a_move_needs_its_place_and_a_rearrest_opens_a_case(desk: Desk) -> None:
    alena = desk.receive()
    told = {"on": DAY, "source": "monitor", "lines": "Каваленка Алена"}
    assert "Choose the place" in desk.refused(desk.alder, "cases-bulk", happened="transferred", **told)
    del told["lines"]
    moved = {"happened": "transferred", "place": "colony-4", "case-0": str(alena.pk), **told}
    assert "1 of 1 recorded" in words(desk.post(desk.alder, "cases-bulk-apply", **moved))
    assert "held there already" in words(desk.post(desk.alder, "cases-bulk-apply", **moved))
    again = {"happened": "rearrested", "case-0": str(alena.pk), **told}
    assert "1 of 1 recorded" in words(desk.post(desk.alder, "cases-bulk-apply", **again))
    assert "since that day already" in words(desk.post(desk.alder, "cases-bulk-apply", **again))
    new = Case.objects.exclude(pk=alena.pk).get()
    assert (new.client_id, new.stage, new.status) == (alena.client_id, "detained", "received")
    assert new.reference in desk.page(desk.alder, "case", alena.pk)
    assert desk.get(people.auditor(), "cases-bulk").status_code == 404
