"""Whether requirements.txt still is the lock of pyproject.toml, without asking any index.

Checked: everything asked for is pinned at a fitting version, with what it needs in turn; nothing is
pinned that nobody needs; every pin carries hashes; no address stands in the file.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]

_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)")
_ADDRESS = re.compile(r"://|^\s*-(?:i|f|-index-url|-extra-index-url|-find-links)\b", re.MULTILINE)
_RENEW = "make the lock anew with the command in CONTRIBUTING.md"


def problems(project: str, lock: str) -> list[str]:
    """Return one line for each way in which the lock does not fit the project; none when it fits."""
    asked = list(_asked(project))
    pins = {canonicalize_name(name): Version(version) for name, version in _pins(lock)}
    found = [f"{name} is pinned without a hash" for name in sorted(_without_hash(lock))]
    if _ADDRESS.search(lock):
        found.append("an address stands in the lock")
    found += sorted({line for need in _closure(asked, strict=True) for line in _misfit(need, pins)})
    wanted = {canonicalize_name(need.name) for need in _closure(asked, strict=False)}
    found += [f"{name} is pinned, but nothing needs it" for name in sorted(set(pins) - wanted)]
    return found


def main() -> int:
    """Print the problems of this checkout's lock; 1 when there are any."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = problems(project, (ROOT / "requirements.txt").read_text(encoding="utf-8"))
    for line in found:
        print(f"requirements.txt: {line}; {_RENEW}.", file=sys.stderr)
    if not found:
        print("Lock: fits pyproject.toml.")
    return 1 if found else 0


def _asked(project: str) -> Iterator[Requirement]:
    table = tomllib.loads(project)["project"]
    for line in [*table["dependencies"], *table["optional-dependencies"]["dev"]]:
        yield Requirement(line)


def _pins(lock: str) -> list[tuple[str, str]]:
    return [match.groups() for match in map(_PIN.match, lock.splitlines()) if match]  # type: ignore[misc]


def _without_hash(lock: str) -> Iterator[str]:
    for block in re.split(r"\n(?=[A-Za-z0-9])", lock):
        match = _PIN.match(block)
        if match and "--hash=sha256:" not in block:
            yield match[1]


def _misfit(need: Requirement, pins: dict[NormalizedName, Version]) -> Iterator[str]:
    pinned = pins.get(canonicalize_name(need.name))
    if pinned is None:
        yield f"{need.name} is not pinned"
    elif not need.specifier.contains(pinned, prereleases=True):
        yield f"{need.name} is pinned at {pinned}, but {need.specifier} is asked for"


def _closure(asked: Iterable[Requirement], *, strict: bool) -> Iterator[Requirement]:
    """Yield what is asked for and what that needs in turn, by the metadata of the installed packages.

    Strict follows what this machine needs; otherwise what any machine may need, for a lock serves all.
    """
    waiting = list(asked)
    seen: set[str] = set()
    while waiting:
        need = waiting.pop()
        if str(need) in seen:
            continue
        seen.add(str(need))
        yield need
        try:
            lines = metadata.requires(need.name) or []
        except metadata.PackageNotFoundError:  # of another platform
            continue
        waiting += [each for each in map(Requirement, lines) if _applies(each, need.extras, strict=strict)]


def _applies(need: Requirement, extras: set[str], *, strict: bool) -> bool:
    if need.marker is None:
        return True
    if strict or "extra" in str(need.marker):
        return any(need.marker.evaluate({"extra": extra}) for extra in ("", *extras))
    return True


if __name__ == "__main__":
    sys.exit(main())
