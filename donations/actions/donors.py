"""What donors do for themselves once signed in, and the checks that staff make of those who give much."""

import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from donations import donors, held, signing_in
from donations.models import Alarm, Donor, DonorCheck

CHECK_HOLDS = datetime.timedelta(days=365)


class NotInTouch(DomainError):
    code = "not-in-touch"
    message = _("We keep no address of yours, so we could not tell you that it is ready.")


class NotYours(DomainError):
    """The address typed is not the one by which they sign in."""

    code = "not-your-address"
    message = _("This is not the address you sign in with. Write that one; another needs a gift of its own.")


class NobodyToCheck(DomainError):
    code = "nobody-to-check"
    message = _("Nobody can be asked about this gift: give it back, or keep it by a decision of the board.")


@action("donor.signed_in")
def begin_session(*, donor: Donor, by: Actor, at: datetime.datetime) -> str:
    """The key for a browser whose user typed the code of their mail. It is kept as a digest only."""
    touch(donor.pk)
    return signing_in.begin(donor, at)


@action("donor.yearly_chosen")
def choose_yearly(*, donor: Donor, yearly: bool, by: Actor, at: datetime.datetime) -> Donor:
    """Whether they are told once a year that a statement is ready. Raises NotInTouch."""
    row = Donor.objects.select_for_update().get(pk=donor.pk)
    if yearly and row.level != Donor.Level.IN_TOUCH:
        raise NotInTouch()
    row.yearly, row.told_year = yearly, max(row.told_year, at.year - 1)
    row.save()
    touch(row.pk)
    return row


@action("donor.level_chosen")
def choose_level(*, donor: Donor, level: str, address: str = "", by: Actor, at: datetime.datetime) -> Donor:
    """Stop staying in touch, and the sealed address goes; or begin to, with the address they sign in by.

    What history keeps of a former address stays sealed under their own key until they are erased. Raises
    NotYours; ValueError for a level that is neither.
    """
    row: Donor = Donor.objects.select_for_update().get(pk=donor.pk)
    touch(row.pk)
    fact(level=str(Donor.Level(level)))
    if level == row.level:
        return row
    if level == Donor.Level.IN_TOUCH:
        known = donors.find(address)
        if known is None or known.pk != row.pk:
            raise NotYours()
        row.level, row.address = Donor.Level.IN_TOUCH, address.strip()
    else:
        row.level, row.address, row.yearly = Donor.Level.RECEIPT, None, False
    row.save()
    return row


@action("donor.checked")
def record_check(*, alarm: Alarm, outcome: str, words: str, by: User, at: datetime.datetime) -> DonorCheck:
    """Write down who gives and where the money is from, sealed and dated, for the giver of an alarm's gift.

    Passed: the alarm is closed, the money may be used, and the check holds for a year. Failed: the alarm
    stays open, and the money held, until the gift is given back. Raises NobodyToCheck.
    """
    from donations.actions.refunds import close_alarm

    donor = alarm.donation.donor if alarm.donation else None
    if alarm.donation is None or donor is None:
        raise NobodyToCheck()
    check = DonorCheck.objects.create(
        donor=donor,
        outcome=outcome,
        words=words,
        checked_on=at.date(),
        checked_by=by.actor_id,
        until_on=(at + CHECK_HOLDS).date(),
    )
    if outcome == DonorCheck.Outcome.PASSED and alarm.decided_at is None:
        close_alarm(alarm, Alarm.Decision.KEEP, by=by, at=at)
        held.keep_in_step(alarm.donation, by=by, at=at)
    touch(donor.pk)
    fact(outcome=str(outcome))
    return check
