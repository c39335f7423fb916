"""The papers and the end of one representation: a form, an action, and back to the Counsel tab."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cases import kinds
from cases.actions import counsel
from cases.models import Representation
from web.desk.acting import Act, act_page, carry_out, press, sent
from web.desk.cases.frame import back_to, open_case, url_of
from web.desk.counsel.forms import AgreementForm, EndForm, WarrantForm
from web.desk.counsel.page import HERE
from web.loading import load, room
from web.pieces import Text

View = Callable[[HttpRequest, uuid.UUID, uuid.UUID], HttpResponse]


def _episode(request: HttpRequest, case_id: uuid.UUID, key: uuid.UUID) -> Representation:
    """An episode of a case that the reader may open. Raises Http404."""
    case = open_case(request, case_id)
    return load(Representation.objects.filter(case=case).select_related("lawyer"), key)


def _paper(
    form: Callable[..., Any],
    action: Callable[..., Any],
    words: tuple[Text, Text, Text],
    done: Text,
    first: Callable[[Representation], dict[str, Any]] = lambda _episode: {},
) -> View:
    """The page of one form; ``words`` are its heading, its lead and its button."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @room("cases.work")
    def view(request: HttpRequest, case_id: uuid.UUID, key: uuid.UUID) -> HttpResponse:
        episode = _episode(request, case_id, key)
        asked = sent(request, form, initial=first(episode))
        if asked.is_valid() and carry_out(
            request, asked, action, done, representation=episode, **asked.said()
        ):
            return back_to(episode.case, HERE)
        heading, lead, button = words
        back = url_of(episode.case, HERE)
        return act_page(request, asked, Act(heading, button, back, lead, _("Counsel")))

    return view


@require_POST
@room("cases.work")
def withdraw(request: HttpRequest, case_id: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """Take an offer back."""
    episode = _episode(request, case_id, key)
    return press(
        request,
        counsel.withdraw_offer,
        _("The offer was taken back."),
        url_of(episode.case, HERE),
        representation=episode,
        reason=kinds.EpisodeReason.SOMEBODY_ELSE,
    )


def _payer(episode: Representation) -> dict[str, Any]:
    return {"payer": episode.paid_by, "signed_by": kinds.SignedBy.RELATIVE}


agreement = _paper(
    AgreementForm,
    counsel.record_agreement,
    (
        _("Record the agreement"),
        _("The contract for legal help. With it the representation is active."),
        pgettext_lazy("act", "Record"),
    ),
    _("The agreement is recorded."),
    _payer,
)
warrant = _paper(
    WarrantForm,
    counsel.record_warrant,
    (
        _("Record the warrant"),
        _("The lawyer’s authority at a court or a prison. A later word about the same filing replaces this."),
        pgettext_lazy("act", "Record"),
    ),
    _("The warrant is recorded."),
    lambda _episode: {"state": kinds.WarrantState.FILED},
)
end = _paper(
    EndForm,
    counsel.end_representation,
    (
        _("End the representation"),
        _("Unless the work is done, the case then seeks counsel again."),
        _("End it"),
    ),
    _("The representation has ended."),
)
