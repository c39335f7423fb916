"""One key per person, wrapped, apart from the database; gone means unreadable."""

import uuid
from pathlib import Path

import pytest
from django.db import OperationalError, connections, transaction

from vault import box, indexes, keyfile, keys, reading, traces
from vault.models import IndexEntry, SubjectKey
from vault.router import KEYS
from vault.traces import _all_older_ended as all_older_ended

pytestmark = pytest.mark.django_db


def test_a_key_is_stored_wrapped_in_its_own_database() -> None:
    subject_id = uuid.uuid4()
    keys.new_key(subject_id)
    row = SubjectKey.objects.using(KEYS).get(pk=subject_id)
    assert keys.data_key(subject_id) not in bytes(row.wrapped)
    assert "vault_subjectkey" not in connections["default"].introspection.table_names()
    assert connections[KEYS].introspection.table_names() == ["django_migrations", "vault_subjectkey"]


def test_a_destroyed_key_opens_nothing_even_inside_the_reading_that_held_it() -> None:
    subject_id = uuid.uuid4()
    keys.new_key(subject_id)
    with reading.reading("staff:x", "test"):
        keys.data_key(subject_id)
        keys.destroy_key(subject_id)
        with pytest.raises(keys.Erased):
            keys.data_key(subject_id)
    assert not keys.exists(subject_id)


def test_destroying_outside_a_reading() -> None:
    subject_id = uuid.uuid4()
    keys.new_key(subject_id)
    assert keys.exists(subject_id)
    keys.destroy_key(subject_id)
    with pytest.raises(keys.Erased):
        keys.data_key(subject_id)


def test_keys_of_a_list_come_in_one_query(django_assert_num_queries: object) -> None:
    subjects = [uuid.uuid4() for _ in range(200)]
    keys.new_keys(subjects)
    with reading.reading("staff:x", "test") as opened:
        with django_assert_num_queries(1, connection=connections[KEYS]):  # type: ignore[operator]
            keys.prefetch(subjects)
            keys.prefetch(subjects)
        assert len(opened.keys) == 200
    assert opened.keys == {}


def test_prefetching_needs_a_reading() -> None:
    with pytest.raises(reading.NoReader):
        keys.prefetch([uuid.uuid4()])


def test_the_organisation_has_a_key_of_its_own_and_keeps_it() -> None:
    assert box.unlock("a", box.lock("a", "secret")) == "secret"
    first = keys.data_key(keys.ORGANISATION)
    keys.ensure_key(keys.ORGANISATION)
    assert keys.data_key(keys.ORGANISATION) == first


def test_indexes_find_and_forget() -> None:
    subject_id, other = uuid.uuid4(), uuid.uuid4()
    keys.new_keys([subject_id, other])
    mail = indexes.exact_index("donor.email", " Ala@Example.org ")
    assert mail == indexes.exact_index("donor.email", "ala@example.org")
    assert len(mail) == 64
    assert len(indexes.name_index("client.name", "alena")) == 6
    indexes.replace("donor.email", subject_id, [mail])
    indexes.replace("donor.email", other, [mail])
    assert indexes.subjects("donor.email", [mail]) == {subject_id, other}
    indexes.replace("donor.email", other, [])
    indexes.forget(subject_id)
    assert not IndexEntry.objects.exists()


def test_the_key_file_is_private_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "keys.json"
    keyfile.create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        keyfile.create(path)


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path, settings: object) -> None:
    path = tmp_path / "keys.json"
    keyfile.create(path)
    path.chmod(0o640)
    settings.KEY_FILE = path  # type: ignore[attr-defined]
    with pytest.raises(keyfile.KeyFileExposed):
        keyfile.load()


def test_without_a_key_file_nothing_starts(tmp_path: Path, settings: object) -> None:
    settings.KEY_FILE = tmp_path / "none.json"  # type: ignore[attr-defined]
    with pytest.raises(keyfile.KeyFileMissing):
        keyfile.load()


def test_indexes_of_many_are_candidates_by_how_much_they_share() -> None:
    one, other, gone = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    keys.new_keys([one, other, gone])
    digests = [indexes.name_index("client.name", word) for word in ("alena", "dub", "krauchanka")]
    indexes.add_many("client.name", {one: digests[:2], other: digests[1:2], gone: digests[2:]})
    assert indexes.hits("client.name", digests[:2]) == {one: 2, other: 1}
    unknown = indexes.name_index("client.name", "nobody")
    assert indexes.known("client.name", [*digests, unknown]) == set(digests)
    assert indexes.known("client.name", []) == set()
    keys.destroy_key(gone)
    assert indexes.forget_erased() == 1
    assert indexes.known("client.name", digests) == set(digests[:2])


def test_who_is_left() -> None:
    some = [uuid.uuid4() for _ in range(3)]
    keys.new_keys(some[:2])
    assert set(keys.existing(some)) == set(some[:2])
    assert keys.existing([]) == []


def test_a_key_is_remembered_within_a_reading_and_not_beyond() -> None:
    subject_id = uuid.uuid4()
    keys.new_key(subject_id)
    with reading.reading("staff:x", "test") as opened:
        keys.data_key(subject_id)
        assert subject_id in opened.keys
        SubjectKey.objects.using(KEYS).filter(pk=subject_id).delete()  # as another process would
        keys.data_key(subject_id)
    with pytest.raises(keys.Erased):
        keys.data_key(subject_id)


def test_keys_of_another_installation_are_known_by_one_row() -> None:
    keys.new_key(uuid.uuid4())
    held = keyfile.load()
    assert keys.opens_the_store(held)
    other = {name: bytes(32) for name in held.wrapping}
    assert not keys.opens_the_store(keyfile.Keys(held.current, other, held.index))


@pytest.mark.django_db(transaction=True)
def test_nothing_is_swept_inside_a_transaction_or_behind_a_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    table = SubjectKey._meta.db_table
    assert traces.swept("keys", table)
    with transaction.atomic(using="keys"):
        assert not traces.swept("keys", table)
    with transaction.atomic():  # PostgreSQL would wait for this one
        assert traces.swept("keys", table) is (connections["keys"].vendor == "sqlite")

    def busy(_cursor: object, _table: str) -> bool:
        raise OperationalError("locked")

    for name in ("_emptied", "_written_anew"):
        monkeypatch.setattr(traces, name, busy)
    assert not traces.swept("keys", table)


@pytest.mark.each_engine
@pytest.mark.parametrize(("still", "patience", "ended"), [([True, False], 60.0, True), ([True], 0.0, False)])
def test_a_sweep_waits_for_what_was_under_way(
    still: list[bool], patience: float, ended: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([("731",), *((each,) for each in still)])
    asked: list[dict[str, str]] = []

    class Cursor:
        def execute(self, _statement: str, words: dict[str, str] | None = None) -> None:
            asked.extend([words] if words else [])

        def fetchone(self) -> tuple[object, ...]:
            return next(answers)

    monkeypatch.setattr(traces, "_PATIENCE", patience)
    assert all_older_ended(Cursor()) is ended
    assert asked == [{"now": "731"}] * len(still)
