"""Columns of reports and of the auditors’ room."""

from django.utils.translation import gettext_lazy as _

from web.pieces import Text

FIELDS: dict[str, Text] = {
    "archive_id": _("Archive"),
    "checkpoint_id": _("Checkpoint"),
    "compare": _("Beside the period before"),
    "content_hash": _("Content hash"),
    "definition_id": _("Report that comes due"),
    "drawn_at": _("Drawn at"),
    "drawn_by": _("Drawn by"),
    "due_days": _("Days until it is due"),
    "files": _("Files"),
    "files_changed": _("Documents changed"),
    "files_erased": _("Documents of erased payees"),
    "files_gone": _("Documents gone"),
    "finding_id": _("Finding"),
    "first_on": _("First day of the first period"),
    "formats": _("Formats"),
    "fund_code": _("Fund"),
    "hits": _("Hits"),
    "item_id": _("Item"),
    "items": _("Items"),
    "job_id": _("Report asked for"),
    "laws": _("Money laws broken"),
    "log_size": _("Log size"),
    "nonce": _("Nonce"),
    "recipient_id": _("Whom it is for"),
    "records": _("Records beside the log"),
    "reported_size": _("Reported before, log size"),
    "reported_to": _("Reported before, up to"),
    "rhythm": _("How often"),
    "root_hex": _("Root"),
    "row_count": _("Rows"),
    "ruleset": _("Version of the rules"),
    "sample_id": _("Sample"),
    "saved_by": _("Saved by"),
    "snapshot_id": _("Report"),
    "stands": _("It stands as a finding"),
}
