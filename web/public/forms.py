"""The forms of the public rooms."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _

from audit import spent
from donations.actions.giving import LEAST_MINOR, MOST_MINOR, AmountOutside
from donations.models.gifts import WITH_ADDRESS, Level
from web.formats import write_money
from web.forms import Form, OnceForm
from web.public import amounts
from web.public.purposes import Purpose

OTHER = "other"
_TOKEN_LASTS_SECONDS = 6 * 3600
_SENT_BEFORE = _(
    "You have sent this page before. If you paid, there is nothing more to do."
    " If you did not, press the button once more."
)
_signer = signing.TimestampSigner(salt="web.give")


class SafetyForm(Form):
    """The answer only decides which page comes next."""

    there = forms.ChoiceField(
        label=_("Do you, or people close to you, live in or travel to Belarus or Russia?"),
        choices=[("no", _("No")), ("yes", _("Yes, or perhaps"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer. It decides which page comes next.")},
    )


class AmountForm(Form):
    """An amount in one currency, and what it is for. ``cleaned_data["minor"]`` is the amount."""

    amount = forms.ChoiceField(label=_("How much"), widget=forms.RadioSelect, required=False)
    other = forms.CharField(label=_("Another amount"), required=False, max_length=20)
    rhythm = forms.ChoiceField(
        label=_("How often"),
        choices=[("once", _("Once")), ("monthly", _("Every month"))],
        initial="once",
        widget=forms.RadioSelect,
        required=False,
    )
    purpose = forms.ChoiceField(label=_("What for"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, currency: str, offered: list[Purpose], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        tiles = [
            (str(units), write_money(units * 100, currency, whole=True)) for units in amounts.TILES[currency]
        ]
        self.fields["amount"] = forms.ChoiceField(
            label=_("How much"),
            choices=[*tiles, (OTHER, _("Another amount"))],
            widget=forms.RadioSelect,
            required=False,
        )
        self.fields["purpose"] = forms.ChoiceField(
            label=_("What for"),
            choices=[(purpose.key, purpose.words) for purpose in offered],
            widget=forms.RadioSelect,
            error_messages={
                "required": _("Choose what the gift is for."),
                "invalid_choice": _("This campaign has ended. Choose what the gift is for."),
            },
        )
        self.fields["other"].widget.attrs.update(
            {"inputmode": "decimal", "autocomplete": "off", "class": "num"}
        )

    def clean(self) -> dict[str, Any]:
        """One amount, either chosen or written, within the limits."""
        chosen, written = self.cleaned_data.get("amount", ""), self.cleaned_data.get("other", "")
        if chosen not in ("", OTHER):
            if written:
                self.add_error("other", _("You chose an amount and wrote another. Keep one of them."))
            self.cleaned_data["minor"] = int(chosen) * 100
        elif written:
            self.cleaned_data["minor"] = self._read(written)
        elif chosen == OTHER:
            self.add_error("other", _("Write the amount, for example 35."))
        elif "amount" not in self.errors:
            self.add_error("amount", _("Choose an amount, or write your own."))
        return self.cleaned_data

    def _read(self, written: str) -> int:
        minor = amounts.read_minor(written)
        if minor is None:
            self.add_error("other", _("Write the amount in digits, for example 35 or 35.50."))
        elif not LEAST_MINOR <= minor <= MOST_MINOR:
            least, most = (
                write_money(bound, self.currency, whole=True) for bound in (LEAST_MINOR, MOST_MINOR)
            )
            self.add_error("other", AmountOutside(least=least, most=most).text)
        return minor or 0


class MonthlyForm(Form):
    """What somebody with the code of a monthly gift may do; the button pressed says which.

    Each of these sets a state, so that a bad line may repeat it without harm.
    """

    do = forms.ChoiceField(choices=[(word, word) for word in ("change", "pause", "resume", "stop")])
    amount = forms.CharField(label=_("Another amount"), required=False, max_length=20)
    months = forms.ChoiceField(
        label=_("Pause for"),
        choices=[("1", _("One month")), ("3", _("Three months")), ("6", _("Six months"))],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].widget.attrs.update(
            {"inputmode": "decimal", "autocomplete": "off", "class": "num"}
        )

    def clean(self) -> dict[str, Any]:
        """An amount with "change", a time with "pause"."""
        chosen = self.cleaned_data.get("do")
        if chosen == "change":
            minor = amounts.read_minor(self.cleaned_data.get("amount", ""))
            if minor is None:
                self.add_error("amount", _("Write the amount in digits, for example 35 or 35.50."))
            self.cleaned_data["minor"] = minor
        if chosen == "pause" and not self.cleaned_data.get("months"):
            self.add_error("months", _("Choose how long the pause is."))
        return self.cleaned_data


class CheckForm(OnceForm):
    """What may be kept, and that the giver has read what the bank sees. Its token is made by us alone."""

    level = forms.ChoiceField(
        label=_("What may we keep about you?"),
        choices=Level.choices,
        initial=Level.CODE,
        widget=forms.RadioSelect,
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("Only for a receipt, or to stay in touch. A mailbox that nobody else opens."),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    agree = forms.BooleanField(label=_("I have read what my bank will see."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = _token()
        if not offers_mail():
            del self.fields["email"]
            without = [(key, word) for key, word in Level.choices if key not in WITH_ADDRESS]
            self.fields["level"].choices = without  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """An address where it is needed, and none where nothing is to be kept."""
        chosen, email = self.cleaned_data.get("level"), self.cleaned_data.get("email", "")
        if chosen in WITH_ADDRESS and not email and "email" not in self.errors:
            self.add_error("email", _("Write the address, or choose to leave none."))
        if chosen in (Level.QUIET, Level.CODE) and email:
            self.add_error(
                "email", _("You chose to leave no address. Empty this field, or choose a receipt.")
            )
        return self.cleaned_data

    def clean_once(self) -> str:
        """Refuse a token that we did not make, or made long ago: card testers make their own."""
        token = str(self.cleaned_data["once"])
        try:
            _signer.unsign(token, max_age=_TOKEN_LASTS_SECONDS)
        except signing.BadSignature:
            raise forms.ValidationError(_("Load this page anew and send it again.")) from None
        return token

    def carry_out(self, act: Callable[..., Any], **arguments: Any) -> bool:
        """As every form's; a repetition is answered with what to do now."""
        done = super().carry_out(act, **arguments)
        if not done and spent.is_spent(f"form:{self.cleaned_data['once']}"):
            self.errors.pop(NON_FIELD_ERRORS, None)
            self.add_error(None, _SENT_BEFORE)
        return done

    def renew(self) -> None:
        """Give the page that is shown again a token that is not spent."""
        self.data = {**_plain(self.data), "once": _token()}


class AddressForm(Form):
    """Where a sign-in code is to go."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The one you left with a gift."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )


class SignInCodeForm(Form):
    """The code of the letter, in whatever way it was copied."""

    code = forms.CharField(
        label=_("The code from the letter"),
        help_text=_("Eight letters and digits. Capitals, spaces and hyphens do not matter."),
        max_length=30,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )


class EraseForm(Form):
    """One confirmation; there is no way back."""

    sure = forms.BooleanField(label=_("Erase what you keep about me. I know that there is no way back."))


def offers_mail() -> bool:
    """Whether an address can be left: mail leaves this house, and somebody issues receipts."""
    return bool(settings.MAIL_ON and settings.RECEIPT_ISSUER)


class CodeForm(Form):
    """A gift's code, in whatever way it was copied."""

    code = forms.CharField(
        label=_("Your code"),
        help_text=_("Twenty letters and digits. Capitals, spaces and hyphens do not matter."),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Write the code of your gift.")},
    )


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in data}


def _token() -> str:
    """Unguessable, dated and signed; short enough for the form's field."""
    return _signer.sign(secrets.token_urlsafe(9))
