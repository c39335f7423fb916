"""Lines of a list of administrative detentions: name; date; article; court; outcome. Pure, no queries.

Parted by semicolons or tabs. Only the name is needed; a missing day, court or article is taken from the head
of the page.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import kinds
from cases.intake.articles import ArticleNotUnderstood, read_articles
from cases.intake.facts import Intake, StageFact
from cases.intake.sentences import Sentence, SentenceNotUnderstood, read_sentence
from cases.stages import EndKind, Stage
from lawyers.intake.cells import ImpossibleDate, NotADate, PartialDate, read_date

_CELLS = 5
_PARTED = re.compile(r"[;\t]")
_RELEASED = re.compile(r"адпус|вызвал|отпус|освоб|released|let go", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One line: what it tells, or what is wrong with it."""

    text: str
    intake: Intake | None = None
    problem: str | Promise = ""


class NotUnderstood(ValueError):
    """Something in the line is not understood; ``problem`` says what, and never repeats it."""

    def __init__(self, problem: str | Promise) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read_row(text: str, usual: Intake, find_court: Callable[[str], str | None]) -> Row:
    """One line on top of what all of them share. ``find_court`` answers a court's code."""
    try:
        return Row(text, _read(text, usual, find_court))
    except NotUnderstood as error:
        return Row(text, problem=error.problem)
    except (NotADate, ImpossibleDate):
        return Row(text, problem=_("This is no date."))
    except ArticleNotUnderstood:
        return Row(text, problem=_("This is no article."))
    except SentenceNotUnderstood:
        return Row(text, problem=_("The outcome is not understood. Write: 15 days, fine or released."))


def _read(text: str, usual: Intake, find_court: Callable[[str], str | None]) -> Intake:
    cells = [cell.strip() for cell in _PARTED.split(text)]
    cells += [""] * (_CELLS - len(cells))
    if len(cells) > _CELLS:
        raise NotUnderstood(_("More than five parts: name; date; article; court; outcome."))
    name, day, articles, court, outcome = cells
    if not name:
        raise NotUnderstood(_("No name."))
    known = _dated(replace(usual, name=name), read_date(day))
    if articles:
        known = replace(known, articles=read_articles(articles))
    if court:
        code = find_court(court)
        if code is None:
            raise NotUnderstood(_("We do not know this court."))
        known = replace(known, court=code)
    return _ended(known, outcome)


def _dated(known: Intake, day: PartialDate | None) -> Intake:
    return replace(known, detained=day) if day is not None else known


def _ended(known: Intake, outcome: str) -> Intake:
    """Arrest is being served after the court; a fine or a release ends it."""
    if not outcome:
        return known
    if _RELEASED.search(outcome):
        return replace(known, stages=(StageFact(Stage.EXECUTED, end_kind=EndKind.RELEASED),))
    sentence: Sentence | None = read_sentence(outcome)
    stage = Stage.EXECUTED if sentence is not None and sentence.kind == "fine" else Stage.COURT
    return replace(known, sentence=sentence, verdict=kinds.Verdict.CONVICTED, stages=(StageFact(stage),))
