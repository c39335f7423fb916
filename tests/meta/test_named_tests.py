"""Where a document says which test shows something, there is such a test."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def missing(text: str) -> list[str]:
    """References to test files or tests that do not exist."""
    gone = []
    for path, name in NAMED.findall(text):
        file = ROOT / path
        if not file.is_file() or (name and f"def {name}(" not in file.read_text(encoding="utf-8")):
            gone.append(f"{path}::{name}")
    return gone


def test_every_test_that_a_document_names_exists() -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        assert missing(page.read_text(encoding="utf-8")) == [], page.name


def test_the_failure_table_names_a_test_in_each_row() -> None:
    text = (ROOT / "docs" / "payments.md").read_text(encoding="utf-8")
    section = text.partition("## The failure table")[2].partition("\n## ")[0]
    table = [row for row in section.splitlines() if row.startswith("| ")][1:]
    assert len(table) > 30
    assert [row for row in table if not NAMED.search(row)] == []


def test_a_test_that_is_gone_would_be_seen() -> None:
    assert missing("`tests/meta/test_named_tests.py::test_gone`") == [
        "tests/meta/test_named_tests.py::test_gone"
    ]
