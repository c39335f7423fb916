"""Coverage for everybody: quarters, late, in round numbers. What may be said is in reports.exclusion."""

from django.utils.translation import gettext as _

from reports.exclusion import PublicQuarter, published
from reports.render.document import Bar, Column, Fact, Row, Section
from reports.scope import Position, Scope


def build(scope: Scope, position: Position) -> list[Section]:
    """One section of quarters."""
    quarters = published(scope.starts_on, scope.ends_on, position.log_size)
    labels = _labels()
    rows: list[Row] = [(one.starts_on, one.total, *_parts(one), one.median_hours) for one in quarters]
    sums = [sum(_parts(one)[index] for one in quarters) for index in range(4)]
    return [
        Section(
            key="quarters",
            title=_("Known trials by quarter"),
            columns=(
                Column("quarter", _("Quarter from"), "date"),
                Column("trials", _("Trials"), "count"),
                *(Column(key, label, "count") for key, label in labels.items()),
                Column("median", _("Median hours to counsel"), "count"),
            ),
            rows=rows,
            totals=(None, sum(sums), *sums, None),
            note=_(
                "Whole quarters, three months after their end and as known then, rounded to tens; hours to"
                " half days. Quarters with few trials are left out."
            ),
            facts=(
                Fact("trials", _("Known trials, about"), "count", sum(sums) if quarters else None),
                Fact("ours", _("Defended by our panel, about"), "count", sums[0] if quarters else None),
                Fact("nobody", _("Nobody, or not known, about"), "count", sums[3] if quarters else None),
            ),
            bars=tuple(
                Bar(key, label, minor)
                for (key, label), minor in zip(labels.items(), sums, strict=True)
                if quarters
            ),
            empty=_("No quarter of this period can be told yet: it is too recent, or had too few trials."),
        )
    ]


def _parts(one: PublicQuarter) -> tuple[int, int, int, int]:
    return one.ours, one.own, one.appointed, one.nobody


def _labels() -> dict[str, str]:
    return {
        "ours": _("Our panel"),
        "own": _("Own counsel"),
        "appointed": _("Appointed"),
        "nobody": _("Nobody, or not known"),
    }
