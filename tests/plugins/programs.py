"""Installs the outside programs that some tests use; a test without its program says so and is skipped.

Runs before the environment exists, so it needs nothing but Python. It never fails: on a machine
without apt, or without the right to use it, it names what is missing.
"""

import os
import shutil
import subprocess

PACKAGES = {
    "chromium": "chromium",
    "hledger": "hledger",
    "qpdf": "qpdf",
    "pdftotext": "poppler-utils",
    "msgfmt": "gettext",
}
_LIMIT_S = 1200


def main() -> None:
    """Name what is there, install what is not."""
    missing = absent()
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing for the tests: {' '.join(missing)}", flush=True)
        _apt("update", "-qq")
        _apt("install", "-qq", "-y", "--no-install-recommends", *missing)
        missing = absent()
    if missing:
        print(f"Not installed: {', '.join(missing)}. The tests that need them will be skipped.", flush=True)
    else:
        print("Programs for the tests: all present.", flush=True)


def absent() -> list[str]:
    """Return the Debian packages whose program is not on the path, in a fixed order."""
    return [package for program, package in PACKAGES.items() if shutil.which(program) is None]


def _apt(*words: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(
            ["apt-get", *words], env=environment, timeout=_LIMIT_S, check=True, stdout=subprocess.DEVNULL
        )
    except (subprocess.SubprocessError, OSError) as problem:
        print(f"apt-get {words[0]} did not work: {type(problem).__name__}.", flush=True)


if __name__ == "__main__":
    main()
