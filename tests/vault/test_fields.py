"""Sealed fields on a real model: they open inside a reading only, and never through a side door."""

import json
import pickle

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.forms.models import model_to_dict

from accounts.models import Grant, User
from audit.actions import action
from audit.models import ReadRecord, ReadSubject
from tests import people
from vault import fields, keys, reading
from vault.fields import ERASED, PlaintextInQuery, SealedDate
from vault.sealing import SealBroken, Token

pytestmark = pytest.mark.django_db


@action("test.saved")
def _save(*, row: User, by: object, at: object) -> None:
    row.save()


@pytest.fixture
def user() -> User:
    return User.objects.get(pk=people.person("alder", "coordinator", name="Алена Дуб").pk)


def test_it_opens_inside_a_reading_and_the_reading_is_recorded(user: User) -> None:
    with reading.reading("staff:reader", "desk:case"):
        assert user.name == "Алена Дуб"
    record = ReadRecord.objects.get()
    assert (record.actor_id, record.purpose) == ("staff:reader", "desk:case")
    subject = ReadSubject.objects.get()
    assert (subject.subject_id, subject.fields) == (user.pk, "user.name")


def test_a_reading_that_opens_nothing_leaves_nothing() -> None:
    with reading.reading("staff:reader", "desk:case"):
        pass
    assert not ReadRecord.objects.exists()


def test_it_stays_closed_outside_a_reading(user: User) -> None:
    with pytest.raises(reading.NoReader):
        _ = user.name


def test_what_cannot_be_recorded_is_not_shown(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(opened: reading.Reading) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(reading, "_recorder", [broken])
    with pytest.raises(reading.ReadLogUnwritable), reading.reading("staff:reader", "desk:case"):
        _ = user.name
    monkeypatch.setattr(reading, "_recorder", [])
    with pytest.raises(reading.ReadLogUnwritable), reading.reading("staff:reader", "desk:case"):
        _ = user.name


def test_what_was_opened_before_an_error_is_recorded(user: User) -> None:
    def read_and_fail() -> None:
        with reading.reading("staff:reader", "desk:case"):
            assert user.name
            raise ValueError("boom")

    with pytest.raises(ValueError, match="boom"):
        read_and_fail()
    assert ReadRecord.objects.count() == 1


@pytest.mark.parametrize(
    "look_up",
    [{"name": "Алена Дуб"}, {"name__icontains": "дуб"}, {"name__startswith": "А"}, {"name__in": ["Алена"]}],
    ids=str,
)
def test_plain_text_is_refused_in_every_look_up(user: User, look_up: dict) -> None:
    with pytest.raises((PlaintextInQuery, FieldError)):
        list(User.objects.filter(**look_up))


def test_side_doors_give_tokens(user: User) -> None:
    stored = User.objects.filter(pk=user.pk).values_list("name", flat=True)[0]
    assert isinstance(stored, Token)
    for seen in (
        model_to_dict(user, ["name"])["name"],
        json.loads(serializers.serialize("json", [user]))[0]["fields"]["name"],
        user._meta.get_field("name").value_to_string(user),
        pickle.loads(pickle.dumps(user)).__dict__["name"],  # noqa: S301
        user.history.first().__dict__["name"],
    ):
        assert seen == stored
    user.full_clean(exclude=["password"])
    user.refresh_from_db()
    user.refresh_from_db(fields=["name", "language"])
    assert user.__dict__["name"] == stored
    assert not ReadRecord.objects.exists()


def test_a_deferred_value_opens_too(user: User) -> None:
    lazy = User.objects.only("username").get(pk=user.pk)
    with reading.reading("staff:reader", "x"):
        assert lazy.name == "Алена Дуб"


def test_history_opens_with_the_same_key_and_closes_with_it(user: User) -> None:
    with reading.reading("staff:reader", "x"):
        assert user.history.first().name == "Алена Дуб"
    keys.destroy_key(user.pk)
    with reading.reading("staff:reader", "x") as opened:
        assert user.history.first().name is ERASED
        assert opened.opened == {}  # nothing was read


def test_saving_the_same_value_keeps_the_token(user: User, at: object) -> None:
    before = user.__dict__["name"]
    user.name = "Алена Дуб"
    _save(row=user, by=people.SETUP, at=at)
    assert User.objects.get(pk=user.pk).__dict__["name"] == before
    user.name = "Алена Ясень"
    _save(row=user, by=people.SETUP, at=at)
    assert User.objects.get(pk=user.pk).__dict__["name"] != before


def test_a_token_in_another_row_does_not_open(user: User) -> None:
    other = people.person("birch", name="Бярозка")
    stolen = User.objects.get(pk=other.pk)
    stolen.__dict__["name"] = user.__dict__["name"]
    with pytest.raises(SealBroken), reading.reading("staff:reader", "x"):
        _ = stolen.name
    stolen.name = "Бярозка"  # a broken token gives way to a new value
    assert stolen.__dict__["name"] == "Бярозка"


def test_nothing_can_be_written_for_an_erased_person(user: User, at: object) -> None:
    keys.destroy_key(user.pk)
    user.name = "Somebody else"
    with pytest.raises(keys.Erased):
        _save(row=user, by=people.SETUP, at=at)


def test_none_replaces_a_value_without_opening_it(user: User) -> None:
    user.name = None
    assert user.__dict__["name"] is None


def test_prefetching_names_the_field_that_is_not_there(user: User) -> None:
    with reading.reading("staff:reader", "x") as opened:
        fields.prefetch([user], "name")
        assert user.pk in opened.keys
        with pytest.raises(AttributeError, match="nome"):
            fields.prefetch([user], "nome")


def test_text_ids_and_dates() -> None:
    import datetime

    born = SealedDate(label="x.born")
    assert born.to_value(born.to_plain(datetime.date(1984, 2, 29))) == datetime.date(1984, 2, 29)
    assert born.to_value("") is None
    assert born.to_plain("1984-02-29") == "1984-02-29"
    assert User.name.field.label == "user.name"
    with pytest.raises(FieldError):
        list(Grant.objects.filter(reason__year=2026))
    assert {field.label for field in fields.sealed_fields(Grant)} == {"grant.reason", "grant.end_reason"}


def test_what_is_erased_reads_as_a_word_in_the_readers_language() -> None:
    from django.template import Context, Template
    from django.utils.translation import override

    with override("en"):
        assert str(ERASED) == Template("{{ name }}").render(Context({"name": ERASED})) == "erased"
