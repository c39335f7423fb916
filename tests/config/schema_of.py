"""What tables a database has, in words that can be compared; as a program: after the migrations were run."""

import json
import sys
from typing import Any


def schema_of(connection: Any) -> dict[str, Any]:
    """Columns, keys, constraints and triggers of each table, without the order in which they were made."""
    from audit import standing

    found: dict[str, Any] = {}
    with connection.cursor() as cursor:
        look = connection.introspection
        for table in sorted(look.table_names(cursor)):
            columns = sorted(
                [str(part) for part in (column.name, column.type_code, column.null_ok)]
                for column in look.get_table_description(cursor, table)
            )
            kinds = ("primary_key", "unique", "foreign_key", "check", "index")
            constraints = sorted(
                json.dumps([sorted(made["columns"] or []), *(made[kind] for kind in kinds)], default=str)
                for made in look.get_constraints(cursor, table).values()
            )
            found[table] = {"columns": columns, "constraints": constraints}
    return {**found, "triggers": sorted(map(list, standing.triggers(connection)))}


if __name__ == "__main__":
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    for alias in connections:
        call_command("migrate", database=alias, verbosity=0)
    json.dump({each.alias: schema_of(each) for each in connections.all()}, sys.stdout)
