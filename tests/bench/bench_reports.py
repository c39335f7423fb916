"""A report of 100,000 rows in each format, beside the bare library doing the least for as many cells.

Run `python -m tests.bench.bench_reports [ROWS]`. Each measurement has a process of its own, so that the
memory is that of one format.
"""

import csv
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas
from xlsxwriter import Workbook

from reports.render import RENDERERS
from reports.render.document import Row
from reports.render.pdf.ink import REGULAR, load_fonts
from tests.render.samples import Ledger, sample

ROWS = 100_000
ON_A_PAGE = 32  # about as many as our pages hold
TARGETS = {"pdf": "15 s, 150 MB", "xlsx": "6 s", "csv": "1 s", "json": "-", "hash": "-"}


def bare_pdf(rows: list[Row], out: BinaryIO) -> None:
    """Every cell by `drawString`, without measuring, header, totals or identity."""
    load_fonts()
    canvas = Canvas(out, pagesize=landscape(A4), invariant=1)
    for start in range(0, len(rows), ON_A_PAGE):
        canvas.setFont(REGULAR, 8)
        for line, row in enumerate(rows[start : start + ON_A_PAGE]):
            for index, value in enumerate(row):
                canvas.drawString(40 + 90 * index, 550 - 15 * line, str(value))
        canvas.showPage()
    canvas.save()


def bare_xlsx(rows: list[Row], out: BinaryIO) -> None:
    """Every cell as text or number by the public calls."""
    book = Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet()
    for line, row in enumerate(rows):
        for index, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(line, index, value)
            elif value is not None:
                sheet.write_string(line, index, str(value))
    book.close()


def bare_csv(rows: list[Row], out: BinaryIO) -> None:
    """The writer alone."""
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    out.write(text.getvalue().encode())


def bare_json(rows: list[Row], out: BinaryIO) -> None:
    """The encoder alone."""
    out.write(json.dumps(rows, default=str, ensure_ascii=False).encode())


BARE: dict[str, Callable[[list[Row], BinaryIO], None]] = {
    "pdf": bare_pdf,
    "xlsx": bare_xlsx,
    "csv": bare_csv,
    "json": bare_json,
}


def measure(name: str, way: str, size: int) -> dict[str, Any]:
    """Seconds of wall clock and processor, and the most memory, of one format in this process."""
    rows = list(Ledger(size))
    document = sample(rows) if way == "ours" else None
    with TemporaryDirectory() as place, Path(place, "report").open("wb") as out:
        wall, processor = time.perf_counter(), time.process_time()
        if name == "hash":
            sample(rows)
        elif document:
            RENDERERS[name](document, out)
        else:
            BARE[name](rows, out)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        written = out.tell()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"wall": wall, "processor": processor, "memory": memory, "written": written / 1e6}


def measure_apart(name: str, way: str, size: int) -> dict[str, float]:
    """`measure` in a new process."""
    command = [sys.executable, "-m", "tests.bench.bench_reports", name, way, str(size)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def table(size: int) -> None:
    """Print all formats with the ratio to their yardstick (bare time through our time)."""
    print(f"{size:,} rows of 8 cells; ratio = bare library / ours, by processor time")
    heads = ("wall s", "cpu s", "MB ram", "MB file", "bare cpu", "ratio")
    print("format  " + "".join(f"{head:>10}" for head in heads) + "  target")
    for name, target in TARGETS.items():
        ours = measure_apart(name, "ours", size)
        figures = [ours["wall"], ours["processor"], ours["memory"], ours["written"]]
        if name in BARE:
            bare = measure_apart(name, "bare", size)["processor"]
            figures += [bare, bare / ours["processor"]]
        line = f"{name:8}" + "".join(f"{figure:10.2f}" for figure in figures)
        print(f"{line}  {target}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 4:
        print(json.dumps(measure(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
    else:
        table(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
