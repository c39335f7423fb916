"""Taking in people: one page, one action; or rows of a list, some at a time."""

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases.actions.intake_rows import IMPORTED, Rows
from cases.intake.facts import Intake
from cases.models import Case, Client
from vault import indexes


class NobodyNamed(DomainError):
    code = "nobody-named"
    message = _("Write a name or an alias: one of them is needed to find the person again.")


class NoContact(DomainError):
    code = "no-contact"
    message = _("Write how to reach somebody: the family, a colleague, or who told you.")


class NotACoordinator(DomainError):
    code = "not-a-coordinator"
    message = _("Somebody who works on cases has to be responsible. Choose a coordinator.")


@action("case.received")
def receive_case(
    *,
    intake: Intake,
    client: Client | None = None,
    responsible: User | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Case:
    """Take in a person and their case; with ``client``, a new case of somebody known (a re-arrest).

    The responsible coordinator (the actor, unless another is named) gets a grant on it. Raises
    NobodyNamed, NoContact, NotACoordinator.
    """
    if client is None:
        if not any(text.strip() for text in intake.spellings):
            raise NobodyNamed()
        if not intake.contacts.strip():
            raise NoContact()
    holder = responsible or (by if isinstance(by, User) else None)
    refuse_idle(holder)
    rows = Rows(responsible=holder, by=by, at=at)
    (case,) = rows.write([intake], client=client)
    touch(case.id, case.client_id)
    fact(reference=case.reference, kind=case.kind)
    return case


@action("cases.imported")
def receive_rows(
    *, intakes: Sequence[Intake], responsible: User | None = None, by: Actor, at: datetime.datetime
) -> list[Case | None]:
    """Take in rows of a list; None where the row was taken in before. All of them or none.

    A row says who by its ``import_digest``; the same row again changes nothing. Raises NotACoordinator.
    """
    refuse_idle(responsible)
    known = indexes.known(IMPORTED, [intake.import_digest for intake in intakes])
    new = [intake for intake in intakes if intake.import_digest not in known]
    cases = Rows(responsible=responsible, by=by, at=at).write(new) if new else []
    for case in cases:
        touch(case.id, case.client_id)
    fact(rows=len(new), known_before=len(intakes) - len(new))
    taken = iter(cases)
    return [None if intake.import_digest in known else next(taken) for intake in intakes]


def refuse_idle(user: User | None) -> None:
    """Raise NotACoordinator for somebody who may not work on cases."""
    if user is not None and not user.has("cases.work"):
        raise NotACoordinator()
