"""One of two processes that want the same last money: ``python -m tests.faults.committer AMOUNT_MINOR``.

Says "ready", waits for a line, then tries to commit a running cost and says what came of it.
"""

import sys

import django


def main(amount_minor: int) -> None:
    django.setup()
    from django.db import connection
    from django.utils import timezone

    from audit.actions import DomainError
    from audit.actors import Machine
    from treasury.actions.commitments import commit
    from treasury.kinds import Category

    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        commit(
            category=Category.OFFICE, amount_minor=amount_minor, by=Machine("system:race"), at=timezone.now()
        )
    except DomainError as refusal:
        print(refusal.code, flush=True)
    else:
        print("committed", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
