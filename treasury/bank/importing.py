"""Taking statements in: new lines are stored, sealed, and matched where our own reference makes it sure."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.utils.translation import gettext as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import books, chart
from treasury.bank import overlap
from treasury.bank.marks import account_index, marks_of
from treasury.bank.matching import rank
from treasury.bank.models import BankAccount, BankLine, BankStatement, OpenLine
from treasury.bank.shape import Line, Statement
from treasury.currencies import amount_text
from vault import keys


@dataclass
class Row:
    """What became of one statement of the file."""

    statement: Statement
    account: BankAccount | None = None
    stored: BankStatement | None = None
    known: bool = False
    new_lines: int = 0
    known_lines: int = 0
    gap_minor: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass
class Imported:
    """The report of one file; amounts by statement, as currencies may differ."""

    rows: list[Row]
    accepted: int = 0

    @property
    def problems(self) -> list[str]:
        return [problem for row in self.rows for problem in row.problems]

    def as_json(self) -> dict[str, Any]:
        """The command's contract, and what of it is new."""
        statements = [row.statement for row in self.rows]
        return {
            "statements": len(statements),
            "lines": sum(len(one.lines) for one in statements),
            "credit_minor": sum(one.credit_minor for one in statements),
            "debit_minor": sum(one.debit_minor for one in statements),
            "new_statements": sum(not row.known for row in self.rows),
            "new_lines": sum(row.new_lines for row in self.rows),
            "matched": self.accepted,
            "errors": self.problems,
        }


def look_over(statements: Sequence[Statement]) -> Imported:
    """What importing would do, without doing it."""
    rows: list[Row] = []
    last: dict[tuple[str, str], Statement] = {}
    for one in statements:
        row, _found = _looked_over(one)
        before = last.get((one.account, one.currency))
        if before is not None and not row.known and None not in (one.opening_minor, before.closing_minor):
            row.gap_minor = (one.opening_minor or 0) - (before.closing_minor or 0)
            row.problems = list(_problems(row))
        last[one.account, one.currency] = one
        rows.append(row)
    return Imported(rows)


@action("bank.statements_imported")
def import_statements(*, statements: Sequence[Statement], by: Actor, at: datetime.datetime) -> Imported:
    """Store what is new in these statements and book the lines whose reference makes them sure.

    A known statement changes nothing. An account seen for the first time is added; somebody has to say which
    account of the books it is before its lines can be booked.
    """
    books.lock()
    report = Imported([])
    new: list[BankLine] = []
    for statement in statements:
        row, found = _looked_over(statement)
        if not row.known:
            new += _store(row, found.new, by, at)
        report.rows.append(row)
    report.accepted = _match_sure(new, report, by, at)
    fact(statements=len(report.rows), lines=len(new), matched=report.accepted)
    return report


def _looked_over(statement: Statement) -> tuple[Row, overlap.Sorted]:
    index = account_index(statement.account)
    account = BankAccount.objects.filter(iban_index=index, currency=statement.currency).first()
    row = Row(statement, account)
    row.known = BankStatement.objects.filter(content_index=overlap.content_index(statement)).exists()
    if row.known:
        row.known_lines = len(statement.lines)
        return row, overlap.Sorted([], len(statement.lines), 0)
    found = overlap.sort_lines(account, statement)
    row.new_lines, row.known_lines, row.gap_minor = len(found.new), found.known, found.gap_minor
    row.problems = list(_problems(row))
    return row, found


def _problems(row: Row) -> list[str]:
    statement, said = row.statement, []
    which = {"number": statement.number, "day": overlap.closing_day(statement).isoformat()}
    if statement.off_minor:
        amount = amount_text(statement.off_minor, statement.currency)
        words = _(
            "Statement %(number)s of %(day)s does not add up: closing is %(amount)s beside opening and lines."
        )
        said.append(words % {**which, "amount": amount})
    if row.gap_minor:
        amount = amount_text(row.gap_minor, statement.currency)
        words = _("Before statement %(number)s of %(day)s something is missing: a gap of %(amount)s.")
        said.append(words % {**which, "amount": amount})
    return said


def _store(row: Row, new: list[tuple[Line, str]], by: Actor, at: datetime.datetime) -> list[BankLine]:
    statement = row.statement
    row.account = row.account or _add_account(statement, at)
    stored = BankStatement(
        account=row.account,
        number=statement.number,
        opening_minor=statement.opening_minor,
        opening_on=statement.opening_on,
        closing_minor=statement.closing_minor,
        closing_on=overlap.closing_day(statement),
        off_minor=statement.off_minor,
        line_count=len(statement.lines),
        known_lines=row.known_lines,
        content_index=overlap.content_index(statement),
        imported_at=at,
        imported_by=by.actor_id,
    )
    stored.save()
    row.stored = stored
    lines = [
        _line(stored, number, line, digest, marks)
        for number, ((line, digest), marks) in enumerate(
            zip(new, marks_of([line for line, _digest in new]), strict=True), start=1
        )
    ]
    keys.new_keys([line.id for line in lines if line.subject_id == line.id])
    BankLine.insert_many(lines)
    in_base = stored.account.currency == chart.base_currency()
    OpenLine.objects.insert_many([_open(line, in_base=in_base) for line in lines])
    touch(stored.id, stored.account_id)
    return lines


def _add_account(statement: Statement, at: datetime.datetime) -> BankAccount:
    added = BankAccount(
        currency=statement.currency,
        iban=statement.account,
        iban_index=account_index(statement.account),
        added_on=at.date(),
    )
    added.save()
    return added


def _line(
    stored: BankStatement, number: int, line: Line, digest: str, marks: dict[str, list[str]]
) -> BankLine:
    line_id = uuid.uuid4()
    payees = marks.get("payees", [])
    if len(payees) == 1:
        subject = uuid.UUID(payees[0])
    else:
        subject = line_id if line.amount_minor > 0 else keys.ORGANISATION
    return BankLine(
        id=line_id,
        statement=stored,
        account=stored.account,
        number=number,
        amount_minor=line.amount_minor,
        currency=line.currency,
        booked_on=line.booked_on,
        value_on=line.value_on,
        reversal=line.reversal,
        batch_count=line.batch_count,
        part=line.part,
        original_minor=line.original_minor,
        original_currency=line.original_currency,
        rate=line.rate,
        line_index=digest,
        marks=marks,
        subject_id=subject,
        words=cast(Any, _sealed(line)),  # sealed as JSON
    )


def _sealed(line: Line) -> dict[str, str]:
    words = {
        "text": line.text,
        "name": line.name,
        "iban": line.iban,
        "end_to_end": line.end_to_end,
        "bank_reference": line.bank_reference,
        "batch_reference": line.batch_reference,
    }
    return {name: value for name, value in words.items() if value}


def _open(line: BankLine, *, in_base: bool) -> OpenLine:
    if not in_base:
        return OpenLine(line=line)
    return OpenLine(line=line, base_minor=line.amount_minor, open_minor=line.amount_minor)


def _match_sure(lines: list[BankLine], report: Imported, by: Actor, at: datetime.datetime) -> int:
    """Book what our own references make sure, in whole statements of accounts that the books know."""
    from treasury.bank import booking, candidates

    unsound = {row.stored.id for row in report.rows if row.stored is not None and row.statement.off_minor}
    accepted = 0
    for line in lines:
        ready = line.account.code and line.marks.get("references") and line.statement_id not in unsound
        if not ready or line.account.currency != chart.base_currency():
            continue
        best = next(iter(rank(candidates.facts_of(line), candidates.by_reference(line))), None)
        if best is None or not best.sure:
            continue
        try:
            booking.accept(
                line=line, kind=best.candidate.kind, key=best.candidate.key, score=best.score, by=by, at=at
            )
            accepted += 1
        except DomainError as refusal:
            left = OpenLine.objects.get(line=line)
            left.refused = refusal.code[:60]
            left.save()
    return accepted
