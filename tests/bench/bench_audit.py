"""An audited action beside a plain save and django-simple-history's own save; verifying the log."""

import datetime
import gc
import hashlib
import time
from collections.abc import Callable

from tests.bench import database

COUNT = 1_500
ROUNDS = 30


def in_turns(*calls: Callable[[], object]) -> list[float]:
    """Seconds of each, a little at a time in turns: what else the machine does then weighs on all alike.

    Each clears up after itself within its own time, and nobody is always the one who follows another.
    """
    took = [0.0] * len(calls)
    gc.collect()
    gc.freeze()  # what was there before is not looked through each time
    for turn in range(ROUNDS):
        for place in range(len(calls)):
            whose = (turn + place) % len(calls)
            took[whose] += timed(calls[whose], gc.collect)
    gc.unfreeze()
    return took


def timed(*calls: Callable[[], object]) -> float:
    began = time.perf_counter()
    for call in calls:
        call()
    return time.perf_counter() - began


def main() -> None:
    database.prepare(as_owner=True)  # two tables more are made beside the program's own
    from django.db import connection, models, transaction
    from django.utils import timezone
    from simple_history.models import HistoricalRecords

    from accounts.models import RoleGrant
    from audit.actions import action
    from audit.models import Event
    from audit.proof import tree
    from tests import people

    class Bare(models.Model):
        user_id = models.UUIDField()
        role = models.CharField(max_length=20)
        started_at = models.DateTimeField()
        ended_at = models.DateTimeField(null=True)

        class Meta:
            app_label = "accounts"

    class Simple(models.Model):
        user_id = models.UUIDField()
        role = models.CharField(max_length=20)
        started_at = models.DateTimeField()
        ended_at = models.DateTimeField(null=True)
        history = HistoricalRecords(history_user_id_field=models.CharField(max_length=60, null=True))

        class Meta:
            app_label = "accounts"

    with connection.schema_editor() as editor:
        for model in (Bare, Simple, Simple.history.model):
            editor.create_model(model)

    user = people.person("bench", "auditor")
    row = RoleGrant.objects.get()
    bare = Bare.objects.create(user_id=user.pk, role="auditor", started_at=timezone.now())
    simple = Simple.objects.create(user_id=user.pk, role="auditor", started_at=timezone.now())

    @action("bench.saved")
    def save(*, row: RoleGrant, by: object, at: datetime.datetime) -> None:
        row.ended_at = at
        row.save()

    def audited() -> None:
        for _ in range(COUNT // ROUNDS):
            save(row=row, by=people.SETUP, at=timezone.now())

    def saved(row: models.Model) -> None:
        for _ in range(COUNT // ROUNDS):
            with transaction.atomic():
                row.ended_at = timezone.now()
                row.save()

    plain, history, ours = in_turns(lambda: saved(bare), lambda: saved(simple), audited)
    database.row("save without history", plain, COUNT)
    database.row("save with simple-history (yardstick)", history, COUNT, history)
    database.row("audited action: history, event, tree", ours, COUNT, history)

    bodies = [body.encode() for body in Event.objects.values_list("body", flat=True)]
    hashing = timed(lambda: [hashlib.sha256(body).digest() for body in bodies])
    proving = timed(lambda: list(tree.problems()))
    database.row("bare SHA-256 over the events (yardstick)", hashing, len(bodies), hashing)
    database.row("verify: events, tree and tail", proving, len(bodies), hashing)


if __name__ == "__main__":
    main()
