"""Forms of the pages for help and feedback, guarded against machines without script or picture.

Three guards, none of which knows an address: a field that people do not see, the time between opening the
page and sending it, and, when many ask within an hour, a sum in words.
"""

import secrets
import time
from typing import Any

from django import forms
from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts import codes
from cases.models.asking import FeedbackKind
from web.forms import Form, OnceForm

LEAST_SECONDS, MOST_SECONDS = 3, 24 * 3600
_signer = signing.TimestampSigner(salt="web.help")


class GuardedForm(OnceForm):
    """``asks`` adds the sum. What was typed stays on the page whatever is wrong."""

    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    opened = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    total = forms.CharField(required=False, max_length=10)

    def __init__(self, *args: Any, asks: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks = asks
        one, other = (2 + secrets.randbelow(7) for _each in range(2))
        self.fields["opened"].initial = _signer.sign(f"{one}.{other}")
        self.sum = _read(self.data.get("opened", "")) or (one, other) if self.is_bound else (one, other)
        self.fields["total"].label = _("How much is %(one)s and %(other)s?") % {
            "one": self.sum[0],
            "other": self.sum[1],
        }
        self.fields["total"].help_text = _("Very many people write just now; machines among them.")

    def clean(self) -> dict[str, Any]:
        """Refuse what no person sends, in words that a person can act on."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("website"):
            raise forms.ValidationError(_("Leave the last field empty, and send it once more."))
        try:
            _signer.unsign(found.get("opened", ""), max_age=MOST_SECONDS)
        except signing.BadSignature:
            self._anew()
            raise forms.ValidationError(
                _("This page was open very long. Please send it once more.")
            ) from None
        if _age(found["opened"]) < LEAST_SECONDS:
            raise forms.ValidationError(_("That was very quick. Please look it over and send it once more."))
        if self.asks and found.get("total", "").strip() != str(sum(self.sum)):
            self.add_error("total", _("Write the sum in digits."))
        return found

    def guards(self) -> list[forms.BoundField]:
        """The sum, where it is asked."""
        return [self["total"]] if self.asks else []

    def _anew(self) -> None:
        self.data = {**{name: self.data[name] for name in self.data}, "opened": self.fields["opened"].initial}

    def fresh_code(self) -> str:
        """The code of what this page makes: the same for a repeated request, and guessed by nobody."""
        digest = salted_hmac("web.help.code", self.cleaned_data["once"], algorithm="sha256").digest()
        number = int.from_bytes(digest, "big")
        signs = []
        for _each in range(codes.GROUPS * codes.SIZE):
            number, place = divmod(number, len(codes.ALPHABET))
            signs.append(codes.ALPHABET[place])
        return "-".join("".join(signs[i : i + codes.SIZE]) for i in range(0, len(signs), codes.SIZE))


def _read(opened: str) -> tuple[int, int] | None:
    try:
        one, other = _signer.unsign(opened).split(".")
    except (signing.BadSignature, ValueError):
        return None
    return int(one), int(other)


def _age(opened: str) -> float:
    """Seconds since the page was made."""
    stamp = opened.split(":")[-2]
    return time.time() - signing.b62_decode(stamp)


class HelpForm(GuardedForm):
    """Three questions, and a date."""

    words = forms.CharField(
        label=_("What happened"),
        help_text=_("Who needs a lawyer, where are they, what are they accused of? Write as you can."),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        error_messages={"required": _("Write what happened, in a few words.")},
    )
    name = forms.CharField(
        label=_("Name of the person who needs help"),
        help_text=_("It can wait: leave it empty if you are not sure that your device is safe."),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    contact = forms.CharField(
        label=_("How can we reach you?"),
        help_text=_("A messenger that deletes by itself, or a friend outside the country."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        error_messages={"required": _("Write how we can reach you safely.")},
    )
    hearing_on = forms.DateField(
        label=_("Next day in court, if there is one"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    field_order = ("words", "name", "contact", "hearing_on")


class BackForm(Form):
    """The code; nothing of it ever stands in an address."""

    code = forms.CharField(
        label=_("Your code"),
        help_text=_("Twenty letters and digits. Capitals, spaces and hyphens do not matter."),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Write your code.")},
    )


class NoteForm(OnceForm):
    """A few more words; the code travels along, hidden in the page."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=60)
    text = forms.CharField(
        label=_("Add a note"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={"required": _("Write something, or leave the page.")},
    )


class FeedbackForm(GuardedForm):
    """What somebody thinks of how their case is worked on."""

    code = forms.CharField(
        label=_("Your code"),
        help_text=_("Twenty letters and digits. Capitals, spaces and hyphens do not matter."),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Write your code.")},
    )
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=FeedbackKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    words = forms.CharField(
        label=_("Your words"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        error_messages={"required": _("Write a few words.")},
    )
    field_order = ("code", "kind", "words")
