"""What people do on the overview of a case: notes, tasks, the organisation's own steps."""

import functools
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from cases.actions import office, status
from cases.kinds import CaseStatus, ClosingReason
from cases.models import Case, Task
from web.desk.acting import act_page, carry_out, press, sent
from web.desk.cases.frame import back_to, case_act, case_page, open_case, url_of
from web.desk.cases.office_forms import CaseTaskForm, CloseForm, DuplicateForm, NoteForm
from web.loading import load, person, room


@require_http_methods(["GET", "POST"])
@room("cases.work")
def add_note(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Write something down."""
    case = open_case(request, case_id)
    form = sent(request, NoteForm)
    if form.is_valid() and carry_out(
        request,
        form,
        office.add_note,
        _("The note is kept."),
        case=case,
        text=form.cleaned_data["text"],
        is_public=form.cleaned_data["is_public"],
    ):
        return back_to(case, mark="notes")
    return act_page(request, form, case_act(case, _("Write a note"), _("Keep the note")))


@require_http_methods(["GET", "POST"])
@room("cases.work")
def add_task(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Something to do about this case."""
    case = open_case(request, case_id)
    form = sent(request, CaseTaskForm, initial={"owner": person(request).pk})
    if form.is_valid() and carry_out(
        request,
        form,
        office.add_task,
        _("The task is on the list."),
        case=case,
        owner=form.cleaned_data["owner"],
        text=form.cleaned_data["text"],
        due_on=form.cleaned_data["due_on"],
    ):
        return back_to(case, mark="tasks")
    return act_page(request, form, case_act(case, _("Add a task"), _("Add the task")))


@require_POST
@room("cases.work")
def finish_task(request: HttpRequest, case_id: uuid.UUID, task_id: uuid.UUID) -> HttpResponse:
    """It is done."""
    case = open_case(request, case_id)
    task = load(Task.objects.visible_to(person(request), timezone.now()), task_id, case=case)
    return press(request, office.finish_task, _("Done."), url_of(case) + "#tasks", task=task)


@require_POST
@room("cases.work")
def change_status(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Take one of the next steps that need no more words."""
    case = open_case(request, case_id)
    try:
        to = CaseStatus(request.POST.get("to", ""))
    except ValueError:
        raise Http404 from None
    take = functools.partial(status.change_status, to=to)
    return press(request, take, _("The case’s status is changed."), url_of(case), case=case)


@require_http_methods(["GET", "POST"])
@room("cases.work")
def call_duplicate(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Say which case this one repeats."""
    case = open_case(request, case_id)
    form = sent(request, DuplicateForm, among=Case.objects.visible_to(person(request), timezone.now()))
    if form.is_valid() and carry_out(
        request,
        form,
        status.change_status,
        _("The case is called a duplicate."),
        case=case,
        to=CaseStatus.DUPLICATE,
        duplicate_of=form.cleaned_data["reference"],
    ):
        return back_to(case)
    lead = _("It leaves the lists of open cases and can be reopened.")
    return act_page(
        request, form, case_act(case, _("This case repeats another"), _("Call it a duplicate"), lead)
    )


@require_http_methods(["GET", "POST"])
@room("cases.work")
def close(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Show what is open, then close the case and settle each of it."""
    case = open_case(request, case_id)
    matters = status.open_matters(case, timezone.now())
    form = sent(request, CloseForm, matters=matters)
    if form.is_valid() and carry_out(
        request,
        form,
        status.close_case,
        _("The case is closed, and what was open is settled."),
        case=case,
        reason=ClosingReason(form.cleaned_data["reason"]),
        keep=form.kept(),
    ):
        return back_to(case)
    return case_page(request, "close", case, "desk:case", form=form, matters=matters)


@require_POST
@room("cases.work")
def reopen(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Take the case up again."""
    case = open_case(request, case_id)
    return press(request, status.reopen_case, _("The case is open again."), url_of(case), case=case)
