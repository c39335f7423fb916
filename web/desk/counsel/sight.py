"""What the Counsel tab shows: cards of the shortlist, open offers, who defends, and what was said."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases import kinds, standins
from cases.actions import counsel_rules
from cases.kinds import EpisodeState, Role
from cases.matches import Candidate, LiveShortlist
from cases.models import Agreement, Case, Hearing, Representation, Warrant
from lawyers import wording
from lawyers.matching import Component
from lawyers.models import Lawyer
from treasury import chart, commitments
from treasury.currencies import exponent
from web.desk.cases.words import Near, left, who
from web.desk.counsel.envelope import Envelope
from web.desk.counsel.forms import AnswerForm
from web.formats import write_money
from web.pieces import Happening

FULL_FIT = 100  # points of a perfect fit, by the default policy
SHOWN = 10


@dataclass(frozen=True)
class Part:
    """One component of a fit; ``kind`` is the colour of its part of the bar."""

    kind: int
    word: str
    points: int


@dataclass(frozen=True)
class Card:
    """One lawyer who can defend, with the forms for what they may say."""

    rank: int
    lawyer: Lawyer
    fit: int
    parts: tuple[Part, ...]
    load: int
    room: int
    asks: tuple[str, ...]
    accept: AnswerForm
    decline: AnswerForm
    refused: bool = False

    @property
    def bar(self) -> tuple[int, ...]:
        return tuple(part.points for part in self.parts)


@dataclass(frozen=True)
class Refused:
    """Lawyers one reason speaks against; one lawyer may stand under several."""

    word: str
    lawyers: Sequence[Lawyer]


@dataclass(frozen=True)
class Asked:
    """An offer that is out."""

    episode: Representation
    left: Near
    accept: AnswerForm
    decline: AnswerForm
    refused: bool = False


@dataclass(frozen=True)
class Defending:
    """Who defends now, with the papers; ``held_minor`` is what the commitment still holds."""

    episode: Representation
    who: str
    agreement: Agreement | None
    warrant: Warrant | None
    held_minor: int
    suspended_until: datetime.date | None = None


def parts_of(points: Iterable[tuple[str, int]]) -> tuple[Part, ...]:
    """The components in the order of the bar's colours."""
    known = {str(component): value for component, value in points}
    return tuple(
        Part(kind, wording.word(wording.COMPONENTS, component), known.get(str(component), 0))
        for kind, component in enumerate(Component, start=1)
    )


class Forms:
    """Makes the forms of each lawyer, and puts the one that was refused back where it was sent from."""

    def __init__(self, role: Role, envelopes: Sequence[Envelope], sent: AnswerForm | None) -> None:
        self.role, self.envelopes, self.sent = role, envelopes, sent
        self.sent_for = str(sent.data.get("lawyer", "")) if sent is not None else ""

    def of(self, lawyer: Lawyer, role: Role | None = None) -> tuple[AnswerForm, AnswerForm]:
        """The forms for accepting and for declining."""
        return self._one(lawyer, EpisodeState.ACCEPTED, role), self._one(lawyer, EpisodeState.DECLINED, role)

    def refused(self, lawyer: Lawyer) -> bool:
        return self.sent_for == str(lawyer.pk)

    def _one(self, lawyer: Lawyer, answer: EpisodeState, role: Role | None) -> AnswerForm:
        mark = f"{answer[:1]}-{lawyer.code_name}-%s"
        if self.sent is not None and self.refused(lawyer) and self.sent.data.get("answer") == answer:
            self.sent.auto_id = mark
            return self.sent
        most = max((one.most_minor(role or self.role) for one in self.envelopes), default=0)
        fee = typed(most) if most else ""
        first = {"lawyer": lawyer.pk, "role": role or self.role, "answer": answer, "fee": fee}
        return AnswerForm(auto_id=mark, initial=first, envelopes=self.envelopes)


def typed(minor: int) -> str:
    """An amount as one would type it into a field of the books' currency."""
    return str(Decimal(minor).scaleb(-exponent(chart.base_currency())))


def cards(found: LiveShortlist, forms: Forms, taken: set[Any], *, whole: bool) -> tuple[list[Card], int]:
    """Those who can take it, best first, without those asked already; and how many are not shown.

    The first ten, unless all are wanted or the answer that was refused belongs to somebody farther down.
    """
    ranked = [(n, one) for n, one in enumerate(found.options, start=1) if one.lawyer.pk not in taken]
    if whole or any(forms.refused(one.lawyer) for _n, one in ranked[SHOWN:]):
        shown = ranked
    else:
        shown = ranked[:SHOWN]
    return [_card(n, one, forms) for n, one in shown], len(ranked) - len(shown)


def _card(rank: int, one: Candidate, forms: Forms) -> Card:
    accept, decline = forms.of(one.lawyer)
    return Card(
        rank=rank,
        lawyer=one.lawyer,
        fit=one.option.fit,
        parts=parts_of((str(component), points) for component, points in one.option.parts),
        load=one.option.load,
        room=one.option.room,
        asks=tuple(wording.word(wording.ASKS, ask) for ask in one.option.asks),
        accept=accept,
        decline=decline,
        refused=forms.refused(one.lawyer),
    )


def refusals(found: LiveShortlist) -> tuple[list[Refused], int]:
    """Reasons with the lawyers they speak against, and how many lawyers that are, each counted once."""
    rows = [Refused(wording.word(wording.REASONS, reason), lawyers) for reason, lawyers in found.refused]
    if found.full:
        rows.append(Refused(_("Could take it, but has no room"), [one.lawyer for one in found.full]))
    return rows, len({lawyer.pk for row in rows for lawyer in row.lawyers})


def asked_now(episodes: Iterable[Representation], forms: Forms, now: datetime.datetime) -> list[Asked]:
    """Offers that are out, the next to run out first."""
    rows = [row for row in episodes if row.state == EpisodeState.OFFERED and row.lawyer is not None]
    rows.sort(key=lambda row: row.offered_until or now)
    return [
        Asked(
            row, left(row.offered_until or now, now), *forms.of(lawyer, Role(row.role)), forms.refused(lawyer)
        )
        for row in rows
        if (lawyer := row.lawyer) is not None
    ]


def defending_now(episodes: Iterable[Representation]) -> list[Defending]:
    """Who defends, the lead first. Own counsel's name opens: it needs a reading."""
    order = list(Role)
    rows = [row for row in episodes if row.state in kinds.DEFENDING]
    rows.sort(key=lambda row: order.index(Role(row.role)))
    suspended = standins.suspended_until([row.lawyer_id for row in rows], timezone.localdate())
    return [
        Defending(
            row,
            called(row),
            max(row.agreements.all(), key=lambda paper: paper.signed_on, default=None),
            max(row.warrants.all(), key=lambda paper: paper.filed_on, default=None),
            commitments.held_minor(row.commitment) if row.commitment else 0,
            suspended.get(row.lawyer_id),
        )
        for row in rows
    ]


def called(episode: Representation) -> str:
    """A lawyer by code name; own counsel by name, opened; words where that is erased or not written."""
    if episode.lawyer is not None:
        return episode.lawyer.code_name
    return str(episode.own_counsel) or episode.get_source_display()


def said_so_far(episodes: Iterable[Representation], user: User) -> list[Happening]:
    """Each word that was recorded, newest first."""
    found = [happening for row in episodes for happening in _happenings(row, user)]
    found.sort(key=lambda one: one.at)
    # Turned, not sorted downwards: of two words at one moment the later one stands above.
    return found[::-1]


def _happenings(row: Representation, user: User) -> Iterable[Happening]:
    name = called(row)
    known = _("Recorded by: %(who)s") % {"who": who(row.recorded_by, user)}
    if row.reported_via:
        known += f" · {row.get_reported_via_display()}"
    if row.offered_at:
        asked = _("%(name)s asked") % {"name": name}
        yield Happening(row.offered_at, asked, row.get_role_display(), known)
    if row.answered_at and row.state != EpisodeState.DECLINED:
        yield Happening(row.answered_at, _accepted(row, name), _fee(row), known)
    if row.ended_at:
        ended = _("%(name)s: %(state)s") % {"name": name, "state": row.get_state_display()}
        yield Happening(row.ended_at, ended, row.get_reason_display(), known)


def _accepted(row: Representation, name: str) -> str:
    if row.source == kinds.CounselSource.MATCH:
        return _("%(name)s accepted") % {"name": name}
    return f"{name}: {row.get_source_display()}"


def _fee(row: Representation) -> str:
    if row.commitment is None:
        return _("Paid by: %(payer)s") % {"payer": row.get_paid_by_display()} if row.lawyer is None else ""
    amount = write_money(row.commitment.amount_minor, row.commitment.currency)
    return _("Fee committed: %(amount)s") % {"amount": amount}


@dataclass(frozen=True)
class NextHearing:
    """The next sitting; ``in_hurry`` when less than 48 hours are left and several may be asked."""

    hearing: Hearing
    in_hurry: bool


def next_hearing(case: Case, now: datetime.datetime) -> NextHearing | None:
    """When and where the case is next in court."""
    coming = Hearing.objects.coming(now).filter(trial__defendants__case=case)
    found = coming.select_related("trial__court").order_by("starts_at").first()
    if found is None:
        return None
    return NextHearing(found, found.starts_at - now <= counsel_rules.HURRY)
