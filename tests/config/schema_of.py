"""What tables a database has, in words that can be compared; as a program: after the migrations were run."""

import json
import sys
from collections.abc import Collection
from typing import Any

_COLUMNS = {
    "sqlite": 'select name, type, "notnull" from pragma_table_info(%s)',
    "postgresql": (
        "select column_name, data_type, is_nullable from information_schema.columns"
        " where table_schema = current_schema() and table_name = %s"
    ),
}
_INDEXES = {
    "sqlite": "select name from sqlite_master where type = 'index' and sql is not null and tbl_name = %s",
    "postgresql": (
        "with ours as (select to_regclass(%s) as id)"
        " select conname from pg_constraint, ours where conrelid = ours.id and contype in ('c', 'u', 'x')"
        " union select indexrelid::regclass::text from pg_index, ours where indrelid = ours.id"
    ),
}


def schema_of(connection: Any) -> dict[str, Any]:
    """Columns, named constraints and indexes, and triggers of our own tables, in an order of their own."""
    from django.apps import apps

    from audit import standing

    ours = {model._meta.db_table for model in apps.get_models() if model.__module__.split(".")[0] in _OURS}
    found: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for table in sorted(ours & set(connection.introspection.table_names(cursor))):
            cursor.execute(_COLUMNS[connection.vendor], [table])
            columns = sorted(map(list, cursor.fetchall()))
            cursor.execute(_INDEXES[connection.vendor], [table])
            found[table] = {"columns": columns, "named": sorted(name for (name,) in cursor.fetchall())}
    return {**found, "triggers": sorted(map(list, standing.triggers(connection)))}


_OURS = {"vault", "audit", "accounts", "treasury", "lawyers", "cases", "donations", "reports", "api"}


def _render_one_model_only() -> None:
    """At each step Django renders all models that relations lead to, which for ours is all of them.

    The statements of a step come from the altered model alone; that its neighbours hold an older class of
    it changes no column. What the steps made is compared with the models in the end.
    """
    from django.db.migrations.state import ProjectState

    def reload_model(self: Any, app_label: str, model_name: str, delay: bool = False) -> None:
        reload_models(self, [(app_label, model_name)])

    def reload_models(self: Any, models: Collection[tuple[str, str]], delay: bool = True) -> None:
        if "apps" in self.__dict__:
            self._reload(set(models))

    ProjectState.reload_model = reload_model  # type: ignore[method-assign]
    ProjectState.reload_models = reload_models  # type: ignore[method-assign,assignment]


if __name__ == "__main__":
    import django

    django.setup()
    _render_one_model_only()
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0, each_step=True)
    call_command("migrate", "vault", database="keys", verbosity=0)  # no other room has tables there
    json.dump({each.alias: schema_of(each) for each in connections.all()}, sys.stdout)
