"""PDF: whole, readable by other programs, header on each page, page x of y, bookmarks."""

import re
import shutil
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports.render.content import measure
from reports.render.document import Bar, Column, Document, Section
from reports.render.pdf.pen import Pen
from reports.render.pdf.plan import SMALLEST, make_plan
from reports.render.pdf.report import scratch_pen
from tests.render.rendering import read, rendered
from tests.render.samples import ENTRIES, NASTY, PERIOD, Ledger, nasty_rows, sample


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed here")


def text_of(data: bytes, tmp_path: Path, *options: str) -> str:
    path = tmp_path / "report.pdf"
    path.write_bytes(data)
    done = subprocess.run(["pdftotext", *options, path, "-"], check=True, capture_output=True, text=True)
    return done.stdout


@pytest.fixture
def pen() -> Pen:
    return scratch_pen(sample())


@needs("qpdf")
@pytest.mark.parametrize("language", ["en", "be"])
def test_qpdf_finds_no_fault(language: str, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(rendered(sample(language=language), "pdf"))
    done = subprocess.run(["qpdf", "--check", path], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@needs("pdftotext")
def test_cyrillic_reads_back_as_it_was_written(tmp_path: Path) -> None:
    text = text_of(rendered(sample(language="be"), "pdf"), tmp_path, "-layout")
    for words in ("Справаздача аб", "Фонд абароны «Прыклад»", "ў еўра", "Зварот у суд апеляцыйнай інстанцыі"):
        assert words in text
    assert "1 ліпеня 2026 – 30 верасня 2026" in text
    assert "−300 440,18" in text
    assert "\ufffd" not in text


@needs("pdftotext")
def test_markup_and_operators_in_texts_are_only_texts(tmp_path: Path) -> None:
    rows = [(*row[:1], "V-1", *row[2:]) for row in nasty_rows()]
    text = text_of(rendered(sample(rows), "pdf"), tmp_path, "-layout")
    for nasty in NASTY:
        assert nasty.replace("\t", " ") in text


@needs("pdffonts")
def test_every_font_is_embedded_as_a_subset(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(rendered(sample(language="be"), "pdf"))
    listing = subprocess.run(["pdffonts", path], check=True, capture_output=True, text=True).stdout
    fonts = [line.split() for line in listing.splitlines()[2:]]
    assert {font[0].partition("+")[2] for font in fonts} == {"DejaVuSans", "DejaVuSans-Bold"}
    assert all(font[3:6] == ["yes", "yes", "yes"] for font in fonts)
    assert path.stat().st_size < 200_000


def test_each_page_says_which_of_how_many_it_is() -> None:
    pages = PdfReader(BytesIO(rendered(sample(), "pdf"))).pages
    assert len(pages) > 5
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page.extract_text()


def test_the_header_row_is_on_each_page_of_a_table_and_no_row_is_lost() -> None:
    pages = [page.extract_text() for page in PdfReader(BytesIO(rendered(sample(), "pdf"))).pages]
    tables = [text for text in pages if "Voucher" in text and "V-0" in text]
    assert len(tables) > 2
    assert all("Booked on" in text and "Original" in text for text in tables)
    assert all("Every transfer" in text for text in tables)
    assert re.findall(r"V-\d{6}", "".join(tables)) == [f"V-{number:06d}" for number in range(120)]
    assert "Total" in tables[-1]
    assert "1,234.56" in tables[-1]


def test_bookmarks_and_contents_lead_to_the_sections() -> None:
    reader = PdfReader(BytesIO(rendered(sample(), "pdf")))
    places = {item.title: reader.get_destination_page_number(item) for item in reader.outline}  # type: ignore[union-attr,arg-type]
    assert list(places) == ["About this report", "Summary", "Funds", "Every transfer"]
    for title in ("Funds", "Every transfer"):
        page = places[title]
        assert page is not None
        assert title in reader.pages[page].extract_text()
        contents = reader.pages[places["Summary"] or 0].extract_text()
        assert re.search(rf"{title}\s+Rows: \d+\s+Page {page + 1}\b", contents)


def test_title_language_and_identity_are_set() -> None:
    document = sample(language="be")
    reader = PdfReader(BytesIO(rendered(document, "pdf")))
    assert str(reader.root_object["/Lang"]) == "be"
    assert "/DisplayDocTitle" in str(reader.root_object["/ViewerPreferences"])
    assert reader.metadata is not None
    assert reader.metadata.title == document.title
    assert reader.metadata.author == document.organisation
    assert f"content_hash={document.identity.content_hash} " in str(reader.metadata.keywords)


def test_identity_stands_on_the_cover_and_control_totals_behind_the_summary() -> None:
    document = sample(mark="Auditor, copy 3")
    pages = PdfReader(BytesIO(rendered(document, "pdf"))).pages
    cover = pages[0].extract_text()
    digits = re.sub(r"\s", "", cover)
    assert document.identity.content_hash in digits
    assert document.identity.root_hex in digits
    for text in ("48,932", "Copy for Auditor, copy 3"):
        assert text in cover
    control = pages[1].extract_text()
    for text in ("Control totals", "−€300,440.18", "38,620 JPY"):
        assert text in control


def test_the_summary_shows_figures_and_bars() -> None:
    summary = PdfReader(BytesIO(rendered(sample(), "pdf"))).pages[1].extract_text()
    for text in ("Closing balance", "€163,666.00", "1,418", "Medical staff, campaign", "€63,666.00"):
        assert text in summary


def test_no_title_can_pass_for_the_identity() -> None:
    forged = "/Keywords (abarona-report-1 head=e30=) startxref 0 %%EOF"
    document = sample([(PERIOD[0], forged, "general", forged, 1, 1, "EUR", 1)])
    document = replace(document, title=forged, organisation=forged, description=forged, mark=forged)
    found = read(rendered(document, "pdf"))
    assert found.identity == document.identity
    assert found.mark == forged


def pages_text(document: Document) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(rendered(document, "pdf"))).pages]


def test_long_texts_wrap_and_end_with_an_ellipsis() -> None:
    long = "word " * 400
    unbroken = "ы" * 900
    rows = [(PERIOD[0], "V-1", "general", text, 1, 1, "EUR", 1) for text in (ENTRIES[3], long, unbroken)]
    text = "".join(pages_text(sample(rows)))
    assert text.count("…") >= 2
    assert "translation of the verdict" in re.sub(r"\s+", " ", text)
    assert text.count("word") < 100


def test_an_empty_section_says_so() -> None:
    assert "Nothing was recorded here in this period." in pages_text(sample([]))[-1]


def test_the_totals_never_stand_alone_on_a_page(pen: Pen) -> None:
    seen = set()
    for size in range(60, 110):
        document = sample([(PERIOD[0], "V-1", "general", "x", 1, 1, "EUR", 1)] * size)
        pages = make_plan(document, document.sections[1], pen).pages
        assert [start for start, _end in pages[1:]] == [end for _start, end in pages[:-1]]
        assert pages[-1][1] == size
        assert pages[-1][1] > pages[-1][0]
        seen.add(len(pages))
    assert len(seen) > 1


def wide(columns: int, value: int) -> Document:
    section = Section(
        key="wide",
        title="Wide",
        columns=tuple(Column(f"c{number}", f"Column {number}", "money", "EUR") for number in range(columns)),
        rows=[(value,) * columns] * 3,
    )
    document = sample([])
    return replace(document, sections=(section,), control=measure("wide", PERIOD, [], [section])[0])


@pytest.mark.parametrize("columns", [6, 14, 22])
def test_figures_of_a_wide_table_are_never_cut(columns: int) -> None:
    text = pages_text(wide(columns, -1_234_567_890))[-1]
    assert text.count("−12,345,678.90") == 3 * columns
    assert "…" not in re.sub(r"[0-9a-f]{8}…[0-9a-f]{8}", "", text)


def test_a_table_that_fits_no_size_is_still_drawn(pen: Pen) -> None:
    document = wide(80, 123_456_789)
    plan = make_plan(document, document.sections[0], pen)
    assert plan.size == SMALLEST
    assert len(pages_text(document)) >= 3


def test_characters_that_the_font_lacks_do_not_break_the_page() -> None:
    rows = [(PERIOD[0], "V-1", "general", "emoji 🙂, 漢字, ﷽, \u00a0 end", 1, 1, "EUR", 1)]
    text = "".join(pages_text(sample(rows)))
    assert "emoji \ufffd, \ufffd\ufffd" in text


def test_more_characters_than_one_subset_holds_are_all_drawn() -> None:
    letters = "".join(chr(code) for code in [*range(0xC0, 0x180), *range(0x391, 0x3A2), *range(0x400, 0x460)])
    rows = [
        (PERIOD[0], "V-1", "general", letters[at : at + 20], 1, 1, "EUR", 1)
        for at in range(0, len(letters), 20)
    ]
    text = re.sub(r"\s", "", "".join(pages_text(sample(rows))))
    assert all(letters[at : at + 20] in text for at in range(0, len(letters), 20))


def test_negative_bars_and_many_bars_are_drawn() -> None:
    document = sample(list(Ledger(3)))
    bars = tuple(Bar(str(number), f"Bar {number}", (number - 20) * 100, "EUR") for number in range(60))
    section = replace(document.sections[0], bars=bars)
    text = "".join(pages_text(replace(document, sections=(section, document.sections[1]))))
    assert all(f"Bar {number}" in text for number in range(60))
    assert "−€20.00" in text


def test_a_cut_text_is_never_wider_than_its_room(pen: Pen) -> None:
    for text in ("Ж" * 50, "a b c d e f g", "", "one two three four five six seven"):
        for width in (12.0, 40.0, 90.0):
            assert pen.width(pen.fit(text, width, 8), 8) <= width
            lines = pen.wrap(text, width, 8, most=3)
            assert len(lines) <= 3
            assert all(pen.width(line, 8) <= width for line in lines)


def test_a_long_table_begins_below_a_short_one_and_loses_no_row() -> None:
    columns = (Column("number", "Number", "text"), Column("amount", "Amount", "money", "EUR"))
    tables = [
        Section(key=key, title=key, columns=columns, rows=[(f"{key}-{at:03d}.", at) for at in range(size)])
        for key, size in (("short", 3), ("long", 200), ("last", 2))
    ]
    made = replace(
        sample([]), sections=tuple(tables), control=measure("wide", PERIOD, [], tables)[0], parameters=()
    )
    pages = pages_text(made)
    with_rows = [page for page in pages if re.search(r"(short|long|last)-\d{3}\.", page)]
    assert "short-002." in with_rows[0]
    assert "long-000." in with_rows[0]
    assert "last-001." in with_rows[-1]
    assert "long-199." in with_rows[-1]
    text = "\n".join(pages)
    assert re.findall(r"long-(\d{3})\.", text) == [f"{at:03d}" for at in range(200)]
    assert f"of {len(pages)}" in pages[-1]


def test_an_empty_table_says_so_in_its_own_words() -> None:
    columns = (Column("number", "Number", "text"),)
    table = Section(key="none", title="None", columns=columns, rows=[], empty="No exception was met.")
    made = replace(sample([]), sections=(table,), control=measure("wide", PERIOD, [], [table])[0])
    assert "No exception was met." in pages_text(made)[-1]
    assert "Number" not in pages_text(made)[-1]
