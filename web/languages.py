"""The language menu: links where addresses carry the language, posted choices elsewhere. No script."""

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

from web.pieces import Language


def choices(request: HttpRequest) -> list[Language]:
    """The languages of the site under their own names, the present one marked."""
    present = get_language() or settings.LANGUAGE_CODE
    here = request.get_full_path()
    found = []
    for code, _name in settings.LANGUAGES:
        there = translate_url(here, code)
        movable = code == present or there != here
        found.append(Language(code, native_name(code), there if movable else "", code == present))
    return found


def native_name(code: str) -> str:
    """What speakers call their language, with a capital as a menu needs it."""
    name = str(LANG_INFO.get(code, {}).get("name_local", code))
    return name[:1].upper() + name[1:]


def is_unchecked(code: str) -> bool:
    """Whether no native speaker has checked the texts yet (setting LANGUAGES_UNCHECKED)."""
    return code in getattr(settings, "LANGUAGES_UNCHECKED", ("be", "ru", "uk", "pl", "lt"))
