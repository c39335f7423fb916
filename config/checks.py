"""System checks of our own, for what ``check --deploy`` misses."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def deployed_safely(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """abarona.E010 to E018: settings that would open the house."""
    found: list[CheckMessage] = []
    if "*" in settings.ALLOWED_HOSTS:
        found.append(Error("ALLOWED_HOSTS is *: name the hosts", id="abarona.E010"))
    if any("AllowAny" in name for name in settings.REST_FRAMEWORK.get("DEFAULT_PERMISSION_CLASSES") or ()):
        found.append(Error("the API lets everybody in", id="abarona.E011"))
    if "Argon2" not in settings.PASSWORD_HASHERS[0]:
        found.append(Error("passwords are not hashed with Argon2", id="abarona.E012"))
    policy = getattr(settings, "CONTENT_SECURITY_POLICY", {}).get("DIRECTIVES", {})
    if policy.get("default-src") != ["'none'"]:
        found.append(Error("the content security policy does not start from 'none'", id="abarona.E013"))
    if settings.STRIPE_API_KEY.startswith(("sk_live", "rk_live")) and settings.STRIPE_BASE_URL:
        found.append(Error("a live Stripe key would be sent to STRIPE_BASE_URL", id="abarona.E014"))
    if settings.STRIPE_BASE_URL and not settings.DEBUG:
        found.append(Error("the payment sandbox is on without DEBUG", id="abarona.E015"))
    if not settings.DEBUG and not settings.SECOND_FACTOR_REQUIRED:
        found.append(Error("staff could sign in without a second factor", id="abarona.E016"))
    if settings.EMAIL_HOST and not settings.DEFAULT_FROM_EMAIL:
        found.append(Error("MAIL_HOST is set and MAIL_FROM is not", id="abarona.E017"))
    if settings.CHECKPOINT_ADDRESSES and not settings.MAIL_ON:
        found.append(Error("CHECKPOINT_ADDRESSES is set and MAIL_HOST is not", id="abarona.E018"))
    return found


@register(Tags.database)
def sqlite_is_durable(app_configs: Any, databases: Any = None, **kwargs: Any) -> Sequence[CheckMessage]:
    """abarona.E020: SQLite without the settings that promises rest on."""
    from django.db import connections

    found = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "sqlite":
            continue
        with connection.cursor() as cursor:
            for pragma, wanted in (("synchronous", 2), ("recursive_triggers", 1), ("foreign_keys", 1)):
                cursor.execute(f"pragma {pragma}")
                if cursor.fetchone()[0] != wanted:
                    found.append(Error(f"SQLite {alias}: {pragma} must be {wanted}", id="abarona.E020"))
    return found


@register(Tags.database)
def role_owns_nothing(app_configs: Any, databases: Any = None, **kwargs: Any) -> Sequence[CheckMessage]:
    """abarona.E022: on PostgreSQL the program signs in as a role that could rewrite the past."""
    from django.db import connection

    from config import roles

    watched = "default" in (databases or ()) and connection.vendor == "postgresql"
    if not watched or settings.DEBUG or settings.DATABASE_AS_OWNER:
        return []
    return [
        Error(f"the role of DATABASE_URL {fault}", hint="See docs/postgresql.md.", id="abarona.E022")
        for fault in roles.faults(connection)
    ]


@register(Tags.security)
def key_file_is_private(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """abarona.E021: others could read the keys."""
    path = settings.KEY_FILE
    if path.exists() and path.stat().st_mode & 0o077:
        return [Error(f"{path} can be read by others: run 'chmod 600' on it", id="abarona.E021")]
    return []
