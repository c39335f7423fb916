"""Every address of desk and account with the permissions that open it, as one readable table.

Write it anew after adding a page, and read the difference: ``python -m tests.web.access``.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("access.txt")
SHEET = Path(__file__).parents[2] / "docs" / "access.md"
HEAD = """# Who may open which page: an address, the permissions (any one of them), the roles that hold one.
# "signed in" is anybody with an account, "anybody" needs none. Written by: python -m tests.web.access
"""
ROOMS = ("desk/", "account/", "counsel/")
# Pages of the account for people who are not signed in; all others send them to sign in.
DOORS = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "account_confirm_login_code",
        "account_confirm_email",
        "account_email_verification_sent",
        "mfa_authenticate",
    }
)


Address = tuple[str, str, Any]  # path, full name, view


def addresses(patterns: Any = None, begin: str = "", names: tuple[str, ...] = ()) -> Iterator[Address]:
    """Path, full name and view of every address under the rooms."""
    from django.urls import URLResolver, get_resolver

    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = begin + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            space = (pattern.namespace,) if pattern.namespace else ()
            yield from addresses(pattern.url_patterns, path, names + space)
        elif path.startswith(ROOMS):
            yield path, ":".join((*names, pattern.name or "?")), pattern.callback


def row(path: str, name: str, view: Any) -> str:
    """One line of the table."""
    from accounts.permissions import PERMISSIONS, ROLES

    opened_by = getattr(view, "permissions", None)
    if opened_by is None:
        if path.startswith("account/"):
            return f"{path}  {'anybody' if name in DOORS else 'signed in'}"
        return f"{path}  UNGUARDED"
    roles = [role for role in ROLES if any(role in PERMISSIONS[name].roles for name in opened_by)]
    return f"{path}  {' | '.join(opened_by)}  {' '.join(roles)}"


def table() -> str:
    """The whole table as text."""
    rows = sorted({row(path, name, view) for path, name, view in addresses()})
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DEBUG", "1")
    import django

    django.setup()
    from accounts.sheet import as_markdown

    TABLE.write_text(table())
    SHEET.write_text(as_markdown())
    sys.stdout.write(f"{TABLE.name} and {SHEET.name} are written anew\n")
