"""Terms that run: set going by what happened, moved by the service of a verdict, settled by people."""

import datetime

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases.deadlines.counting import running_from, terms
from cases.deadlines.words import Rule, Settled, Trigger
from cases.models import Case, Deadline

FROM_COPY = (Rule.APPEAL_CUSTODY, Rule.CASSATION_OLD_CUSTODY)


class RuleNotInForce(DomainError):
    code = "rule-not-in-force"
    message = _("This rule did not hold on that day. Choose the rule of that time.")


class RuleOfAnotherKind(DomainError):
    code = "rule-of-another-kind"
    message = _("This rule is for another kind of case. Choose one of this kind.")


class RunsAlready(DomainError):
    code = "runs-already"
    message = _("This term runs from that day already.")


class NotFromCopy(DomainError):
    code = "not-from-copy"
    message = _("This term does not run from the service of a copy, or its day is known already.")


class ServedTooEarly(DomainError):
    code = "served-too-early"
    message = _("A copy cannot be served before the verdict was proclaimed. Check the day.")


class SettledAlready(DomainError):
    code = "settled-already"
    message = _("This deadline was settled already.")


class SayWhy(DomainError):
    code = "say-why"
    message = _("Say in a few words why it was missed or is not needed.")


@action("deadline.started")
def start_deadline(
    *,
    case: Case,
    rule: Rule,
    trigger_on: datetime.date,
    provisional: bool = False,
    by: Actor,
    at: datetime.datetime,
) -> Deadline:
    """Let a term run from a day. Raises RuleNotInForce, RuleOfAnotherKind, RunsAlready."""
    term = terms()[rule]
    if case.kind not in term.case_kinds:
        raise RuleOfAnotherKind()
    if not term.in_force(trigger_on):
        raise RuleNotInForce()
    if Deadline.objects.filter(case=case, rule=rule, trigger_on=trigger_on).exists():
        raise RunsAlready()
    deadline = Deadline(
        case=case,
        client=case.client,
        rule=rule,
        trigger_on=trigger_on,
        provisional=provisional and rule in FROM_COPY,
        due_on=term.ends_on(trigger_on),
    )
    deadline.save()
    touch(deadline.id, case.id)
    fact(rule=rule, due_on=deadline.due_on.isoformat())
    return deadline


def start_terms(
    case: Case, trigger: Trigger, on: datetime.date, *, by: Actor, at: datetime.datetime
) -> list[Deadline]:
    """What a fact of this day sets running and has not run out; called by the actions that record it."""
    found = running_from(trigger, on, kind=case.kind, in_custody=case.in_custody)
    wanted = [(term, False) for term in found]
    if trigger == Trigger.VERDICT and case.in_custody:
        late = running_from(Trigger.COPY, on, kind=case.kind, in_custody=True)
        wanted += [(term, True) for term in late]
    known = set(Deadline.objects.filter(case=case, trigger_on=on).values_list("rule", flat=True))
    return [
        start_deadline(case=case, rule=term.code, trigger_on=on, provisional=early, by=by, at=at)
        for term, early in wanted
        if term.ends_on(on) >= at.date() and term.code not in known
    ]


@action("deadline.copy_served")
def record_service(
    *, deadline: Deadline, served_on: datetime.date, by: Actor, at: datetime.datetime
) -> Deadline:
    """The verdict's copy was served on that day, and the term runs from there.

    Raises NotFromCopy, ServedTooEarly, SettledAlready.
    """
    _refuse_settled(deadline)
    if not deadline.provisional:
        raise NotFromCopy()
    if served_on < deadline.trigger_on:
        raise ServedTooEarly()
    verdict_on = deadline.trigger_on
    deadline.trigger_on, deadline.provisional = served_on, False
    deadline.due_on = deadline.term.ends_on(served_on)
    deadline.save()
    served = Deadline.objects.running().filter(
        case=deadline.case_id, rule=Rule.COPY_SERVED, trigger_on=verdict_on
    )
    for watched in served:
        watched.settled = Settled.MET if served_on <= watched.due_on else Settled.MISSED
        watched.settled_on = served_on
        watched.save()
    touch(deadline.id, deadline.case_id)
    fact(due_on=deadline.due_on.isoformat())
    return deadline


@action("deadline.settled")
def settle_deadline(
    *,
    deadline: Deadline,
    settled: Settled,
    settled_on: datetime.date,
    reason: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Deadline:
    """It was met, missed, or is not needed. Raises SettledAlready; SayWhy unless it was met."""
    _refuse_settled(deadline)
    if settled != Settled.MET and not reason.strip():
        raise SayWhy()
    deadline.settled, deadline.settled_on, deadline.reason = settled, settled_on, reason
    deadline.save()
    touch(deadline.id, deadline.case_id)
    fact(settled=settled)
    return deadline


def _refuse_settled(deadline: Deadline) -> None:
    if deadline.settled:
        raise SettledAlready()
