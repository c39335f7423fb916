"""Two records of one person become one, and one record of two people becomes two; each by two people."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.approvals import use_approval
from accounts.models import LegalHold
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases import code_names, finding, kinds
from cases.actions.intake import NobodyNamed
from cases.conflicts import lawyers_bound
from cases.models import Authority, Case, Client, Defendant, RelatedParty, Representation
from cases.moving import exclude_alike, move_cases, move_papers
from vault import indexes, keys

MERGE, SPLIT = "client.merge", "client.split"
# What the record that stands takes over where it knows nothing itself.
_FILLS = ("name", "latin_name", "alias", "place", "contacts", "guardian", "citizenship")


class OnePersonOnly(DomainError):
    code = "one-person-only"
    message = _("Choose two different records.")


class MergedAlready(DomainError):
    code = "merged-already"
    message = _("One of these records was merged already. Work with the record it points to.")


class NobodyThere(DomainError):
    code = "nobody-there"
    message = _("One of these people is erased: their record cannot be joined or taken apart any more.")


class HeldByLaw(DomainError):
    code = "held-by-law"
    message = _("A legal hold lies on one of these people. It has to be lifted first.")


class InOneTrial(DomainError):
    code = "in-one-trial"
    message = _(
        "Both stand in the same trial, so they may be two people. If not, call one of the two cases a"
        " duplicate first."
    )


class ExcludedDefends(DomainError):
    code = "excluded-defends"
    message = _(
        "A lawyer who is excluded for one of them, or bound to somebody against them, is asked or defends for"
        " the other. End that first."
    )


class SameAuthority(DomainError):
    """Both have given the same thing, by different people: which of the two holds is for people to say."""

    code = "same-authority"
    message = _("Both records hold the same live authority. Withdraw it on one of them first.")


class NotMergedHere(DomainError):
    code = "not-merged-here"
    message = _("This record was not merged into that one. Choose one of those that were, or write a name.")


class NothingToMove(DomainError):
    code = "nothing-to-move"
    message = _("Choose the cases of the other person: at least one, and not all of them.")


def merge_terms(survivor: Client) -> dict[str, Any]:
    """What a colleague agrees to about the record that is merged."""
    return {"into": str(survivor.id)}


def split_terms(cases: Sequence[Case], back_to: Client | None = None) -> dict[str, Any]:
    """What a colleague agrees to: which cases leave the record, and whether to one that was merged."""
    return {
        "cases": sorted(str(case.id) for case in cases),
        "back_to": str(back_to.id) if back_to is not None else "",
    }


@action("client.merged")
def merge_clients(*, survivor: Client, merged: Client, by: Actor, at: datetime.datetime) -> Client:
    """Join a second record to the one that stands: all its cases and what is recorded about them go over.

    Money, ceilings, commitments and episodes hang on the cases, so they stay with them. Needs a reading.
    Raises OnePersonOnly, MergedAlready, NobodyThere, HeldByLaw, InOneTrial, ExcludedDefends, SameAuthority,
    and what use_approval raises.
    """
    refuse_merge(survivor, merged)
    use_approval(kind=MERGE, object_id=merged.id, payload=merge_terms(survivor), by=by, at=at)
    _fill(survivor, merged)
    exclude_alike(merged, survivor, at)
    for party in RelatedParty.objects.filter(client=merged, person=survivor):
        party.person = None  # nobody is related to themselves
        party.save()
    rows = move_cases(merged.cases.all(), survivor)
    _move_authorities(merged, survivor)
    for party in RelatedParty.objects.filter(person=merged):
        party.person = survivor if party.client_id != survivor.id else None
        party.save()
    for earlier in merged.merged.all():  # records merged before point straight to the one that stands
        earlier.merged_into = survivor
        earlier.save()
    merged.merged_into, merged.merged_at = survivor, at
    merged.save()
    indexes.replace(finding.NAMES, survivor.id, finding.digests({*survivor.spellings, *merged.spellings}))
    indexes.replace(finding.NAMES, merged.id, ())
    touch(survivor.id, merged.id, *survivor.cases.values_list("id", flat=True))
    fact(rows=rows)
    return survivor


@action("client.split")
def split_client(
    *,
    client: Client,
    cases: Sequence[Case],
    name: str = "",
    back_to: Client | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Client:
    """Two people stood under one record: these cases go to another one, which is answered.

    To a new record under ``name``, or ``back_to`` one that was merged into this by mistake. Everything
    recorded about the cases goes along, files too; names, contacts and authorities of the first person stay
    where they are. Needs a reading. Raises NothingToMove, NotMergedHere, NobodyNamed, NobodyThere,
    MergedAlready, HeldByLaw, and what use_approval raises.
    """
    moving = [case for case in cases if case.client_id == client.id]
    if not moving or len(moving) != len(cases) or len(moving) == client.cases.count():
        raise NothingToMove()
    if back_to is None and not name.strip():
        raise NobodyNamed()
    if back_to is not None and back_to.merged_into_id != client.id:
        raise NotMergedHere()
    _refuse_gone(client)
    use_approval(kind=SPLIT, object_id=client.id, payload=split_terms(cases, back_to), by=by, at=at)
    other = _new_record(client, name) if back_to is None else _stand_again(back_to)
    exclude_alike(client, other, at)
    rows = move_cases(moving, other) + move_papers(moving, other, by=by, at=at)
    indexes.replace(finding.NAMES, other.id, finding.digests(other.spellings))
    touch(client.id, other.id, *(case.id for case in moving))
    fact(rows=rows)
    return other


def refuse_merge(survivor: Client, merged: Client) -> None:
    """Raise what stands in the way of a merge, so that a page can say it before a colleague is asked."""
    if survivor.id == merged.id:
        raise OnePersonOnly()
    _refuse_gone(survivor, merged)
    theirs = Defendant.objects.filter(case__client=merged).exclude(case__status=kinds.CaseStatus.DUPLICATE)
    ours = Defendant.objects.filter(case__client=survivor).exclude(case__status=kinds.CaseStatus.DUPLICATE)
    if theirs.filter(trial__in=ours.values("trial")).exists():
        raise InOneTrial()
    for one, other in ((survivor, merged), (merged, survivor)):
        live = Representation.objects.live().filter(case__client=one)
        bound = lawyers_bound(Client.objects.filter(pk=other.pk), apart=one.pk).get(other.pk, ())
        if live.filter(Q(lawyer__in=other.exclusions.values("lawyer")) | Q(lawyer__in=bound)).exists():
            raise ExcludedDefends()
    given = Authority.objects.live().filter(client=survivor).exclude(kind=kinds.AuthorityKind.SHARE)
    if Authority.objects.live().filter(client=merged, kind__in=given.values("kind")).exists():
        raise SameAuthority()


def _refuse_gone(*clients: Client) -> None:
    if any(client.merged_into_id for client in clients):
        raise MergedAlready()
    if len(keys.existing(client.id for client in clients)) < len(clients):
        raise NobodyThere()
    if LegalHold.objects.live().filter(subject_id__in=[client.id for client in clients]).exists():
        raise HeldByLaw()


def _fill(survivor: Client, merged: Client) -> None:
    """What the first record does not know, from the second; another spelling becomes the alias."""
    for name in _FILLS:
        if not getattr(survivor, name) and getattr(merged, name):
            setattr(survivor, name, getattr(merged, name))
    if not survivor.alias and merged.name not in ("", survivor.name):
        survivor.alias = merged.name
    if merged.contacts and merged.contacts not in survivor.contacts:
        survivor.contacts = f"{survivor.contacts}\n{merged.contacts}"
    if survivor.born_on is None and merged.born_on is not None:
        survivor.born_on, survivor.born_precision = merged.born_on, merged.born_precision
    survivor.save()


def _move_authorities(merged: Client, survivor: Client) -> None:
    """Live ones are given anew in the survivor's name; what was withdrawn stays where it is."""
    for row in Authority.objects.live().filter(client=merged):
        Authority(
            id=uuid.uuid4(),
            client=survivor,
            kind=row.kind,
            basis=row.basis,
            relation=row.relation,
            given_on=row.given_on,
            given_by=row.given_by,
            detail=row.detail,
        ).save()


def _new_record(client: Client, name: str) -> Client:
    new_id = uuid.uuid4()
    keys.new_key(new_id)
    keys.prefetch([new_id])
    (code_name,) = code_names.draw(
        1, lambda names: set(Client.objects.filter(code_name__in=names).values_list("code_name", flat=True))
    )
    new = Client(id=new_id, code_name=code_name, kind=client.kind, name=name)
    new.save()
    return new


def _stand_again(merged: Client) -> Client:
    if not keys.exists(merged.id):
        raise NobodyThere()
    merged.merged_into, merged.merged_at = None, None
    merged.save()
    return merged
