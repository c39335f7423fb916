"""Evidence a funder accepts: money of a grant pays no claim whose voucher its funder would refuse."""

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError
from treasury.commitments import FUND_SIDE, holds
from treasury.eligible import accepts
from treasury.kinds import VoucherKind
from treasury.models import Commitment, Fund


class NotAccepted(DomainError):
    """A funder behind the commitment does not accept the kind of voucher; ``fund`` and ``accepted`` say."""

    code = "evidence-not-accepted"
    message = _(
        "“%(fund)s” pays only for these vouchers: %(accepted)s. Ask for one of them, or let other funds bear"
        " the commitment."
    )


def refusing(commitment: Commitment, voucher_kind: str) -> list[Fund]:
    """Funds that hold money for it and whose funders do not accept this voucher."""
    held = {transfer.fund for transfer in holds(commitment, FUND_SIDE) if transfer.fund is not None}
    return sorted((fund for fund in held if not accepts(fund, voucher_kind)), key=lambda fund: fund.code)


def refuse_unaccepted(commitment: Commitment, voucher_kind: str) -> None:
    """Raise NotAccepted for the first fund whose funder would not take the voucher."""
    for fund in refusing(commitment, voucher_kind):
        words = ", ".join(str(VoucherKind(kind).label) for kind in fund.grant.evidence)
        raise NotAccepted(fund=fund.name, accepted=words)
