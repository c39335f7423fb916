"""Feedback and complaints of clients and families: by a code, past the coordinator, to a second officer."""

import datetime
import uuid

from django.utils.translation import gettext_lazy as _

from accounts import codes
from accounts.models import Grant
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases.actions.office import NothingWritten
from cases.models import Case, Feedback, FeedbackCode
from cases.models.asking import FeedbackKind
from cases.models.case_lists import GRANT_KIND

MOST_OPEN = 10


class FeedbackCodeEnded(DomainError):
    code = "feedback-code-ended"
    message = _("This code does not work any more. Ask your coordinator, or anybody here, for a new one.")


class TooMuchOpen(DomainError):
    code = "too-much-open"
    message = _("What you wrote before is still being read. Come back when it was answered.")


class OwnCase(DomainError):
    code = "own-case"
    message = _("You are responsible for this case. Another second officer has to answer.")


class FeedbackClosed(DomainError):
    code = "feedback-closed"
    message = _("This was closed already.")


class AnswerFirst(DomainError):
    code = "answer-first"
    message = _("Answer a complaint before you close it.")


@action("feedback.code_given")
def give_feedback_code(*, case: Case, code: str, by: Actor, at: datetime.datetime) -> FeedbackCode:
    """A code for the client or a relative. Older codes of the case go on working."""
    row = FeedbackCode(case=case, code_digest=codes.digest(code), given_at=at, given_by=by.actor_id)
    row.save()
    touch(row.id, case.id)
    return row


@action("feedback.codes_ended")
def end_feedback_codes(*, case: Case, by: Actor, at: datetime.datetime) -> int:
    """No code of this case works from now on, as one may have been seized; how many did."""
    live = list(FeedbackCode.objects.filter(case=case, ended_at=None))
    for row in live:
        row.ended_at = at
        row.save()
    touch(case.id)
    fact(codes=len(live))
    return len(live)


@action("feedback.sent")
def send_feedback(
    *, code: FeedbackCode, kind: FeedbackKind, words: str, by: Actor, at: datetime.datetime
) -> Feedback:
    """Keep what somebody thinks, sealed. Raises FeedbackCodeEnded, office.NothingWritten, TooMuchOpen."""
    if code.ended_at is not None:
        raise FeedbackCodeEnded()
    if not words.strip():
        raise NothingWritten()
    if Feedback.objects.open().filter(code=code).count() >= MOST_OPEN:
        raise TooMuchOpen()
    row = Feedback(
        id=uuid.uuid4(),
        code=code,
        case=code.case,
        client=code.case.client,
        kind=kind,
        words=words,
        sent_at=at,
    )
    row.save()
    touch(row.id)  # neither the case nor the client: see the model
    return row


@action("feedback.answered")
def answer_feedback(*, feedback: Feedback, answer: str, by: Actor, at: datetime.datetime) -> Feedback:
    """The words the sender finds by the code; a later answer takes the place of an earlier.

    Raises FeedbackClosed, OwnCase, office.NothingWritten.
    """
    _refuse(feedback, by)
    if not answer.strip():
        raise NothingWritten()
    feedback.answer, feedback.answered_at, feedback.answered_by = answer, at, by.actor_id
    feedback.save()
    touch(feedback.id)
    return feedback


@action("feedback.closed")
def close_feedback(*, feedback: Feedback, by: Actor, at: datetime.datetime) -> Feedback:
    """Nothing more is to be done. Raises FeedbackClosed, OwnCase, AnswerFirst."""
    _refuse(feedback, by)
    if feedback.kind == FeedbackKind.COMPLAINT and feedback.answered_at is None:
        raise AnswerFirst()
    feedback.closed_at = at
    feedback.save()
    touch(feedback.id)
    return feedback


def _refuse(feedback: Feedback, by: Actor) -> None:
    if feedback.closed_at is not None:
        raise FeedbackClosed()
    own = Grant.objects.filter(
        user=getattr(by, "pk", None),
        object_kind=GRANT_KIND,
        object_id=feedback.case_id,
        kind__in=["responsible", "deputy"],
    )
    if own.exists():
        raise OwnCase()
