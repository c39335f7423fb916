"""Filters of lists: exact values only, told by the letter."""

from typing import Any

from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet, UUIDFilter

__all__ = ["FilterSet", "choice", "day", "flag", "ident", "word"]


def choice(kinds: Any, field: str | None = None) -> ChoiceFilter:
    """One of a closed list."""
    return ChoiceFilter(field_name=field, choices=list(kinds.choices))


def day(field: str, lookup: str) -> DateFilter:
    """A day, ``2026-03-02``; ``lookup`` is gte or lte."""
    return DateFilter(field_name=field, lookup_expr=lookup, input_formats=["%Y-%m-%d"])


def flag(field: str, lookup: str = "exact", *, turned: bool = False) -> ChoiceFilter:
    """``true`` or ``false``; ``turned`` where the column says the opposite."""
    return ChoiceFilter(
        choices=[("true", "yes"), ("false", "no")],
        method=lambda rows, _name, value: rows.filter(**{f"{field}__{lookup}": (value == "true") != turned}),
    )


def ident(field: str | None = None) -> UUIDFilter:
    """An id."""
    return UUIDFilter(field_name=field)


def word(field: str | None = None, most: int = 60) -> CharFilter:
    """A code, in full."""
    return CharFilter(field_name=field, max_length=most)
