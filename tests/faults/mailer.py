"""A worker to be killed: for each line on its input it forks a child that sends what is due.

Run as ``python -m tests.faults.mailer RELAY_PORT``. The parent never opens a database.
"""

import os
import sys

import django


def main(port: str) -> None:
    django.setup()
    from django.conf import settings
    from django.utils import timezone

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", int(port), False
    from accounts.outbox import sending

    print("ready", flush=True)
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            sending.send_due(at=timezone.now())
            os._exit(0)
        print(child, flush=True)
        _pid, status = os.waitpid(child, 0)
        print(status, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
