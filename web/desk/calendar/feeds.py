"""Secret addresses for calendar apps abroad: one's own are made, listed and ended; and what they answer."""

import uuid

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import feeds as known
from cases.actions.feeds import LASTS, end_feed, make_feed, note_use
from cases.models import CalendarFeed
from web.desk.acting import carry_out, press, sent
from web.forms import OnceForm
from web.loading import load, person, room


class FeedForm(OnceForm):
    """Only for those whom a found phone does not endanger."""

    outside = forms.BooleanField(label=_("I am outside the country, and so is the device that will read it"))


@require_http_methods(["GET", "HEAD", "POST"])
@room("cases.work")
def feeds(request: HttpRequest) -> HttpResponse:
    """One's own addresses with their last use; a new one is shown once, in the answer that makes it."""
    user = person(request)
    form = sent(request, FeedForm)
    address = ""
    if form.is_valid() and carry_out(
        request, form, make_feed, _("The address is made."), user=user, outside=form.cleaned_data["outside"]
    ):
        address = request.build_absolute_uri(reverse("calendar-feed", args=[form.result[1]]))
        form = FeedForm()
    context = {
        "form": form,
        "address": address,
        "feeds": CalendarFeed.objects.live(timezone.now()).filter(user=user),
        "days": LASTS.days,
    }
    return render(request, "desk/calendar/feeds.html", context)


@require_POST
@room("cases.work")
def end(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One's own address answers nothing any more."""
    feed = load(CalendarFeed.objects.filter(user=person(request), ended_at=None), key)
    return press(request, end_feed, _("The address has ended."), reverse("desk:calendar-feeds"), feed=feed)


@require_safe
@never_cache
def calendar_file(request: HttpRequest, secret: str) -> HttpResponse:
    """What a calendar app fetches. Who has no live address is told that there is none."""
    now = timezone.now()
    feed = known.find_feed(secret, now)
    if feed is None:
        raise Http404
    if feed.last_used_on != timezone.localdate(now):
        note_use(feed=feed, by=feed.user, at=now)
    text = known.as_icalendar(known.entries_of(feed.user, now), feed.pk, now)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    answer["Content-Disposition"] = 'attachment; filename="dates.ics"'
    return answer
