"""Files added to a claim's voucher."""

import datetime
import uuid

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import vouchers
from treasury.kinds import ClaimStatus
from treasury.models import Claim, VoucherFile
from vault import keys
from vault.files import Cleaned, store_file

MOST_FILES = 12


class FileTwice(DomainError):
    """This claim has this very file already."""

    code = "file-twice"
    message = _("This claim has this very file already. Choose the other pages.")


class TooManyFiles(DomainError):
    """A voucher has no more files than this."""

    code = "too-many-files"
    message = _(
        "This claim has as many files as it may. Put the pages into one PDF and enter the claim anew."
    )


class NoVoucherNeeded(DomainError):
    """The claim was turned down, or its payee erased."""

    code = "no-voucher-needed"
    message = _("This claim was turned down or its payee erased: nothing more is kept for it.")


@action("voucher.added")
def add_voucher_file(*, claim: Claim, content: Cleaned, by: Actor, at: datetime.datetime) -> VoucherFile:
    """Seal a file as evidence of a claim; ``content`` comes from :func:`vault.files.clean`.

    Raises FileTwice, TooManyFiles, NoVoucherNeeded.
    """
    held = VoucherFile.objects.filter(claim=claim)
    subject_id = vouchers.subject_of(claim)
    if claim.status == ClaimStatus.REJECTED or (
        not keys.exists(subject_id) and subject_id != keys.ORGANISATION
    ):
        raise NoVoucherNeeded()
    if held.filter(sha256=content.sha256).exists():
        raise FileTwice()
    if held.count() >= MOST_FILES:
        raise TooManyFiles()
    sealed = store_file(subject_id=subject_id, kind="voucher", content=content, by_id=by.actor_id, at=at)
    voucher = VoucherFile(
        id=uuid.uuid4(),
        claim=claim,
        file=sealed,
        sha256=content.sha256,
        kept_sha256=content.kept_sha256,
        added_at=at,
        added_by=by.actor_id,
    )
    voucher.save()
    touch(claim.id, claim.payee_id)
    fact(type=content.type.value, sha256=content.sha256)
    return voucher
