"""Files from strangers: damaged, cut short, forged, or no report at all."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest

from reports.render import RENDERERS
from reports.render.read_back import NotAReport, from_xlsx, recognise
from tests.render.rendering import read, rendered
from tests.render.samples import sample

STRANGERS: dict[str, bytes] = {
    "nothing": b"",
    "text": b"hello",
    "an empty pdf": b"%PDF-1.4\n",
    "a pdf with a bad table": b"%PDF-1.4\nxref\n0 99999\nstartxref\n9\n%%EOF",
    "a pdf pointing outside": b"%PDF-1.4\nstartxref\n999999999\n%%EOF",
    "an empty archive": b"PK\x03\x04",
    "json of another kind": b'{"format":"abarona-report-9"}',
    "deep json": b'{"format":"abarona-report-1","x":' + b"[" * 200_000,
    "a csv of another kind": b"record,section,a\r\nstrange,,b\r\n",
    "a csv without facts": b"record,section,a\r\nrow,x,b\r\n",
    "a csv in another encoding": b"\xef\xbb\xbfrecord,section,\xff\xfe\r\n",
    "a csv with a number too long": b"report,,format,abarona-report-1\r\nrows,x,1\r\n",
}


@pytest.mark.parametrize("data", STRANGERS.values(), ids=STRANGERS)
def test_what_is_no_report_is_refused(data: bytes) -> None:
    with pytest.raises(NotAReport):
        read(data)


@pytest.mark.parametrize("name", RENDERERS)
def test_a_file_cut_short_anywhere_is_refused(name: str) -> None:
    data = rendered(sample(), name)
    for part in (0.1, 0.5, 0.9, 0.99):
        with pytest.raises(NotAReport):
            read(data[: int(len(data) * part)])


def test_a_csv_without_its_last_line_is_refused() -> None:
    lines = rendered(sample(), "csv").splitlines(keepends=True)
    with pytest.raises(NotAReport, match="its last line is missing"):
        read(b"".join(lines[:-1]))


CHANGED: dict[str, tuple[str, Callable[[bytes], bytes], list[str]]] = {
    "an amount in csv": (
        "csv",
        lambda data: data.replace(b",116.76,", b",116.77,"),
        ["control-totals", "content-hash"],
    ),
    "a text in csv": ("csv", lambda data: data.replace(b"Court fee", b"Court fees", 1), ["content-hash"]),
    "an amount in json": (
        "json",
        lambda data: data.replace(b",11676,", b",11677,"),
        ["control-totals", "content-hash"],
    ),
    "a fact in json": (
        "json",
        lambda data: data.replace(b'"value":16366600', b'"value":1', 1),
        ["content-hash"],
    ),
    "a row count in json": (
        "json",
        lambda data: data.replace(b'"row_count":123', b'"row_count":124'),
        ["row-count"],
    ),
}


@pytest.mark.parametrize(("name", "change", "differences"), CHANGED.values(), ids=CHANGED)
def test_a_changed_figure_is_found(
    name: str, change: Callable[[bytes], bytes], differences: list[str]
) -> None:
    data = rendered(sample(), name)
    changed = change(data)
    assert changed != data
    assert read(changed).differences() == differences


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def test_a_changed_amount_in_a_workbook_is_found() -> None:
    data = rendered(sample(), "xlsx")

    def change(name: str, part: bytes) -> bytes:
        return part.replace(b"<v>116.76</v>", b"<v>116.77</v>")

    assert repacked(data, lambda _name, part: part) != repacked(data, change)
    assert read(repacked(data, change)).differences() == ["control-totals", "content-hash"]


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = rendered(sample(), "xlsx")
    bomb = repacked(data, lambda name, part: part + b" " * 2**25 if name == "xl/styles.xml" else part)
    with pytest.raises(NotAReport, match="unpacks"):
        read(bomb)
    monkeypatch.setattr(from_xlsx, "MOST_UNPACKED", 1000)
    with pytest.raises(NotAReport, match="unpacks"):
        read(data)


def test_entities_in_a_workbook_are_refused() -> None:
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'

    def change(name: str, part: bytes) -> bytes:
        return part.replace(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', entity)

    with pytest.raises(NotAReport):
        read(repacked(rendered(sample(), "xlsx"), change))


def test_a_file_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognise, "MOST_BYTES", 1000)
    with pytest.raises(NotAReport, match="too large"):
        read(rendered(sample(), "json"))


def test_a_pdf_with_a_later_revision_is_still_recognised() -> None:
    document = sample()
    data = rendered(document, "pdf")
    start = int(data.rsplit(b"startxref", 1)[1].split()[0])
    trailer = b"xref\n0 0\ntrailer\n<< /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (start, len(data))
    assert read(data + trailer).identity == document.identity


def test_a_pdf_whose_revisions_go_in_a_circle_is_refused() -> None:
    data = b"%PDF-1.4\n"
    data += b"xref\n0 0\ntrailer\n<< /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (len(data), len(data))
    with pytest.raises(NotAReport):
        read(data)
