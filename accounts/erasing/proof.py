"""Does "erased" still mean erased? Keys and index values of erased people that are back."""

from collections.abc import Iterator

from accounts.models import Erasure
from vault import keys
from vault.models import IndexEntry


def problems() -> Iterator[str]:
    """One line for each erased person of whom something can be opened or found again."""
    over = Erasure.objects.exclude(state=Erasure.State.ERASING)
    erased = set(over.values_list("subject_id", flat=True))
    for subject_id in keys.existing(erased):
        yield f"accounts_erasure {subject_id}: erased, and the key is there"
    for subject_id in set(IndexEntry.objects.values_list("subject_id", flat=True)) & erased:
        yield f"accounts_erasure {subject_id}: erased, and can be found by an index"
