"""The throw-away PostgreSQL of the tests: it starts from the wheel and never outlives its owner."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from config import env

if os.environ.get("TEST_ENGINE") != "postgresql":
    pytest.skip("only the run on PostgreSQL needs its own server proved", allow_module_level=True)


@pytest.mark.parametrize(
    "end", [subprocess.Popen.kill, lambda owner: owner.stdin.close()], ids=["killed", "ended"]
)
def test_the_server_goes_with_its_owner(end: Callable[[subprocess.Popen[str]], None]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.plugins.postgres"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=env.ROOT,
    ) as owner:
        assert owner.stdout is not None
        address = owner.stdout.readline().strip()
        folder = Path(parse_qs(urlsplit(address).query)["host"][0])
        with psycopg.connect(address) as connection:
            (server,) = connection.execute("select pg_backend_pid()").fetchone() or (0,)
            assert connection.execute("show server_encoding").fetchone() == ("UTF8",)
        connection.close()
        end(owner)
        assert owner.wait(60) in (0, -signal.SIGKILL)
    limit = time.monotonic() + 30
    while folder.exists() and time.monotonic() < limit:
        time.sleep(0.05)
    assert not folder.exists()
    assert server
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address)
