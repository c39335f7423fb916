"""How long the files of issued reports are kept; their hashes and figures stay for ever."""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from accounts.retention.registry import Moment, Rule, Then
from accounts.retention.registry import register as register_rules
from reports import files
from reports.archive.files import path_of as archive_path
from reports.archive.models import Archive
from reports.models import IssuedFile


def register() -> None:
    """Called from ``AppConfig.ready``."""
    register_rules(
        Rule(
            name="report-copies",
            records=_("Files of issued reports; their hashes stay, so a copy elsewhere still verifies"),
            basis=_("GDPR 6(1)(c) and (f): auditors ask again; the report can be built anew from the log"),
            days=400,
            since=_("the day of issue"),
            then=Then.DELETE,
            due=lambda moment: sum(1 for _path in old_copies(moment)),
            remove=_delete_copies,
        )
    )

    register_rules(
        Rule(
            name="audit-archives",
            records=_("Archives made for auditors; their hashes stay, so a copy elsewhere still verifies"),
            basis=_("GDPR 6(1)(c) and (f): the auditor has taken it home; it can be made anew from the log"),
            days=60,
            since=_("the day on which it was asked for"),
            then=Then.DELETE,
            due=lambda moment: sum(1 for _path in _old_archives(moment)),
            remove=_delete_archives,
        )
    )


def old_copies(moment: Moment) -> Iterator[Path]:
    """Files on the disk that were issued before the border."""
    for issued in IssuedFile.objects.filter(issued_at__lt=moment.before).iterator():
        path = files.path_of(issued)
        if path.exists():
            yield path


def _delete_copies(moment: Moment) -> int:
    found = list(old_copies(moment))
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _old_archives(moment: Moment) -> Iterator[Path]:
    for archive in Archive.objects.filter(asked_at__lt=moment.before).iterator():
        path = archive_path(archive)
        if path.exists():
            yield path


def _delete_archives(moment: Moment) -> int:
    found = list(_old_archives(moment))
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)
