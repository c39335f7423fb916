"""A file field whose content is cleaned while the form is checked, before any action begins."""

import operator
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from vault import files
from vault.cleaning.kinds import Reason, Refused

# Fields are made when the program starts, and read in whatever language a reader has.
_filled = lazy(operator.mod, str)

WORDS = {
    Reason.EMPTY: _("This file is empty."),
    Reason.TOO_LARGE: _("This file is too large. Send it in parts, or scan it with fewer dots."),
    Reason.OFFICE: _("Documents of office programs carry their author's name. Save it as PDF and send that."),
    Reason.UNKNOWN: _("Files of this kind are not taken. Send a PDF, a JPEG, a PNG or a plain text."),
    Reason.BROKEN: _("This file cannot be read. Save it anew and send it again."),
    Reason.LOCKED: _("This PDF is locked with a password. Save it without one and send it again."),
    Reason.BOMB: _("This file has too many pages or dots. Send it in parts, or scan it with fewer dots."),
}


class SealedFileField(forms.FileField):
    """Gives a :class:`vault.files.Cleaned`, or None when no file was sent."""

    def __init__(self, **kwargs: Any) -> None:
        most = settings.FILE_MOST_BYTES // 1_000_000
        words = _("PDF, JPEG, PNG or plain text, up to %(most)s MB.")
        kwargs.setdefault("help_text", _filled(words, {"most": most}))
        kwargs.setdefault("allow_empty_file", True)  # our own words say it
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        sent = super().clean(data, initial)
        if not sent:
            return None
        try:
            return files.clean(sent.read())
        except Refused as refused:
            raise forms.ValidationError(WORDS[refused.reason], code=refused.reason.value) from None
