"""Whoever reads a report or sits in the auditors' room reads their own language: every word is translated."""

import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from reports.archive import contents
from reports.scope import Position

ROOT = Path(__file__).resolve().parents[2]


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
