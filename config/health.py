"""What is healthy and what is not, on one page. Every check is quick and says what to do."""

import datetime
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connections
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from audit import guards, keeping
from audit.checkpoints import keys as log_keys
from config import heartbeat
from config.backup import making, upgrading
from vault import keyfile, keys, rotation

LEAST_FREE = 0.10
LEAST_FREE_BYTES = 1_000_000_000
TICK_WITHIN = datetime.timedelta(minutes=5)
TASK_WITHIN = datetime.timedelta(minutes=10)
BACKUP_WITHIN = datetime.timedelta(days=2)
CHECKPOINT_WITHIN = datetime.timedelta(days=2)


@dataclass(frozen=True)
class Finding:
    """One line of the page; ``text`` says what was found and, if it is not well, what to do."""

    name: str
    ok: bool
    text: str


Check = Callable[[datetime.datetime], Finding]


def key_file(at: datetime.datetime) -> Finding:
    """There, private, opening the key store, with one key in it."""
    try:
        held = keyfile.load()
        opens = keys.opens_the_store(held)
    except (keyfile.KeyFileMissing, keyfile.KeyFileExposed, keyfile.KeyFileBroken) as fault:
        return Finding("key file", False, str(fault))
    if not opens:
        return Finding("key file", False, "does not open the key store: it is of another time or place")
    if rotation.is_on() or rotation.waiting():
        return Finding("key file", False, "a rotation is not over: run 'manage.py rotate_keys' again")
    return Finding("key file", True, f"private, opens the key store, key {held.current}")


def disk(at: datetime.datetime) -> Finding:
    """Room for the database to grow and for a backup to be made."""
    usage = shutil.disk_usage(settings.DATA_DIR)
    ok = usage.free > LEAST_FREE_BYTES and usage.free > LEAST_FREE * usage.total
    return Finding("disk", ok, f"{usage.free / 1e9:.1f} GB free" + ("" if ok else ": make room"))


def databases(at: datetime.datetime) -> Finding:
    """Both stores answer."""
    for alias in upgrading.STORES:
        with connections[alias].cursor() as cursor:
            cursor.execute("select 1")
    return Finding("databases", True, f"{connections['default'].display_name}, both reachable")


def triggers(at: datetime.datetime) -> Finding:
    """Every guard stands."""
    gone = guards.missing(connections["default"])
    words = (
        f"{len(gone)} missing, the first is {gone[0]}: run 'manage.py migrate'" if gone else "all in place"
    )
    return Finding("triggers", not gone, words)


def migrations(at: datetime.datetime) -> Finding:
    """The database is of this version."""
    due = [name for alias in upgrading.STORES for name in upgrading.pending(alias)]
    words = f"{len(due)} to run: stop the site and run 'manage.py upgrade'" if due else "none to run"
    return Finding("migrations", not due, words)


def clock(at: datetime.datetime) -> Finding:
    """``tick`` runs each minute."""
    ran = heartbeat.last_beat_at()
    ok = ran is not None and at - ran < TICK_WITHIN
    return Finding("tick", ok, _ago(ran, at) + ("" if ok else ": run 'manage.py tick' each minute"))


def worker(at: datetime.datetime) -> Finding:
    """Tasks do not wait long."""
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY, enqueued_at__lt=at - TASK_WITHIN)
    late = ready.exclude(run_after__gt=at).count()
    words = f"{late} tasks wait: start 'manage.py db_worker'" if late else "no task waits"
    return Finding("worker", not late, words)


def backups(at: datetime.datetime) -> Finding:
    """Both kinds were made lately."""
    made = {kind: keeping.last_backup_at(kind) for kind in (making.MAIN, "keys")}
    ok = all(moment is not None and at - moment < BACKUP_WITHIN for moment in made.values())
    words = ", ".join(f"{kind} {_ago(moment, at)}" for kind, moment in made.items())
    return Finding("backups", ok, words + ("" if ok else ": run 'manage.py backup' daily"))


def checkpoints(at: datetime.datetime) -> Finding:
    """The log's head was signed lately."""
    signed = apps.get_model("audit", "Checkpoint").objects.order_by("-size").first()
    moment = signed.signed_at if signed else None
    ok = moment is not None and at - moment < CHECKPOINT_WITHIN
    return Finding("checkpoints", ok, _ago(moment, at) + ("" if ok else ": run 'manage.py checkpoint'"))


def log_key(at: datetime.datetime) -> Finding:
    """The log's signing key is there, private, and on a disk, once the log has announced one."""
    place = log_keys.path()
    if place.resolve().is_relative_to(settings.RUNTIME_DIR.resolve()):
        return Finding(
            "log key", False, f"{place} is gone when the machine stops: set LOG_KEY_FILE to a disk"
        )
    if not apps.get_model("audit", "LogKey").objects.exists():
        return Finding("log key", True, "none yet: the first checkpoint makes it")
    try:
        log_keys.load()
    except (log_keys.SigningKeyMissing, log_keys.SigningKeyExposed) as fault:
        return Finding("log key", False, str(fault))
    return Finding("log key", True, "there and private; 'backup --keys' holds a copy")


CHECKS: tuple[Check, ...] = (
    key_file,
    log_key,
    disk,
    databases,
    triggers,
    migrations,
    clock,
    worker,
    backups,
    checkpoints,
)


def examine(at: datetime.datetime, checks: tuple[Check, ...] = CHECKS) -> Iterator[Finding]:
    """Every check; one that cannot be made is not well."""
    for check in checks:
        try:
            yield check(at)
        except (DatabaseError, OSError) as fault:
            name = check.__name__.replace("_", " ")
            yield Finding(name, False, f"cannot be checked ({type(fault).__name__}): is the database up?")


def _ago(moment: datetime.datetime | None, at: datetime.datetime) -> str:
    if moment is None:
        return "never"
    minutes = int((at - moment).total_seconds() // 60)
    return f"{minutes} minutes ago" if minutes < 120 else f"{minutes // 60} hours ago"
