"""From a scope and a position to one document: the same rows for every format and language."""

import datetime
from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from reports import comparing, restating
from reports.render.content import assemble
from reports.render.document import Document, Parameter, Section
from reports.render.figures import long_day
from reports.render.wording import translated
from reports.scope import Position, Reported, Scope
from reports.types import TYPES
from reports.types.registry import ReportType

# Raised when a report's rows are computed in another way; old files then name the older rules.
RULES = "3"
PROGRAM = "abarona 0.1"


def build(scope: Scope, position: Position, *, language: str, mark: str = "") -> Document:
    """The report as of the position. Raises KeyError for an unknown type, and the scope's refusals.

    ``mark`` names who asked for it; it lies outside the content hash.
    """
    kind = TYPES[scope.type]
    check(scope)
    with override(language):
        fund = scope.fund()
        shown = fund.name if fund else _("All funds")
        return assemble(
            report_type=kind.key,
            title=str(kind.title),
            subtitle=shown,
            description=str(kind.description),
            language=language,
            organisation=settings.ORGANISATION_NAME,
            period=(scope.starts_on, scope.ends_on),
            parameters=[Parameter("fund", _("Fund"), scope.fund_code, shown), *_choices(scope, language)],
            sections=sections(kind, scope, position),
            log_size=position.log_size,
            root_hex=position.root_hex,
            ruleset_version=RULES,
            produced_from=PROGRAM,
            wording=translated(language),
            mark=mark,
            form=kind.form(scope, position) if kind.form else None,
        )


def check(scope: Scope) -> None:
    """Raises the refusals of the scope and of its type."""
    scope.check()
    if (refuse := TYPES[scope.type].check) is not None:
        refuse(scope)


def sections(kind: ReportType, scope: Scope, position: Position) -> list[Section]:
    """The type's own sections, then the comparison and what changed of the reported past."""
    made = kind.build(scope, position)
    compared = comparing.sections(kind, scope, position, made) if scope.compare else []
    restated = (kind.retold or restating.section)(scope, position) if kind.restates else None
    return [*made, *compared, *([restated] if restated else [])]


def _choices(scope: Scope, language: str) -> list[Parameter]:
    found = []
    if scope.compare:
        found.append(Parameter("compare", _("Compared with"), "before", _("the period before")))
    if scope.reported is not None:
        size, day = str(scope.reported.log_size), scope.reported.ends_on
        found.append(Parameter("reported", _("Reported before, log size"), size))
        found.append(
            Parameter("reported_to", _("Reported before, up to"), day.isoformat(), long_day(day, language))
        )
    return found


def scope_of(
    report_type: str, period: tuple[datetime.date, datetime.date], chosen: Mapping[str, str]
) -> Scope:
    """The scope that a file's own parameters describe. Raises ValueError where they make no sense."""
    reported = None
    if chosen.get("reported"):
        day = datetime.date.fromisoformat(chosen.get("reported_to", ""))
        reported = Reported(int(chosen["reported"]), day)
    return Scope(report_type, *period, chosen.get("fund", ""), bool(chosen.get("compare")), reported)
