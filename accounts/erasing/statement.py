"""What erasing does not reach, said after every erasure: copies, and for how long they last."""

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _

from accounts.erasing.sweeping import unswept
from vault.router import KEYS


def statement() -> list[str]:
    """Sentences for the person who asked and for the one who was asked."""
    days = {"data": settings.BACKUP_DAYS, "keys": settings.KEY_BACKUP_DAYS}
    lines = [
        _(
            "Backups of the key store are kept for %(keys)d days, backups of the data for %(data)d. Until the"
            " last backup of the keys from before today is gone, somebody who holds it, a backup of the data"
            " and the recovery shares could still read this person."
        )
        % days,
        _(
            "Restoring a backup from before brings them back unless the erasure is known: “restore” and the"
            " tick destroy the key of everybody whose erasure stands in the data; whoever was erased after"
            " the backup was made has to be erased again."
        ),
    ]
    if any(connections[alias].vendor == "postgresql" for alias in ("default", KEYS)):
        lines.append(
            _(
                "PostgreSQL: the write-ahead log, archives of it and lagging standbys still hold the wrapped"
                " key. Rotate the key-encryption key (rotate_keys): that makes every such copy worthless."
            )
        )
    if kept := unswept():
        lines.append(
            _(
                "PostgreSQL: the program may not write the table anew, so deleted rows (%(what)s) stay in its"
                " file until the owner of the table runs “vacuum full”."
            )
            % {"what": ", ".join(kept)}
        )
    lines.append(
        _("What people wrote on paper, took in screenshots or keep in mail is not reached by any of this.")
    )
    return lines
