"""Whose sealed values somebody reads by right: the clients of the cases they hold or defend."""

import datetime
import uuid

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts import blast
from accounts.models import Grant, TeamGrant, TeamMember, User
from cases.models import Case, Client, Representation
from cases.models.case_lists import GRANT_KIND


def own_clients(reader: uuid.UUID, subject_ids: set[uuid.UUID], since: datetime.datetime) -> set[uuid.UUID]:
    """Of these, the clients of cases on which the person held a lasting grant at any time since then.

    A grant that ended this morning still counts for what was read before; broken glass never does. One query.
    """
    stood = (Q(ended_at=None) | Q(ended_at__gte=since)) & Q(until__gt=since)
    own = Grant.objects.filter(stood, user=reader, object_kind=GRANT_KIND).exclude(kind="glass")
    joined = TeamMember.objects.filter(Q(ended_at=None) | Q(ended_at__gte=since), user=reader)
    shared = TeamGrant.objects.filter(stood, team__in=joined.values("team"), object_kind=GRANT_KIND)
    defended = Representation.objects.filter(lawyer__user=reader)
    cases = Case.objects.filter(
        Q(id__in=own.values("object_id"))
        | Q(id__in=shared.values("object_id"))
        | Q(id__in=defended.values("case"))
    )
    # What is about a record that was merged is about the one it points to. Asked of the few people shown: a
    # join from the cases would walk all of them for every page.
    stands = Coalesce(OuterRef("merged_into_id"), OuterRef("pk"))
    found = Client.objects.filter(pk__in=subject_ids).filter(
        Exists(cases.filter(client_id=stands).order_by())
    )
    return set(found.order_by().values_list("pk", flat=True))


def register_reach() -> None:
    """Say how much of this room an account could read, for :func:`accounts.blast.blast_radius`."""
    blast.register("cases_opened", _("Cases with names and papers"), _opened)
    blast.register("cases_listed", _("Cases by code name"), _listed)


def _opened(user: User, at: datetime.datetime) -> int:
    return Case.objects.open_to(user, at).count()


def _listed(user: User, at: datetime.datetime) -> int:
    return Case.objects.visible_to(user, at).count()
