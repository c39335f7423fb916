"""What is wrong with one row of an imported list, in words its sender can act on."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Promise] = {
    "name-missing": _("Neither a name nor an alias. Fill in at least one of them."),
    "birth-date-impossible": _("This birth date does not exist. Write it as 1987-05-21, 1987-05 or 1987."),
    "birth-date-in-future": _("The birth date lies in the future. Check the year."),
    "date-not-understood": _("This date is not understood. Write it as 2024-05-21, 2024-05 or 2024."),
    "date-too-far-ahead": _("This date lies more than two years ahead. Check the year."),
    "article-not-understood": _("An article is not understood. Write 342 part 1, 361-2 or 24.23."),
    "article-missing": _("No article. Fill in the article, or leave the row out."),
    "court-unknown": _(
        "This court is not in the list of courts. Use a name or code from the reference list."
    ),
    "court-missing": _("No court. Fill in the name or the code of the court."),
    "sentence-not-understood": _(
        "The sentence is not understood. Write it as 5 years, 2 years 6 months or 15 days."
    ),
    "duplicate-row": _("The same person stands in an earlier row of this file. Remove one of the two."),
    "dates-out-of-order": _("The dates contradict each other. Check which of them is wrong."),
    "too-long": _("This text is too long. Shorten it."),
    "broken-text": _(
        "Some letters are broken, or Cyrillic and Latin letters are mixed. Type the text again."
    ),
    "column-count": _("This row has another number of columns than the header. Check quotes and separators."),
    "status-unknown": _("This status is not in the list. Leave it empty if you are not sure."),
    "value-unknown": _("This value is not in the list. Leave it empty if it is not known."),
    "number-not-understood": _("This is not a whole number in the range allowed here."),
    "source-missing": _("No source. Say where this is known from."),
}


@dataclass(frozen=True)
class RowProblem:
    """One reason why a row cannot be taken in.

    `row` counts from 1 with the header as row 1, as spreadsheets show it; `column` is our name of the column,
    empty when the whole row is meant. The message never repeats the cell, which may hold a person's name.
    """

    row: int
    column: str
    code: str
    message: str | Promise

    @classmethod
    def of(cls, row: int, column: str, code: str) -> "RowProblem":
        """A problem with its stock message. Raises KeyError for a code without one."""
        return cls(row, column, code, MESSAGES[code])


class Problems:
    """Collects what is wrong with one row."""

    def __init__(self, row: int) -> None:
        self.row = row
        self.found: list[RowProblem] = []

    def add(self, column: str, code: str) -> None:
        self.found.append(RowProblem.of(self.row, column, code))
