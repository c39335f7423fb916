"""Courts, articles and places of detention in the reader's language."""

from typing import Any

from django.utils.translation import get_language


def localised(row: Any, what: str) -> str:
    """``name_be``, ``name_ru`` or ``name_en`` (for "name") of a row; English where one is missing."""
    return str(getattr(row, f"{what}_{(get_language() or 'en')[:2]}", "") or getattr(row, f"{what}_en"))
