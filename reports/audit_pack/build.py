"""The audit pack as a type of report."""

from django.utils.translation import gettext_lazy as _

from reports.audit_pack import of_books, of_costs, of_records
from reports.audit_pack.writing import summary
from reports.render.document import Section
from reports.scope import Position, Scope
from reports.types.registry import ReportType, all_funds_only

STEPS = (
    of_books.completeness,
    of_books.cut_off,
    of_books.recomputation,
    of_books.reconciliation,
    of_costs.duplicates,
    of_costs.double_funded,
    of_costs.segregation,
    of_costs.rates,
    of_costs.documents,
    of_records.records,
)


def build(scope: Scope, position: Position) -> list[Section]:
    """The summary, then one table for each procedure."""
    outcomes = [step(scope, position) for step in STEPS]
    return [summary(outcomes), *(outcome.section() for outcome in outcomes)]


AUDIT_PACK = ReportType(
    "audit-pack",
    _("Audit pack"),
    _("Agreed-upon procedures (ISRS 4400): what was done and what was met, as facts, without an opinion."),
    build,
    check=all_funds_only,
)
