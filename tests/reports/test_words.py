"""Whoever reads a report or sits in the auditors' room reads their own language: every word is translated."""

import ast
import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Choices
from django.utils.translation import override
from django.utils.translation.template import templatize

from audit import timeline
from cases.kinds import DefendedBy
from config.messages import read_entries
from reports.archive import contents
from reports.scope import Position
from treasury.kinds import AccountKind, Category, JournalKind, ReasonCode, TransferKind

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("reports", "web/desk/reports", "web/desk/audit")
TEMPLATES = ("web/templates/desk/reports", "web/templates/desk/audit")
SHOWN: tuple[type[Choices], ...] = (
    AccountKind,
    Category,
    DefendedBy,
    JournalKind,
    ReasonCode,
    TransferKind,
)
_MARKED = re.compile(r"\b(?:n?gettext)\(\s*u?(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", re.DOTALL)
_CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext"}


def of_program(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
            first = node.args[0]
            if isinstance(first, ast.Constant):
                yield str(first.value)


def of_template(source: str) -> Iterator[str]:
    for match in _MARKED.finditer(templatize(source)):
        yield ast.literal_eval(match["text"])


def labels_in_history() -> Iterator[str]:
    """What the history browser writes for a stored code."""
    for model in timeline.recorded_models().values():
        for column in model._meta.concrete_fields:
            yield from (str(label) for _code, label in column.flatchoices or ())


def words() -> set[str]:
    with override("en"):
        found = {str(choice.label) for choices in SHOWN for choice in choices} | set(labels_in_history())
    for folder in PROGRAMS:
        for file in (ROOT / folder).rglob("*.py"):
            if "migrations" not in file.parts:
                found |= set(of_program(file.read_text(encoding="utf-8")))
    for folder in TEMPLATES:
        for file in (ROOT / folder).rglob("*.html"):
            found |= set(of_template(file.read_text(encoding="utf-8")))
    return found


def test_marked_words_are_found() -> None:
    assert list(of_program('_("one")\nngettext("two", "twos", n)\nother("three")')) == ["one", "two"]
    template = '{% load i18n %}{% translate "It\'s" %}'
    template += "{% blocktranslate trimmed %}\n a\n b %\n{% endblocktranslate %}"
    assert list(of_template(template)) == ["It's", "a b %%"]


@pytest.mark.parametrize("language", ["be", "ru"])
def test_every_word_is_translated(language: str) -> None:
    po = (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    known = {entry.source for entry in read_entries(po) if entry.translated}
    needed = words()
    assert len(needed) > 1_500
    assert needed - known == set()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "You need neither us"), ("be", "Каб праверыць гэта"), ("ru", "Чтобы проверить")],
)
def test_the_first_page_of_an_archive_is_in_its_readers_language(language: str, words: str) -> None:
    said: dict[str, str] = {}
    day = datetime.date(2026, 3, 1)
    archive: Any = SimpleNamespace(
        pk="1", starts_on=day, ends_on=day, recipient=SimpleNamespace(short="9728267c", language=language)
    )
    writer: Any = SimpleNamespace(add_text=said.__setitem__)
    contents.read_me(writer, archive, Position(12, "ab" * 32, 3))
    text = said["READ-ME.txt"]
    assert words in text
    assert "python3 verifier.py log log/checkpoint-12.txt --key KEY --export log/events.txt" in text
    assert "9728267c" in text
    assert max(map(len, text.splitlines())) <= 110
