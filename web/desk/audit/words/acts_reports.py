"""What was done with reports and in the auditors’ room."""

from django.utils.translation import gettext_lazy as _

from web.pieces import Text

ACTS: dict[str, Text] = {
    "archive.asked": _("Archive asked for"),
    "archive.made": _("Archive made"),
    "archive.queued": _("Archive queued"),
    "archive.state": _("Progress of an archive"),
    "archive.taken": _("Archive taken"),
    "finding.answered": _("Question of an auditor answered"),
    "finding.asked_again": _("Auditor asked again"),
    "finding.closed": _("Question of an auditor closed"),
    "finding.raised": _("Question of an auditor raised"),
    "inspection.made": _("Documents and tables inspected"),
    "report.asked": _("Report asked for"),
    "report.definition_closed": _("Report does not come due any more"),
    "report.definition_saved": _("Report that comes due saved"),
    "report.issued": _("Report issued"),
    "report.queued": _("Report queued"),
    "report.state": _("Progress of a report"),
    "report.taken": _("Report taken"),
    "sample.drawn": _("Sample drawn"),
    "voucher.asked": _("Voucher asked for"),
    "voucher.closed": _("Voucher closed again"),
    "voucher.unsealed": _("Voucher opened to an auditor"),
}
