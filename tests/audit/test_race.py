"""Appends from many threads make one tree, on both engines."""

import threading
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import Error, connections
from django.utils import timezone

from accounts.models import User
from audit import log
from audit.models import Event, LogTail
from audit.proof import moment, registry, tree
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


def elsewhere(user: User) -> str:
    """Append one event through a connection of its own, and wait for it; nothing is wrong."""

    def work() -> None:
        try:
            fresh = User.objects.get(pk=user.pk)
            set_language(
                user=fresh, language="ru" if fresh.language == "be" else "be", by=user, at=timezone.now()
            )
        finally:
            for alias in connections:
                connections[alias].close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return ""


@pytest.mark.django_db(transaction=True)
def test_verify_sees_one_moment_while_others_write(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    user, walked = people.person("hazel"), tree.problems
    size = log.head()[0]

    def with_a_busy_office() -> Iterator[str]:
        events = list(Event.objects.order_by("seq"))
        elsewhere(user)
        assert list(Event.objects.order_by("seq")) == events
        yield from walked()

    monkeypatch.setattr(tree, "_columns", lambda: iter(filter(None, [elsewhere(user)])))
    assert list(tree.problems()) != [], "at two moments the log does not fit itself"
    monkeypatch.undo()
    monkeypatch.setattr(tree, "problems", with_a_busy_office)
    call_command("verify")
    told = capsys.readouterr().out
    assert "log tree: whole" in told
    assert f"log size {size + 1}," in told
    monkeypatch.undo()
    assert log.head()[0] == size + 2
    assert [named.name for named in registry.proofs() if list(named.proof())] == []


@pytest.mark.django_db(transaction=True)
def test_nothing_is_written_in_that_moment() -> None:
    people.person("hazel")
    with pytest.raises(Error), moment.one_moment():
        LogTail.objects.update(size=0)
    elsewhere(people.person("alder"))  # and afterwards writing is as before
