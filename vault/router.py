"""Keeps wrapped keys in a database of their own."""

from typing import Any

from django.db import models

KEYS = "keys"


class KeyStoreRouter:
    """Sends :class:`vault.models.SubjectKey` to the ``keys`` database, everything else to the default."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        return KEYS if _is_key(model._meta.app_label, model._meta.model_name) else "default"

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        return (db == KEYS) == _is_key(app_label, model_name)


def _is_key(app_label: str, model_name: str | None) -> bool:
    return app_label == "vault" and model_name == "subjectkey"
