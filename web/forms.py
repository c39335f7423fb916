"""The base of every form: one error list above, the same words beside the field, sent at most once."""

import datetime
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import pretty_name
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, once
from vault.keys import Erased
from web.formats import write_moment

_DASHES = "---------"  # Django's own word for no choice


@dataclass(frozen=True)
class Mistake:
    """One line of the error list; ``target`` is the id to jump to, "" when no field is at fault."""

    text: str
    target: str


def mistakes(form: forms.BaseForm) -> list[Mistake]:
    """All errors of a form in the order of its fields, those of the whole form first."""
    found = [Mistake(str(text), "") for text in form.non_field_errors()]
    for bound in form:
        target = "" if bound.is_hidden else target_of(bound)
        # Our own words name their field; those of other packages ("This field is required") do not.
        lead = "" if isinstance(form, Form) or bound.is_hidden else f"{bound.label}: "
        found += [Mistake(f"{lead}{text}", target) for text in bound.errors]
    return found


def target_of(bound: forms.BoundField) -> str:
    """The id of the control, or of the first one in a group of radio buttons or boxes."""
    return bound.id_for_label or f"{bound.auto_id}_0"


class Form(forms.Form):
    """No browser bubbles: our own words, in the reader's language, say what is wrong."""

    use_required_attribute = False
    error_css_class = "wrong"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            _name_the_field(field, field.label or pretty_name(name))
            if isinstance(field, forms.ModelChoiceField) and field.empty_label == _DASHES:
                field.empty_label = _("Choose") if field.required else "–"


def _name_the_field(field: forms.Field, label: Any) -> None:
    """Replace Django's "This field is required", unless the author of the form wrote better words."""
    if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
        words = _("Choose an answer: {label}") if hasattr(field, "choices") else _("Fill in: {label}")
        if isinstance(field, forms.BooleanField):
            words = _("Confirm: {label}")
        field.error_messages["required"] = format_lazy(words, label=label)


class OnceForm(Form):
    """A form whose action takes effect once, however often a bad line repeats the request."""

    once = forms.CharField(widget=forms.HiddenInput, min_length=16, max_length=64)
    result: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = secrets.token_urlsafe(24)
        self.fields["once"].error_messages = {
            name: _("Load this page anew and send it again.")
            for name in ("required", "min_length", "max_length")
        }

    def carry_out(self, act: Callable[..., Any], **arguments: Any) -> bool:
        """Call the action once for this form's token; its answer is left in ``result``.

        A refusal becomes an error of the form, in the action's own words, and gives False.
        """
        try:
            with once(f"form:{self.cleaned_data['once']}"):
                self.result = act(**arguments)
        except Erased:
            self.add_error(None, _("This person is erased: nothing can be written about them any more."))
            return False
        except DomainError as refusal:
            self.add_error(None, refusal.text)
            for way in refusal.params.get("ways_out", ()):  # a refusal says what can be done instead
                self.add_error(None, way["text"])
            return False
        return True


class FilterForm(Form):
    """Filters of a list, sent by GET and shown as chips; every field is optional."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "filter_%s")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    def in_use(self) -> list[tuple[str, str]]:
        """Names and words of the filters that narrow the list now."""
        if not self.is_bound or not self.is_valid():
            return []
        return [(bound.name, words) for bound in self if (words := _words(bound, self.cleaned_data))]


def _words(bound: forms.BoundField, cleaned: dict[str, Any]) -> str:
    value = cleaned.get(bound.name)
    if value in (None, "", [], False):
        return ""
    if value is True:
        return str(bound.label)
    if isinstance(value, datetime.date):
        return f"{bound.label}: {write_moment(value, short=True)}"
    chosen = value if isinstance(value, (list, tuple, set)) else [value]
    names = {str(key): str(name) for key, name in getattr(bound.field, "choices", [])}
    return f"{bound.label}: " + ", ".join(names.get(str(one), str(one)) for one in chosen)
