"""Reports about invented money, small and long, in English and Belarusian."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from reports.render.content import assemble
from reports.render.document import Bar, Column, Document, Fact, Parameter, Row, Section
from reports.render.wording import Wording

ROOT = "9b1c" * 16
PERIOD = (date(2026, 7, 1), date(2026, 9, 30))

NASTY = [
    "=1+1",
    "@SUM(A1:A9)",
    "+375 29 000 00 00",
    "-2+3",
    "<b>bold</b> <img src='x'/>",
    "&amp; &lt;para&gt; %(total)s {0}",
    "'quoted'",
    "a;=HYPERLINK(1)",
    "tab\t=cmd|' /C calc'!A0",
    "(unbalanced \\ paren",
    "http://example.invalid/",
    "_x0041_ {=SUM(1)}",
]

BELARUSIAN = Wording(
    about="Пра гэту справаздачу",
    summary="Коратка",
    contents="У гэтай справаздачы",
    organisation="Арганізацыя",
    report="Справаздача",
    period="Перыяд",
    chosen="Складзена для",
    check="Як праверыць гэту справаздачу",
    check_how="Кожны фармат справаздачы нясе гэтыя лічбы. Сістэма вылічвае яе нанова ад названага месца "
    "журнала і параўноўвае радок за радком.",
    log_size="Памер журнала",
    log_root="Корань журнала",
    content_hash="Хэш зместу (SHA-256)",
    ruleset="Версія правілаў",
    produced_from="Складзена з",
    control_totals="Кантрольныя сумы",
    section="Раздзел",
    column="Слупок",
    currency="Валюта",
    rows="Радкоў",
    sum="Сума",
    total="Усяго",
    empty="За гэты перыяд нічога не запісана.",
    continued="%(title)s, працяг",
    page="Старонка",
    page_of="Старонка %(page)s з %(pages)s",
    copy_for="Асобнік для: %(mark)s",
    data="Даныя",
    data_how="Для праграм: тыя ж звесткі пад нязменнымі назвамі.",
)

FUNDS = {"general": "General fund", "medics": "Medical staff, campaign", "reserve": "Reserve"}
FUNDS_BE = {"general": "Агульны фонд", "medics": "Медыкі, збор", "reserve": "Рэзерв"}

ENTRIES = (
    "Fees for the first instance",
    "Зварот у суд апеляцыйнай інстанцыі: ганарар і паездка ўтрох за ноч",
    "Court fee",
    "A long account of what was agreed between the office abroad and the organisation about three hearings, "
    "travel between two towns, copies of the file and the translation of the verdict into two languages",
)


def ledger_columns(labels: dict[str, str], names: tuple[str, ...]) -> tuple[Column, ...]:
    """Eight columns: every kind of value, one of them in the currency of the row."""
    return (
        Column("booked_on", names[0], "date"),
        Column("voucher", names[1], "code"),
        Column("fund", names[2], "code", labels=labels),
        Column("entry", names[3], "text"),
        Column("hours", names[4], "count"),
        Column("amount", names[5], "money", currency="EUR"),
        Column("currency", names[6], "code"),
        Column("original", names[7], "money", currency_from="currency"),
    )


NAMES = ("Booked on", "Voucher", "Fund", "Entry", "Hours", "Amount", "Currency", "Original amount")
NAMES_BE = ("Дата", "Дакумент", "Фонд", "Запіс", "Гадзіны", "Сума", "Валюта", "Сума ў валюце")


class Ledger:
    """Rows made anew on each walk, so that a long report needs no memory of its own."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __iter__(self) -> Iterator[Row]:
        funds, first = tuple(FUNDS), PERIOD[0]
        for number in range(self.size):
            minor = (number * 7919) % 250_000 - 20_000
            currency = ("EUR", "USD", "JPY")[number % 3]
            yield (
                first + timedelta(days=number % 92),
                f"V-{number:06d}",
                funds[number % 3],
                ENTRIES[number % 4] if number % 40 == 3 else ENTRIES[number % 3],
                number % 9 or None,
                minor,
                currency,
                minor if currency != "JPY" else minor // 100,
            )


def funding_section(belarusian: bool) -> Section:
    """Opening, receipts, spending and closing of three funds, with figures and bars."""
    labels = FUNDS_BE if belarusian else FUNDS
    names = (
        ("Фонд", "Пачатак", "Атрымана", "Выдаткавана", "Канец")
        if belarusian
        else ("Fund", "Opening", "Received", "Spent", "Closing")
    )
    facts = (
        ("На пачатак", "Атрымана", "Выдаткавана", "На канец", "Справы", "Розніца")
        if belarusian
        else (
            "Opening balance",
            "Received",
            "Spent",
            "Closing balance",
            "Cases paid for",
            "Difference to the bank",
        )
    )
    values = (5_120_000, 41_290_618, -30_044_018, 16_366_600)
    return Section(
        key="funds",
        title="Фонды" if belarusian else "Funds",
        columns=(
            Column("fund", names[0], "code", labels=labels),
            *(
                Column(key, name, "money", currency="EUR")
                for key, name in zip(("opening", "received", "spent", "closing"), names[1:], strict=True)
            ),
        ),
        rows=(
            ("general", 4_000_000, 30_000_000, -25_000_000, 9_000_000),
            ("medics", 120_000, 11_290_618, -5_044_018, 6_366_600),
            ("reserve", 1_000_000, 0, 0, 1_000_000),
        ),
        totals=(None, *values),
        note="Сумы ў еўра паводле курсу дня." if belarusian else "Amounts in euro at the rate of the day.",
        facts=(
            *(
                Fact(key, label, "money", value, "EUR")
                for key, label, value in zip(
                    ("opening", "received", "spent", "closing"), facts, values, strict=False
                )
            ),
            Fact("cases", facts[4], "count", 1418),
            Fact("difference", facts[5], "money", 0, "EUR"),
        ),
        bars=tuple(
            Bar(key, label, value, "EUR")
            for (key, label), value in zip(labels.items(), (9_000_000, 6_366_600, 1_000_000), strict=True)
        ),
    )


def ledger_section(rows: Iterable[Row], *, belarusian: bool = False) -> Section:
    """The long table."""
    return Section(
        key="ledger",
        title="Усе праводкі" if belarusian else "Every transfer",
        columns=ledger_columns(FUNDS_BE if belarusian else FUNDS, NAMES_BE if belarusian else NAMES),
        rows=rows,
        totals=(None, None, None, None, 12, 123_456, None, None),
        note="Кожны радок мае доказ." if belarusian else "Each line has a voucher.",
    )


def sample(rows: Iterable[Row] | None = None, *, language: str = "en", mark: str = "") -> Document:
    """A funding statement of two sections; `rows` replaces the 120 rows of the ledger."""
    belarusian = language == "be"
    return assemble(
        report_type="funding-statement",
        title="Справаздача аб фінансаванні" if belarusian else "Funding statement",
        subtitle="Усе фонды" if belarusian else "All funds",
        description="Што было, што прыйшло, на што пайшло і што засталося, па кожным фондзе."
        if belarusian
        else "What there was, what came in, what it was spent on and what is left, fund by fund.",
        language=language,
        organisation="Фонд абароны «Прыклад»" if belarusian else "Example Defence Fund",
        period=PERIOD,
        parameters=[
            Parameter(
                "fund", "Фонд" if belarusian else "Fund", "all", "Усе фонды" if belarusian else "All funds"
            ),
            Parameter("unit", "Адзінка" if belarusian else "Unit", "EUR"),
        ],
        sections=[
            funding_section(belarusian),
            ledger_section(Ledger(120) if rows is None else rows, belarusian=belarusian),
        ],
        log_size=48_932,
        root_hex=ROOT,
        ruleset_version="2026-07",
        produced_from="Abarona 0.1.0",
        wording=BELARUSIAN if belarusian else Wording(),
        mark=mark,
    )


def nasty_rows() -> list[Row]:
    """Rows whose texts try to be formulas, markup and PDF operators."""
    return [(PERIOD[0], text, "general", text, 1, -1200, "EUR", -1200) for text in NASTY]
