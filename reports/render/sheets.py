"""Names, styles and shown codes of a workbook's sheets."""

import re
from collections.abc import Callable

from xlsxwriter import Workbook

from reports.render.batches import clean_text
from reports.render.document import Column

GREEN, SOFT_GREEN, LINE, INK_SOFT, AMBER_INK = "#14503f", "#dfeae0", "#dbd4c6", "#535950", "#7d4a00"

FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


class SheetNames:
    """Gives each sheet a name that every spreadsheet accepts: up to 31 characters, unique without case."""

    def __init__(self) -> None:
        self.taken = {"history"}  # reserved by Excel

    def take(self, title: str, fallback: str) -> str:
        """The title, or as much of it as fits; numbered when it is taken."""
        plain = FORBIDDEN.sub(" ", clean_text(title) or "").strip(" '")[:31].strip(" '") or fallback[:31]
        name, number = plain, 1
        while name.lower() in self.taken:
            number += 1
            tail = f" ({number})"
            name = plain[: 31 - len(tail)] + tail
        self.taken.add(name.lower())
        return name


class Styles:
    """Cell formats; the colours are those of the pages."""

    def __init__(self, book: Workbook) -> None:
        head = {
            "bold": True,
            "font_color": "#fffdf9",
            "bg_color": GREEN,
            "text_wrap": True,
            "valign": "vcenter",
        }
        total = {"bold": True, "bg_color": SOFT_GREEN, "top": 1, "top_color": GREEN}
        patterns = {0: "#,##0", 2: "#,##0.00", 3: "#,##0.000"}
        self.head = book.add_format(head)
        self.number_head = book.add_format({**head, "align": "right"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self.count = book.add_format({"num_format": "#,##0"})
        self.money = {places: book.add_format({"num_format": text}) for places, text in patterns.items()}
        self.total = book.add_format(total)
        self.total_money = {
            places: book.add_format({**total, "num_format": text}) for places, text in patterns.items()
        }
        self.title = book.add_format({"bold": True, "font_size": 18, "font_color": GREEN})
        self.subtitle = book.add_format({"font_size": 12, "font_color": INK_SOFT})
        self.heading = book.add_format({"bold": True, "font_size": 12, "font_color": GREEN, "bottom": 1})
        self.label = book.add_format({"font_color": INK_SOFT, "valign": "top", "text_wrap": True})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.code = book.add_format({"font_name": "Consolas", "text_wrap": True, "valign": "top"})
        self.soft = book.add_format({"font_color": INK_SOFT})


def shown_codes(column: Column) -> Callable[[str], str]:
    """How the codes of a column read in a sheet.

    A label that two codes share gets its code in brackets, and so does a code without label that reads like
    another code's label; so each code can be told from the cell (`codes_from_shown`).
    """
    labels = _distinct_labels(column)
    used = set(labels.values())
    return lambda code: labels.get(code, f"[{code}]" if code in used else code)


def codes_from_shown(column: Column) -> Callable[[str], str]:
    """The way back from `shown_codes`."""
    labels = _distinct_labels(column)
    codes = {label: code for code, label in labels.items()}
    bracketed = {f"[{label}]": label for label in codes}
    return lambda cell: codes.get(cell) or bracketed.get(cell) or cell


def _distinct_labels(column: Column) -> dict[str, str]:
    clean = {code: clean_text(label) or code for code, label in column.labels.items()}
    labels = list(clean.values())
    return {code: label if labels.count(label) == 1 else f"{label} ({code})" for code, label in clean.items()}
