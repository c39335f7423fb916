"""From a scope and a position to one document: the same rows for every format and language."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from reports.render.content import assemble
from reports.render.document import Document, Parameter
from reports.render.wording import translated
from reports.scope import Position, Scope
from reports.types import TYPES

# Raised when a report's rows are computed in another way; old files then name the older rules.
RULES = "1"
PROGRAM = "abarona 0.1"


def build(scope: Scope, position: Position, *, language: str, mark: str = "") -> Document:
    """The report as of the position. Raises KeyError for an unknown type, and the scope's refusals.

    ``mark`` names the recipient of one copy; it lies outside the content hash.
    """
    kind = TYPES[scope.type]
    scope.check()
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
            parameters=[Parameter("fund", _("Fund"), scope.fund_code, shown)],
            sections=kind.build(scope, position.journal_number),
            log_size=position.log_size,
            root_hex=position.root_hex,
            ruleset_version=RULES,
            produced_from=PROGRAM,
            wording=translated(language),
            mark=mark,
        )
