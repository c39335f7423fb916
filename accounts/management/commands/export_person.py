"""Hand a person a copy of their own data."""

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import console
from accounts.actions.handing_out import KIND, export_person, export_terms
from accounts.permissions import PERMISSIONS
from audit.actions import DomainError
from vault.reading import reading


class Command(BaseCommand):
    help = (
        "Write everything held about one person into a JSON file that only you can read. Takes two people,"
        " as erase_person does; the reading is recorded before the file is there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person", metavar="ID", help="id of a client, lawyer, payee, donor or account")
        parser.add_argument("--by", required=True, metavar="ALIAS", help="who asks")
        parser.add_argument("--second", required=True, metavar="ALIAS", help="who agrees")
        parser.add_argument("--out", required=True, metavar="FILE", type=Path, help="must not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        if out.exists() or not out.parent.is_dir():
            raise CommandError(f"{out} is there already, or its directory is not.", returncode=2)
        subject_id = console.subject_id_of(options["person"])
        by, second = console.account(options["by"]), console.account(options["second"])
        if not by.has("people.erase"):
            raise CommandError(f"{by.username} may not {PERMISSIONS['people.erase'].text}.", returncode=2)
        try:
            console.agree(KIND, subject_id, export_terms(), by=by, second=second)
            with reading(by.actor_id, "export_person"):
                copied = export_person(subject_id=subject_id, by=by, at=timezone.now())
        except DomainError as refusal:
            raise CommandError(refusal.text, returncode=1) from None
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(copied, file, ensure_ascii=False, indent=2)
        rows = sum(len(table) for table in copied["tables"].values())
        self.stdout.write(
            f"{out}: {rows} rows of {len(copied['tables'])} tables. Read the notice in it first."
        )
