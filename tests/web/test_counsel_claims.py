"""A lawyer abroad claims their fee: once where they are paid, then vouchers; no more of the money."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from cases.actions.costs import enter_case_claim
from cases.actions.counsel import end_representation
from cases.actions.papers import record_nondisclosure
from cases.kinds import EpisodeReason
from cases.models import CounselPayee, Representation
from cases.papers import BoundBy
from tests import people
from tests.treasury.world import World
from tests.vault.test_cleaning import marked_jpeg
from tests.web.counsel import funded_world
from tests.web.desk_cases import Desk, open_desk, words
from tests.web.test_counsel_room import abroad, asked, say, visit
from treasury import commitments
from treasury.actions.claims import approve_claim, reject_claim
from treasury.actions.commitments import release_commitment
from treasury.actions.payees import check_payee
from treasury.actions.payments import pay_claim
from treasury.kinds import Category, ReasonCode, VoucherKind
from treasury.models import Claim, VoucherFile

__all__ = ["funded_world", "open_desk"]
pytestmark = pytest.mark.django_db
IBAN = "LT601010012345678901"


def voucher(**more: Any) -> dict[str, Any]:
    return {
        "amount_minor": "40",
        "voucher_kind": "invoice",
        "number": "7/26",
        "invoiced_on": "2026-03-01",
        "voucher": SimpleUploadedFile("invoice.jpg", marked_jpeg(), "image/jpeg"),
        **more,
    }


def test_a_claim_of_ones_own_from_the_voucher_to_its_state(
    desk: Desk, world: World, tmp_path: Any, settings: Any
) -> None:
    settings.FILES_DIR = tmp_path / "files"
    offer, ibis = asked(desk)
    here = offer.pk
    assert visit(desk, ibis, "claim", here).status_code == 404, "nothing is agreed yet"
    say(desk, ibis, "names", here)
    assert "Claim your fee" in say(desk, ibis, "accept", here)
    first = say(desk, ibis, "claim", here, **voucher())
    assert "Fill in: You are paid as" in first
    paid_at = {"paid_as": "Invented Counsel", "country": "by", "iban": IBAN}
    assert "We send nothing to an account in that country" in say(
        desk, ibis, "claim", here, **voucher(**paid_at)
    )
    paid_at["country"] = "LT"
    assert "no valid IBAN" in say(
        desk, ibis, "claim", here, **voucher(**{**paid_at, "iban": "LT61" + IBAN[4:]})
    )
    done = say(desk, ibis, "claim", here, **voucher(**paid_at))
    assert "Your claim is entered." in done
    claim, payee = Claim.objects.get(), CounselPayee.objects.get().payee
    offer.refresh_from_db()
    assert (claim.payee, claim.commitment, claim.entered_by) == (payee, offer.commitment, ibis.actor_id)
    assert (claim.case_id, claim.category, claim.amount_minor) == (offer.case_id, "fee", 4_000)
    assert VoucherFile.objects.get().claim == claim
    assert payee.checked_on is None, "a colleague checks it"
    again = say(desk, ibis, "claim", here, **voucher(number=" 7/26 "))
    assert "This voucher was claimed before." in again
    assert "You are paid as" not in again, "asked for once"
    reject_claim(
        claim=claim,
        reason_code=ReasonCode.NO_VOUCHER,
        note="Page two is missing",
        by=world.second,
        at=desk.at,
    )
    refused = words(visit(desk, ibis, "one", here))
    assert "Voucher missing or not accepted: Page two is missing" in refused
    say(desk, ibis, "claim", here, **voucher())
    _decided(desk, world, offer, ibis)
    _nobody_else(desk, offer)
    record_nondisclosure(
        case=offer.case, bound=BoundBy.COUNSEL, signed_on=desk.at.date(), by=desk.alder, at=desk.at
    )
    assert "Claim your fee" not in words(visit(desk, ibis, "one", here))
    assert visit(desk, ibis, "claim", here).status_code == 404


def _decided(desk: Desk, world: World, offer: Representation, ibis: User) -> None:
    """Approved, checked and paid; the lawyer sees that, and no other figure."""
    second = Claim.objects.get(status="entered")
    page = words(desk.get(world.second, "claim", second.pk))
    assert "Not a duplicate" in page
    _claimed_by_another(desk, world, offer)
    page = words(desk.get(world.second, "claim", second.pk))
    assert "Maybe claimed by two" in page
    approve_claim(claim=second, by=world.second, at=desk.at)
    check_payee(payee=second.payee, by=world.second, at=desk.at)
    pay_claim(claim=second, by=world.treasurer, at=desk.at)
    page = words(visit(desk, ibis, "one", offer.pk))
    assert "Paid" in page
    for money in ("general", "1,000", "Ceiling", str(commitments.held_minor(second.commitment))):  # type: ignore[arg-type]
        assert money not in page


def _claimed_by_another(desk: Desk, world: World, offer: Representation) -> None:
    """A coordinator enters the office's receipt for the same fee."""
    enter_case_claim(
        case=offer.case,
        payee=world.payee(),
        category=Category.FEE,
        amount_minor=4_000,
        invoiced_on=desk.at.date(),
        voucher_kind=VoucherKind.OFFICE_RECEIPT,
        number="R-1",
        by=desk.alder,
        at=desk.at,
    )


def _nobody_else(desk: Desk, offer: Representation) -> None:
    _other, jay = abroad(desk, "Jay-11", "jay")
    for user in (jay, desk.alder, people.stranger(), people.auditor()):
        assert visit(desk, user, "claim", offer.pk).status_code == 404
        assert say(desk, user, "claim", offer.pk, **voucher()) == "404"
    assert Claim.objects.filter(commitment=offer.commitment).count() == 2


def test_work_done_is_claimed_after_the_end(desk: Desk, world: World) -> None:
    offer, ibis = asked(desk)
    say(desk, ibis, "names", offer.pk)
    say(desk, ibis, "accept", offer.pk)
    offer.refresh_from_db()
    gone = EpisodeReason.CLIENT_CHANGED
    end_representation(representation=offer, reason=gone, keep_commitment=True, by=desk.alder, at=desk.at)
    assert "Claim your fee" in words(visit(desk, ibis, "one", offer.pk))
    assert visit(desk, ibis, "claim", offer.pk).status_code == 200
    offer.refresh_from_db()
    release_commitment(commitment=offer.commitment, by=world.treasurer, at=desk.at)  # type: ignore[arg-type]
    assert visit(desk, ibis, "claim", offer.pk).status_code == 404, "nothing is held any more"
