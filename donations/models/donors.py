"""Givers who chose to be found again, how they sign in, and the dated checks of those who give much."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.tracked import Tracked
from vault.fields import SealedField


class Donor(Tracked):
    """Somebody who left an address. No user, no name.

    ``receipt``: the address was used once; what remains is a full-length keyed digest of it (in the vault's
    index), so that they can sign in. ``in-touch``: the address is sealed under their own key besides.
    ``yearly`` asks for a yearly statement; ``told_year`` is the last year they were told of.
    """

    class Level(models.TextChoices):
        RECEIPT = "receipt", _("A receipt; the address is used once")
        IN_TOUCH = "in-touch", _("Staying in touch")

    level = models.CharField(max_length=10, choices=Level)
    address = SealedField(label="donor.address", null=True, blank=True)
    language = models.CharField(max_length=8)
    since_on = models.DateField()
    yearly = models.BooleanField(default=False)
    told_year = models.PositiveSmallIntegerField(default=0)

    class Meta(Tracked.Meta):
        ordering = ["since_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="donor_address_if_in_touch",
                condition=Q(level="receipt", address=None) | Q(level="in-touch", address__isnull=False),
            ),
            models.CheckConstraint(
                name="donor_statement_if_in_touch", condition=Q(level="in-touch") | Q(yearly=False)
            ),
        ]

    @property
    def actor_id(self) -> str:
        """How the log calls them."""
        return f"donor:{self.pk}"


class SignInCode(models.Model):
    """A code on its way to an address, or to nobody: addresses we do not know get a row too.

    ``address_digest`` changes every day, so rows of two days cannot be joined, nor with the index of donors.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    address_digest = models.CharField(max_length=64, db_index=True)
    donor = models.ForeignKey(Donor, models.PROTECT, null=True, related_name="+")
    code_digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()


class DonorSession(models.Model):
    """A browser in which a donor signed in; only the digest of its key is kept, nothing of the browser."""

    digest = models.CharField(max_length=64, primary_key=True)
    donor = models.ForeignKey(Donor, models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()


class DonorCheck(Tracked):
    """A dated check of somebody who gives much: who they are and where the money is from, sealed.

    ``outcome`` holds until ``until_on``. The words are sealed under the donor's own key.
    """

    class Outcome(models.TextChoices):
        PASSED = "passed", _("Known; the money may be used")
        FAILED = "failed", _("Not known, or the money may not be taken")

    donor = models.ForeignKey(Donor, models.PROTECT, related_name="checks")
    outcome = models.CharField(max_length=8, choices=Outcome)
    words = SealedField(label="check.words", subject="donor_id")
    checked_on = models.DateField()
    checked_by = models.CharField(max_length=60)
    until_on = models.DateField()

    class Meta(Tracked.Meta):
        ordering = ["-checked_on", "id"]
        constraints = [
            models.CheckConstraint(name="donor_check_ends_later", condition=Q(until_on__gt=F("checked_on")))
        ]
