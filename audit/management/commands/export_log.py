"""Write the log out, event by event."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from audit import log
from audit.models import Event


class Command(BaseCommand):
    help = (
        "Write the exact text of each event on a line of its own, for the stand-alone verifier. Events hold"
        " opaque ids and figures, no names; they are for auditors all the same."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, metavar="FILE", help="standard output without it")
        parser.add_argument("--size", type=int, metavar="N", help="only the first N events")

    def handle(self, *args: Any, **options: Any) -> None:
        size, _root = log.head()
        wanted = size if options["size"] is None else options["size"]
        if not 0 <= wanted <= size:
            raise CommandError(f"the log has {size} events", returncode=2)
        bodies = Event.objects.filter(seq__lt=wanted).order_by("seq").values_list("body", flat=True)
        target = options["out"].open("wb") if options["out"] else sys.stdout.buffer
        try:
            for body in tqdm(bodies.iterator(chunk_size=2000), total=wanted, unit="event", disable=None):
                target.write(body.encode() + b"\n")
        finally:
            if options["out"]:
                target.close()
        if options["out"]:
            self.stdout.write(f"{options['out']}: {wanted} events")
