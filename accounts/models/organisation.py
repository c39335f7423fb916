"""Rows whose words belong to the organisation itself, not to one person."""

import uuid

from vault.keys import ORGANISATION


class OfOrganisation:
    """Seals free words, such as reasons, under the organisation's own key (``subject="organisation_id"``)."""

    @property
    def organisation_id(self) -> uuid.UUID:
        return ORGANISATION
