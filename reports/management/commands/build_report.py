"""Make a report from the command line."""

import argparse
import datetime
from pathlib import Path
from shutil import copyfile
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from audit.actions import DomainError
from audit.actors import Machine
from reports import actions, restating
from reports.build import build
from reports.files import path_of
from reports.scope import Scope, position_signed
from reports.types import TYPES

COMMAND = Machine("system:command")
FORMATS = "pdf, xlsx, csv, json, for a ledger extract hledger; by commas"


def day(text: str) -> datetime.date:
    """A date of the command line, as YYYY-MM-DD."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-03-31") from None


class Command(BaseCommand):
    help = "Make a report from the log as it is now, and write it in each format to a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("type", metavar="TYPE", choices=list(TYPES), help=", ".join(TYPES))
        parser.add_argument("--from", dest="starts_on", required=True, type=day, metavar="DAY")
        parser.add_argument("--to", dest="ends_on", required=True, type=day, metavar="DAY")
        parser.add_argument("--fund", default="", help="the code of one fund; all funds without it")
        parser.add_argument("--format", dest="formats", default="pdf", help=FORMATS)
        parser.add_argument("--compare", action="store_true", help="set the period before beside it")
        parser.add_argument("--language", default="en")
        parser.add_argument("--out", required=True, type=Path, metavar="FOLDER")

    def handle(self, *args: Any, **options: Any) -> None:
        scope = Scope(
            options["type"], options["starts_on"], options["ends_on"], options["fund"], options["compare"]
        )
        formats = [name.strip() for name in options["formats"].split(",") if name.strip()]
        try:
            actions.check(scope, formats)
        except DomainError as refusal:
            raise CommandError(refusal.text, returncode=2) from None
        scope = restating.with_past(scope)
        position = position_signed(by=COMMAND, at=timezone.now())
        document = build(scope, position, language=options["language"])
        written: actions.Written = {}
        for file_format in tqdm(formats, unit="file", disable=None):
            written |= actions.write_files(document, [file_format])
        snapshot = actions.issue(
            document=document, scope=scope, written=written, by=COMMAND, at=timezone.now()
        )
        options["out"].mkdir(parents=True, exist_ok=True)
        for file in snapshot.files.all():
            target = options["out"] / file.name
            copyfile(path_of(file), target)
            self.stdout.write(f"{target}  {file.size} bytes  sha256 {file.sha256}")
        self.stdout.write(f"log size {snapshot.log_size}, content hash {snapshot.content_hash}")
