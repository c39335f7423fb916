"""Appends from many threads make one tree, on both engines."""

import threading

import pytest
from django.db import connection, connections
from django.utils import timezone

from accounts.models import User
from audit import log
from audit.models import Event
from audit.proof import tree
from tests import people
from tests.audit.test_actions import set_language


@pytest.mark.django_db(transaction=True)
def test_threads_append_one_after_the_other() -> None:
    users = [people.person(f"hazel-{index}") for index in range(4)]
    size, errors = Event.objects.count(), []

    def work(key: object) -> None:
        try:
            for turn in range(6):
                user = User.objects.get(pk=key)
                set_language(user=user, language=("be", "ru")[turn % 2], by=user, at=timezone.now())
        except Exception as error:  # noqa: BLE001  reported below
            errors.append(error)
        finally:
            for alias in connections:
                connections[alias].close()

    threads = [threading.Thread(target=work, args=(user.pk,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Event.objects.count() == size + 24
    assert list(tree.problems()) == []
    assert log.head()[0] == size + 24
    assert connection.vendor in {"sqlite", "postgresql"}
