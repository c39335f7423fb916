"""Triggers are compared with what should stand, word by word; on PostgreSQL their functions too."""

import pytest
from django.db import connection

from audit import guards, standing
from audit.proof import guarded
from tests import people

MADE = "CREATE TRIGGER pear_ao BEFORE DELETE OR UPDATE ON public.pear FOR EACH ROW EXECUTE FUNCTION refuse()"
WANTED = 'create trigger "pear_ao" before update or delete on "pear" for each row execute function refuse()'


def test_postgresqls_own_words_are_the_same_trigger() -> None:
    assert standing.same("postgresql", MADE, WANTED)
    for other in (
        MADE.replace("refuse", "allow"), MADE.replace("BEFORE", "AFTER"), MADE.replace(" OR UPDATE", ""),
        MADE.replace("EACH ROW", "EACH STATEMENT"), MADE.replace("public.pear", "public.plum"),
        MADE.replace("EXECUTE", "WHEN (false) EXECUTE"), "something else", None,
    ):  # fmt: skip
        assert not standing.same("postgresql", other, WANTED)


def test_a_condition_comes_back_in_other_words() -> None:
    wanted = WANTED.replace("execute", "when (new.state in ('a', 'b')) execute")
    made = MADE.replace("EXECUTE", "WHEN (((new.state)::text = ANY ((ARRAY['a', 'b'])::text[]))) EXECUTE")
    assert standing.same("postgresql", made, wanted)
    for other in (MADE, made.replace("'b'", "'c'"), MADE.replace("EXECUTE", "WHEN (false) EXECUTE")):
        assert not standing.same("postgresql", other, wanted)


def test_on_sqlite_the_text_itself_is_compared() -> None:
    text = 'create trigger "t" before update on "pear" begin select raise(abort, \'no\'); end'
    assert standing.same("sqlite", text.replace(" ", "\n"), text)
    assert not standing.same("sqlite", text.replace("begin", "when 0 begin"), text)


def test_functions_are_read_from_the_statements_that_make_them() -> None:
    made = (
        "create or replace function f() returns trigger language plpgsql security definer"
        " as $$ begin A; end $$"
    )
    assert standing.wanted_functions((made, "select 1")) == {"f": ("begin a; end", True)}
    assert standing.wanted_functions((made.replace(" security definer", ""),))["f"][1] is False


def test_long_names_are_cut_as_the_database_cuts_them_and_stay_apart() -> None:
    table = "orchard_" + "plum" * 20
    guard = guards._postgresql_guard(table, None)
    assert len(guard.triggers) == len({name[:63] for name in guard.triggers}) == 2
    assert all(len(name) <= 63 for name in guard.triggers)
    assert standing.name_of("postgresql", "x" * 70) == "x" * 63
    assert standing.name_of("sqlite", "x" * 70) == "x" * 70


@pytest.mark.django_db
def test_a_table_with_a_long_name_is_guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made, guarded, and found standing, on the engine at hand."""
    table = "orchard_" + "plum" * 13
    one = (guards._postgresql_guard(table, None), guards._sqlite_guard(table, [["id"]], None))
    guard = one[connection.vendor == "sqlite"]
    monkeypatch.setattr(guards, "expected", lambda connection: [guard])
    from tests.plugins.roles import as_owner

    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute(f'create table "{table}" (id integer primary key)')
        for statement in (*guard.before, *guard.triggers.values(), *guard.after):
            cursor.execute(statement)
        assert guards.missing(connection) == []
        cursor.execute(
            f'drop trigger "{next(iter(guard.triggers))}"'
            + ("" if connection.vendor == "sqlite" else f' on "{table}"')
        )
        assert len(guards.missing(connection)) == 1


@pytest.mark.django_db
def test_a_trigger_that_stands_and_does_nothing_is_named() -> None:
    from audit import drill
    from tests.plugins.roles import as_owner

    people.coordinator()
    assert list(guarded.problems()) == []
    with as_owner(connection):
        assert drill.replace_function()
    found = list(guarded.problems())
    assert found
    assert any(line.startswith("audit_event.") for line in found)
