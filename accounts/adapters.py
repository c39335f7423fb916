"""How django-allauth signs people in here: no sign-up, no addresses kept, secrets sealed."""

import hashlib
import hmac
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils import timezone

from accounts.actions.people import change_password
from accounts.models import User
from vault import box

LAWYERS_ROOM = "/counsel/"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator; rate limits know a caller by a digest that ends daily."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def get_login_redirect_url(self, request: Any) -> str:
        """The room of lawyers for those whom no other opens; the desk for everybody else."""
        user: User = request.user
        if user.has("portal.enter") and not user.has("desk.enter"):
            return LAWYERS_ROOM
        return str(super().get_login_redirect_url(request))

    def get_client_ip(self, request: Any) -> str:
        return _daily_digest(str(request.META.get("REMOTE_ADDR", "")))

    def _get_login_attempts_cache_key(self, request: Any, **credentials: Any) -> str:
        # allauth would key on a bare hash of the alias, which a list of aliases undoes.
        return _daily_digest(str(credentials.get("username", "")).lower())

    def set_password(self, user: User, password: str) -> None:
        changed = change_password(user=user, password=password, by=user, at=timezone.now())
        user.password = changed.password

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No account has an address to write to."""


def _daily_digest(text: str) -> str:
    day = timezone.now().date().isoformat()
    return hmac.new(settings.SECRET_KEY.encode(), f"{day}|{text}".encode(), hashlib.sha256).hexdigest()


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are sealed; allauth stores them in the clear by default."""

    def encrypt(self, text: str) -> str:
        return box.lock("second-factor", text)

    def decrypt(self, encrypted_text: str) -> str:
        return box.unlock("second-factor", encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity = cast(dict[str, str], super().get_public_key_credential_rp_entity())
        return {**entity, "name": "Desk"}
