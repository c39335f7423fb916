"""The files of a claim's voucher: added, and handed to who may open them."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.voucher_sight import vouchers_open_to
from treasury.actions import vouchers as actions
from treasury.models import Claim, VoucherFile
from web.attachments import attachment
from web.desk.acting import Act, act_page, carry_out, sent
from web.desk.money.claim_sight import claims_for
from web.files import SealedFileField
from web.forms import OnceForm
from web.loading import load, person, room

ADDERS = ("claims.enter", "money.pay")
OPENERS = ("claims.enter", "money.pay", "money.approve")


class VoucherForm(OnceForm):
    file = SealedFileField(label=_("File"))


@require_http_methods(["GET", "POST"])
@room(*ADDERS)
def add_voucher(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add one file to a claim's voucher."""
    claim: Claim = load(claims_for(person(request), timezone.now()).select_related("payee"), pk)
    form = sent(request, VoucherForm)
    back = reverse("desk:claim", args=[claim.pk])
    if form.is_valid():
        content = form.cleaned_data["file"]
        done = _("The file is sealed and kept.")
        if carry_out(request, form, actions.add_voucher_file, done, claim=claim, content=content):
            return redirect(back)
    lead = _(
        "What the file says of its making is taken out: authors, places, scripts, files inside it. Black out"
        " the client's name before you send it: the claim knows its case already."
    )
    return act_page(request, form, Act(_("Add a file to the voucher"), _("Seal and keep it"), back, lead))


@require_safe
@room(*OPENERS)
def open_voucher(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Hand a file over. That it was opened is recorded before the first byte leaves."""
    voucher: VoucherFile = load(vouchers_open_to(person(request), timezone.now()), pk)
    return attachment(voucher.file)  # type: ignore[return-value]  # a stream
