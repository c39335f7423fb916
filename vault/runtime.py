"""Where a key may lie that must not outlive the machine's power: a directory in memory."""

from pathlib import Path

from django.conf import settings

MOUNTS = Path("/proc/self/mounts")
IN_MEMORY = frozenset({"tmpfs", "ramfs"})


def fault(path: Path) -> str:
    """Why this is no place for a key in memory, as the end of a sentence; "" when it is one."""
    directory = Path(settings.RUNTIME_DIR)
    if not path.resolve().is_relative_to(directory.resolve()):
        return f"lies outside {directory}: set it to {directory / 'keys.json'}, or give --on-disk"
    if kind(path) not in IN_MEMORY:
        return f"would lie on a disk: {directory} is no tmpfs. Mount one there, or give --on-disk"
    return ""


def kind(path: Path) -> str:
    """The kind of file system that holds the path, "" where the machine does not say."""
    try:
        mounts = [line.split() for line in MOUNTS.read_text().splitlines()]
    except OSError:
        return ""
    holding = [(len(m[1]), m[2]) for m in mounts if path.resolve().is_relative_to(m[1])]
    return max(holding, default=(0, ""))[1]
