"""Secret calendar addresses: made by a colleague outside the country, ended by them or with their account."""

import datetime
import secrets

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.lockdown import standing
from accounts.models import User
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases import feeds
from cases.models import CalendarFeed

LASTS = datetime.timedelta(days=30)
MOST = 3


class NotOutside(DomainError):
    code = "not-outside"
    message = _("A calendar on a phone inside the country says where to look. Print the agenda instead.")


class TooManyFeeds(DomainError):
    code = "too-many-feeds"
    message = _("You have %(most)s addresses already. End one of them first.")


class FeedEnded(DomainError):
    code = "feed-ended"
    message = _("This address has ended already.")


class FeedsShut(DomainError):
    code = "feeds-shut"
    message = _("The house is locked down: nobody gets an address now.")


@action("feed.made")
def make_feed(*, user: User, outside: bool, by: Actor, at: datetime.datetime) -> tuple[CalendarFeed, str]:
    """A feed and the secret part of its address, which is shown once and kept as a hash only.

    Raises NotOutside unless the person says that they and the device are abroad, TooManyFeeds, FeedsShut.
    """
    if not outside:
        raise NotOutside()
    if standing() is not None:
        raise FeedsShut()
    if CalendarFeed.objects.live(at).filter(user=user).count() >= MOST:
        raise TooManyFeeds(most=MOST)
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed(user=user, digest=feeds.digest(secret), made_at=at, expires_at=at + LASTS)
    feed.save()
    touch(user.pk, feed.pk)
    return feed, secret


@action("feed.ended")
def end_feed(*, feed: CalendarFeed, by: Actor, at: datetime.datetime) -> CalendarFeed:
    """The address answers nothing any more. Raises FeedEnded."""
    feed.refresh_from_db()
    if feed.ended_at is not None:
        raise FeedEnded()
    feed.ended_at = at
    feed.save()
    touch(feed.user_id, feed.pk)
    return feed


@action("feed.used")
def note_use(*, feed: CalendarFeed, by: Actor, at: datetime.datetime) -> CalendarFeed:
    """An app has asked for it today: once a day, so that an owner sees a use that is not theirs."""
    feed.last_used_on = timezone.localdate(at)
    feed.save()
    touch(feed.user_id, feed.pk)
    return feed


@action("feeds.ended")
def end_feeds(*, user: User | None = None, by: Actor, at: datetime.datetime) -> int:
    """End every address of one person, or of everybody; how many."""
    live = CalendarFeed.objects.live(at)
    rows = list(live if user is None else live.filter(user=user))
    for feed in rows:
        feed.ended_at = at
        feed.save()
        touch(feed.user_id, feed.pk)
    fact(feeds=len(rows))
    return len(rows)


def end_feeds_of_all(*, by: Actor, at: datetime.datetime) -> int:
    """The part of a lockdown: no event where there is nothing to end."""
    return end_feeds(by=by, at=at) if CalendarFeed.objects.live(at).exists() else 0
