"""A list of administrative detentions: a line a person, looked over, a result for each row."""

from cases.intake.courts import CourtNames
from cases.intake.detained_rows import read_row
from cases.intake.facts import Intake
from cases.kinds import CaseKind, ClientKind
from cases.models import Case, Client
from tests.web.desk_cases import Desk, open_desk, words  # noqa: F401  the fixture
from vault import reading

HEAD = {"on": "2026-03-01", "articles": "24.23", "source": "monitor", "contacts": "the monitors' desk"}
LINES = """Зязюля Янка Іванавіч; ; ; ; 15 сутак
Новік Ніна; 28.02.2026; 19.11; ; штраф 20 БВ
Каваленка Алена Пятроўна;;;; released

Ліс Лада; 31.02.2026
Сідарэнка Ігар;;;Nowhere
"""


def test_lines_become_cases_and_each_says_what_became_of_it(desk: Desk) -> None:
    known = desk.receive()
    page = words(desk.post(desk.alder, "cases-detained", lines=LINES, **HEAD))
    assert "5 lines" in page
    assert "2 are not understood" in page
    assert "This is no date" in page
    assert "do not know this court" in page
    assert "15 days" in page
    assert known.reference in page
    assert Case.objects.count() == 1
    lines = [line for line in LINES.splitlines() if line]
    sent = {f"line-{number}": line for number, line in enumerate(lines)}
    chosen = {"same-0": "new", "same-1": "new", "same-2": "", "once": "r" * 32}
    page = words(desk.post(desk.alder, "cases-detained-apply", **HEAD, **sent, **chosen))
    assert "2 of 5 taken in" in page
    assert "nobody said who it is" in page
    chosen["same-2"] = str(known.client_id)
    page = words(desk.post(desk.alder, "cases-detained-apply", **HEAD, **sent, **chosen))
    assert "3 of 5 taken in" in page
    assert "second time" in page
    assert Case.objects.count() == 4
    by_stage = {case.stage: case for case in Case.objects.exclude(pk=known.pk)}
    assert {case.kind for case in by_stage.values()} == {CaseKind.ADMINISTRATIVE}
    assert set(by_stage) == {"court", "executed"}
    again = Case.objects.exclude(pk=known.pk).get(client=known.client)
    assert (again.in_custody, again.stage_events.get(stage="executed").end_kind) == (False, "released")
    served = by_stage["court"]
    with reading.reading("test", "test"):
        assert served.defendants.get().sentence["days"] == 15
        assert served.client.contacts == "the monitors' desk"


def test_a_line_is_read_on_top_of_what_all_share() -> None:
    find = CourtNames({"by-x": ("Суд Х",)}).find
    usual = Intake(case_kind=CaseKind.ADMINISTRATIVE)
    assert read_row("Ліс Лада;;;Суд Х;", usual, find).intake.court == "by-x"  # type: ignore[union-attr]
    assert "No name" in str(read_row(";;;;", usual, find).problem)
    assert "More than five" in str(read_row("a;b;c;d;e;f", usual, find).problem)
    assert "not understood" in str(read_row("Ліс;;;;shrug", usual, find).problem)
    assert "no article" in str(read_row("Ліс;;paint;;", usual, find).problem)


def test_a_minor_comes_through_a_guardian(desk: Desk) -> None:
    told = {"name": "Ліс Лада", "contacts": "mother", "client_kind": "minor", "source": "family"}
    desk.done(desk.alder, "case-new", guardian="Ліс Вольга", citizenship="Poland", **told)
    case = Case.objects.get()
    assert case.is_minor
    with reading.reading("test", "test"):
        client = Client.objects.get()
        assert (client.kind, client.guardian) == (ClientKind.MINOR, "Ліс Вольга")
    page = desk.page(desk.alder, "case-client", case.pk)
    assert "Ліс Вольга" in page
    assert "Poland" in page
