"""A donor's yearly statement from the command line, for one who asks and cannot sign in."""

import json
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from donations import yearly
from donations.models import Donor
from reports import yearly_paper


class Command(BaseCommand):
    help = "Write the statement of a donor for one calendar year: gifts, what changed them, and their events."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("donor", type=uuid.UUID, metavar="DONOR", help="the opaque id of the donor")
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--format", choices=("pdf", "json"), default="pdf")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="en")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        donor = Donor.objects.filter(pk=options["donor"]).first()
        if donor is None:
            raise CommandError(
                "There is no donor with this id. It stands in the log as donor:ID.", returncode=2
            )
        lines = yearly.year_of(donor, options["year"])
        if not lines:
            raise CommandError(f"No gift of this donor is in the books for {options['year']}.", returncode=2)
        if options["format"] == "pdf" and not settings.RECEIPT_ISSUER:
            raise CommandError(
                "Nobody issues receipts here. Set RECEIPT_ISSUER, or ask for json.", returncode=2
            )
        options["out"].write_bytes(self._content(lines, options))
        self.stdout.write(f"{options['out']}  {len(lines)} gifts")

    def _content(self, lines: list[yearly.YearLine], options: dict[str, Any]) -> bytes:
        if options["format"] == "json":
            told = yearly_paper.plain(options["year"], lines)
            return json.dumps(told, ensure_ascii=False, indent=2).encode()
        made_on, language = timezone.localdate(), options["language"]
        return yearly_paper.paper(options["year"], lines, made_on=made_on, language=language)
