"""Requests for help from the public page: sealed at once, then taken up as a case or refused."""

import datetime
import uuid

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import codes
from accounts.models import User
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases.actions.intake import receive_case
from cases.actions.office import NothingWritten
from cases.actions.papers import is_silenced
from cases.intake.facts import Intake
from cases.models import Case, Client, HelpNote, HelpRequest
from cases.models.asking import ASKING, REFUSING, HelpAnswer, HelpState
from vault import keys

HOUR = datetime.timedelta(hours=1)
MOST_NOTES = 20


class NoWayBack(DomainError):
    code = "no-way-back"
    message = _("Write how we can reach you safely.")


class TooManyRequests(DomainError):
    code = "too-many-requests"
    message = _("Very many people are asking at this moment. Nothing was kept. Please try again in an hour.")


class DecidedAlready(DomainError):
    code = "decided-already"
    message = _("This request was taken up or refused already. Look at it anew.")


class NotSuchAnAnswer(DomainError):
    code = "not-such-an-answer"
    message = _("Choose one of the answers that fit what you want to do.")


class TooManyNotes(DomainError):
    code = "too-many-notes"
    message = _("There are many notes already, and we have to read them first. Come back tomorrow.")


class CodeHasEnded(DomainError):
    code = "code-has-ended"
    message = _("Nothing can be added by this code any more. Use the way you agreed on with us.")


def asked_in_an_hour(at: datetime.datetime) -> int:
    """How many requests came in the last hour: requests are counted, never people or addresses."""
    return HelpRequest.objects.filter(asked_at__gt=at - HOUR).count()


@action("help.asked")
def ask_for_help(
    *,
    code: str,
    contact: str,
    words: str,
    name: str = "",
    hearing_on: datetime.date | None = None,
    language: str = "en",
    by: Actor,
    at: datetime.datetime,
) -> HelpRequest:
    """Keep what somebody asks, sealed under a key of its own; ``code`` finds it again.

    Raises NoWayBack, office.NothingWritten, TooManyRequests.
    """
    if not contact.strip():
        raise NoWayBack()
    if not words.strip():
        raise NothingWritten()
    if asked_in_an_hour(at) >= settings.HELP_QUOTA:
        raise TooManyRequests()
    request_id = uuid.uuid4()
    keys.new_key(request_id)
    row = HelpRequest(
        id=request_id,
        code_digest=codes.digest(code),
        language=language,
        name=name,
        contact=contact,
        words=words,
        hearing_on=hearing_on,
        asked_at=at,
    )
    row.save()
    touch(row.id)
    return row


@action("help.note_added")
def add_help_note(*, asked: HelpRequest, text: str, by: Actor, at: datetime.datetime) -> HelpNote:
    """More words from the one who asked, for the client's key once there is a case.

    Raises office.NothingWritten, TooManyNotes, CodeHasEnded.
    """
    if not text.strip():
        raise NothingWritten()
    if asked.state == HelpState.REFUSED or not keys.exists(asked.id):
        raise CodeHasEnded()
    if asked.notes.filter(read_at=None).count() >= MOST_NOTES:
        raise TooManyNotes()
    if asked.case is not None and is_silenced(asked.case):
        raise CodeHasEnded()  # whoever holds the code learns nothing of a signed silence
    owner = asked.case.client_id if asked.case is not None else asked.id
    note = HelpNote(request=asked, subject_id=owner, text=text, written_at=at)
    note.save()
    touch(asked.id)
    if asked.state == HelpState.ASKED:
        asked.state, asked.answer = HelpState.WAITING, ""
        asked.save()
    return note


@action("help.taken")
def take_help_request(
    *,
    asked: HelpRequest,
    intake: Intake,
    client: Client | None = None,
    responsible: User | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Case:
    """Make a case of it, as the intake page says; ``client`` if it is somebody known.

    Raises DecidedAlready, and what receive_case raises.
    """
    _refuse_decided(asked)
    case = receive_case(intake=intake, client=client, responsible=responsible, by=by, at=at)
    asked.state, asked.case = HelpState.TAKEN, case
    asked.answer = HelpAnswer.WILL_REACH
    asked.decided_at, asked.decided_by = at, by.actor_id
    asked.save()
    touch(asked.id, case.id)
    return case


@action("help.refused")
def refuse_help_request(
    *, asked: HelpRequest, answer: HelpAnswer, by: Actor, at: datetime.datetime
) -> HelpRequest:
    """We cannot help here, for one of the reasons. Raises DecidedAlready, NotSuchAnAnswer."""
    _refuse_decided(asked)
    if answer not in REFUSING:
        raise NotSuchAnAnswer()
    asked.state, asked.answer = HelpState.REFUSED, answer
    asked.decided_at, asked.decided_by = at, by.actor_id
    asked.save()
    touch(asked.id)
    fact(answer=answer)
    return asked


@action("help.answered")
def ask_back(*, asked: HelpRequest, answer: HelpAnswer, by: Actor, at: datetime.datetime) -> HelpRequest:
    """Ask for more before anything is decided. Raises DecidedAlready, NotSuchAnAnswer."""
    _refuse_decided(asked)
    if answer not in ASKING:
        raise NotSuchAnAnswer()
    asked.state, asked.answer = HelpState.ASKED, answer
    asked.save()
    touch(asked.id)
    fact(answer=answer)
    return asked


@action("help.notes_read")
def read_help_notes(*, asked: HelpRequest, by: Actor, at: datetime.datetime) -> int:
    """Somebody has read what was added; how many notes."""
    unread = list(asked.notes.filter(read_at=None))
    for note in unread:
        note.read_at = at
        note.save()
    touch(asked.id)
    fact(notes=len(unread))
    return len(unread)


def _refuse_decided(asked: HelpRequest) -> None:
    if asked.decided_at is not None:
        raise DecidedAlready()
