"""Reconcile with Stripe by looking ourselves."""

from dataclasses import fields
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from donations import sweeps
from donations.tasks import gateway

_WORDS = {
    "lost_pages": "payment pages whose answer was lost",
    "attempts": "open attempts looked at",
    "refunds": "refunds sent",
    "mandates": "monthly gifts stopped",
    "events": "events we had not heard of",
    "invoices": "months looked at",
    "movements": "movements of the balance taken in",
    "payouts": "payouts looked at",
}


class Command(BaseCommand):
    help = "Look at Stripe for everything a webhook may have missed; safe at any moment, after days too."

    def handle(self, *args: Any, **options: Any) -> None:
        found = sweeps.sweep(gateway(), at=timezone.now())
        for field in fields(found):
            if count := getattr(found, field.name):
                self.stdout.write(f"{count:>6}  {_WORDS[field.name]}")
        self.stdout.write("Nothing was missed." if not found.total else "Done.")
