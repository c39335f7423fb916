"""Adding a lawyer to the panel."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from lawyers.actions.panel import add_lawyer
from web.desk.acting import carry_out, sent
from web.desk.lawyers.forms import AddForm
from web.loading import room


@require_http_methods(["GET", "HEAD", "POST"])
@room("lawyers.work")
def add(request: HttpRequest) -> HttpResponse:
    """One page; what is not known is left empty and asked later."""
    form = sent(request, AddForm)
    if form.is_valid() and carry_out(
        request, form, add_lawyer, _("The lawyer is on the panel."), **form.said()
    ):
        return redirect("desk:lawyer", form.result.pk)
    return render(request, "desk/lawyers/add.html", {"form": form, "back_url": reverse("desk:lawyers")})
