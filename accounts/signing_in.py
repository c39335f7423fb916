"""Who may sign in: the password alone is asked, and the answer to everybody else is one and the same."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.lockdown import standing
from accounts.models import User


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """As allauth's, but a right password tells nothing where nobody may sign in with it.

    allauth would lead a closed account to a page of its own, which tells whoever holds the password that it
    was right. Unknown aliases cost a hash too (allauth does that), so that the time tells nothing either.
    """

    def _check_password(self, user: Any, password: str) -> Any:
        found = super()._check_password(user, password)
        self._stash_user(None)
        return found if found is not None and may_sign_in(found) else None


def may_sign_in(user: User) -> bool:
    """Everybody with an open account; during a lockdown only those who may lift it."""
    if not user.is_active:
        return False
    return standing() is None or user.has("lockdown.lift")
