"""Papers of a case, sealed; talks about it; and a signed non-disclosure that closes both."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.actions import papers as acts
from cases.actions.circumstances import strike_entry
from cases.models import CaseDocument, Contact, NonDisclosure
from cases.papers import BoundBy
from vault.fields import prefetch
from web.attachments import attachment
from web.desk.acting import act_page, carry_out, press, sent
from web.desk.cases.frame import back_to, case_act, case_page, open_case, url_of
from web.desk.cases.papers_forms import ContactForm, DocumentForm, SilenceEndForm, SilenceForm
from web.forms import OnceForm
from web.loading import load, room

TAB = "desk:case-papers"


@require_safe
@room("cases.work")
def papers(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """The list of files, the log of talks."""
    case = open_case(request, case_id)
    documents = list(CaseDocument.objects.standing().filter(case=case).select_related("file"))
    contacts = list(Contact.objects.standing().filter(case=case))
    prefetch(documents, "title")
    prefetch(contacts, "said")
    silences = NonDisclosure.objects.standing().filter(case=case)
    return case_page(
        request,
        "papers",
        case,
        TAB,
        once=OnceForm(),
        documents=documents,
        contacts=contacts,
        silences=list(silences),
        silenced=any(one.ended_on is None for one in silences),
    )


@require_http_methods(["GET", "POST"])
@room("cases.work")
def add_document(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Seal one file; what it says of its making is taken out first."""
    case = open_case(request, case_id)
    form = sent(request, DocumentForm)
    if form.is_valid() and carry_out(
        request, form, acts.add_document, _("The file is sealed and kept."), case=case, **form.told()
    ):
        return back_to(case, TAB)
    lead = _("Authors, places and scripts are taken out of the file. What is visible on it stays visible.")
    return act_page(request, form, case_act(case, _("Add a paper"), _("Seal and keep it"), lead, TAB))


@require_safe
@room("cases.work")
def open_document(request: HttpRequest, case_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    """Hand a file over. That it was opened is recorded before the first byte leaves."""
    case = open_case(request, case_id)
    found = CaseDocument.objects.standing().select_related("file")
    document: CaseDocument = load(found, document_id, case=case)
    return attachment(document.file)  # type: ignore[return-value]  # a stream


@require_POST
@room("cases.work")
def strike_document(request: HttpRequest, case_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    """It does not belong here."""
    case = open_case(request, case_id)
    document = load(CaseDocument.objects.standing(), document_id, case=case)
    done = _("It is struck out; History keeps it.")
    return press(request, strike_entry, done, url_of(case, TAB), entry=document)


@require_http_methods(["GET", "POST"])
@room("cases.work")
def log_contact(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Write down a talk."""
    case = open_case(request, case_id)
    form = sent(request, ContactForm, initial={"day": timezone.localdate()})
    if form.is_valid() and carry_out(
        request, form, acts.log_contact, _("The talk is written down."), case=case, **form.told()
    ):
        return back_to(case, TAB, "contacts")
    return act_page(request, form, case_act(case, _("Write down a talk"), _("Keep it"), tab=TAB))


@require_http_methods(["GET", "POST"])
@room("cases.work")
def sign(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Somebody signed to tell nothing."""
    case = open_case(request, case_id)
    form = sent(request, SilenceForm, initial={"signed_on": timezone.localdate()})
    if form.is_valid() and carry_out(
        request,
        form,
        acts.record_nondisclosure,
        _("From now on only what is public is recorded here."),
        case=case,
        bound=BoundBy(form.cleaned_data["bound"]),
        signed_on=form.cleaned_data["signed_on"],
    ):
        return back_to(case, TAB)
    lead = _(
        "Telling what it covers is itself a charge. Papers, notes, talks and testimonies are refused from now"
        " on, unless they are public."
    )
    return act_page(
        request, form, case_act(case, _("A non-disclosure was signed"), _("Record it"), lead, TAB)
    )


@require_http_methods(["GET", "POST"])
@room("cases.work")
def end_silence(request: HttpRequest, case_id: uuid.UUID, silence_id: uuid.UUID) -> HttpResponse:
    """One may speak again."""
    case = open_case(request, case_id)
    row = load(NonDisclosure.objects.standing().filter(ended_on=None), silence_id, case=case)
    form = sent(request, SilenceEndForm, initial={"ended_on": timezone.localdate()})
    if form.is_valid() and carry_out(
        request,
        form,
        acts.end_nondisclosure,
        _("It has ended: everything may be recorded again."),
        nondisclosure=row,
        ended_on=form.cleaned_data["ended_on"],
    ):
        return back_to(case, TAB)
    return act_page(request, form, case_act(case, _("The non-disclosure ended"), _("Record it"), tab=TAB))
