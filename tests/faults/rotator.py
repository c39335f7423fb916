"""Rotations to be killed: for each line on its input it forks a child that runs ``rotate_keys`` once.

Run as ``python -m tests.faults.rotator``. The parent loads the program once and never opens a database, so
each child has connections of its own.
"""

import io
import os
import sys
import traceback

import django


def main() -> None:
    django.setup()
    from django.core.management import call_command

    from config.management.commands import rotate_keys  # noqa: F401  loaded before the forks
    from tests.plugins import sweeping
    from vault import rotation

    sweeping.wait_for_nobody()
    rotation.BATCH = 10
    print("ready", flush=True)
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                call_command("rotate_keys", stdout=io.StringIO(), stderr=io.StringIO())
            except BaseException:  # noqa: BLE001  the status tells it
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        print(child, flush=True)
        _pid, status = os.waitpid(child, 0)
        print(status, flush=True)


if __name__ == "__main__":
    main()
