"""Clients and what may be done for them."""

import datetime
import uuid

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases import finding, kinds
from cases.models import Authority, Client
from vault import indexes


class AuthorityGiven(DomainError):
    code = "authority-given"
    message = _("This is allowed already. Withdraw it first if it was given anew by somebody else.")


class AuthorityWithdrawn(DomainError):
    code = "authority-withdrawn"
    message = _("This was withdrawn already. Reload the page to see when.")


class WithdrawnBeforeGiven(DomainError):
    code = "withdrawn-before-given"
    message = _("It cannot be withdrawn before the day it was given. Check the date.")


@action("client.changed")
def change_client(*, client: Client, by: Actor, at: datetime.datetime, **values: object) -> Client:
    """Change names, birth date, place or contacts; a new spelling is found in searches at once.

    Needs a reading, as the name keys are made of the opened names. Raises TypeError for another field.
    """
    allowed = {
        *("name", "latin_name", "alias", "born_on", "born_precision", "place", "contacts", "kind"),
        *("guardian", "citizenship"),
    }
    if unknown := set(values) - allowed:
        raise TypeError(f"not a field of a client: {sorted(unknown)}")
    for field, value in values.items():
        setattr(client, field, value)
    spellings = client.spellings
    client.save()
    indexes.replace(finding.NAMES, client.id, finding.digests(spellings))
    touch(client.id)
    fact(fields=sorted(values))
    return client


@action("authority.given")
def add_authority(
    *,
    client: Client,
    kind: kinds.AuthorityKind,
    basis: kinds.Basis,
    relation: kinds.Relation,
    given_on: datetime.date,
    given_by: str = "",
    detail: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Authority:
    """Record what may be done for a client. Raises AuthorityGiven while the same one is live."""
    live = client.authorities.filter(kind=kind, withdrawn_on=None)
    if kind != kinds.AuthorityKind.SHARE and live.exists():
        raise AuthorityGiven()
    authority = Authority(
        id=uuid.uuid4(),
        client=client,
        kind=kind,
        basis=basis,
        relation=relation,
        given_on=given_on,
        given_by=given_by,
        detail=detail,
    )
    authority.save()
    touch(client.id, *_cases(client))
    fact(authority=kind)
    return authority


@action("authority.withdrawn")
def withdraw_authority(
    *, authority: Authority, withdrawn_on: datetime.date | None = None, by: Actor, at: datetime.datetime
) -> Authority:
    """It ends on that day (today unless given). Raises AuthorityWithdrawn, WithdrawnBeforeGiven."""
    day = withdrawn_on or at.date()
    if authority.withdrawn_on is not None:
        raise AuthorityWithdrawn()
    if day < authority.given_on:
        raise WithdrawnBeforeGiven()
    authority.withdrawn_on = day
    authority.save()
    touch(authority.client_id, *_cases(authority.client))
    fact(authority=authority.kind)
    return authority


def _cases(client: Client) -> list[uuid.UUID]:
    return list(client.cases.values_list("id", flat=True))
