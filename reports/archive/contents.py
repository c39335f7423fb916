"""The parts of an archive that are written for it: samples, findings, the first page, the manifest's head."""

import textwrap
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.actors import WORKER
from reports.archive.models import Archive
from reports.findings.models import Finding
from reports.sampling_room.models import Sample
from reports.scope import Position
from vault import reading
from vault.fields import prefetch

if TYPE_CHECKING:
    from reports.archive.files import Writer

# What the first page prints as it is: commands and folders are the same in every language.
_COMMANDS = """
  sha256sum -c SHA256SUMS
  python3 verifier.py checkpoint log/checkpoint-{log_size}.txt --key KEY
  python3 verifier.py log log/checkpoint-{log_size}.txt --key KEY --export log/events.txt
  python3 verifier.py consistency log/checkpoint-N.txt log/checkpoint-{log_size}.txt \\
      --key KEY --proof log/proof-N-{log_size}.json
  python3 verifier.py sample samples/1/items.csv --root ROOT --nonce NONCE --size SIZE
  hledger -f ledger/books.hledger check && hledger -f ledger/books.hledger balance
"""
_LINE = 110


def findings(writer: "Writer", archive: Archive, position: Position) -> None:
    """All findings with their words; opening them is recorded as a reading for the archive."""
    rows = list(Finding.objects.prefetch_related("remarks").select_related("journal").order_by("number"))
    with reading.reading(WORKER.actor_id, "archive"):
        prefetch([remark for row in rows for remark in row.remarks.all()], "text")
        writer.add_json("findings/findings.json", [_finding(row) for row in rows])


def _finding(row: Finding) -> dict[str, Any]:
    return {
        "number": row.number,
        "procedure": row.procedure,
        "journal": row.journal.number if row.journal else None,
        "state": row.state,
        "stands": row.stands,
        "said": [
            {
                "kind": remark.kind,
                "by": remark.written_by,
                "at": remark.written_at.isoformat(),
                "words": str(remark.text),
            }
            for remark in row.remarks.all()
        ],
    }


def sample(row: Sample) -> dict[str, Any]:
    """All that is needed to draw it again, and what was drawn."""
    return {
        "number": row.number,
        "checkpoint": row.checkpoint.size,
        "root": row.checkpoint.root_hash,
        "nonce": row.nonce,
        "size": row.size,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "items": row.items,
        "total_minor": row.total_minor,
        "currency": row.currency,
        "drawn": [
            {
                "id": str(item.journal_id),
                "journal": item.journal.number,
                "amount_minor": item.amount_minor,
                "hits": item.hits,
            }
            for item in row.drawn.select_related("journal")
        ],
    }


def about(archive: Archive, position: Position) -> dict[str, Any]:
    """The head of the manifest: whom it is for, and the state of the log."""
    return {
        "organisation": settings.ORGANISATION_NAME,
        "archive": str(archive.pk),
        "recipient": archive.recipient.short,
        "language": archive.recipient.language,
        "starts_on": archive.starts_on.isoformat(),
        "ends_on": archive.ends_on.isoformat(),
        "log_size": position.log_size,
        "root": position.root_hex,
    }


def read_me(writer: "Writer", archive: Archive, position: Position) -> None:
    """What is what, and how to check it without us, in the language of the recipient."""
    known = about(archive, position)
    with override(archive.recipient.language):
        head = [
            _("%(organisation)s: the books of %(starts_on)s to %(ends_on)s") % known,
            _("Made for %(recipient)s. Log: %(log_size)s events, root %(root)s.") % known
            + "\n"
            + _("Every file stands in SHA256SUMS and, with this archive's own head, in manifest.json."),
            _("You need neither us nor our program to check this:"),
        ]
        keys = [
            _(
                "KEY is the verifier key that you noted when you first met the log. log/key.txt has it too,"
                " but take that from us and you trust us; if the key was handed over since, add --keys"
                " log/keys.txt. ROOT, NONCE and SIZE stand in sample.json beside each sample."
            )
        ]
        last = [_("Nobody's name is in it. Cases are references, people are opaque ids.")]
        folders = "\n".join(f"  {name + '/':<12}{words}" for name, words in _folders().items())
    commands = _COMMANDS.strip("\n").format(**known)
    parts = [*head, commands, *keys, folders, *last]
    lines = [line for part in parts for line in (*_wrapped(part), "")]
    writer.add_text("READ-ME.txt", "\n".join(lines))


def _folders() -> dict[str, str]:
    return {
        "reports": _("each report as PDF, XLSX, CSV and JSON: the same rows, totals and content hash"),
        "ledger": _("the books as an hledger journal"),
        "log": _("every event, the signed checkpoints, proofs that each is the beginning of the last"),
        "samples": _("what each sample was drawn from, and what was drawn"),
        "findings": _("what was asked, answered and concluded"),
    }


def _wrapped(part: str) -> list[str]:
    """Running text in lines that a screen holds; indented lines stay as they are."""
    lines: list[str] = []
    for line in part.split("\n"):
        lines += [line] if line.startswith(" ") else textwrap.wrap(line, _LINE, break_long_words=False)
    return lines
