"""The migration that takes away unread indexes: those, no others, and the state of the models with them."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.state import ProjectState

from audit.leaner import LeanerRecords
from tests.plugins.roles import as_owner

pytestmark = pytest.mark.django_db(transaction=True)

GRANTS, EVENTS = "accounts_historicalrolegrant", "audit_event"


@pytest.fixture
def before() -> ProjectState:
    """The models as they were: with an index on two columns that nothing looks rows up by."""
    state = ProjectState.from_apps(apps)
    for app, model, name in (("accounts", "historicalrolegrant", "user"), ("audit", "event", "at")):
        _field(state, app, model, name).db_index = True
    return state


def _field(state: ProjectState, app: str, model: str, name: str) -> Any:
    return state.models[app, model].fields[name]


def _indexes(table: str) -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, table))


def test_indexes_that_nothing_reads_go_and_others_stay(before: ProjectState) -> None:
    kept = {table: _indexes(table) for table in (GRANTS, EVENTS)}
    with as_owner(connection), connection.schema_editor() as editor:
        editor.execute(f"create index unread_who on {GRANTS} (user_id)")
        editor.execute(f"create index unread_when on {EVENTS} (at)")
        editor.execute(f"create index of_both on {EVENTS} (at, kind)")
    with as_owner(connection), connection.schema_editor() as editor:
        for app, also in (("accounts", None), ("audit", {"Event": ["at"]})):
            LeanerRecords(also).database_forwards(app, editor, before, before)
    try:
        assert _indexes(GRANTS) == kept[GRANTS]
        assert _indexes(EVENTS) == {*kept[EVENTS], "of_both"}
    finally:
        with as_owner(connection), connection.schema_editor() as editor:
            editor.execute("drop index of_both")


@pytest.mark.parametrize("rendered", [False, True])
def test_the_models_say_it_too(before: ProjectState, rendered: bool) -> None:
    if rendered:
        assert before.apps.get_model("accounts", "HistoricalRoleGrant")
    done = LeanerRecords()
    done.state_forwards("accounts", before)
    assert not _field(before, "accounts", "historicalrolegrant", "user").db_index
    assert _field(before, "accounts", "historicalrolegrant", "id").db_index
    assert _field(before, "accounts", "rolegrant", "user").db_index, (
        "the row itself is looked up by its person"
    )
    assert _field(before, "audit", "event", "at").db_index, "another room's tables are its own"
    model = before.apps.get_model("accounts", "HistoricalRoleGrant")
    assert not model._meta.get_field("user").db_index
    assert "nothing reads" in done.describe()
