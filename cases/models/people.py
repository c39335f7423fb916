"""Clients, and what may be done for them on whose word."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.tracked import Tracked, TrackedManager, TrackedQuerySet
from cases import kinds
from vault.fields import SealedDate, SealedField


class Client(Tracked):
    """A person defended; their own id is the vault subject of everything sealed about them.

    ``name`` is the Cyrillic spelling, ``latin_name`` the passport's or a list's. ``code_name`` is public,
    drawn at random, and the only name outside a grant. ``guardian`` speaks for a minor, or for the family
    of somebody who died; ``citizenship`` says which consulate may be told.

    A second record of the same person is ``merged_into`` the first: it holds no case any more, stays
    readable, and can be taken apart again.
    """

    code_name = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=kinds.ClientKind, default=kinds.ClientKind.DETAINEE)
    name = SealedField(label="client.name", blank=True, default="")
    latin_name = SealedField(label="client.latin_name", blank=True, default="")
    alias = SealedField(label="client.alias", blank=True, default="")
    born_on = SealedDate(label="client.born_on", null=True, blank=True)
    born_precision = models.CharField(max_length=5, choices=kinds.Precision, default=kinds.Precision.DAY)
    place = SealedField(label="client.place", blank=True, default="")
    contacts = SealedField(label="client.contacts", blank=True, default="")
    guardian = SealedField(label="client.guardian", null=True, blank=True)
    citizenship = SealedField(label="client.citizenship", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    merged_at = models.DateTimeField(null=True, blank=True)

    class Meta(Tracked.Meta):
        ordering = ["code_name"]
        # Hardly anybody is merged: an index of all would look to a planner as if it told nothing.
        indexes = [
            models.Index(
                fields=["merged_into"], name="cases_client_merged", condition=Q(merged_into__isnull=False)
            )
        ]
        constraints = [
            models.CheckConstraint(name="cases_client_code_name", condition=~Q(code_name="")),
            models.CheckConstraint(
                name="cases_client_born_precision", condition=Q(born_precision__in=["day", "month", "year"])
            ),
            models.CheckConstraint(
                name="cases_client_merged_whole",
                condition=Q(merged_into=None, merged_at=None)
                | Q(merged_into__isnull=False, merged_at__isnull=False) & ~Q(merged_into=F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.code_name

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every spelling that is known, opened: needs a reading."""
        return tuple(text for text in (self.name, self.latin_name, self.alias) if text)


class AuthorityQuerySet(TrackedQuerySet["Authority"]):
    """Adjectives for authorities."""

    def live(self) -> "AuthorityQuerySet":
        """Given and not withdrawn."""
        return self.filter(withdrawn_on=None)


class Authority(Tracked):
    """What may be done for a client, on what basis, by whose word: the client cannot always speak.

    ``given_by`` (who said so) and ``detail`` (the body something is shared with) are sealed.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="authorities")
    kind = models.CharField(max_length=20, choices=kinds.AuthorityKind)
    basis = models.CharField(max_length=12, choices=kinds.Basis)
    given_by = SealedField(label="authority.given_by", subject="client_id", blank=True, default="")
    relation = models.CharField(max_length=12, choices=kinds.Relation)
    detail = SealedField(label="authority.detail", subject="client_id", blank=True, default="")
    given_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)

    objects = TrackedManager.from_queryset(AuthorityQuerySet)()

    class Meta(Tracked.Meta):
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")
        ordering = ["-given_on"]
        constraints = [
            models.CheckConstraint(
                name="cases_authority_withdrawn_later",
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("given_on")),
            ),
            models.UniqueConstraint(
                name="cases_authority_once",
                fields=["client", "kind"],
                condition=Q(withdrawn_on=None) & ~Q(kind="share-with-body"),
            ),
        ]
