"""Applying the table: each night by the clock, or by hand; nothing is taken from people under legal hold."""

import datetime
import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.actions.retention import apply_rule, note_run
from accounts.erasing import carrying_out
from accounts.models import Erasure, LegalHold, RetentionRun
from accounts.retention.registry import Moment, Rule, rules
from audit.actions import DomainError
from audit.actors import Actor

log = logging.getLogger("accounts.retention")


@dataclass(frozen=True)
class Outcome:
    """What one rule found and did. ``refused`` people wait for something (a hearing, a claim)."""

    rule: Rule
    due: int
    removed: int = 0
    refused: int = 0
    failed: bool = False


def held_people() -> frozenset[uuid.UUID]:
    """Everybody under a live legal hold."""
    return frozenset(LegalHold.objects.live().values_list("subject_id", flat=True))


def look(*, by: Actor, at: datetime.datetime) -> list[Outcome]:
    """What is due now, without touching it."""
    return [Outcome(rule, rule.due(_moment(rule, by, at))) for rule in rules()]


def apply_all(*, by: Actor, at: datetime.datetime) -> Iterator[Outcome]:
    """Apply every rule; one that fails is logged and does not keep the others from running."""
    for rule in rules():
        try:
            yield apply_one(rule, by=by, at=at)
        except Exception:
            log.exception("retention rule %s failed", rule.name)
            yield Outcome(rule, 0, failed=True)


def apply_one(rule: Rule, *, by: Actor, at: datetime.datetime) -> Outcome:
    """Apply one rule; nothing is written when nothing is due."""
    moment = _moment(rule, by, at)
    if rule.people is not None:
        return _erase(rule, moment)
    due = rule.due(moment)
    if not due:
        return Outcome(rule, 0)
    if rule.alone and rule.remove is not None:
        removed = rule.remove(moment)
        note_run(rule=rule.name, before=moment.before, removed=removed, by=by, at=at)
        return Outcome(rule, due, removed)
    run: RetentionRun = apply_rule(rule=rule, moment=moment, by=by, at=at)
    return Outcome(rule, due, run.removed)


def _erase(rule: Rule, moment: Moment) -> Outcome:
    people = list(rule.people(moment)) if rule.people is not None else []
    removed = refused = 0
    for subject_id in people:
        try:
            carrying_out.erase(
                subject_id=subject_id, basis=Erasure.Basis.RETENTION, by=moment.by, at=moment.at
            )
            removed += 1
        except DomainError:
            refused += 1
    if removed:
        note_run(rule=rule.name, before=moment.before, removed=removed, by=moment.by, at=moment.at)
    return Outcome(rule, len(people), removed, refused)


def _moment(rule: Rule, by: Actor, at: datetime.datetime) -> Moment:
    return Moment(rule.before(at), at, by, held_people())
