"""The last procedure: documents and tables themselves, as they were last inspected."""

import datetime

from django.utils.translation import gettext_lazy as _

from reports.audit_pack.models import Inspection
from reports.audit_pack.procedures import Procedure
from reports.audit_pack.writing import Exceptional, Outcome
from reports.known import written_by
from reports.render.document import Fact
from reports.scope import Position, Scope

OLD = datetime.timedelta(days=31)


def records(scope: Scope, position: Position) -> Outcome:
    """What the last inspection under this position met, or that there was none."""
    last = written_by(Inspection.objects.all(), position.log_size).order_by("made_at", "pk").last()
    exceptions, facts = [], []
    if last is None:
        exceptions = [Exceptional("never")]
    else:
        exceptions = [Exceptional("problem", about=line) for line in last.problems]
        if last.more:
            exceptions.append(Exceptional("more", about=str(last.more)))
        facts = [
            Fact("inspected", str(_("Inspected on")), "date", last.made_at.date()),
            Fact("files", str(_("Documents opened")), "count", last.files),
            Fact("files_changed", str(_("Documents changed")), "count", last.files_changed),
            Fact("files_gone", str(_("Documents gone")), "count", last.files_gone),
            Fact("files_erased", str(_("Documents of erased payees")), "count", last.files_erased),
            Fact("laws", str(_("Money laws broken")), "count", last.laws),
        ]
    return Outcome(
        Procedure.RECORDS,
        _(
            "Each kept document was opened and its hash compared with the log. Each row of the tables was"
            " compared with the event that wrote it and with its own history; the money laws were worked"
            " out. The day of this inspection is named; it is carried out every week and before each archive."
        ),
        _("Things inspected"),
        0 if last is None else last.records + last.files,
        {
            "never": _("No inspection was carried out yet"),
            "problem": _("Differs from what the log says"),
            "more": _("Further differences, not listed"),
        },
        exceptions,
        tuple(facts),
    )
