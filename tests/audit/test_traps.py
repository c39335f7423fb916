"""Each way in which a plain history lies, beside ours, which refuses or tells the truth.

The first of each pair runs django-simple-history as it comes (``tests/audit/plain_history.py``) and asserts
the lie; it is the mutant that shows what our base is for. The second does the same to our own models.
"""

import datetime
import uuid
from collections.abc import Iterator

import pytest
from django.core import serializers
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import RoleGrant, User
from audit import timeline
from audit.actions import OutsideAction
from audit.history import history_model
from audit.tracked import Stale
from tests import people
from tests.audit import plain_history as plain
from tests.audit.test_actions import run
from tests.plugins.roles import as_owner
from treasury.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def _plain() -> Iterator[None]:
    with plain.tables():
        yield


@pytest.fixture
def user() -> User:
    return people.coordinator()


def versions(user: User) -> list[timeline.Version]:
    return timeline.versions(User, [user.pk])


# A save narrowed to some columns.
@pytest.mark.usefixtures("_plain")
def test_plain_records_a_value_that_was_never_stored() -> None:
    sheet = plain.Sheet.objects.create()
    sheet.amount_minor, sheet.note = 999_999, "only the note"
    sheet.save(update_fields=["note"])
    assert plain.Sheet.objects.get().amount_minor == 100
    assert sheet.history.first().amount_minor == 999_999


def test_ours_records_what_the_row_holds(user: User, at: datetime.datetime) -> None:
    user.language, user.username = "be", "never-stored"
    run(call=lambda: user.save(update_fields=["language"]), by=people.SETUP, at=at)
    last = versions(user)[-1]
    stored = User.objects.values().get(pk=user.pk)
    assert {name: last.row[name] for name in last.row} == {name: stored[name] for name in last.row}
    assert [change.field for change in last.changes] == ["language"]


# update() and bulk writes.
@pytest.mark.usefixtures("_plain")
def test_plain_sees_no_update_and_no_bulk_write() -> None:
    sheet = plain.Sheet.objects.create()
    plain.Sheet.objects.filter(pk=sheet.pk).update(amount_minor=5)
    sheet.amount_minor = 6
    plain.Sheet.objects.bulk_update([sheet], ["amount_minor"])
    (other,) = plain.Sheet.objects.bulk_create([plain.Sheet(note="bulk")])
    assert plain.Sheet.objects.get(pk=sheet.pk).amount_minor == 6
    assert sheet.history.count() == 1
    assert other.history.count() == 0
    plain.Sheet.objects.filter(pk=sheet.pk)._raw_delete("default")
    assert not plain.Sheet.history.filter(history_type="-").exists()


def test_ours_refuses_them_even_inside_an_action(user: User, at: datetime.datetime) -> None:
    writes = {
        "update": lambda: User.objects.filter(pk=user.pk).update(language="be"),
        "bulk_update": lambda: User.objects.bulk_update([user], ["language"]),
        "bulk_create": lambda: User.objects.bulk_create([User(username="bulk")]),
        "raw delete": lambda: User.objects.filter(pk=user.pk)._raw_delete("default"),
        "queryset delete": lambda: User.objects.filter(pk=user.pk).delete(),
        "update_or_create": lambda: User.objects.filter(pk=user.pk).update(version=9),
    }
    for name, write in writes.items():
        with pytest.raises(OutsideAction):
            run(call=write, by=people.SETUP, at=at)
        assert len(versions(user)) == 1, name


# Two people with the same row.
@pytest.mark.usefixtures("_plain")
def test_plain_lets_a_stale_copy_undo_a_change() -> None:
    key = plain.Sheet.objects.create().pk
    mine, theirs = plain.Sheet.objects.get(pk=key), plain.Sheet.objects.get(pk=key)
    theirs.amount_minor = 1
    theirs.save()
    mine.note = "something else"
    mine.save()
    assert plain.Sheet.objects.get(pk=key).amount_minor == 100


def test_ours_refuses_a_stale_copy(user: User, at: datetime.datetime) -> None:
    mine, theirs = User.objects.get(pk=user.pk), User.objects.get(pk=user.pk)
    theirs.language = "be"
    run(call=theirs.save, by=people.SETUP, at=at)
    mine.is_active = False
    for narrowed in (None, ["is_active"]):
        with pytest.raises(Stale):
            run(call=lambda: mine.save(update_fields=narrowed), by=people.SETUP, at=at)  # noqa: B023  called at once
    assert User.objects.get(pk=user.pk).language == "be"


# The person who acted leaves.
@pytest.mark.usefixtures("_plain")
def test_plain_forgets_who_it_was() -> None:
    officer = plain.Officer.objects.create(name="insider")
    sheet = plain.Sheet(amount_minor=3)
    sheet._history_user = officer
    sheet.save()
    assert sheet.history.first().history_user_id == officer.pk
    officer.delete()
    assert sheet.history.first().history_user_id is None


def test_ours_keeps_the_opaque_id(user: User, at: datetime.datetime) -> None:
    insider = people.person("insider", "coordinator")
    actor_id = insider.actor_id
    user.language = "be"
    run(call=user.save, by=insider, at=at)
    for grant in RoleGrant.objects.filter(user=insider):
        run(call=grant.delete, by=people.SETUP, at=at)
    run(call=insider.delete, by=people.SETUP, at=at)
    assert not User.objects.filter(pk=insider.pk).exists()
    assert versions(user)[-1].actor_id == actor_id


# Columns that no form edits.
@pytest.mark.usefixtures("_plain")
def test_plain_leaves_them_out_of_the_difference() -> None:
    sheet = plain.Sheet.objects.create()
    sheet.locked = True
    sheet.save()
    after, before = sheet.history.all()
    assert (before.locked, after.locked) == (False, True)
    assert after.diff_against(before).changed_fields == []


def test_ours_shows_every_column(at: datetime.datetime) -> None:
    before = {"id": 1, "locked": False, "note": "s1.a", "amount_minor": 1, "version": 0}
    after = {**before, "locked": True, "version": 1}
    (change,) = timeline.difference(plain.Sheet, before, after)
    assert (change.field, change.before, change.after) == ("locked", False, True)
    hidden = [field.name for field in User._meta.concrete_fields if not field.editable]
    assert hidden
    stored = versions(people.coordinator())[-1].row
    assert set(hidden) <= set(stored)


# History rows that are edited or deleted.
@pytest.mark.usefixtures("_plain")
def test_plain_lets_history_be_rewritten() -> None:
    sheet = plain.Sheet.objects.create()
    entry = sheet.history.first()
    entry.amount_minor = 77
    entry.save()
    assert sheet.history.first().amount_minor == 77
    plain.Sheet.history.all().delete()
    assert sheet.history.count() == 0


@pytest.mark.parametrize("as_whom", ["program", "owner"])
def test_ours_refuses_to_rewrite_history(user: User, as_whom: str) -> None:
    entry = user.history.get()
    entry.language = "ru"
    kept_in = history_model(User)
    writes = (
        entry.save,
        entry.delete,
        lambda: kept_in._base_manager.update(language="ru"),
        lambda: kept_in._base_manager.all().delete(),
        lambda: kept_in._base_manager.all()._raw_delete("default"),
    )
    for write in writes:
        refused = pytest.raises((IntegrityError, DatabaseError))
        if as_whom == "owner":
            with as_owner(connection), refused, transaction.atomic():
                write()
        else:
            with refused, transaction.atomic():
                write()
    assert user.history.get().language == "en"


# Relations.
@pytest.mark.usefixtures("_plain")
def test_plain_sees_no_many_to_many_change() -> None:
    sheet, label = plain.Sheet.objects.create(), plain.Label.objects.create(name="urgent")
    sheet.labels.add(label)
    sheet.labels.set([])
    assert sheet.history.count() == 1


def test_ours_has_no_hidden_tables() -> None:
    for model in timeline.recorded_models().values():
        assert model._meta.local_many_to_many == [], f"{model._meta.label}: make the rows between a model"


@pytest.mark.usefixtures("_plain")
def test_plain_misses_what_related_managers_write() -> None:
    sheet, line = plain.Sheet.objects.create(), plain.Line.objects.create()
    sheet.lines.add(line)
    assert plain.Line.objects.get().sheet == sheet
    assert line.history.first().sheet_id is None
    sheet.lines.set([])
    plain.Line.objects.filter(pk=line.pk).update(sheet=sheet)
    sheet.delete()  # SET_NULL is an update that nobody sees
    assert plain.Line.objects.get().sheet is None
    assert line.history.count() == 1


def test_ours_refuses_or_records_related_managers(user: User, at: datetime.datetime) -> None:
    other = people.person("fir", "auditor")
    grant = RoleGrant.objects.get(user=other)
    for write in (lambda: user.role_grants.add(grant), lambda: user.role_grants.set([grant], clear=False)):
        with pytest.raises(OutsideAction):
            run(call=write, by=people.SETUP, at=at)
    assert RoleGrant.objects.get(pk=grant.pk).user_id == other.pk
    assert not hasattr(user.role_grants, "remove"), "a grant belongs to somebody: it cannot be cut loose"
    made = run(call=lambda: user.role_grants.create(role="auditor", started_at=at), by=people.SETUP, at=at)
    assert isinstance(made, RoleGrant)
    assert made.history.count() == 1
    with pytest.raises(OutsideAction):
        user.role_grants.create(role="treasurer", started_at=at)


def test_no_relation_of_ours_writes_by_itself() -> None:
    for model in timeline.recorded_models().values():
        for column in model._meta.concrete_fields:
            if column.is_relation:
                rule = column.remote_field.on_delete.__name__  # type: ignore[union-attr]
                assert rule in ("PROTECT", "RESTRICT"), f"{model._meta.label}.{column.name}: {rule}"


# Fixtures and the manager behind the managers.
@pytest.mark.usefixtures("_plain")
def test_plain_loads_fixtures_and_base_manager_writes_unseen() -> None:
    sheet = plain.Sheet.objects.create()
    text = serializers.serialize("json", [sheet]).replace("100", "200")
    for loaded in serializers.deserialize("json", text):
        loaded.save()
    plain.Sheet._base_manager.filter(pk=sheet.pk).update(note="unseen")
    stored = plain.Sheet.objects.get()
    assert (stored.amount_minor, stored.note) == (200, "unseen")
    assert sheet.history.first().amount_minor == 100


def test_ours_refuses_both(user: User, at: datetime.datetime) -> None:
    grant = RoleGrant.objects.get(user=user)
    text = serializers.serialize("json", [user, grant]).replace("coordinator", "treasurer")
    for loaded in serializers.deserialize("json", text):
        with (
            CaptureQueriesContext(connection) as asked,
            pytest.raises(OutsideAction),
            transaction.atomic(),
        ):
            loaded.save()
        said = [query["sql"].split()[0] for query in asked]
        assert not {"UPDATE", "INSERT"} & set(said), "refused when it was written: kept without a transaction"
    assert RoleGrant.objects.get(user=user).role == "coordinator"
    kept = treasury_account()
    for loaded in serializers.deserialize("json", serializers.serialize("json", [kept])):
        with pytest.raises(OutsideAction), transaction.atomic():
            loaded.save()
        with pytest.raises(OutsideAction):
            run(call=loaded.save, by=people.SETUP, at=at)
    with pytest.raises(OutsideAction):
        run(call=lambda: User._base_manager.update(language="ru"), by=people.SETUP, at=at)
    assert User.objects.get(pk=user.pk).language == "en"
    assert len(versions(user)) == 1


def treasury_account() -> Account:
    """A row that is written once, not saved yet."""
    account = Account(code="9999", kind="bank", currency="EUR", action_id=uuid.uuid4(), record="{}")
    account.id = uuid.uuid4()
    return account


# Two writes at the same moment.
@pytest.mark.usefixtures("_plain")
def test_plain_knows_two_truths_at_one_moment(at: datetime.datetime) -> None:
    sheet = plain.Sheet(amount_minor=1)
    for amount in (1, 2):
        sheet._history_date = at
        sheet.amount_minor = amount
        sheet.save()
    found = plain.Sheet.history.as_of(at + datetime.timedelta(days=1))
    assert sorted(row.amount_minor for row in found) == [1, 2]


def test_ours_knows_one(user: User, at: datetime.datetime) -> None:
    for language in ("be", "ru"):
        user.language = language
        run(call=user.save, by=people.SETUP, at=at)
    known = timeline.known_on(versions(user), at + datetime.timedelta(days=1))
    assert known is not None
    assert (known.row["language"], known.number) == ("ru", 2)
    then = timeline.known_on(versions(user), at - datetime.timedelta(microseconds=1))
    assert then is not None
    assert then.row["language"] == "en"
    assert timeline.known_on(versions(user), people.START - datetime.timedelta(days=1)) is None


# A switch that turns history off.
@pytest.mark.usefixtures("_plain")
def test_plain_has_a_switch_to_save_unseen() -> None:
    sheet = plain.Sheet.objects.create()
    sheet.skip_history_when_saving = True
    sheet.amount_minor = 4
    sheet.save()
    sheet.amount_minor = 5
    sheet.save_without_historical_record()
    assert sheet.history.count() == 1


def test_ours_has_none(user: User, at: datetime.datetime) -> None:
    user.skip_history_when_saving = True  # type: ignore[attr-defined]
    user.language = "be"
    run(call=user.save, by=people.SETUP, at=at)
    assert len(versions(user)) == 2
    with pytest.raises(OutsideAction):
        run(call=user.save_without_historical_record, by=people.SETUP, at=at)
