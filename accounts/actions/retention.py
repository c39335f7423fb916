"""What retention takes away is recorded: a figure for each rule, no names."""

import datetime

from accounts.models import RetentionRun
from accounts.retention.registry import Moment, Rule
from audit.actions import action, fact
from audit.actors import Actor


@action("retention.applied")
def apply_rule(*, rule: Rule, moment: Moment, by: Actor, at: datetime.datetime) -> RetentionRun:
    """Take away what one rule says is over, and note how much it was, in one transaction."""
    if rule.remove is None:
        raise TypeError(f"{rule.name} removes nothing by itself")
    return _note(rule.name, moment.before, rule.remove(moment), at)


@action("retention.noted")
def note_run(
    *, rule: str, before: datetime.datetime, removed: int, by: Actor, at: datetime.datetime
) -> RetentionRun:
    """Note how much went by actions of its own (each erasure is one)."""
    return _note(rule, before, removed, at)


def _note(rule: str, before: datetime.datetime, removed: int, at: datetime.datetime) -> RetentionRun:
    run = RetentionRun(rule=rule, ran_at=at, before_at=before, removed=removed)
    run.save()
    fact(rule=rule, removed=removed)
    return run
