"""A worker to be killed: for each line on its input it forks a child that follows the waiting hints.

Run as ``python -m tests.faults.drainer STRIPE_ADDRESS``. The parent loads the program once and never opens
a database, so each child has connections of its own.
"""

import os
import sys

import django


def main(address: str) -> None:
    django.setup()
    from donations import inbox
    from donations.stripe_gateway import Gateway

    print("ready", flush=True)
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            inbox.drain(Gateway("sk_test_sandbox", address, timeout=5))
            os._exit(0)
        print(child, flush=True)
        _pid, status = os.waitpid(child, 0)
        print(status, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
