"""Sweeps beside other workers: their long transactions are not waited for.

That the program waits is proved where the server is alone, in ``tests/accounts/test_erasure_bytes.py``;
how it waits, in ``tests/vault/test_keys.py``.
"""

import os


def wait_for_nobody() -> None:
    """From here on in this process, if it is a worker of pytest-xdist or was started by one."""
    from vault import traces

    if "PYTEST_XDIST_WORKER" in os.environ:
        traces._all_older_ended = lambda cursor: True
