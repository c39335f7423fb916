"""What a page is called where it is said on which one something was opened."""

from django.utils.translation import gettext_lazy as _

from web.pieces import Text

# Openings that the coordinator of a case is not told of: a complaint goes past them, and so does its trail.
PAST_COORDINATORS = ("desk:feedback-one", "feedback-answers")
# Exact names first, then the begin of a name; what is in neither is shown as it is.
EXACT: dict[str, Text] = {
    "desk:worklist": _("worklist"),
    "desk:cases": _("list of cases"),
    "desk:case": _("page of the case"),
    "desk:case-court": _("court"),
    "desk:case-counsel": _("counsel"),
    "desk:case-costs": _("costs"),
    "desk:case-client": _("changing the client"),
    "desk:case-new": _("taking in a case"),
    "desk:calendar": _("calendar"),
    "desk:lawyers": _("the panel"),
    "desk:lawyer": _("page of the lawyer"),
    "desk:match": _("matching"),
    "desk:feedback-one": _("a word of a client or a relative"),
    "feedback-answers": _("an answer, read by the code"),
    "import": _("an import"),
    "report": _("a report"),
}
BEGINS: tuple[tuple[str, Text], ...] = (
    ("desk:case", _("an act on the case")),
    ("desk:lawyer", _("an act on the lawyer")),
    ("desk:match", _("matching")),
    ("desk:people", _("people")),
    ("api:", _("a machine, through the API")),
    ("command:", _("a command on the server")),
)


def purpose_word(purpose: str) -> Text:
    """The page of a reading in words; its own name if nobody has named it."""
    if purpose in EXACT:
        return EXACT[purpose]
    return next((word for begin, word in BEGINS if purpose.startswith(begin)), purpose or _("not known"))
