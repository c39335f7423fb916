"""What the bank pages say of lines: suggestions in words, and what a reader may open."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from treasury import advances, chart
from treasury.bank.candidates import Pool
from treasury.bank.matching import Candidate, CandidateKind, Reason, Scored
from treasury.bank.models import BankAccount, BankLine, Match, OpenLine, TransferReference
from treasury.bank.references import spelled
from treasury.kinds import Category
from treasury.models import Claim, Instalment, Journal
from web.desk.money.rooms import cases_named
from web.formats import write_moment, write_money, write_number
from web.pieces import Text

REASONS: dict[Reason, Text] = {
    Reason.REFERENCE: _("our reference is in it"),
    Reason.AMOUNT: _("same amount"),
    Reason.NEARLY: _("nearly the same amount"),
    Reason.DAY: _("same days"),
    Reason.NEAR_DAY: _("within two weeks"),
    Reason.ACCOUNT: _("account of this payee"),
    Reason.WORDS: _("its words"),
    Reason.BEFORE: _("booked so before"),
}
OPENERS = ("money.book", "money.pay", "money.approve")


@dataclass(frozen=True)
class Suggestion:
    """One suggestion as a page shows it."""

    kind: str
    key: str
    score: int
    words: str
    reasons: str
    amount_minor: int | None


@dataclass
class Shown:
    """An open line with its suggestions."""

    line: BankLine
    left: OpenLine
    suggestions: list[Suggestion] = field(default_factory=list)

    @property
    def best(self) -> Suggestion | None:
        return self.suggestions[0] if self.suggestions else None


def shown(lines: Sequence[BankLine]) -> list[Shown]:
    """Lines with suggestions; what they stand on is fetched once for each account."""
    pools: dict[uuid.UUID, Pool] = {}
    scored: list[tuple[BankLine, list[Scored]]] = []
    for line in lines:
        if line.account_id not in pools:
            pools[line.account_id] = Pool.of(line.account)
        scored.append((line, pools[line.account_id].suggestions(line)))
    words = words_of([found.candidate for _line, some in scored for found in some])
    return [Shown(line, line.left, [_suggestion(one, words) for one in some]) for line, some in scored]


def _suggestion(one: Scored, words: dict[tuple[str, str], str]) -> Suggestion:
    candidate = one.candidate
    return Suggestion(
        candidate.kind.value,
        candidate.key,
        one.score,
        words.get((candidate.kind.value, candidate.key), candidate.kind.value),
        ", ".join(str(REASONS[reason]) for reason in one.reasons),
        None if candidate.any_amount else candidate.amount_minor,
    )


def words_of(found: Iterable[Candidate]) -> dict[tuple[str, str], str]:
    """What each candidate is, by (kind, key), in a query for each kind."""
    wanted: dict[str, set[str]] = {}
    for one in found:
        wanted.setdefault(one.kind.value, set()).add(one.key)
    said: dict[tuple[str, str], str] = {}
    for kind, keys in wanted.items():
        said |= {(kind, key): words for key, words in _SAID[CandidateKind(kind)](keys).items()}
    return said


def _claims(keys: set[str]) -> dict[str, str]:
    rows = list(Claim.objects.filter(pk__in=keys).select_related("payee"))
    cases = cases_named(row.case_id for row in rows)
    return {str(row.pk): claim_words(row, cases) for row in rows}


def claim_words(claim: Claim, cases: dict[uuid.UUID, Any]) -> str:
    """A claim without a name: cost, case, kind and sign of the payee, the voucher's day."""
    case = cases.get(claim.case_id) if claim.case_id else None
    said = {
        "cost": claim.get_category_display(),
        "case": case.reference if case else gettext("running cost"),
        "payee": f"{claim.payee.get_kind_display()} {str(claim.payee_id)[:8]}",
        "day": write_moment(claim.invoiced_on, short=True),
    }
    return gettext("Pays the claim: %(cost)s, %(case)s, %(payee)s, voucher of %(day)s") % said


def _journals(keys: set[str]) -> dict[str, str]:
    return {
        str(row.pk): gettext("Is in the books: journal %(number)s, %(kind)s, %(day)s")
        % {
            "number": write_number(row.number),
            "kind": row.get_kind_display(),
            "day": write_moment(row.booked_on, short=True),
        }
        for row in Journal.objects.filter(pk__in=keys)
    }


def _instalments(keys: set[str]) -> dict[str, str]:
    rows = Instalment.objects.filter(pk__in=keys).select_related("grant__fund")
    return {
        str(row.pk): gettext("Instalment %(number)s of %(fund)s, due %(day)s")
        % {"number": row.number, "fund": row.grant.fund.name, "day": write_moment(row.due_on, short=True)}
        for row in rows
    }


def _gifts(keys: set[str]) -> dict[str, str]:
    rows = TransferReference.objects.filter(pk__in=keys).select_related("fund")
    said = gettext("Gift for %(fund)s, reference %(code)s")
    return {str(row.pk): said % {"fund": row.fund.name, "code": spelled(row.code)} for row in rows}


def _returns(keys: set[str]) -> dict[str, str]:
    rows = Match.objects.filter(pk__in=keys).select_related("line")
    said = gettext("Gives back: %(kind)s of %(day)s")
    return {
        str(row.pk): said
        % {"kind": row.get_kind_display(), "day": write_moment(row.line.booked_on, short=True)}
        for row in rows
    }


def _advances(keys: set[str]) -> dict[str, str]:
    said = gettext("Gives back an advance: %(payee)s, %(left)s left")
    rows = advances.outstanding().filter(pk__in=keys).select_related("payee")
    return {
        str(row.pk): said
        % {
            "payee": f"{row.payee.get_kind_display()} {str(row.payee_id)[:8]}",
            "left": write_money(row.left_minor, chart.base_currency()),  # type: ignore[attr-defined]  # as above
        }
        for row in rows
    }


def _costs(keys: set[str]) -> dict[str, str]:
    return {key: gettext("Running cost: %s") % Category(key).label for key in keys}


def _own(keys: set[str]) -> dict[str, str]:
    rows = BankAccount.objects.filter(pk__in=keys)
    return {str(row.pk): gettext("Between our accounts: %s") % row for row in rows}


_SAID = {
    CandidateKind.CLAIM: _claims,
    CandidateKind.JOURNAL: _journals,
    CandidateKind.INSTALMENT: _instalments,
    CandidateKind.GIFT: _gifts,
    CandidateKind.RETURN: _returns,
    CandidateKind.ADVANCE: _advances,
    CandidateKind.COST: _costs,
    CandidateKind.OWN: _own,
}
