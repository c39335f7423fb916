"""The shared reader of lists: honest files of every kind are read, hostile ones refused by name."""

import contextlib
import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Font

from lawyers.intake.table import (
    Column,
    HeaderIncomplete,
    HeaderTwice,
    HeaderUnknown,
    Limits,
    Table,
    TableBroken,
    TableEmpty,
    TableHostile,
    TableNotText,
    TableRefused,
    TableTooBig,
)
from lawyers.intake.tables import read_table, read_table_file

COLUMNS = (
    Column("name", ("имя", "Full name"), required=True),
    Column("court", ("суд",)),
    Column("on", ("дата", "Date")),
)
SMALL = Limits(file_bytes=20_000, unpacked_bytes=2_000_000, rows=5, columns=4, cell_chars=50)


def texts(table: Table) -> list[dict[str, str]]:
    return [dict(row.cells) for row in table.rows]


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rezipped(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return stream.getvalue()


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_headers_in_quotes_are_read_with_every_separator(sign: str) -> None:
    table = read_table(f'"Имя"{sign}"Суд"\n"Пётр"{sign}"Мінск"\n'.encode(), COLUMNS)
    assert texts(table) == [{"name": "Пётр", "court": "Мінск"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_csv_in_every_encoding_and_separator(encoding: str, sign: str) -> None:
    text = f'Имя{sign}Суд{sign}Дата\r\n"Шчасны{sign} Пётр"{sign} Мінскі {sign}2024-05-21\r\n'
    table = read_table(text.encode(encoding), COLUMNS)
    assert texts(table) == [{"name": f"Шчасны{sign} Пётр".strip(), "court": "Мінскі", "on": "2024-05-21"}]
    assert table.rows[0].number == 2
    assert table.rows[0].width == table.width == 3


def test_headers_are_found_in_any_language_case_and_order() -> None:
    table = read_table("DATE:;full_name;шум\n2024;Пётр;x\n".encode(), COLUMNS)
    assert texts(table) == [{"on": "2024", "name": "Пётр"}]
    assert table.ignored == ("шум",)


def test_a_comma_in_names_does_not_win_over_the_separator_of_the_header() -> None:
    table = read_table("имя;суд\nа, б, в;г, д, е\n".encode(), COLUMNS)
    assert texts(table) == [{"name": "а, б, в", "court": "г, д, е"}]


def test_a_byte_order_mark_before_a_quoted_header_is_no_part_of_it() -> None:
    table = read_table('"Full, name","Суд"\nПётр,Мінск\n'.encode("utf-8-sig"), COLUMNS)
    assert texts(table) == [{"name": "Пётр", "court": "Мінск"}]


def test_blank_rows_are_skipped_but_counted() -> None:
    table = read_table("имя,суд\n\n , \nПётр,Мінск\n".encode(), COLUMNS)
    assert [row.number for row in table.rows] == [4]


def test_ragged_csv_rows_keep_their_width() -> None:
    table = read_table("имя,суд\nа\nа,б,в\n".encode(), COLUMNS)
    assert [row.width for row in table.rows] == [1, 3]


def test_xlsx_cells_become_texts() -> None:
    half_past_nine = datetime(2024, 5, 21, 9, 30)  # noqa: DTZ001  # sheets know no time zones
    rows: list[list[object]] = [
        ["Имя", "Суд", "Дата"],
        ["Пётр", 7.0, date(2024, 5, 21)],
        ["Anna", True, half_past_nine],
        ["x"],
    ]
    assert texts(read_table(workbook(rows), COLUMNS)) == [
        {"name": "Пётр", "court": "7", "on": "2024-05-21"},
        {"name": "Anna", "court": "true", "on": "2024-05-21T09:30:00"},
        {"name": "x", "court": "", "on": ""},
    ]


def test_a_formula_is_a_text_and_never_a_value() -> None:
    content = workbook([["Имя", "Суд"], ["=1+1", '=HYPERLINK("http://example.org")']])
    assert texts(read_table(content, COLUMNS)) == [
        {"name": "=1+1", "court": '=HYPERLINK("http://example.org")'}
    ]


def test_the_first_visible_sheet_is_read_whatever_size_it_claims() -> None:
    book = openpyxl.Workbook()
    hidden = book.active
    assert hidden is not None
    hidden.append(["Имя"])
    hidden.append(["hidden"])
    hidden.sheet_state = "hidden"
    sheet = book.create_sheet("seen")
    sheet.append(["Имя", "Суд"])
    sheet.append(["seen", "x"])
    lying = rezipped(saved(book), lambda name, part: part.replace(b'ref="A1:B2"', b'ref="A1:A1"'))
    assert texts(read_table(lying, COLUMNS)) == [{"name": "seen", "court": "x"}]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", HeaderUnknown),
        ("имя,суд\n".encode(), TableEmpty),
        (b"foo,bar\n1,2\n", HeaderUnknown),
        ("суд,дата\nx,y\n".encode(), HeaderIncomplete),
        ("имя,full name\nx,y\n".encode(), HeaderTwice),
        ("имя\nПё\0тр\n".encode(), TableNotText),
        ("имя\nПётр\n".encode("utf-16"), TableNotText),
        ('имя\n"Пётр\n'.encode(), TableNotText),
        (b"\xff\xd8\xff\xe0\x10JFIF\x98\x98", TableNotText),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, TableNotText),
        (b"%PDF-1.7\n\xe2\xe3\xcf\xd3\x01\x02", TableNotText),
        (b"PK\x03\x04 not an archive", TableBroken),
        ("имя\n".encode() + "я\n".encode() * 6, TableTooBig),
        ("имя,2,3,4,5\nx\n".encode(), TableTooBig),
        ("имя\nx,,,,y\n".encode(), TableTooBig),
        ("имя\n".encode() + b"x" * 51 + b"\n", TableTooBig),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused(content: bytes, refusal: type[TableRefused]) -> None:
    with pytest.raises(refusal) as refused:
        read_table(content, COLUMNS, SMALL)
    assert type(refused.value) is refusal
    assert refused.value.text
    assert "%" not in refused.value.text


@pytest.mark.parametrize(
    ("rows", "refusal"),
    [
        ([["Имя"], *[["x"]] * 6], TableTooBig),
        ([["Имя", *"bcde"], ["x"]], TableTooBig),
        ([["Имя"], ["x", *"bcde"]], TableTooBig),
        ([["Имя"], ["x" * 51]], TableTooBig),
        ([["Имя"]], TableEmpty),
        ([["foo"], ["x"]], HeaderUnknown),
    ],
)
def test_the_limits_hold_for_workbooks_too(rows: list[list[str]], refusal: type[TableRefused]) -> None:
    with pytest.raises(refusal):
        read_table(workbook(rows), COLUMNS, SMALL)


def test_a_workbook_with_a_cell_far_out_is_refused() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "Имя"
    book.active["XFD2"] = "far"
    with pytest.raises(TableTooBig):
        read_table(saved(book), COLUMNS)
    styled = openpyxl.Workbook()
    assert styled.active is not None
    styled.active["A1"] = "Имя"
    styled.active["A2"] = "x"
    styled.active["XFD3"].font = Font(bold=True)
    with pytest.raises(TableTooBig):  # 16,384 cells a row, as many rows as one likes, in a small file
        read_table(saved(styled), COLUMNS)
    far_below = openpyxl.Workbook()
    assert far_below.active is not None
    far_below.active["A1"] = "Имя"
    far_below.active["A1048576"] = "deep"
    with pytest.raises(TableTooBig):
        read_table(saved(far_below), COLUMNS)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 40_000_000)
    assert len(stream.getvalue()) < 100_000
    with pytest.raises(TableHostile):
        read_table(stream.getvalue(), COLUMNS)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_every_part(part: str, encoding: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'

    def poison(name: str, text: bytes) -> bytes:
        return (bomb + text.decode().split("?>")[-1]).encode(encoding) if name == part else text

    with pytest.raises(TableHostile):
        read_table(rezipped(workbook([["Имя"], ["x"]]), poison), COLUMNS)


def test_an_entity_hidden_on_the_border_of_two_chunks_is_found() -> None:
    noise = bytes(range(65, 91)) * 200_000  # packs well, but not as well as blanks

    def poison(name: str, text: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return text
        return b"<!--" + noise[: (1 << 20) - 8] + b"--><!DOCTYPE x>" + text

    with pytest.raises(TableHostile):
        read_table(rezipped(workbook([["Имя"], ["x"]]), poison), COLUMNS, Limits(unpacked_ratio=10_000))


def test_a_zip_that_is_no_workbook_and_a_cut_one_are_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(TableNotText):
        read_table(stream.getvalue(), COLUMNS)
    whole = workbook([["Имя"], ["x"]])
    with pytest.raises(TableBroken):
        read_table(whole[: len(whole) // 2], COLUMNS)
    with pytest.raises(TableBroken):
        read_table(rezipped(whole, lambda name, part: part[:100] if "sheet1" in name else part), COLUMNS)


def test_content_over_the_limit_is_refused_for_its_size() -> None:
    with pytest.raises(TableTooBig) as refused:
        read_table(
            b"name\n" + b"x" * 1_100_000, COLUMNS, Limits(file_bytes=1024 * 1024, cell_chars=2_000_000)
        )
    assert refused.value.params["limit"] == 1


def test_a_file_over_the_limit_is_not_even_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    big = tmp_path / "big.csv"
    with big.open("wb") as file:
        file.truncate(51 * 1024 * 1024)
    with monkeypatch.context() as patched:
        patched.delattr(Path, "read_bytes")
        with pytest.raises(TableTooBig) as refused:
            read_table_file(big, COLUMNS)
    assert "50" in refused.value.text
    good = tmp_path / "good.csv"
    good.write_text("имя\nПётр\n", encoding="utf-8")
    assert texts(read_table_file(good, COLUMNS)) == [{"name": "Пётр"}]


_CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20)


@given(st.lists(st.tuples(_CELL, _CELL), min_size=1, max_size=5))
def test_what_was_written_is_read_back(rows: list[tuple[str, str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([("name", "court"), *rows])
    wanted = [
        {"name": name.strip(), "court": court.strip()} for name, court in rows if (name + court).strip()
    ]
    if wanted:
        assert texts(read_table(stream.getvalue().encode(), COLUMNS)) == wanted


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_and_never_crash(content: bytes) -> None:
    for head in (b"", b"name,court\n", b"PK\x03\x04"):
        with contextlib.suppress(TableRefused):
            read_table(head + content, COLUMNS)
