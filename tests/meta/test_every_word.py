"""Whatever the log can name has words for an auditor: acts, facts, tables and their columns."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from django.utils.translation import override

from audit import timeline
from audit.checks import OURS
from tests.meta.test_every_action import ACTIONS
from web.desk.audit.things import ACTS, FIELDS, act_word, field_word
from web.desk.audit.words.facts import FACTS
from web.desk.audit.words.things import THINGS

ROOT = Path(__file__).resolve().parents[2]
# The key and the number of a version stand in its head; the hashed text is shown as what it is.
SHOWN_OTHERWISE = {"id", "version", "record", "action_id"}
# Written by the log itself, by no action.
OF_THE_LOG = {"schema.changed"}


def without_words(names: Iterable[str], words: Mapping[str, object]) -> list[str]:
    return sorted(set(names) - set(words))


def columns() -> set[str]:
    models = timeline.recorded_models().values()
    return {column.attname for model in models for column in model._meta.concrete_fields} - SHOWN_OTHERWISE


def facts_in(source: str) -> Iterator[str]:
    """The names that ``fact(name=...)`` puts into events."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "fact":
            yield from (keyword.arg for keyword in node.keywords if keyword.arg)


@cache
def facts() -> set[str]:
    sources = (file.read_text(encoding="utf-8") for room in OURS for file in (ROOT / room).rglob("*.py"))
    return {name for source in sources if "fact(" in source for name in facts_in(source)}


def test_every_act_has_words() -> None:
    kinds = {action.kind for action in ACTIONS.values()}
    assert len(kinds) > 250
    assert without_words(kinds, ACTS) == []
    assert set(ACTS) - kinds <= OF_THE_LOG, "words for what nothing does any more"


def test_every_table_and_column_has_words() -> None:
    assert without_words(timeline.recorded_models(), THINGS) == []
    assert without_words(columns(), FIELDS) == []
    assert set(FIELDS) - columns() - facts() == set()


@pytest.mark.parametrize("language", ["en", "be", "ru"])
def test_two_columns_of_a_table_have_different_words(language: str) -> None:
    with override(language):
        for table, model in timeline.recorded_models().items():
            names = {column.attname for column in model._meta.concrete_fields} - SHOWN_OTHERWISE
            said = Counter(str(field_word(name)) for name in names)
            assert [word for word, times in said.items() if times > 1] == [], table


def test_every_fact_has_words() -> None:
    found = facts()
    assert len(found) > 140
    assert without_words(found, {**FIELDS, **FACTS}) == []
    assert set(FACTS) - found == set()


def test_what_has_no_words_is_named() -> None:
    assert without_words(["case.received", "case.invented"], ACTS) == ["case.invented"]
    assert list(facts_in("fact(invented=1)\nother(name=2)")) == ["invented"]
    assert act_word("case.invented_twice") == "Case: invented twice"
    assert field_word("invented_word") == "Invented word"
