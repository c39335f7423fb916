"""Lists of prisoners and known trials: each fault reported, the rest taken in, and twice is once."""

import datetime
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Grant, User
from audit.actors import Machine
from audit.models import Event
from cases import importing
from cases.actions.intake import NotACoordinator
from cases.kinds import CaseStatus
from cases.models import Case, Client, Defendant, KnownTrial
from tests import people
from tests.generators.prisoner_list import PrisonerList, make_list
from vault.keys import destroy_key
from vault.models import IndexEntry
from vault.reading import reading

BY = Machine("system:import")
AT = datetime.datetime(2026, 6, 1, 9, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def prisoners() -> PrisonerList:
    return make_list(rows=1200, bad=30, seed=7)


@pytest.fixture
def listed(prisoners: PrisonerList, tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes(prisoners.csv_bytes())
    return path


def _counts() -> tuple[int, ...]:
    return (
        Client.objects.count(),
        Case.objects.count(),
        Defendant.objects.count(),
        IndexEntry.objects.count(),
    )


@pytest.mark.long
@pytest.mark.django_db
def test_1200_rows_with_30_faults(prisoners: PrisonerList, listed: Path, coordinator: User) -> None:
    report = importing.import_cases(listed, responsible=coordinator, by=coordinator, at=AT)
    assert (report.rows, report.new, report.known_before, report.bad_rows) == (1200, 1170, 0, 30)
    found = {(problem.row, problem.column, problem.code) for problem in report.problems}
    assert found == {(fault.row, fault.column, fault.code) for fault in prisoners.faults}
    assert Case.objects.count() == Client.objects.count() == Grant.objects.count() == 1170
    numbers = sorted(Case.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 1171))
    before = (_counts(), Event.objects.filter(kind="cases.imported").count())

    again = importing.import_cases(
        listed, responsible=coordinator, by=coordinator, at=AT + datetime.timedelta(days=1)
    )
    assert (again.new, again.known_before) == (0, 1170)
    assert _counts() == before[0]
    # What was taken in can be read back, by its own key.
    case = Case.objects.select_related("client").earliest("number")
    with reading("staff:test", "test"):
        assert case.client.name == prisoners.lines[1][0]


@pytest.mark.django_db
def test_a_dry_run_reports_the_same_and_changes_nothing(listed: Path) -> None:
    events = Event.objects.count()
    report = importing.import_cases(listed, dry_run=True, by=BY, at=AT)
    assert (report.new, report.bad_rows) == (1170, 30)
    assert _counts() == (0, 0, 0, 0)
    assert Event.objects.count() == events


@pytest.mark.django_db
def test_no_name_of_the_list_stands_in_the_report_or_the_database(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "ФИО,Статья,Суд,Судья\nЗязюля Янка,342 ч. 1,,Суддзя Крэйда\nЗязюля Дзіва,няма такога,,\n", "utf-8"
    )
    out = io.StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("import_cases", str(path), verbosity=0, stdout=out)
    assert refused.value.returncode == 1
    assert "row 3, articles, article-not-understood" in out.getvalue()
    assert "2 rows: 1 new, 0 known before, 1 with faults." in out.getvalue()
    assert "Зязюля" not in out.getvalue() + str(refused.value)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select * from "{table}"')
            text = str(cursor.fetchall())
            assert "Зязюля" not in text, table
            assert "Крэйда" not in text, table


@pytest.mark.django_db
def test_a_list_goes_on_where_a_killed_import_stopped(listed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = 0
    original = importing.receive_rows

    def killed_after_two(**known: object) -> object:
        nonlocal taken
        taken += 1
        if taken > 2:
            raise KeyboardInterrupt
        return original(**known)

    monkeypatch.setattr(importing, "receive_rows", killed_after_two)
    with pytest.raises(KeyboardInterrupt):
        importing.import_cases(listed, by=BY, at=AT)
    assert Case.objects.count() == 2 * importing.TOGETHER
    monkeypatch.undo()
    report = importing.import_cases(listed, by=BY, at=AT)
    assert report.new == 1170 - 2 * importing.TOGETHER
    assert Case.objects.count() == 1170


@pytest.mark.django_db
def test_a_changed_cell_is_still_the_same_detention(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("ФИО,Дата рождения,Дата задержания,Статья\nЗязюля Янка,1987,2025-05-01,342\n", "utf-8")
    importing.import_cases(path, by=BY, at=AT)
    path.write_text(
        "ФИО,Дата рождения,Дата задержания,Статья\nЗЯЗЮЛЯ  Янка,1987,2025-05-01,369\n"
        "Зязюля Янка,1987,2026-05-01,342\n",
        "utf-8",
    )
    report = importing.import_cases(path, by=BY, at=AT)
    # The second row of one person in one file is a fault by the rules of lists; the first is known.
    assert (report.new, report.known_before, report.bad_rows) == (0, 1, 1)


@pytest.mark.django_db
def test_an_imported_case_carries_what_the_row_says(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "ФИО,Статья,Дата задержания,Дата суда,Приговор,Статус\n"
        "Зязюля Янка,342 ч. 1,2025-05-01,2025-09-10,2 года колонии,отбывает наказание\n"
        "Крэйда Ян,24.23,2026-05-30,2026-06-03,,задержан\n",
        "utf-8",
    )
    importing.import_cases(path, by=BY, at=AT)
    serving, detained = Case.objects.order_by("number")
    assert (serving.kind, serving.stage, serving.status) == ("criminal", "serving", CaseStatus.VERIFIED)
    assert (serving.stage_precision, serving.in_custody) == ("by", True)
    assert [e.stage for e in serving.stage_events.all()] == ["detained", "serving"]
    (defendant,) = serving.defendants.all()
    assert (defendant.verdict, defendant.trial.started_on) == ("convicted", datetime.date(2025, 9, 10))
    with reading("staff:test", "test"):
        assert defendant.sentence["months"] == 24
    assert not defendant.trial.hearings.exists()
    assert (detained.kind, detained.stage) == ("administrative", "detained")
    hearing = detained.defendants.get().trial.hearings.get()
    assert (hearing.time_known, hearing.status) == (False, "scheduled")


@pytest.mark.django_db
def test_an_erased_person_leaves_no_digest_to_be_found_by(tmp_path: Path) -> None:
    from vault import indexes

    path = tmp_path / "list.csv"
    path.write_text("ФИО\nЗязюля Янка\n", "utf-8")
    importing.import_cases(path, by=BY, at=AT)
    client = Client.objects.get()
    destroy_key(client.id)
    indexes.forget(client.id)
    assert not IndexEntry.objects.exists()


@pytest.mark.django_db
def test_only_somebody_who_works_on_cases_can_be_responsible(listed: Path) -> None:
    with pytest.raises(NotACoordinator):
        importing.import_cases(listed, responsible=people.auditor(), by=BY, at=AT)


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["import_cases", "import_known_trials"])
def test_wrong_use_ends_with_two(command: str, tmp_path: Path) -> None:
    empty = tmp_path / "list.csv"
    empty.write_text("something\nelse\n")
    for arguments in ([str(tmp_path / "none.csv")], [str(empty)], [str(empty), "--as", "nobody"]):
        with pytest.raises(CommandError) as refused:
            call_command(command, *arguments, verbosity=0, stdout=io.StringIO())
        assert refused.value.returncode == 2


@pytest.mark.django_db
def test_known_trials_are_taken_in_once(tmp_path: Path) -> None:
    path = tmp_path / "trials.csv"
    path.write_text(
        "id,court,date,article,source\n"
        "7,by-supreme,2026-05-01,342 part 1,monitor\n"
        ",by-minsk-city,2026-05-02,24.23,monitor\n"
        ",by-minsk-city,2026-05-02,24.23,monitor\n"
        "8,by-nowhere,2026-05-02,24.23,monitor\n",
        "utf-8",
    )
    report = importing.import_known_trials(path, by=BY, at=AT)
    assert (report.new, report.bad_rows) == (3, 1)
    again = importing.import_known_trials(path, by=BY, at=AT)
    assert (again.new, again.known_before) == (0, 3)
    assert KnownTrial.objects.count() == 3
    assert importing.import_known_trials(path, dry_run=True, by=BY, at=AT).known_before == 3
