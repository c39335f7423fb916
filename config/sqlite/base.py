"""Django's SQLite backend, whose table rebuilds keep triggers.

Many alterations make Django copy a table and drop the old one; SQLite drops its triggers with it, without
a word. Rebuilding a table that another table's trigger names fails hard. So the triggers that name the
table are taken down before and put up again after, inside the migration's own transaction.
"""

from typing import Any

from django.db.backends.sqlite3 import base, schema


class SchemaEditor(schema.DatabaseSchemaEditor):
    def _remake_table(self, model: Any, *args: Any, **kwargs: Any) -> None:
        table = model._meta.db_table
        with self.connection.cursor() as cursor:
            cursor.execute(
                "select name, sql from sqlite_master where type = 'trigger'"
                " and (tbl_name = %s or instr(sql, %s))",
                [table, table],
            )
            kept = cursor.fetchall()
            for name, _ in kept:
                cursor.execute(f"drop trigger {self.quote_name(name)}")
            super()._remake_table(model, *args, **kwargs)  # type: ignore[misc]
            for _, sql in kept:
                cursor.execute(sql)


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = SchemaEditor
