"""Erase a person, by two people."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import console
from accounts.actions.erasure import KIND, erasure_terms
from accounts.erasing import carrying_out, obstacles, registry
from accounts.erasing.statement import statement
from accounts.models import Erasure
from accounts.permissions import PERMISSIONS
from audit.actions import DomainError
from audit.actors import SYSTEM

BASES = [Erasure.Basis.ASKED, Erasure.Basis.MISTAKE]


class Command(BaseCommand):
    help = (
        "Destroy a person's key and every trace that can be found by it. Takes two people: both give their"
        " passwords here (or one a line on standard input), unless it was agreed on the pages before."
        " Broken off anywhere, the same command ends it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person", metavar="ID", help="id of a client, lawyer, payee, donor or account")
        parser.add_argument("--by", required=True, metavar="ALIAS", help="who asks")
        parser.add_argument("--second", required=True, metavar="ALIAS", help="who agrees")
        parser.add_argument("--basis", choices=[str(one) for one in BASES], default=str(BASES[0]))
        parser.add_argument("--dry-run", action="store_true", help="say what is in the way, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = self._erase(options)
        except DomainError as refusal:
            raise CommandError(refusal.text, returncode=1) from None
        if done is None:
            return
        for label, count in done.figures.items():
            self.stdout.write(f"  {label}: {count}")
        for line in statement():
            self.stdout.write(line)
        if done.state != Erasure.State.ERASED:
            raise CommandError(
                "The person is unreadable. Another process still reads, so the write-ahead log could not be"
                " emptied; the tick goes on with it, or run this again."
            )
        self.stdout.write("Erased: nothing of this person can be opened here any more.")

    def _erase(self, options: dict[str, Any]) -> Erasure | None:
        subject_id, now = console.subject_id_of(options["person"]), timezone.now()
        by, second = console.account(options["by"]), console.account(options["second"])
        begun = Erasure.objects.filter(subject_id=subject_id).first()
        if begun is not None and begun.state != Erasure.State.ERASED:
            self.stdout.write("This erasure was broken off; going on with it.")
            return carrying_out.carry_on(begun, by=SYSTEM, at=now)
        kind, person = registry.find(subject_id)
        if options["dry_run"]:
            found = obstacles.obstacles(kind, subject_id, now)
            self.stdout.write(f"{kind.title}: {person.called}")
            for one in found:
                self.stdout.write(f"  in the way: {one.text}")
            self.stdout.write("  " + ("cannot be erased yet" if found else "can be erased"))
            return None
        if not by.has("people.erase"):
            raise CommandError(f"{by.username} may not {PERMISSIONS['people.erase'].text}.", returncode=2)
        obstacles.check(kind, subject_id, now)
        terms = erasure_terms(basis=options["basis"])
        console.agree(KIND, subject_id, terms, by=by, second=second)
        return carrying_out.erase(subject_id=subject_id, basis=options["basis"], by=by, at=timezone.now())
