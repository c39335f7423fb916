"""A migration that takes away indexes nothing reads: each is a page more in every commit.

Django's own ``AlterField`` copies the whole table for that on SQLite, once per column.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

# What every history table and every append-only table has.
_RECORDED = {"action_id", "record"}
_HISTORY = "Historical"

# Not Django's introspection, which parses the whole table's text on SQLite each time.
_ON_ONE_COLUMN = {
    "sqlite": (
        "select i.name from pragma_index_list(%s) i where i.origin = 'c' and not i.\"unique\""
        " and (select group_concat(name) from pragma_index_info(i.name)) = %s"
    ),
    "postgresql": (
        "select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid"
        " join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]"
        " where i.indrelid = to_regclass(%s) and not i.indisunique and i.indnatts = 1 and a.attname = %s"
    ),
}


class LeanerRecords(Operation):
    """Leave history tables the index on their row's id, and append-only tables none on the action.

    ``also`` names more columns that lose theirs, by model. Indexes with names of their own stay.
    """

    reversible = False

    def __init__(self, also: Mapping[str, Collection[str]] | None = None) -> None:
        self.also = {model.lower(): names for model, names in (also or {}).items()}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        changed = []
        for key, model, name in self._unread(app_label, state):
            field: Any = model.fields[name].clone()
            field.db_index = False
            model.fields[name] = field
            changed.append(key)
        if "apps" in state.__dict__:  # else nothing was rendered yet
            state.reload_models(changed)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        connection, quote = schema_editor.connection, schema_editor.quote_name
        for (_label, lower), model, name in self._unread(app_label, from_state):
            table = str(model.options.get("db_table") or f"{app_label}_{lower}")
            column = f"{name}_id" if model.fields[name].remote_field else name
            kept = {index.name for index in model.options.get("indexes", ())}
            with connection.cursor() as cursor:
                cursor.execute(_ON_ONE_COLUMN[connection.vendor], [table, column])
                there = {str(index) for (index,) in cursor.fetchall()}
            for index in there - kept:
                schema_editor.execute(f"DROP INDEX {quote(index)}")

    def describe(self) -> str:
        return "Take away indexes that nothing reads"

    def _unread(
        self, app_label: str, state: ProjectState
    ) -> Iterator[tuple[tuple[str, str], ModelState, str]]:
        for key, model in state.models.items():
            if key[0] != app_label:
                continue
            for name, field in list(model.fields.items()):
                if field.db_index and self._says_unread(model, name):
                    yield key, model, name

    def _says_unread(self, model: ModelState, name: str) -> bool:
        if name in self.also.get(model.name.lower(), ()):
            return True
        if not model.fields.keys() >= _RECORDED:
            return False
        return name == "action_id" or (model.name.startswith(_HISTORY) and name != "id")
