"""Numbers without gaps: given out under the lock of the series' row, and given back on a rollback."""

from cases.models import Counter


def take(series: str, count: int = 1) -> range:
    """The next numbers of a series. The row stays locked until the transaction ends."""
    counter = Counter.objects.select_for_update().filter(pk=series).first()
    if counter is None:
        Counter.objects.bulk_create([Counter(series=series, last=0)], ignore_conflicts=True)
        counter = Counter.objects.select_for_update().get(pk=series)
    first = counter.last + 1
    counter.last += count
    counter.save(update_fields=["last"])
    return range(first, first + count)
