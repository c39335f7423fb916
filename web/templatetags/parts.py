"""Tags that draw a part: status, fields, error lists, bars, pages, menus. Each has a template in parts/."""

from typing import Any

from django import forms, template
from django.http import HttpRequest
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from web import bars, languages, shapes
from web.forms import FilterForm, mistakes
from web.icons import PATHS
from web.paging import Page
from web.pieces import Chip

register = template.Library()


@register.inclusion_tag("parts/status.html")
def status(state: Any, word: Any = "") -> dict[str, Any]:
    """``{% status case.status case.get_status_display %}``: a shape and the word, never colour alone."""
    return {"shape": shapes.shape_of(str(state)), "word": word or state}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small drawing that only decorates. Raises TemplateSyntaxError for an unknown name."""
    if name not in PATHS:
        raise template.TemplateSyntaxError(f"no icon is called {name!r}")
    drawing = '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="{}"/></svg>'
    return format_html(drawing, PATHS[name])


@register.inclusion_tag("parts/stacked.html")
def stacked(*parts: int, of: int | None = None) -> dict[str, Any]:
    """``{% stacked paid committed free of=ceiling %}``; the figures stand in words beside the bar."""
    return {"slices": bars.slices(parts, of)}


@register.inclusion_tag("parts/thermo.html")
def thermo(raised: int, of: int, label: Any) -> dict[str, Any]:
    """A meter of what was raised; ``label`` names it for who hears the page."""
    return {"raised": max(0, min(raised, of)), "of": of, "label": label}


@register.inclusion_tag("parts/field.html")
def field(bound: forms.BoundField, unit: Any = "") -> dict[str, Any]:
    """Label, hint, error and control of a form's field, tied together for who hears them."""
    widget = bound.field.widget
    # False drops the attribute: a placeholder vanishes when one types, the label stays.
    control = bound.as_widget(attrs={"placeholder": False})
    return {
        "bound": bound,
        "control": control,
        "unit": unit,
        "kind": _kind(widget),
        "optional": not bound.field.required,
        "options": list(bound) if isinstance(widget, forms.RadioSelect) else [],
    }


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.RadioSelect):  # CheckboxSelectMultiple is one of its kind
        return "choices"
    return "tick" if isinstance(widget, forms.CheckboxInput) else "plain"


@register.inclusion_tag("parts/errors.html")
def errors(*among: Any) -> dict[str, Any]:
    """The list of what is wrong in these forms, each line a link to its field; nothing when all is well."""
    bound = [form for form in among if isinstance(form, forms.BaseForm) and form.is_bound]
    return {"mistakes": [mistake for form in bound for mistake in mistakes(form)]}


@register.inclusion_tag("parts/pager.html", takes_context=True)
def pager(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Links to the pages beside this one, with the filters in use kept."""
    request: HttpRequest = context["request"]
    return {"after": _with(request, page.after), "before": _with(request, page.before)}


def _with(request: HttpRequest, cursor: str) -> str:
    if not cursor:
        return ""
    query = request.GET.copy()
    query["cursor"] = cursor
    return "?" + query.urlencode()


@register.inclusion_tag("parts/filters.html", takes_context=True)
def filters(context: Context, form: FilterForm, label: Any) -> dict[str, Any]:
    """A list's filters by GET, and a chip for each one in use that leads to the list without it."""
    request: HttpRequest = context["request"]
    chips = [Chip(words, _without(request, name)) for name, words in form.in_use()]
    return {"form": form, "label": label, "chips": chips}


def _without(request: HttpRequest, name: str) -> str:
    query = request.GET.copy()
    for key in (name, "cursor"):
        query.pop(key, None)
    return "?" + query.urlencode()


@register.inclusion_tag("parts/languages.html", takes_context=True)
def language_menu(context: Context) -> dict[str, Any]:
    """The language menu of the page; empty on pages made without a request, such as the last error."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return {"choices": []}
    return {
        "choices": languages.choices(request),
        "present": languages.native_name(get_language() or "en"),
        "next": request.get_full_path(),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def language_is_unchecked() -> bool:
    """Whether the present language still waits for its native reader."""
    return languages.is_unchecked(get_language() or "en")
