"""The kill switch of monthly gifts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from audit.actors import Machine
from donations import stopping
from donations.stripe_gateway import GatewayError
from donations.tasks import gateway

BY = Machine("system:stop_recurring")


class Command(BaseCommand):
    help = "Stop monthly gifts, all or those of one card country; run again after a crash, it goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--all", action="store_true", help="every monthly gift")
        which.add_argument("--country", metavar="XX", help="those last paid by a card of this country")

    def handle(self, *args: Any, **options: Any) -> None:
        country = (options["country"] or "").upper()
        if country and (len(country) != 2 or not country.isalpha()):
            raise CommandError("A country is two letters, such as BY.", returncode=2)
        stripe, at = gateway(), timezone.now()
        try:
            found = stopping.chosen(stripe, country)
            wished = stopping.wish(tqdm(found, desc="to stop", disable=None, leave=False), by=BY, at=at)
            stopped, failed = stopping.carry_out(stripe, at=timezone.now(), by=BY)
            proof = stopping.prove(stripe, everything=bool(options["all"]))
        except GatewayError as error:
            raise CommandError(f"{error}. What is to stop is stored: run this again.") from None
        self.stdout.write(f"{wished} to stop, {stopped} stopped now, {failed} not reached.")
        if failed or not proof.holds:
            raise CommandError(self._broken(proof))
        self.stdout.write("Stripe shows none of them running, and nothing taken since.")

    def _broken(self, proof: stopping.Proof) -> str:
        parts = [
            f"still running: {', '.join(proof.running)}" if proof.running else "",
            f"taken after the stop: {', '.join(proof.charged)}" if proof.charged else "",
            f"not ours, stop them on Stripe's dashboard: {', '.join(proof.unknown)}" if proof.unknown else "",
        ]
        return "Run this again. " + "; ".join(part for part in parts if part)
