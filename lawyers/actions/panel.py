"""Adding lawyers and recording what is known about their practice."""

import datetime
import uuid
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import approvals
from accounts.actions.people import end_room
from accounts.models import RoleGrant, User
from accounts.permissions import LAWYER
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from lawyers import code_names, licences
from lawyers.models import Away, Capacity, Competence, Coverage, Lawyer, Licence
from vault import indexes, keys

NAMES = "lawyer.name"
IMPORTED = "lawyer.import"
_ONE_DAY = datetime.timedelta(days=1)


class CodeNameTaken(DomainError):
    code = "code-name-taken"
    message = _("Another lawyer goes by the code name %(code_name)s. Choose another.")


class LicenceBegins(DomainError):
    code = "licence-begins-twice"
    message = _("There is a licence entry from that day already. Change that one or choose another day.")


class DaysInDisorder(DomainError):
    code = "days-in-disorder"
    message = _("The last day comes before the first. Check both dates.")


class CoveredAlready(DomainError):
    code = "covered-already"
    message = _("That region or court is recorded for this lawyer already.")


class MinimumAboveMost(DomainError):
    code = "minimum-above-most"
    message = _("The agreed minimum is above the most. Lower it, or raise the most.")


@dataclass(frozen=True)
class Practice:
    """What is known of a lawyer's practice when they are added. Empty parts are unknown.

    ``competences`` are (article family, greatest severity 1–5, instances); ``coverage`` are (region,
    court code or "", travels).
    """

    bar: str = ""
    licence_status: str = ""
    licence_from_on: datetime.date | None = None
    licence_until_on: datetime.date | None = None
    source: str = ""
    competences: tuple[tuple[str, int, str], ...] = ()
    coverage: tuple[tuple[str, str, bool], ...] = ()
    max_open: int | None = None
    min_open: int = 0
    new_per_week: int | None = None
    aways: tuple[tuple[datetime.date, datetime.date], ...] = field(default=())


@action("lawyer.added")
def add_lawyer(
    *,
    code_name: str,
    name: str = "",
    latin_name: str = "",
    contact: str = "",
    name_keys: set[str] | None = None,
    import_digest: str = "",
    channel: str = Lawyer.Channel.RELAY,
    languages: str = "",
    risks: str = "",
    practice: Practice | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Lawyer:
    """A lawyer of the panel with what is known of their practice. Raises CodeNameTaken.

    ``name_keys`` are the spellings' keys under which conflicts and duplicates are searched; they are
    kept as truncated digests only. ``import_digest`` finds the same row of a list again.
    """
    if Lawyer.objects.filter(code_name=code_name).exists():
        raise CodeNameTaken(code_name=code_name)
    lawyer_id = uuid.uuid4()
    keys.new_key(lawyer_id)
    touch(lawyer_id)
    lawyer = Lawyer.objects.create(
        id=lawyer_id,
        code_name=code_name,
        name=name,
        latin_name=latin_name,
        contact=contact,
        channel=channel,
        languages=languages,
        risks=risks,
    )
    if name_keys:
        indexes.replace(NAMES, lawyer_id, [indexes.name_index(NAMES, key) for key in name_keys])
    if import_digest:
        indexes.replace(IMPORTED, lawyer_id, [import_digest])
    _write_practice(lawyer, practice or Practice())
    return lawyer


@action("lawyer.licence_recorded")
def record_licence(
    *,
    lawyer: Lawyer,
    status: str,
    from_on: datetime.date,
    until_on: datetime.date | None = None,
    bar: str = "",
    source: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Licence:
    """A new episode. Earlier ones that would reach into it end the day before.

    It ends itself the day before the next one begins, so a revocation is never outlived by the licence
    it revokes, in whichever order the facts arrive. After a suspension with an end the licence before it
    stands again by itself; whatever says "no" later overrides that. Raises LicenceBegins, DaysInDisorder.
    """
    if until_on is not None and until_on < from_on:
        raise DaysInDisorder()
    if lawyer.licences.filter(from_on=from_on, resumes=None).exists():
        raise LicenceBegins()
    resumption = None
    if status == Licence.Status.SUSPENDED:
        resumption = licences.after_suspension(lawyer, from_on, until_on)
    licences.forget_resumptions(lawyer, status, from_on)
    reaching = Q(until_on=None) | Q(until_on__gte=from_on)
    for earlier in lawyer.licences.filter(reaching, from_on__lt=from_on):
        earlier.until_on = from_on - _ONE_DAY
        earlier.save()
    later = lawyer.licences.filter(from_on__gt=from_on).order_by("from_on").first()
    if later is not None:
        until_on = min(until_on or datetime.date.max, later.from_on - _ONE_DAY)
    touch(lawyer.pk)
    fact(status=status)
    episode: Licence = Licence.objects.create(
        lawyer=lawyer, status=status, from_on=from_on, until_on=until_on, bar=bar, source=source
    )
    if resumption is not None:
        Licence.objects.create(
            lawyer=lawyer,
            status=Licence.Status.ACTIVE,
            from_on=resumption.from_on,
            until_on=resumption.until_on,
            bar=resumption.bar,
            resumes=episode,
        )
    return episode


@action("lawyer.capacity_set")
def set_capacity(
    *,
    lawyer: Lawyer,
    max_open: int,
    min_open: int = 0,
    new_per_week: int | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Capacity:
    """How much the lawyer takes on; the matching never goes above it. Raises MinimumAboveMost."""
    if min_open > max_open:
        raise MinimumAboveMost()
    touch(lawyer.pk)
    capacity = Capacity.objects.filter(lawyer=lawyer).first() or Capacity(lawyer=lawyer)
    capacity.max_open, capacity.min_open, capacity.new_per_week = max_open, min_open, new_per_week
    capacity.save()
    return capacity


@action("lawyer.away_recorded")
def record_away(
    *, lawyer: Lawyer, from_on: datetime.date, until_on: datetime.date, by: Actor, at: datetime.datetime
) -> Away:
    """Days without hearings, both ends included. Raises DaysInDisorder."""
    if until_on < from_on:
        raise DaysInDisorder()
    touch(lawyer.pk)
    return Away.objects.create(lawyer=lawyer, from_on=from_on, until_on=until_on)


@action("lawyer.coverage_added")
def add_coverage(
    *,
    lawyer: Lawyer,
    region: str,
    court_code: str = "",
    travels: bool = False,
    by: Actor,
    at: datetime.datetime,
) -> Coverage:
    """A region or a court where the lawyer appears. Raises CoveredAlready."""
    if lawyer.coverages.filter(region=region, court_code=court_code).exists():
        raise CoveredAlready()
    touch(lawyer.pk)
    return Coverage.objects.create(lawyer=lawyer, region=region, court_code=court_code, travels=travels)


@action("lawyer.competence_set")
def set_competence(
    *,
    lawyer: Lawyer,
    article_family: str,
    max_severity: int,
    instances: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Competence:
    """What the lawyer handles in one family of articles, up to a severity of 1 to 5."""
    touch(lawyer.pk)
    competence = Competence.objects.filter(
        lawyer=lawyer, article_family=article_family
    ).first() or Competence(lawyer=lawyer, article_family=article_family)
    competence.max_severity, competence.instances = max_severity, instances
    competence.save()
    return competence


@action("lawyer.languages_set")
def set_languages(*, lawyer: Lawyer, languages: str, by: Actor, at: datetime.datetime) -> Lawyer:
    """What the lawyer speaks in court, as codes separated by spaces; empty is unknown again."""
    touch(lawyer.pk)
    lawyer.languages = languages
    lawyer.save()
    return lawyer


def portal_accounts(at: datetime.datetime) -> QuerySet[User]:
    """Active accounts with the role of a lawyer abroad that belong to no lawyer."""
    holders = RoleGrant.objects.live(at).filter(role=LAWYER).values("user")
    free: QuerySet[User] = User.objects.active().filter(pk__in=holders, lawyer=None)
    return free.order_by("username")


class WrongAccount(DomainError):
    """An account of staff in a lawyer's room would open the desk to it, or one lawyer's cases to another."""

    code = "wrong-portal-account"
    message = _("Choose an active account with the role “Lawyer abroad” that belongs to no lawyer yet.")


@action("lawyer.portal_opened")
def open_portal(*, lawyer: Lawyer, user: User, by: User, at: datetime.datetime) -> Lawyer:
    """Let a lawyer abroad sign in. Needs an approval of kind ``lawyer.portal`` for this account.

    Raises WrongAccount, approvals.NeedsSecondPerson.
    """
    if not portal_accounts(at).filter(pk=user.pk).exists():
        raise WrongAccount()
    approvals.use_approval(
        kind="lawyer.portal", object_id=lawyer.pk, payload={"user": str(user.pk)}, by=by, at=at
    )
    lawyer.user, lawyer.channel = user, Lawyer.Channel.PORTAL
    lawyer.save()
    touch(lawyer.pk, user.pk)
    return lawyer


class NoPortal(DomainError):
    code = "no-portal"
    message = _("This lawyer has no account here.")


@action("lawyer.portal_closed")
def close_portal(*, lawyer: Lawyer, by: Actor, at: datetime.datetime) -> Lawyer:
    """From now on a coordinator speaks with them again. Their account's role, tokens and sessions end.

    It takes one person, as it opens nothing; opening it again takes two. Raises NoPortal.
    """
    lawyer.refresh_from_db()
    user = lawyer.user
    if user is None:
        raise NoPortal()
    lawyer.user, lawyer.channel = None, Lawyer.Channel.RELAY
    lawyer.save()
    end_room(user=user, role=LAWYER, by=by, at=at)
    touch(lawyer.pk, user.pk)
    return lawyer


def free_code_name() -> str:
    """A code name that no lawyer bears."""
    return code_names.draw(
        lambda names: set(Lawyer.objects.filter(code_name__in=names).values_list("code_name", flat=True))
    )


def _write_practice(lawyer: Lawyer, practice: Practice) -> None:
    if practice.licence_status and practice.licence_from_on:
        Licence.objects.create(
            lawyer=lawyer,
            bar=practice.bar,
            status=practice.licence_status,
            from_on=practice.licence_from_on,
            until_on=practice.licence_until_on,
            source=practice.source,
        )
    for family, severity, instances in practice.competences:
        Competence.objects.create(
            lawyer=lawyer, article_family=family, max_severity=severity, instances=instances
        )
    for region, court_code, travels in practice.coverage:
        Coverage.objects.create(lawyer=lawyer, region=region, court_code=court_code, travels=travels)
    if practice.max_open is not None:
        Capacity.objects.create(
            lawyer=lawyer,
            max_open=practice.max_open,
            min_open=practice.min_open,
            new_per_week=practice.new_per_week,
        )
    for from_on, until_on in practice.aways:
        Away.objects.create(lawyer=lawyer, from_on=from_on, until_on=until_on)
