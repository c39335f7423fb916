"""Why what was reported before is no longer so, in words."""

from django.utils.translation import gettext as _

from reports.types.columns import words
from treasury.kinds import ReasonCode

# Of what was booked after the report, on a day that it covered.
LATE = "late"


def reason_words() -> dict[str, str]:
    """The codes of reasons in the language that is active."""
    return {**words(ReasonCode), LATE: _("Became known after the report")}
