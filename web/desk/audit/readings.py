"""Who opened what: every reading of sealed values."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audit.models import ReadRecord
from web.desk.money.fund_forms import DAY
from web.forms import FilterForm
from web.loading import room
from web.paging import page_of


class ReadingFilter(FilterForm):
    subject = forms.UUIDField(label=_("Whose, by id"))
    actor = forms.CharField(label=_("Who read, by id or its first signs"), max_length=60)
    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs=DAY))
    until = forms.DateField(label=_("To"), widget=forms.DateInput(attrs=DAY))


@require_safe
@room("audit.see")
def readings(request: HttpRequest) -> HttpResponse:
    """Readings, newest first; ``?subject=`` answers "who opened this?"."""
    filters = ReadingFilter(request.GET)
    found = ReadRecord.objects.prefetch_related("subjects")
    if filters.is_valid():
        chosen = filters.cleaned_data
        if chosen["subject"]:
            found = found.filter(subjects__subject_id=chosen["subject"])
        if chosen["actor"]:
            given = chosen["actor"]
            found = found.filter(actor_id__startswith=given if ":" in given else f"staff:{given}")
        if chosen["since"]:
            found = found.filter(at__date__gte=chosen["since"])
        if chosen["until"]:
            found = found.filter(at__date__lte=chosen["until"])
    page = page_of(found, cursor=request.GET.get("cursor", ""), order="-at")
    return render(request, "desk/audit/readings.html", {"page": page, "filters": filters, "here": "readings"})
