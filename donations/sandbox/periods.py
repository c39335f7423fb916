"""When the next period of a subscription begins."""

import calendar
from datetime import UTC, datetime, timedelta


def step(anchor: int, interval: str, count: int, number: int) -> int:
    """The moment `number` periods after `anchor`, in seconds since 1970.

    Months and years keep the anchor's day and fall back to the month's last day, as Stripe's do: 31 January,
    28 February, 31 March.
    """
    start = datetime.fromtimestamp(anchor, UTC)
    if interval in ("day", "week"):
        days = number * count * (7 if interval == "week" else 1)
        return int((start + timedelta(days=days)).timestamp())
    months = start.month - 1 + number * count * (12 if interval == "year" else 1)
    year, month = start.year + months // 12, months % 12 + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return int(start.replace(year=year, month=month, day=day).timestamp())


def following(anchor: int, interval: str, count: int, after: int) -> int:
    """The first such moment later than `after`."""
    number = 1
    while step(anchor, interval, count, number) <= after:
        number += 1
    return step(anchor, interval, count, number)
