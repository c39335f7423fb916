"""Gifts that wait for a human: held in their fund, so that nobody commits or spends the money meanwhile."""

from treasury.books import Entry
from treasury.kinds import Category, TransferKind
from treasury.models import Batch, Transfer


def hold_key(source_id: str, number: int) -> str:
    """The key of a gift's first, second … journal that holds it; its one transfer is line 1."""
    return f"held:{source_id}:{number}"


def holds(source_id: str) -> list[Transfer]:
    """Every hold there was of the gift booked from this balance transaction, oldest first."""
    found: list[Transfer] = []
    kept = Transfer.objects.select_related("hold", "debit", "credit", "fund", "batch")
    while (one := kept.filter(pk=f"{hold_key(source_id, len(found) + 1)}:1").first()) is not None:
        found.append(one)
    return found


def held_minor(source_id: str) -> int:
    """What of this gift is held now, in minor units of the books' currency."""
    return sum(one.hold.remaining_minor for one in holds(source_id))


def held_in(batch: Batch) -> dict[str, int]:
    """{balance transaction: what is held of its gift now} in the batch's own fund, in minor units."""
    of_gifts = batch.transfers.filter(kind=TransferKind.PEND, category=Category.GIFT)
    held: dict[str, int] = {}
    for key, left in of_gifts.filter(hold__remaining_minor__gt=0).values_list("id", "hold__remaining_minor"):
        source_id = key.removeprefix("held:").rsplit(":", 2)[0]  # of hold_key, and its line
        held[source_id] = held.get(source_id, 0) + left
    return held


def release_entries(source_id: str, at_most_minor: int) -> list[Entry]:
    """Let go what is held of a gift, up to an amount: it was decided, or the money goes back."""
    entries, left = [], at_most_minor
    for one in holds(source_id):
        part = min(one.hold.remaining_minor, left)
        if part > 0:
            entries.append(
                Entry(
                    one.debit,
                    one.credit,
                    part,
                    Category.GIFT,
                    kind=TransferKind.VOID_PEND,
                    pending=one,
                    fund=one.fund,
                    batch=one.batch,
                )
            )
            left -= part
    return entries
