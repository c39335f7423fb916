"""Receipts and yearly statements of donors: one page each, in their language, with nothing of a code in it.

Nothing is stored: the same receipt gives the same bytes whenever it is asked for. The paper names the issuer
as it is registered, never the cause, a campaign, a case or the giver, whose name we do not know.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from reports.render.pdf.ink import BOLD, INK, INK_SOFT, LINE_STRONG, REGULAR, load_fonts

# Of downloads: a searched phone shows file names.
FILE_NAME = "document.pdf"
_LEFT, _RIGHT, _TOP, _FOOT = 68.0, A4[0] - 68.0, A4[1] - 82.0, 90.0
_WIDTH = _RIGHT - _LEFT


@dataclass(frozen=True)
class Line:
    """One gift: its day, the number of its receipt ("" if it has none), minor units of a currency.

    ``record`` is the number of the log's event that holds it, ``notes`` what changed it since.
    """

    on: datetime.date
    number: str
    amount_minor: int
    currency: str
    record: int | None = None
    notes: tuple["Note", ...] = ()


@dataclass(frozen=True)
class Note:
    """Why less or more of a gift stayed than came: its day, the reason in words, the change, its event."""

    on: datetime.date
    words: str
    amount_minor: int
    currency: str
    record: int | None = None


def receipt(line: Line, *, issued_on: datetime.date, ended: str, language: str) -> bytes:
    """The paper for one gift as PDF. ``ended`` is "", "replaced" or "void"."""
    with override(language):
        page = _Page(language)
        page.head(_("Receipt"), _("Number %(number)s") % {"number": line.number})
        if ended:
            words = {
                "replaced": _("This receipt is no longer valid: another one replaces it."),
                "void": _("This receipt is no longer valid: the gift was given back."),
            }
            page.words(words[ended], bold=True)
        page.row(_("Received on"), _day(line.on))
        page.row(_("Amount"), money(line.amount_minor, line.currency), bold=True)
        page.row(_("Received by"), settings.RECEIPT_ISSUER)
        page.row(_("Issued on"), _day(issued_on))
        page.row(_("Received from"), "", line=True)
        page.words(
            _("Voluntary gift, nothing was given in return. We do not know the giver’s name: write it in.")
        )
        return page.done()


def statement(year: int, lines: Sequence[Line], *, made_on: datetime.date, language: str) -> bytes:
    """All gifts of one donor in a calendar year, and what they add up to in each currency, as PDF."""
    with override(language):
        page = _Page(language)
        page.head(_("Statement for %(year)d") % {"year": year}, settings.RECEIPT_ISSUER)
        for line in lines:
            under = [*map(_note, line.notes), _record(line.record)]
            amount = money(line.amount_minor, line.currency)
            page.row(f"{_day(line.on)}   {line.number}", amount, right=True, under=under)
        totals: dict[str, int] = {}
        for line in lines:
            totals[line.currency] = totals.get(line.currency, 0) + line.amount_minor
        for currency, total in sorted(totals.items()):
            page.row(_("Together"), money(total, currency), bold=True, right=True)
        page.words(
            _("Made on %(day)s. Amounts are what reached us and was not given back.") % {"day": _day(made_on)}
        )
        if any(line.notes for line in lines):
            page.words(_("What changed after a gift was counted stands below it, with its reason."))
        return page.done()


def _note(note: Note) -> str:
    told = {"day": _day(note.on), "words": note.words, "amount": money(note.amount_minor, note.currency)}
    record = _record(note.record)
    return _("%(day)s: %(words)s, %(amount)s") % told + (f" · {record}" if record else "")


def _record(number: int | None) -> str:
    return _("Record %(number)d") % {"number": number} if number is not None else ""


def money(minor: int, currency: str) -> str:
    """As the language of the paper writes it; all currencies of gifts have two decimals."""
    units, cents = divmod(abs(minor), 100)
    comma = "." if get_language() == "en" else ","
    sign = "\N{MINUS SIGN}" if minor < 0 else ""
    return sign + f"{units:,}".replace(",", "\N{NO-BREAK SPACE}") + f"{comma}{cents:02d} {currency}"


def _day(on: datetime.date) -> str:
    return date_format(on, "j E Y")


class _Page:
    """Draws from above to below, on further pages where one is not enough."""

    def __init__(self, language: str) -> None:
        load_fonts()
        self._bytes = BytesIO()
        self._canvas = Canvas(
            self._bytes,
            pagesize=A4,
            pageCompression=1,
            invariant=1,
            lang=language,
            initialFontName=REGULAR,  # type: ignore[arg-type]  # the stubs expect a number
        )
        # Neutral: what a list of files or a tab shows.
        self._canvas.setTitle(_("Document"))
        self._canvas.setAuthor(settings.RECEIPT_ISSUER)
        self._canvas.setCreator("")
        self._canvas.setProducer("")
        self._y = _TOP

    def head(self, title: str, under: str) -> None:
        self._text(_LEFT, settings.RECEIPT_ISSUER, 10, soft=True)
        self._y -= 12
        for line in settings.RECEIPT_LINES.split("|") if settings.RECEIPT_LINES else ():
            self._text(_LEFT, line.strip(), 9, soft=True)
            self._y -= 12
        self._y -= 34
        self._text(_LEFT, title, 22, bold=True)
        self._y -= 24
        self._text(_LEFT, under, 11, soft=True)
        self._y -= 40

    def row(
        self,
        name: str,
        value: str,
        *,
        bold: bool = False,
        right: bool = False,
        line: bool = False,
        under: Sequence[str] = (),
    ) -> None:
        """A name and its value, small lines ``under`` them; ``line`` leaves one to write on."""
        if self._y - 11 * len(under) < _FOOT:
            self._canvas.showPage()
            self._y = _TOP
        self._text(_LEFT, name, 10.5, soft=not right, bold=bold and right)
        font = BOLD if bold else REGULAR
        self._canvas.setFont(font, 11)
        self._canvas.setFillColor(INK)
        if right:
            self._canvas.drawRightString(_RIGHT, self._y, value)
        else:
            self._canvas.drawString(_LEFT + 150, self._y, value)
        for text in filter(None, under):
            for part in simpleSplit(text, REGULAR, 8, _WIDTH):
                self._y -= 11
                self._text(_LEFT, part, 8, soft=True)
        self._canvas.setStrokeColor(LINE_STRONG)
        self._canvas.setLineWidth(0.5)
        begin = _LEFT + 150 if line else _LEFT
        self._canvas.line(begin, self._y - 8, _RIGHT, self._y - 8)
        self._y -= 26

    def words(self, text: str, *, bold: bool = False) -> None:
        """A paragraph."""
        for part in simpleSplit(text, BOLD if bold else REGULAR, 10, _WIDTH):
            self._text(_LEFT, part, 10, bold=bold, soft=not bold)
            self._y -= 15
        self._y -= 14

    def done(self) -> bytes:
        self._canvas.save()
        return self._bytes.getvalue()

    def _text(self, x: float, text: str, size: float, *, bold: bool = False, soft: bool = False) -> None:
        self._canvas.setFont(BOLD if bold else REGULAR, size)
        self._canvas.setFillColor(INK_SOFT if soft else INK)
        self._canvas.drawString(x, self._y, text)
