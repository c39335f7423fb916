"""Asking for an archive, saying how far it is, handing it to its recipient."""

import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from reports.archive.models import Archive, ArchiveTaken
from reports.models import Job
from reports.scope import PeriodReversed


class NoRecipient(DomainError):
    code = "archive-no-recipient"
    message = _("An archive is made for somebody who may build reports. Choose an auditor.")


class NotYours(DomainError):
    code = "archive-not-yours"
    message = _("This archive is marked for somebody else. Ask for one of your own.")


class NotReady(DomainError):
    code = "archive-not-ready"
    message = _("This archive is not finished, or its file was deleted after its time. Ask for it anew.")


@action("archive.asked")
def ask_archive(
    *,
    starts_on: datetime.date,
    ends_on: datetime.date,
    recipient: User,
    by: Actor,
    at: datetime.datetime,
) -> Archive:
    """Ask for all of a period in one file. Raises PeriodReversed, NoRecipient."""
    if ends_on < starts_on:
        raise PeriodReversed()
    if not recipient.has("reports.build"):
        raise NoRecipient()
    asked: Archive = Archive.objects.create(
        starts_on=starts_on, ends_on=ends_on, recipient=recipient, asked_by=by.actor_id, asked_at=at
    )
    touch(asked.pk, recipient.pk)
    return asked


@action("archive.state")
def mark_archive(
    *,
    archive: Archive,
    state: str,
    done: int = 0,
    error: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Archive:
    """How far it is. ``error`` is the name of an exception, never its words."""
    archive.state, archive.done, archive.error = state, done, error
    archive.save()
    touch(archive.pk)
    return archive


@action("archive.made")
def finish_archive(
    *,
    archive: Archive,
    sha256: str,
    size: int,
    log_size: int,
    by: Actor,
    at: datetime.datetime,
) -> Archive:
    """Keep the hash of the finished file."""
    archive.state, archive.done = Job.State.DONE, Archive.PARTS
    archive.sha256, archive.size, archive.log_size = sha256, size, log_size
    archive.save()
    touch(archive.pk)
    fact(sha256=sha256, log_size=log_size)
    return archive


@action("archive.taken")
def take_archive(*, archive: Archive, by: User, at: datetime.datetime) -> ArchiveTaken:
    """Record a download before the bytes leave. Raises NotYours, NotReady."""
    from reports.archive.files import path_of

    if archive.recipient_id != by.pk:
        raise NotYours()
    if archive.state != Job.State.DONE or not path_of(archive).is_file():
        raise NotReady()
    taken = ArchiveTaken(archive=archive, taken_by=by.actor_id, taken_at=at)
    taken.save()
    touch(archive.pk)
    fact(sha256=archive.sha256)
    return taken
