"""Amounts as people type them, turned into minor units."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from treasury.currencies import exponent

_SHAPE = re.compile(r"\d{1,12}(?:[.,]\d{1,3})?")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+\.\d{1,3}")
_SPACES = re.compile(r"[\s\u00a0\u202f'’]")


class AmountField(forms.CharField):
    """An amount above nothing; cleans to integer minor units of ``currency`` (the books' own by default).

    Takes "1240", "1 240.50", "1,240.50" and "1240,5". With ``currency=""`` it cleans to a Decimal, for
    forms that ask for the currency beside it and call :func:`minor_of`.
    """

    def __init__(self, *, currency: str | None = None, **kwargs: Any) -> None:
        attributes = {"inputmode": "decimal", "autocomplete": "off", "class": "num"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(max_length=24, **kwargs)
        self.currency = settings.BASE_CURRENCY if currency is None else currency

    def clean(self, value: Any) -> Any:
        text = _SPACES.sub("", super().clean(value))
        if not text:
            return None
        if _GROUPED.fullmatch(text):
            text = text.replace(",", "")
        if not _SHAPE.fullmatch(text):
            raise forms.ValidationError(_("Write the amount in figures, such as 1240.50."))
        amount = Decimal(text.replace(",", "."))
        if amount <= 0:
            raise forms.ValidationError(_("The amount must be more than nothing."))
        return minor_of(amount, self.currency) if self.currency else amount


def minor_of(amount: Decimal, currency: str) -> int:
    """Minor units of a currency. Raises forms.ValidationError for decimals it does not have.

    Three figures after a comma are refused even when the last is 0: somebody meant "1,240" as a thousand.
    """
    if -int(amount.as_tuple().exponent) > exponent(currency):
        raise forms.ValidationError(_("Write the amount without grouping and with two decimals at most."))
    return int(amount.scaleb(exponent(currency)))
