"""Is the log still what was signed: every checkpoint kept here, and one that came from outside?"""

from collections.abc import Iterator

from audit import log
from audit.checkpoints import notes, signing
from audit.checkpoints.models import Checkpoint


def problems() -> Iterator[str]:
    """Keys that were not handed over, notes that do not verify, roots that the log no longer has."""
    yield from signing.key_problems()
    trusted = signing.public_keys()
    size, _root = log.head()
    for row in Checkpoint.objects.order_by("size"):
        for line in _against(row.note, trusted, size):
            yield f"audit_checkpoint {row.size}: {line}"
        if not _says(row):
            yield f"audit_checkpoint {row.size}: its columns differ from its note"


def outside_problems(note: str, trusted: list[notes.PublicKey]) -> Iterator[str]:
    """The same for a checkpoint that somebody kept; ``trusted`` are the keys that count."""
    yield from _against(note, trusted, log.head()[0])


def _against(note: str, trusted: list[notes.PublicKey], size: int) -> Iterator[str]:
    try:
        head = notes.TreeHead.read(notes.read(note).text)
        signed_by = notes.read(note).verify(*trusted)
    except (notes.NotANote, notes.BadSignature) as wrong:
        yield str(wrong)
        return
    if head.origin != signed_by.name:
        yield "it speaks of another log than its key"
    if head.size > size:
        yield f"it was signed over {head.size} events, and the log has {size}"
    elif log.root_at(head.size) != head.root:
        yield f"the first {head.size} events are not the ones it was signed over"


def _says(row: Checkpoint) -> bool:
    try:
        head = notes.TreeHead.read(notes.read(row.note).text)
    except notes.NotANote:
        return False
    return (head.size, head.root.hex()) == (row.size, row.root_hash)
