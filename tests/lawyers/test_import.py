"""Lists of lawyers: each fault by row, the rest taken in once, and no name anywhere outside its seal."""

import datetime
import io
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit.actors import Machine
from audit.models import Event
from cases import lawyer_list
from cases.lawyer_list import import_lawyers
from lawyers.actions import panel
from lawyers.intake.cells import PartialDate
from lawyers.intake.lawyer_rows import LawyerRow
from lawyers.models import Lawyer
from lawyers.standing import State, standing
from vault import indexes
from vault.models import IndexEntry
from vault.reading import reading

pytestmark = pytest.mark.django_db

BY = Machine("system:import")
AT = datetime.datetime(2026, 6, 1, 9, tzinfo=datetime.UTC)
TODAY = AT.date()
YEAR = datetime.date(2020, 1, 1)
HEADER = [
    "ФИО", "Latin name", "Bar", "Office", "Licence", "Licence since", "Licence to", "Source", "Languages",
    "Regions", "Competence", "Capacity", "Per week", "Channel",
]  # fmt: skip
GOOD = [
    ["Рудчык Ганна", "Rudchyk Hanna", "Minsk city", "Office 4", "active", "2019-05-01", "", "register",
     "be, ru", "Minsk, Homel", "protest; speech", "6", "2", "relay"],
    ["Крэйда Ян", "", "Brest", "", "revoked", "2026-01-15", "", "monitor", "", "", "", "", "", ""],
    ["Зязюля Дзіва", "", "", "", "", "", "", "", "", "", "", "", "", "portal"],
]  # fmt: skip
BAD = [
    ["", "", "Brest", "", "active", "2019", "", "", "", "", "", "", "", ""],
    ["Сойка Алесь", "", "Brest", "", "dancing", "2019", "", "", "", "", "", "many", "", ""],
    ["Рудчык  Ганна", "", "Minsk city", "", "active", "2020", "", "", "", "", "", "", "", ""],
    ["Бусел Янка", "", "", "", "active", "2031-01-01", "", "", "", "", "", "", "", ""],
    ["Шпак Юрась", "", "b" * 81, "", "", "", "", "", "", "", "", "", "", ""],
]


def csv(path: Path, rows: list[list[str]]) -> Path:
    path.write_text("\n".join(";".join(row) for row in [HEADER, *rows]).replace("; ", ", "), "utf-8")
    return path


def xlsx(path: Path, rows: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    for row in [HEADER, *rows]:
        book.active.append([cell or None for cell in row])
    book.save(path)
    return path


@pytest.mark.parametrize("write", [csv, xlsx])
def test_good_rows_are_taken_in_once_and_bad_ones_reported(write: object, tmp_path: Path) -> None:
    path = write(tmp_path / "lawyers.list", [*GOOD, *BAD])
    report = import_lawyers(path, by=BY, at=AT)
    assert (report.rows, report.new, report.known_before, report.bad_rows) == (8, 3, 0, 5)
    assert {(problem.row, problem.column, problem.code) for problem in report.problems} == {
        (5, "name", "name-missing"),
        (6, "licence_status", "value-unknown"),
        (6, "most_open", "number-not-understood"),
        (7, "name", "duplicate-row"),
        (8, "licence_from", "dates-out-of-order"),
        (9, "bar", "too-long"),
    }
    events, entries = Event.objects.count(), IndexEntry.objects.count()
    again = import_lawyers(path, by=BY, at=AT + datetime.timedelta(days=1))
    assert (again.new, again.known_before, again.bad_rows) == (0, 3, 5)
    assert (Event.objects.count(), IndexEntry.objects.count(), Lawyer.objects.count()) == (events, entries, 3)


def test_a_row_says_all_it_says_and_no_more(tmp_path: Path) -> None:
    import_lawyers(csv(tmp_path / "lawyers.csv", GOOD), by=BY, at=AT)
    with reading("staff:test", "test"):
        by_name = {row.name: row for row in Lawyer.objects.all()}
        hanna, jan, dziva = (by_name[row[0]] for row in GOOD)
        assert (hanna.latin_name, hanna.contact) == ("Rudchyk Hanna", "Office 4")
    assert (hanna.languages, hanna.channel) == ("be ru", "relay")
    assert set(hanna.coverages.values_list("region", "court_code", "travels")) == {
        ("minsk-city", "", False),
        ("homel", "", False),
    }
    assert set(hanna.competences.values_list("article_family", "max_severity", "instances")) == {
        ("protest", 5, ""),
        ("speech", 5, ""),
    }
    assert (hanna.capacity.max_open, hanna.capacity.new_per_week) == (6, 2)
    licence = hanna.licences.get()
    assert (licence.status, licence.bar) == ("active", "Minsk city")
    with reading("staff:test", "test"):
        assert licence.source == "register"
    assert standing(jan.licences.all(), TODAY).state == State.REVOKED
    # A list opens no portal, and nothing known stays unknown.
    assert (dziva.channel, dziva.licences.count(), dziva.coverages.count()) == ("relay", 0, 0)
    assert not hasattr(dziva, "capacity")


def row(**known: object) -> LawyerRow:
    empty = {
        "row": 2, "name": "Рудчык Ганна", "name_latin": "", "bar": "", "office": "", "licence_status": "",
        "licence_from": None, "licence_until": None, "licence_source": "", "languages": (), "regions": (),
        "families": (), "most_open": None, "new_per_week": None, "channel": "",
    }  # fmt: skip
    return LawyerRow(**{**empty, **known})


@pytest.mark.parametrize(
    ("known", "status", "since", "until"),
    [
        ({"licence_status": "active"}, "active", TODAY, None),
        ({"licence_from": PartialDate(YEAR, "year")}, "active", YEAR, None),
        (
            {"licence_status": "active", "licence_until": PartialDate(datetime.date(2027, 1, 1), "year")},
            "active",
            TODAY,
            datetime.date(2027, 12, 31),
        ),
        (
            {"licence_status": "active", "licence_until": PartialDate(datetime.date(2025, 3, 4))},
            "active",
            datetime.date(2025, 3, 4),
            datetime.date(2025, 3, 4),
        ),
        ({}, "", TODAY, None),
    ],
    ids=["no dates", "no status", "until a year", "only a past end", "nothing"],
)
def test_partial_dates_are_read_in_the_widest_way(
    known: dict[str, object], status: str, since: datetime.date, until: datetime.date | None
) -> None:
    found = lawyer_list.practice(row(**known), TODAY)
    assert (found.licence_status, found.licence_from_on, found.licence_until_on) == (status, since, until)


def test_case_and_spaces_make_no_second_person(tmp_path: Path) -> None:
    import_lawyers(csv(tmp_path / "a.csv", GOOD[:1]), by=BY, at=AT)
    shouted = [["РУДЧЫК   ганна", *GOOD[0][1:]]]
    assert import_lawyers(csv(tmp_path / "b.csv", shouted), by=BY, at=AT).known_before == 1


def test_an_imported_lawyer_is_found_by_another_spelling(tmp_path: Path) -> None:
    from cases.names import candidate_keys

    import_lawyers(csv(tmp_path / "a.csv", GOOD[:1]), by=BY, at=AT)
    digests = [indexes.name_index(panel.NAMES, key) for key in candidate_keys("Рудчик Анна")]
    assert indexes.subjects(panel.NAMES, digests) == {Lawyer.objects.get().pk}


def test_a_dry_run_reports_the_same_and_changes_nothing(tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", [*GOOD, *BAD])
    events = Event.objects.count()
    report = import_lawyers(path, dry_run=True, by=BY, at=AT)
    assert (report.new, report.bad_rows) == (3, 5)
    assert not Lawyer.objects.exists()
    assert not IndexEntry.objects.exists()
    assert Event.objects.count() == events


def test_a_killed_import_goes_on(tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", GOOD)

    def killed(rows: list[LawyerRow]) -> object:
        yield rows[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_lawyers(path, progress=killed, by=BY, at=AT)
    assert Lawyer.objects.count() == 1
    report = import_lawyers(path, by=BY, at=AT)
    assert (report.new, report.known_before) == (2, 1)


def test_the_command_names_nobody_and_ends_with_its_status(tmp_path: Path) -> None:
    out = io.StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("import_lawyers", str(csv(tmp_path / "a.csv", [*GOOD, *BAD])), verbosity=0, stdout=out)
    assert refused.value.returncode == 1
    said = out.getvalue() + str(refused.value)
    assert "row 6, licence_status, value-unknown" in said
    assert "8 rows: 3 new, 0 known before, 5 with faults." in said
    assert not [name for name in ("Рудчык", "Крэйда", "Сойка", "Шпак", "Rudchyk") if name in said]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select * from "{table}"')
            held = str(cursor.fetchall())
            assert "Рудчык" not in held, table
            assert "Rudchyk" not in held, table


def test_a_clean_list_ends_with_zero_and_wrong_use_with_two(tmp_path: Path) -> None:
    clean = csv(tmp_path / "clean.csv", GOOD)
    out = io.StringIO()
    call_command("import_lawyers", str(clean), verbosity=0, stdout=out)
    assert "3 rows: 3 new, 0 known before, 0 with faults." in out.getvalue()
    call_command("import_lawyers", str(clean), "--dry-run", verbosity=0, stdout=out)
    assert "3 rows: 0 would be new, 3 known before, 0 with faults." in out.getvalue()
    other = tmp_path / "other.csv"
    other.write_text("something\nelse\n")
    for arguments in ([str(tmp_path / "none.csv")], [str(other)], [str(clean), "--as", "nobody"]):
        with pytest.raises(CommandError) as refused:
            call_command("import_lawyers", *arguments, verbosity=0, stdout=io.StringIO())
        assert refused.value.returncode == 2
