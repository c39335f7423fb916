"""What a human makes of a proposal."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.kinds import Decision
from lawyers.models import Lawyer
from web.forms import OnceForm

DECISIONS = [(one.value, one.label) for one in Decision if one != Decision.OPEN]


class DecideForm(OnceForm):
    """Accept, refuse, or choose somebody else of the shortlist or of the whole panel."""

    decision = forms.ChoiceField(choices=DECISIONS, widget=forms.HiddenInput)
    chosen = forms.CharField(
        label=_("Somebody else"),
        required=False,
        max_length=40,
        help_text=_("By code name."),
        widget=forms.TextInput(attrs={"list": "shortlisted", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, options: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shortlisted = [name for _ref, name in options]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        text = said.get("chosen", "").strip()
        said["chosen"] = None
        if said.get("decision") != Decision.REPLACED:
            return said
        said["chosen"] = Lawyer.objects.on_panel().filter(code_name__iexact=text).first() if text else None
        if said["chosen"] is None:
            self.add_error("chosen", _("Write the code name of a lawyer of the panel."))
        return said
