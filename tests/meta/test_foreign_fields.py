"""Fields of other packages, of histories, and of kinds that the first walk does not look at."""

import re

from django.apps import apps
from django.conf import settings
from django.db import models

from audit.checks import OURS
from vault.fields import SealedField

# Every field of another package that can hold words -> why nobody's words are in it.
FOREIGN = {
    "account.EmailAddress.email": "never filled: accounts have no address (ACCOUNT_USER_MODEL_EMAIL_FIELD)",
    "account.EmailConfirmation.key": "never filled: nothing is confirmed by mail",
    "mfa.Authenticator.type": "the kind of a second factor",
    "mfa.Authenticator.data": "secrets sealed by accounts.adapters.MFAAdapter",
    "django_tasks_database.DBTaskResult.status": "a state",
    "django_tasks_database.DBTaskResult.args_kwargs": "ids only; see the canary",
    "django_tasks_database.DBTaskResult.task_path": "the name of a function",
    "django_tasks_database.DBTaskResult.worker_ids": "ids of processes",
    "django_tasks_database.DBTaskResult.queue_name": "the name of a queue",
    "django_tasks_database.DBTaskResult.backend_name": "the name of a backend",
    "django_tasks_database.DBTaskResult.return_value": "None or a count",
    "django_tasks_database.DBTaskResult.exception_class_path": "the name of an exception",
    "django_tasks_database.DBTaskResult.traceback": "lines of code; exceptions carry ids only",
    "auth.Permission.name": "never asked: permissions are in accounts.permissions",
    "auth.Permission.codename": "as above",
    "auth.Group.name": "never filled: there are no groups",
    "contenttypes.ContentType.app_label": "the name of a package",
    "contenttypes.ContentType.model": "the name of a model",
    "sessions.Session.session_key": "a digest of the key; the key itself is with the browser alone",
    "sessions.Session.session_data": "ids, a language, tokens of forms; see the canary",
}
# What a history adds to its model's own fields.
OF_HISTORY = {
    "history_id": "an opaque id",
    "history_date": "a moment",
    "history_type": "+, ~ or -",
    "history_user_id": "an opaque id of an actor",
    "history_change_reason": "never filled: reasons are sealed fields of the model",
    "action_id": "an opaque id",
    "record": "canonical text of the columns, sealed ones as tokens",
}
BINARY = {
    "audit.Node.hash": "a digest",
    "vault.SubjectKey.wrapped": "a data key, sealed by the key-encryption key",
}
WORDY = (models.CharField, models.TextField, models.JSONField, models.FileField, models.GenericIPAddressField)


def names_of(kinds: tuple[type[models.Field], ...], *, ours: bool) -> set[str]:
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        if (model._meta.app_label in OURS) == ours and not model.__name__.startswith("Historical")
        for field in model._meta.concrete_fields
        if isinstance(field, kinds)
    }


def test_fields_of_other_packages_are_explained() -> None:
    assert names_of((*WORDY, models.BinaryField), ours=False) == set(FOREIGN)
    assert settings.ACCOUNT_USER_MODEL_EMAIL_FIELD is None
    assert settings.MFA_ADAPTER == "accounts.adapters.MFAAdapter"
    assert settings.SESSION_ENGINE == "accounts.sessions"


def test_a_history_adds_nothing_that_could_name_somebody() -> None:
    added = {
        field.name
        for model in apps.get_models()
        if model.__name__.startswith("Historical")
        for field in model._meta.concrete_fields
        if field.attname not in {own.attname for own in model.instance_type._meta.concrete_fields}
    }
    assert added <= set(OF_HISTORY)


def test_bytes_are_explained_and_files_and_addresses_are_not_kept() -> None:
    assert names_of((models.BinaryField,), ours=True) == set(BINARY)
    forbidden = (models.FileField, models.GenericIPAddressField, models.EmailField, models.URLField)
    assert names_of(forbidden, ours=True) == set()


def test_days_of_birth_and_death_are_sealed_whatever_their_type() -> None:
    telling = re.compile(r"born|birth|death|died|(^|_)age(_|$)|passport|phone|iban|address|contact|diagnos")
    # How exactly a day is known, and keyed digests of accounts and addresses, say nothing by themselves.
    harmless = re.compile(r".*(_precision|_index|_digest)")
    bare = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OURS
        for field in model._meta.concrete_fields
        if telling.search(field.name)
        and not harmless.fullmatch(field.name)
        and not isinstance(field, SealedField)
    }
    assert bare == set()
