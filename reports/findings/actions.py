"""Questions and findings of auditors: raised, answered, asked again, closed."""

import datetime
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases import counters
from reports.audit_pack.procedures import Procedure
from reports.findings.models import Finding, Remark
from reports.sampling_room.models import SampleItem
from treasury.models import Journal


class NoWords(DomainError):
    code = "no-words"
    message = _("Say it in a few words; the other side reads nothing else.")


class OwnFinding(DomainError):
    code = "own-finding"
    message = _("You raised this yourself. Somebody of the organisation answers it.")


class FindingClosed(DomainError):
    code = "finding-closed"
    message = _("This finding is closed. Raise a new one that refers to its number.")


class NotAnswered(DomainError):
    code = "not-answered"
    message = _("Nobody has answered this yet. Close it once the organisation has had its say.")


class AnswersOwn(DomainError):
    code = "answers-own"
    message = _("You answered this yourself. The auditor asks on, or closes it.")


@action("finding.raised")
def raise_finding(
    *,
    procedure: Procedure,
    words: str,
    item: SampleItem | None = None,
    journal: Journal | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Finding:
    """Ask, or state a finding; it waits on the treasurer's worklist. Raises NoWords."""
    finding: Finding = Finding.objects.create(
        number=counters.take("audit-finding")[0],
        procedure=Procedure(procedure),
        item=item,
        journal=journal if journal is not None or item is None else item.journal,
        raised_by=by.actor_id,
        raised_at=at,
    )
    _say(finding, Remark.Kind.QUESTION, words, by, at)
    fact(finding=finding.number, procedure=str(finding.procedure))
    return finding


@action("finding.answered")
def answer_finding(*, finding: Finding, words: str, by: Actor, at: datetime.datetime) -> Finding:
    """The organisation's answer. Raises NoWords, FindingClosed, OwnFinding."""
    _refuse_closed(finding)
    if finding.raised_by == by.actor_id:
        raise OwnFinding()
    finding.state, finding.answered_by = Finding.State.ANSWERED, by.actor_id
    finding.save()
    _say(finding, Remark.Kind.ANSWER, words, by, at)
    fact(finding=finding.number)
    return finding


@action("finding.asked_again")
def ask_again(*, finding: Finding, words: str, by: Actor, at: datetime.datetime) -> Finding:
    """A further question; it waits for an answer again. Raises NoWords, FindingClosed, AnswersOwn."""
    _refuse_closed(finding)
    if finding.answered_by == by.actor_id:
        raise AnswersOwn()
    finding.state = Finding.State.OPEN
    finding.save()
    _say(finding, Remark.Kind.QUESTION, words, by, at)
    fact(finding=finding.number)
    return finding


@action("finding.closed")
def close_finding(*, finding: Finding, words: str, stands: bool, by: Actor, at: datetime.datetime) -> Finding:
    """The auditor's conclusion: it ``stands``, or the answer settled it.

    Raises NoWords, FindingClosed, NotAnswered, AnswersOwn.
    """
    _refuse_closed(finding)
    if not finding.answered_by:
        raise NotAnswered()
    if finding.answered_by == by.actor_id:
        raise AnswersOwn()
    finding.state, finding.stands, finding.closed_at = Finding.State.CLOSED, stands, at
    finding.save()
    _say(finding, Remark.Kind.CLOSING, words, by, at)
    fact(finding=finding.number, stands=stands)
    return finding


def _refuse_closed(finding: Finding) -> None:
    finding.refresh_from_db()
    if finding.state == Finding.State.CLOSED:
        raise FindingClosed()


def _say(finding: Finding, kind: Remark.Kind, words: str, by: Actor, at: datetime.datetime) -> None:
    if not words.strip():
        raise NoWords()
    remark = Remark(finding=finding, kind=kind, written_by=by.actor_id, written_at=at)
    remark.text = cast(Any, words.strip())
    remark.save()
    touch(finding.pk)
