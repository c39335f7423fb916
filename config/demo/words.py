"""Words for code names, and the names that invented people are made of.

They stand in small CSV files beside this one. Surnames come from trees, birds, crafts and places, in their
masculine and feminine forms in Belarusian and Russian; none belongs to a person known from the news, which
a test holds against a list. Men's names bring the patronymics they give.
"""

import csv
from pathlib import Path


def _table(name: str) -> tuple[tuple[str, ...], ...]:
    with Path(__file__).with_name(f"{name}.csv").open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    return tuple(tuple(row) for row in rows)


TREES = tuple(word for (word,) in _table("trees"))
BIRDS = tuple(word for (word,) in _table("birds"))
SURNAMES = _table("surnames")  # be masculine, be feminine, ru masculine, ru feminine
MEN = _table("men")  # be, ru, then patronymics: be son, be daughter, ru son, ru daughter
WOMEN = _table("women")  # be, ru
