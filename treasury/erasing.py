"""What goes from the disk when somebody is erased: the sealed files about them, whichever room made them."""

from django.utils.translation import gettext_lazy as _

from accounts.erasing import registry
from vault import files, keys


def register() -> None:
    """Called from ``AppConfig.ready``. Payees are the first of whom files are kept."""
    registry.on_erase("files", drop_files, title=_("Sealed files about them"), outside=True)


def drop_files(subject: registry.Subject) -> int:
    """Delete every file sealed for the person, or for what exists for them alone."""
    return files.delete_files(subject.about - {keys.ORGANISATION}, at=subject.at)
