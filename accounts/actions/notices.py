"""Where a colleague hears that something waits for them; the letter itself says nothing else."""

import datetime

from accounts.models import NoticeAddress, User
from audit.actions import action, fact, touch


@action("notice_address.set")
def set_notice_address(*, user: User, address: str, language: str, by: User, at: datetime.datetime) -> None:
    """Keep an address for notices, sealed; "" takes it away. Nobody but the worker opens it again."""
    row = NoticeAddress.objects.filter(user=user).first() or NoticeAddress(user=user)
    row.address, row.language = address or None, language
    row.save()
    touch(user.pk)
    fact(kept=bool(address))
