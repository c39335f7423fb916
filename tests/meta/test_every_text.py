"""Every text is translated: the catalogues hold what code and templates say, and nothing else."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import dates
from django.utils.translation import override
from django.utils.translation.template import templatize

from audit import timeline
from audit.checks import OURS
from config.messages import read_entries

ROOT: Path = settings.BASE_DIR

# How many of the first arguments are texts, a context among them.
SAID_BY = {"gettext": 1, "ngettext": 2, "pgettext": 2, "npgettext": 3}
STRING = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(_|gettext|ngettext|pgettext|npgettext)\(\s*{STRING}(?:,\s*{STRING})?")


def key(function: str, texts: list[str]) -> str:
    """What gettext looks up: the context comes first, parted by an end-of-transmission sign."""
    return f"{texts[0]}\x04{texts[1]}" if "p" in function.removesuffix("gettext") else texts[0]


def in_code(source: str) -> Iterator[str]:
    """The texts of Python code, under whatever name it imports gettext."""
    nodes = list(ast.walk(ast.parse(source)))
    called = {"gettext_noop": "gettext"}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            called |= {name.asname or name.name: name.name for name in node.names}
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in called:
            function = called[node.func.id].removesuffix("_lazy").removesuffix("_noop")
            said = node.args[: SAID_BY.get(function, 0)]
            texts = [str(each.value) for each in said if isinstance(each, ast.Constant)]
            if texts:  # what a variable holds is said elsewhere, under gettext_noop
                yield key(function, texts)


def in_template(source: str) -> Iterator[str]:
    for function, *texts in CALL.findall(templatize(source)):
        yield key(function.replace("_", "gettext"), [ast.literal_eval(text) for text in texts if text])


@cache
def said() -> dict[str, str]:
    """Every text of the program, with a file that says it."""
    found: dict[str, str] = {}
    for file in sorted(path for room in (*OURS, "config") for path in (ROOT / room).rglob("*")):
        if file.suffix == ".py":
            source = file.read_text(encoding="utf-8")
            texts = in_code(source) if "gettext" in source else iter(())
        elif "templates" in file.parts and file.suffix in {".html", ".txt"}:
            texts = in_template(file.read_text(encoding="utf-8"))
        else:
            continue
        found |= dict.fromkeys(texts, str(file.relative_to(ROOT)))
    return found


@cache
def translated(language: str) -> dict[str, bool]:
    file = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    entries = read_entries(file.read_text(encoding="utf-8"), file.name)
    return {entry.key: entry.translated for entry in entries if entry.source}


@pytest.mark.parametrize("language", ["be", "ru"])
def test_every_text_is_translated(language: str) -> None:
    known = translated(language)
    assert len(said()) > 5_000
    assert {text: file for text, file in said().items() if not known.get(text)} == {}


@pytest.mark.parametrize("language", ["be", "ru"])
def test_no_text_is_translated_that_nobody_says(language: str) -> None:
    assert sorted(set(translated(language)) - set(said())) == []


def test_no_text_of_ours_is_a_month_or_a_day() -> None:
    """It would take the place of Django's: "May", what a token may, once stood for a month."""
    with override("en"):
        taken = {
            str(name)
            for names in (dates.MONTHS, dates.WEEKDAYS, dates.WEEKDAYS_ABBR)
            for name in names.values()
        }
    assert taken & set(said()) == set()


def test_labels_of_stored_codes_are_texts() -> None:
    with override("en"):
        fields = [
            field for model in timeline.recorded_models().values() for field in model._meta.concrete_fields
        ]
        labels = {str(label) for field in fields for _code, label in field.flatchoices or ()}
    assert labels - {text.split("\x04")[-1] for text in said()} == set()


def test_texts_are_found_however_they_are_said() -> None:
    code = (
        "from django.utils.translation import gettext as now_, pgettext_lazy\n"
        "from django.utils.translation import ngettext as several\n"
        'now_("one") ; pgettext_lazy("court", "two") ; several("three", "threes", 3) ; print("four")\n'
        "now_(five)\n"
    )
    assert list(in_code(code)) == ["one", "court\x04two", "three"]
    template = (
        '{% load i18n %}{% translate "one" %}{% translate "two" context "court" as word %}'
        "{% blocktranslate count n=rows %}three{% plural %}threes{% endblocktranslate %}<b>four</b>"
        "{% blocktranslate trimmed %}\n  it's %\n  {{ five }}\n{% endblocktranslate %}"
    )
    assert list(in_template(template)) == ["one", "court\x04two", "three", "it's %% %(five)s"]
