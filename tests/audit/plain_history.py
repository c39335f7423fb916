"""django-simple-history as it comes out of the box, on tables of its own: the yardstick of test_traps.

The models belong to an app that exists only while a test runs, so that no walk over all models meets them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import AppConfig, apps
from django.db import connection, models
from simple_history.models import HistoricalRecords

from tests.plugins.roles import as_owner

LABEL = "plain_history"


class _Config(AppConfig):
    name = "tests.audit.plain_history"
    label = LABEL
    path = "tests/audit"


@contextmanager
def _installed() -> Iterator[None]:
    config = _Config(_Config.name, __import__(_Config.name, fromlist=["*"]))
    config.apps = apps
    config.models = apps.all_models[LABEL]
    apps.app_configs[LABEL] = config
    apps.clear_cache()
    try:
        yield
    finally:
        del apps.app_configs[LABEL]
        apps.clear_cache()


with _installed():

    class Officer(models.Model):
        """Who acts; simple-history points at them with a foreign key."""

        name = models.CharField(max_length=20)

        class Meta:
            app_label = LABEL

    class Label(models.Model):
        """The other side of a many-to-many relation."""

        name = models.CharField(max_length=20)

        class Meta:
            app_label = LABEL

    class Sheet(models.Model):
        """A row with a history in its plain form."""

        amount_minor = models.IntegerField(default=100)
        note = models.CharField(max_length=40, default="")
        locked = models.BooleanField(default=False, editable=False)
        labels = models.ManyToManyField(Label)
        history = HistoricalRecords(user_model=Officer)

        class Meta:
            app_label = LABEL

    class Line(models.Model):
        """A row that belongs to a sheet."""

        sheet = models.ForeignKey(Sheet, models.SET_NULL, null=True, related_name="lines")
        text = models.CharField(max_length=20, default="")
        history = HistoricalRecords(user_model=Officer)

        class Meta:
            app_label = LABEL


_TABLES: list[Any] = [Officer, Label, Sheet, Sheet.history.model, Line, Line.history.model]
_TABLES.append(Sheet.labels.through)


@contextmanager
def tables() -> Iterator[None]:
    """The plain tables, made inside the test's transaction and gone with it."""
    with as_owner(connection), connection.cursor() as cursor:
        editor = connection.schema_editor()
        editor.deferred_sql = []  # made on entering it, which SQLite does not allow inside a transaction
        for model in _TABLES:
            cursor.execute(*editor.table_sql(model))
            if connection.vendor == "postgresql":
                cursor.execute(f'grant all on "{model._meta.db_table}" to public')
        for statement in editor.deferred_sql if connection.vendor == "postgresql" else ():
            cursor.execute(str(statement))
        if connection.vendor == "postgresql":
            cursor.execute("grant usage on all sequences in schema public to public")
    with _installed():
        yield
