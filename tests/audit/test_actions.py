"""One action is one transaction and one event; nothing tracked is written outside one."""

import datetime
import json

import pytest

from accounts.models import Grant, RoleGrant, User
from audit import actions, log, spent
from audit.actions import AlreadyDone, DomainError, OutsideAction, action
from audit.models import Event, EventSubject, SpentKey
from audit.tracked import Stale, Tracked
from tests import people

pytestmark = pytest.mark.django_db


@action("test.language")
def set_language(*, user: User, language: str, by: object, at: object, fail: bool = False) -> User:
    user.language = language
    user.save()
    actions.touch(user.pk)
    actions.fact(language=language)
    if fail:
        raise DomainError
    return user


@action("test.both")
def set_twice(*, user: User, by: object, at: object, swallow: bool = False) -> None:
    set_language(user=user, language="be", by=by, at=at)
    try:
        set_language(user=User.objects.get(pk=user.pk), language="ru", by=by, at=at, fail=True)
    except DomainError:
        if not swallow:
            raise


@action("test.anything")
def run(*, call: object, by: object, at: object) -> object:
    return call()  # type: ignore[operator]


@pytest.fixture
def user() -> User:
    return people.coordinator()


def last_event() -> dict:
    return json.loads(Event.objects.order_by("-seq")[0].body)


def test_one_action_leaves_one_event_that_binds_its_records(user: User, at: datetime.datetime) -> None:
    size = Event.objects.count()
    set_language(user=user, language="be", by=user, at=at)
    assert Event.objects.count() == size + 1
    event = last_event()
    assert (event["kind"], event["by"], event["facts"]) == (
        "test.language",
        user.actor_id,
        {"language": "be"},
    )
    assert event["subjects"] == [str(user.pk)]
    table, key, _sha = event["records"][0]
    assert table == "accounts_historicaluser"
    assert str(user.history.first().pk) == key
    assert user.history.first().history_user_id == user.actor_id
    assert user.history.first().action_id == Event.objects.get(seq=event["seq"]).action_id


def test_a_failed_action_leaves_nothing(user: User, at: datetime.datetime) -> None:
    size, head = Event.objects.count(), log.head()
    with pytest.raises(DomainError):
        set_language(user=user, language="be", by=user, at=at, fail=True)
    assert Event.objects.count() == size
    assert log.head() == head
    assert User.objects.get(pk=user.pk).language == "en"


def test_inner_actions_are_steps_and_failed_ones_fall_away(user: User, at: datetime.datetime) -> None:
    size = Event.objects.count()
    set_twice(user=user, by=user, at=at, swallow=True)
    assert Event.objects.count() == size + 1
    event = last_event()
    assert [step["facts"] for step in event["steps"]] == [{"language": "be"}]
    assert len(event["records"]) == 1
    assert User.objects.get(pk=user.pk).language == "be"
    with pytest.raises(DomainError):
        set_twice(user=User.objects.get(pk=user.pk), by=user, at=at)
    assert Event.objects.count() == size + 1


def test_actions_ask_for_who_and_when(user: User, at: datetime.datetime) -> None:
    naive = at.replace(tzinfo=None)
    for wrong in ({"by": user}, {"at": at}, {"by": user, "at": naive}, {"by": user, "at": "today"}):
        with pytest.raises(TypeError):
            set_language(user=user, language="be", **wrong)
    with pytest.raises(TypeError):
        set_language(user, language="be", by=user, at=at)  # type: ignore[misc]
    assert set_language.kind == "test.language"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "write",
    [
        lambda user: user.save(),
        lambda user: user.delete(),
        lambda user: User.objects.filter(pk=user.pk).update(language="be"),
        lambda user: User._base_manager.filter(pk=user.pk).update(language="be"),
        lambda user: User.objects.filter(pk=user.pk).delete(),
        lambda user: User.objects.bulk_create([User(username="x")]),
        lambda user: User.objects.bulk_update([user], ["language"]),
        lambda user: User.objects.insert_many([User(username="x")]),
        lambda user: RoleGrant.objects.create(user=user, role="auditor", started_at=people.START),
        lambda user: user.role_grants.add(RoleGrant.objects.first()),
        lambda user: user.role_grants.update(role="auditor"),
        lambda user: User.objects.get_or_create(username="y"),
        lambda user: Tracked.save_base(user, raw=True),
        lambda user: user.save_without_historical_record(),
    ],
    ids=[
        "save", "delete", "update", "base update", "queryset delete", "bulk create", "bulk update",
        "insert many", "create", "related add", "related update", "get or create", "as loaddata",
        "unrecorded",
    ],
)  # fmt: skip
def test_no_way_to_write_unseen(user: User, write: object) -> None:
    with pytest.raises(OutsideAction):
        write(user)  # type: ignore[operator]


def test_bulk_writes_are_refused_inside_an_action_too(user: User, at: datetime.datetime) -> None:
    for write in (
        lambda: User.objects.update(language="be"),
        lambda: user.role_grants.update(role="auditor"),
        user.save_without_historical_record,
    ):
        with pytest.raises(OutsideAction):
            run(call=write, by=user, at=at)


def test_a_stale_copy_cannot_undo_a_colleagues_change(user: User, at: datetime.datetime) -> None:
    mine, theirs = User.objects.get(pk=user.pk), User.objects.get(pk=user.pk)
    set_language(user=theirs, language="be", by=user, at=at)
    with pytest.raises(Stale):
        set_language(user=mine, language="ru", by=user, at=at)
    assert User.objects.get(pk=user.pk).language == "be"
    assert theirs.version == 1


def test_a_narrowed_save_records_what_the_row_holds(user: User, at: datetime.datetime) -> None:
    fresh = User.objects.get(pk=user.pk)
    fresh.language, fresh.is_active = "be", False
    run(call=lambda: fresh.save(update_fields=["language"]), by=user, at=at)
    entry = fresh.history.first()
    assert (entry.language, entry.is_active, entry.version) == ("be", True, 1)
    assert User.objects.get(pk=user.pk).version == 1


def test_expressions_and_deferred_fields_are_recorded_as_stored(user: User, at: datetime.datetime) -> None:
    from django.db.models import Value
    from django.db.models.functions import Upper

    fresh = User.objects.get(pk=user.pk)
    fresh.language = Upper(Value("be"))  # type: ignore[assignment]
    run(call=fresh.save, by=user, at=at)
    assert fresh.history.first().language == "BE"
    lazy = User.objects.only("language").get(pk=user.pk)
    lazy.language = "ru"
    run(call=lazy.save, by=user, at=at)
    assert lazy.history.first().is_active is True


def test_values_of_the_wrong_type_are_recorded_as_stored(user: User, at: datetime.datetime) -> None:
    def make() -> Grant:
        return Grant.objects.create(
            user=user,
            object_kind="case",
            object_id="0" * 31 + "1",
            kind="helper",
            started_at="2026-03-02T08:00:00+00:00",
            until=at,
        )

    grant = run(call=make, by=user, at=at)
    assert isinstance(grant, Grant)
    stored = Grant.objects.get(pk=grant.pk)
    assert stored.history.first().object_id == stored.object_id
    assert stored.history.first().started_at == stored.started_at


def test_many_rows_in_two_statements_keep_their_history(user: User, at: datetime.datetime) -> None:
    others = [people.person(name) for name in ("fir", "gorse")]
    rows = [RoleGrant(user=other, role="auditor", started_at=at) for other in others]
    run(call=lambda: RoleGrant.objects.insert_many(rows), by=user, at=at)
    assert [row.history.count() for row in rows] == [1, 1]
    assert len(last_event()["records"]) == 2


def test_a_deleted_row_leaves_its_last_words(user: User, at: datetime.datetime) -> None:
    grant = RoleGrant.objects.get(user=user)
    key = grant.pk
    run(call=grant.delete, by=user, at=at)
    kept = RoleGrant.history.filter(id=key)
    assert [entry.history_type for entry in kept.order_by("history_type")] == ["+", "-"]
    assert {entry.history_user_id for entry in kept} == {"system:test", user.actor_id}


def test_history_keeps_no_password(user: User) -> None:
    assert "password" not in {field.name for field in user.history.model._meta.get_fields()}
    assert user.password not in user.history.first().record


def test_a_key_is_spent_with_its_action_and_not_by_a_refused_one(user: User, at: datetime.datetime) -> None:
    with pytest.raises(DomainError), actions.once("form-1"):
        set_language(user=User.objects.get(pk=user.pk), language="be", by=user, at=at, fail=True)
    assert not spent.is_spent("form-1")
    with actions.once("form-1"):
        set_language(user=User.objects.get(pk=user.pk), language="be", by=user, at=at)
    assert spent.is_spent("form-1")
    with pytest.raises(AlreadyDone), actions.once("form-1"):
        set_language(user=User.objects.get(pk=user.pk), language="ru", by=user, at=at)
    assert User.objects.get(pk=user.pk).language == "be"
    assert not SpentKey.objects.filter(digest="form-1").exists()


def test_errors_carry_a_code_and_words_but_no_values() -> None:
    class Short(DomainError):
        code = "short"
        message = "Short of %(missing)s."

    assert str(Short(missing="7.00")) == "short"
    assert Short(missing="7.00").text == "Short of 7.00."


@pytest.mark.django_db(transaction=True)
def test_an_append_outside_a_transaction_is_refused(at: datetime.datetime) -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        log.append(actions.Act("test", "x", at))


def test_many_to_many_rows_are_refused(user: User) -> None:
    from audit.history import History

    with pytest.raises(OutsideAction):
        History().m2m_changed(user, "post_add", "x", set(), False)


def test_subjects_find_their_events(user: User, at: datetime.datetime) -> None:
    set_language(user=user, language="be", by=user, at=at)
    found = EventSubject.objects.filter(subject_id=str(user.pk)).order_by("-event_id")
    assert found[0].event.kind == "test.language"
