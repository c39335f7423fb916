"""Bringing a backup back, into an empty place only, and whole or not at all."""

import datetime
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from accounts.erasing import carrying_out
from audit import keeping
from audit.actors import Actor
from audit.checkpoints import keys as log_keys
from config.backup import container, engines
from config.backup.making import DATABASE, LOG_KEY, MAIN, TREES
from vault import files, indexes, keyfile, keys
from vault.router import KEYS


class KeysTooOld(Exception):
    """A key backup from before ``KEY_BACKUP_DAYS``: people erased since would be readable again."""


@dataclass(frozen=True)
class Restored:
    """What came back; ``erased_again`` counts keys of people erased after the key backup was made."""

    manifest: container.Manifest
    erased_again: int
    forgotten: int


def restore_backup(*, source: Path, even_old: bool = False, by: Actor, at: datetime.datetime) -> Restored:
    """Bring a backup of either kind back. The keys come first, then the rest.

    Raises container.NotABackup, engines.NotEmpty, engines.CannotCopy, keys.WrongKeys, KeysTooOld.
    """
    with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.DATA_DIR) as name:
        folder = Path(name)
        with source.open("rb") as sealed:
            manifest = container.unpack(sealed, folder)
        alias = "default" if manifest.kind == MAIN else KEYS
        _refuse(manifest, alias, even_old, at)
        engines.copy_in(alias, folder / DATABASE)
        for tree, setting in TREES.items():
            _move_in(folder / tree, Path(getattr(settings, setting)))
        if (folder / LOG_KEY).exists():
            log_keys.put_back(folder / LOG_KEY)
    call_command("migrate", database=alias, verbosity=0)
    if alias == KEYS and not keys.opens_the_store(keyfile.load()):
        raise keys.WrongKeys("the key file is of another time than this key backup: use shares of its time")
    return _settle(manifest, by, at)


def _refuse(manifest: container.Manifest, alias: str, even_old: bool, at: datetime.datetime) -> None:
    if manifest.engine != connections[alias].vendor:
        raise engines.CannotCopy(f"this backup is of {manifest.engine}; the database here is another engine")
    engines.require_empty(alias)
    age = at - datetime.datetime.fromisoformat(manifest.made_at)
    if manifest.kind != MAIN:
        if age > datetime.timedelta(days=settings.KEY_BACKUP_DAYS) and not even_old:
            raise KeysTooOld(
                f"this key backup is {age.days} days old: people erased since could be read again."
                " Give --even-old if there is no newer one, and erase them again"
            )
        return
    for setting in TREES.values():
        folder = Path(getattr(settings, setting))
        if folder.exists() and any(folder.iterdir()):
            raise engines.NotEmpty(f"{setting} is not empty: restore into an empty place")


def _move_in(tree: Path, place: Path) -> None:
    if tree.exists():
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copytree(tree, place, dirs_exist_ok=True)
        place.chmod(0o700)


def _settle(manifest: container.Manifest, by: Actor, at: datetime.datetime) -> Restored:
    """Once both stores are there: whoever is erased stays erased, in keys, indexes and files."""
    if not (_has_tables("default") and _has_tables(KEYS)):
        return Restored(manifest, 0, 0)
    again = carrying_out.destroy_again()
    forgotten = indexes.forget_erased() + files.delete_erased()
    keeping.note_restore(kind=manifest.kind, made_at=manifest.made_at, by=by, at=at)
    return Restored(manifest, again, forgotten)


def _has_tables(alias: str) -> bool:
    return "django_migrations" in connections[alias].introspection.table_names()
