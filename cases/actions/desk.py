"""Filters under a name, and drafts of the intake: one colleague's own."""

import datetime
import hashlib
import uuid

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actions import DomainError, action, touch
from audit.actors import Actor
from cases.actions.office import NothingWritten
from cases.models import IntakeDraft, SavedFilter
from vault import keys

MOST_FILTERS, MOST_DRAFTS = 12, 5


class TooManyFilters(DomainError):
    code = "too-many-filters"
    message = _("You keep twelve already. Drop one first.")


class NoFilters(DomainError):
    code = "no-filters"
    message = _("Choose filters first: there is nothing to keep.")


def digest_of(token: str) -> str:
    """What is stored of the token of a page."""
    return hashlib.sha256(token.encode()).hexdigest()


@action("filter.kept")
def keep_filter(*, owner: User, name: str, query: str, by: Actor, at: datetime.datetime) -> SavedFilter:
    """Keep filters by a name; the same filters again get the new name.

    Raises office.NothingWritten, NoFilters, TooManyFilters.
    """
    if not name.strip():
        raise NothingWritten()
    if not query:
        raise NoFilters()
    mine = SavedFilter.objects.filter(owner=owner)
    row: SavedFilter | None = mine.filter(query=query).first()
    if row is None:
        if mine.count() >= MOST_FILTERS:
            raise TooManyFilters()
        row = SavedFilter(owner=owner, query=query, kept_at=at)
    row.name = name
    row.save()
    touch(row.id, owner.pk)
    return row


@action("filter.dropped")
def drop_filter(*, saved: SavedFilter, by: Actor, at: datetime.datetime) -> None:
    """Keep it no more."""
    touch(saved.id, saved.owner_id)
    saved.delete()


@action("draft.kept")
def keep_draft(
    *, owner: User, token: str, values: dict[str, str], by: Actor, at: datetime.datetime
) -> IntakeDraft:
    """Keep what was typed so far; the oldest of too many goes."""
    mine = IntakeDraft.objects.filter(owner=owner)
    row: IntakeDraft | None = mine.filter(form_digest=digest_of(token)).first()
    if row is None:
        for old in mine.order_by("-kept_at")[MOST_DRAFTS - 1 :]:
            remove_draft(old)
        draft_id = uuid.uuid4()
        keys.new_key(draft_id)
        row = IntakeDraft(id=draft_id, owner=owner, form_digest=digest_of(token))
    row.values, row.kept_at = values, at
    row.save()
    touch(row.id, owner.pk)
    return row


@action("draft.dropped")
def drop_draft(*, draft: IntakeDraft, by: Actor, at: datetime.datetime) -> None:
    """It was taken in, or is not wanted."""
    touch(draft.id, draft.owner_id)
    remove_draft(draft)


def remove_draft(draft: IntakeDraft) -> None:
    """The row and its key. Inside an action."""
    key = draft.id
    draft.delete()
    keys.destroy_key(key)
