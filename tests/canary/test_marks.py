"""A mark is found however it is written, and honest words are left alone."""

import base64
import json
from urllib.parse import quote

import pytest

from tests.canary.marks import DAY, is_marked, mark


@pytest.mark.parametrize("how", ["utf-8", "utf-16-le", "utf-16-be", "json", "url", "hex", "base64"])
def test_a_mark_is_found_however_it_is_written(how: str) -> None:
    for shift in range(3):
        words = f"{'x' * shift}{mark(7)} and more"
        for text in (words, words.upper(), words.lower()):
            data = {
                "json": json.dumps(text).encode(),
                "url": quote(text).encode(),
                "hex": text.encode().hex().encode(),
                "base64": base64.b64encode(words.encode()),
            }.get(how) or text.encode(how)
            assert how in is_marked(b"before " + data + b" after"), (how, text)
    assert is_marked(b"an honest sentence" * 50) == set()
    assert is_marked(f"born {DAY}".encode()) == {"utf-8"}
