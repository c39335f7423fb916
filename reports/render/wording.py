"""The words a report prints around its content, in English and in the reader's language."""

from dataclasses import dataclass, fields

from django.utils.translation import gettext, override


def gettext_noop(text: str) -> str:
    """The text itself. makemessages finds texts by this name; Django's own needs settings first."""
    return text


@dataclass(frozen=True, slots=True)
class Wording:
    """English by default; `translated` gives another language."""

    about: str = gettext_noop("About this report")
    summary: str = gettext_noop("Summary")
    contents: str = gettext_noop("In this report")
    organisation: str = gettext_noop("Organisation")
    report: str = gettext_noop("Report")
    period: str = gettext_noop("Period")
    chosen: str = gettext_noop("Made for")
    check: str = gettext_noop("How to check this report")
    check_how: str = gettext_noop(
        "Every format of this report carries these figures. The system computes the report again from the "
        "log position named here and compares it line by line."
    )
    log_size: str = gettext_noop("Log size")
    log_root: str = gettext_noop("Log root")
    content_hash: str = gettext_noop("Content hash (SHA-256)")
    ruleset: str = gettext_noop("Version of the rules")
    produced_from: str = gettext_noop("Produced from")
    control_totals: str = gettext_noop("Control totals")
    section: str = gettext_noop("Section")
    column: str = gettext_noop("Column")
    currency: str = gettext_noop("Currency")
    rows: str = gettext_noop("Rows")
    sum: str = gettext_noop("Sum")
    total: str = gettext_noop("Total")
    empty: str = gettext_noop("Nothing was recorded here in this period.")
    continued: str = gettext_noop("%(title)s, continued")
    page: str = gettext_noop("Page")
    page_of: str = gettext_noop("Page %(page)s of %(pages)s")
    copy_for: str = gettext_noop("Copy for %(mark)s")
    data: str = gettext_noop("Data")
    data_how: str = gettext_noop("For programs: the same facts under fixed names.")


def translated(language: str) -> Wording:
    """The wording in `language`, from the catalogues; a text without a translation stays English."""
    with override(language):
        return Wording(**{field.name: gettext(str(field.default)) for field in fields(Wording)})
