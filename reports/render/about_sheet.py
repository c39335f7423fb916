"""The first sheet of a workbook: what this is, how to check it, its control totals and main figures."""

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.render.batches import clean_text
from reports.render.document import Document, Fact
from reports.render.figures import decimals, long_day, short_day
from reports.render.sheets import Styles


class Lines:
    """Writes one line after another, since rows of a streamed sheet cannot be revisited."""

    def __init__(self, sheet: Worksheet, styles: Styles) -> None:
        self.sheet, self.styles, self.line = sheet, styles, 0

    def text(self, text: str, style: Format | None = None) -> None:
        """One text over the whole line."""
        self.sheet.write_string(self.line, 0, clean_text(text) or "", style)
        self.line += 1

    def heading(self, text: str) -> None:
        """A heading with an empty line before it."""
        self.line += 1
        for index in range(4):
            self.sheet.write_string(self.line, index, text if index == 0 else "", self.styles.heading)
        self.line += 1

    def pair(self, label: str, value: str | int, style: Format | None = None) -> None:
        """A label and its value."""
        self.sheet.write_string(self.line, 0, clean_text(label) or "", self.styles.label)
        if isinstance(value, int):
            self.sheet.write_number(self.line, 1, value, style or self.styles.count)
        else:
            self.sheet.write_string(self.line, 1, clean_text(value) or "", style or self.styles.wrap)
        self.line += 1

    def figure(self, label: str, key: str, currency: str, minor: int) -> None:
        """A line of control totals: section, column, currency, sum."""
        places = decimals(currency)
        self.sheet.write_string(self.line, 0, clean_text(label) or "", self.styles.label)
        self.sheet.write_string(self.line, 1, clean_text(key) or "")
        self.sheet.write_string(self.line, 2, currency)
        self.sheet.write_number(self.line, 3, minor / 10**places, self.styles.money[places])
        self.line += 1


def write_about(sheet: Worksheet, document: Document, styles: Styles) -> None:
    """Fill the sheet."""
    for index, width in enumerate((34, 46, 12, 20)):
        sheet.set_column(index, index, width)
    sheet.hide_gridlines(2)
    lines = Lines(sheet, styles)
    lines.text(document.title, styles.title)
    if document.subtitle:
        lines.text(document.subtitle, styles.subtitle)
    lines.text(document.description, styles.subtitle)
    _write_choices(lines, document)
    _write_identity(lines, document)
    _write_control(lines, document)
    for section in document.sections:
        if section.facts:
            lines.heading(section.title)
            for fact in section.facts:
                _write_fact(lines, fact, document.language)


def _write_choices(lines: Lines, document: Document) -> None:
    words, (start, end) = document.wording, document.period
    lines.heading(words.chosen)
    lines.pair(words.organisation, document.organisation)
    lines.pair(words.period, f"{long_day(start, document.language)} – {long_day(end, document.language)}")
    for parameter in document.parameters:
        lines.pair(parameter.label, parameter.shown or parameter.value)
    if document.mark:
        lines.text(words.copy_for % {"mark": document.mark}, lines.styles.soft)


def _write_identity(lines: Lines, document: Document) -> None:
    words, identity = document.wording, document.identity
    lines.heading(words.check)
    lines.pair(words.content_hash, identity.content_hash, lines.styles.code)
    lines.pair(words.log_size, identity.log_size)
    lines.pair(words.log_root, identity.root_hex, lines.styles.code)
    lines.pair(words.ruleset, identity.ruleset_version)
    lines.pair(words.produced_from, identity.produced_from)
    lines.pair(words.rows, identity.row_count)


def _write_control(lines: Lines, document: Document) -> None:
    words = document.wording
    lines.heading(words.control_totals)
    for section, control in zip(document.sections, document.control.sections, strict=True):
        lines.pair(f"{section.title}: {words.rows}", control.row_count)
        labels = {column.key: column.label for column in section.columns}
        for total in control.sums:
            lines.figure(section.title, labels[total.column], total.currency, total.minor)


def _write_fact(lines: Lines, fact: Fact, language: str) -> None:
    if fact.kind == "money" and isinstance(fact.value, int):
        places = decimals(fact.currency)
        lines.sheet.write_string(lines.line, 0, clean_text(fact.label) or "", lines.styles.label)
        lines.sheet.write_string(lines.line, 2, fact.currency or "")
        lines.sheet.write_number(lines.line, 3, fact.value / 10**places, lines.styles.money[places])
        lines.line += 1
    elif isinstance(fact.value, str | int):
        lines.pair(fact.label, fact.value)
    elif fact.value is not None:
        lines.pair(fact.label, short_day(fact.value, language))
