"""Papers, talks, and the silence somebody signed."""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases import kinds
from cases.models import Case, CaseDocument, Contact, NonDisclosure
from cases.papers import BoundBy, DocumentKind, Way
from vault.files import Cleaned, store_file

MOST_FILES = 400


class BoundToSilence(DomainError):
    code = "bound-to-silence"
    message = _(
        "A non-disclosure is signed in this case: telling what it covers is itself a charge. Record only"
        " what is public, and mark it as public."
    )


class PaperTwice(DomainError):
    code = "paper-twice"
    message = _("This case has this very file already.")


class TooManyPapers(DomainError):
    code = "too-many-papers"
    message = _("This case has as many files as it may. Put pages together into one PDF.")


class NotSaid(DomainError):
    code = "not-said"
    message = _("Write what was said.")


class NotYet(DomainError):
    code = "not-yet"
    message = _("This moment has not come yet.")


class SignedAlready(DomainError):
    code = "signed-already"
    message = _("This is signed already and has not ended.")


class SilenceOver(DomainError):
    code = "silence-over"
    message = _("This has ended already, or it would end before it was signed. Check the day.")


@action("document.added")
def add_document(
    *,
    case: Case,
    content: Cleaned,
    kind: DocumentKind,
    title: str = "",
    dated_on: datetime.date | None = None,
    source: kinds.Source = kinds.Source.FAMILY,
    is_public: bool = False,
    by: Actor,
    at: datetime.datetime,
) -> CaseDocument:
    """Seal a file of the case; ``content`` comes from :func:`vault.files.clean`.

    Raises BoundToSilence, PaperTwice, TooManyPapers.
    """
    refuse_silence(case, is_public=is_public)
    held = CaseDocument.objects.standing().filter(case=case)
    if held.filter(sha256=content.sha256).exists():
        raise PaperTwice()
    if held.count() >= MOST_FILES:
        raise TooManyPapers()
    sealed = store_file(subject_id=case.client_id, kind="document", content=content, by_id=by.actor_id, at=at)
    document = CaseDocument(
        case=case,
        client=case.client,
        recorded_by=by.actor_id,
        recorded_at=at,
        kind=kind,
        title=title,
        dated_on=dated_on,
        source=source,
        is_public=is_public,
        file=sealed,
        sha256=content.sha256,
        kept_sha256=content.kept_sha256,
    )
    document.save()
    touch(document.id, case.id, case.client_id)
    fact(kind=kind, type=content.type.value, sha256=content.sha256)
    return document


@action("contact.logged")
def log_contact(
    *,
    case: Case,
    happened_at: datetime.datetime,
    way: Way,
    relation: kinds.Relation,
    inward: bool = True,
    is_public: bool = False,
    said: str,
    by: Actor,
    at: datetime.datetime,
) -> Contact:
    """Write down a talk. Raises NotSaid, NotYet, BoundToSilence."""
    if not said.strip():
        raise NotSaid()
    if happened_at > at:
        raise NotYet()
    refuse_silence(case, is_public=is_public)
    contact = Contact(
        case=case,
        client=case.client,
        recorded_by=by.actor_id,
        recorded_at=at,
        happened_at=happened_at,
        way=way,
        relation=relation,
        inward=inward,
        is_public=is_public,
        said=said,
    )
    contact.save()
    touch(contact.id, case.id, case.client_id)
    return contact


@action("silence.signed")
def record_nondisclosure(
    *, case: Case, bound: BoundBy, signed_on: datetime.date, by: Actor, at: datetime.datetime
) -> NonDisclosure:
    """From now on only what is public is recorded. Raises SignedAlready, NotYet."""
    if signed_on > at.date() + datetime.timedelta(days=1):
        raise NotYet()
    if _live(case).filter(bound=bound).exists():
        raise SignedAlready()
    row = NonDisclosure(
        case=case,
        client=case.client,
        recorded_by=by.actor_id,
        recorded_at=at,
        bound=bound,
        signed_on=signed_on,
    )
    row.save()
    touch(row.id, case.id)
    fact(bound=bound)
    return row


@action("silence.ended")
def end_nondisclosure(
    *, nondisclosure: NonDisclosure, ended_on: datetime.date, by: Actor, at: datetime.datetime
) -> NonDisclosure:
    """Lifted, or the proceedings are over. Raises SilenceOver."""
    if nondisclosure.ended_on is not None or ended_on < nondisclosure.signed_on:
        raise SilenceOver()
    nondisclosure.ended_on = ended_on
    nondisclosure.save()
    touch(nondisclosure.id, nondisclosure.case_id)
    return nondisclosure


def is_silenced(case: Case) -> bool:
    """Whether a signed non-disclosure lives in this case."""
    return bool(_live(case).exists())


def refuse_silence(case: Case, *, is_public: bool) -> None:
    """Raise BoundToSilence for what is not public while a non-disclosure lives."""
    if not is_public and is_silenced(case):
        raise BoundToSilence()


def _live(case: Case) -> Any:
    return NonDisclosure.objects.standing().filter(case=case, ended_on=None)
