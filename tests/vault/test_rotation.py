"""A rotation stopped after any step and run again ends with every subject open and the old key gone."""

import contextlib
import io
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event
from vault import indexes, keyfile, keys, rotation, shares
from vault.models import SubjectKey
from vault.router import KEYS

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """As sudden as kill -9, but in one process."""


@pytest.fixture
def key_file(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.KEY_FILE = tmp_path / "keys.json"
    keyfile.create(settings.KEY_FILE)
    return settings.KEY_FILE


@pytest.fixture
def subjects(key_file: Path, monkeypatch: pytest.MonkeyPatch) -> dict[uuid.UUID, bytes]:
    monkeypatch.setattr(rotation, "BATCH", 3)
    some = [uuid.uuid4() for _ in range(8)]
    keys.new_keys(some)
    return {subject_id: keys.data_key(subject_id) for subject_id in some}


def rotate(**options: Any) -> str:
    out = io.StringIO()
    call_command("rotate_keys", stdout=out, **options)
    return out.getvalue()


def assert_rotated(subjects: dict[uuid.UUID, bytes], name: str) -> None:
    assert {row.kek_id for row in SubjectKey.objects.using(KEYS).all()} == {name}
    held = keyfile.load()
    assert (held.current, held.coming, set(held.wrapping)) == (name, "", {name})
    assert {subject_id: keys.data_key(subject_id) for subject_id in subjects} == subjects
    kinds = list(
        Event.objects.filter(kind__startswith="keys.").order_by("seq").values_list("kind", flat=True)
    )
    assert kinds == ["keys.rotation_begun", "keys.rotated"] * (int(name[1:]) - 1)


def test_it_rewraps_and_retires_and_leaves_two_events(subjects: dict[uuid.UUID, bytes]) -> None:
    mail = indexes.exact_index("donor.email", "ala@example.org")
    told = rotate()
    assert_rotated(subjects, "k2")
    assert indexes.exact_index("donor.email", "ala@example.org") == mail, "look-ups must go on"
    rows = [line.strip() for line in told.splitlines() if line.startswith("    ")]
    assert shares.read_shares(rows[:14]) == keyfile.load()
    rotate()
    assert_rotated(subjects, "k3")


STEPS = ("replace_file", "begin_rotation", "bulk_update", "retire", "finish_rotation")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_stopped_at_any_step_it_goes_on(
    step: str, after: bool, subjects: dict[uuid.UUID, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db.models.query import QuerySet

    from audit import keeping

    place: Any = {
        "replace_file": keyfile, "begin_rotation": keeping, "bulk_update": QuerySet, "retire": rotation,
        "finish_rotation": keeping,
    }[step]  # fmt: skip
    real = getattr(place, step)
    for nth in range(1, 4):  # the first, second and third time the step is taken, until it is not any more
        with monkeypatch.context() as patch:
            patch.setattr(place, step, killing(real, nth, after))
            with contextlib.suppress(Killed):
                rotate()
            assert {subject_id: keys.data_key(subject_id) for subject_id in subjects} == subjects
    rotate()
    name = keyfile.load().current
    assert_rotated(subjects, name)


def killing(real: Any, nth: int, after: bool) -> Any:
    taken = {"times": 0}

    def run(*args: Any, **kwargs: Any) -> Any:
        taken["times"] += 1
        if taken["times"] == nth and not after:
            raise Killed
        result = real(*args, **kwargs)
        if taken["times"] == nth:
            raise Killed
        return result

    return run


def test_prepared_on_one_server_it_waits_for_the_others(subjects: dict[uuid.UUID, bytes]) -> None:
    rotate(prepare=True)
    assert keyfile.load().current == "k1"
    assert rotation.waiting() == 0
    rotate()
    assert_rotated(subjects, "k2")


def test_a_process_that_runs_notices_the_new_key(subjects: dict[uuid.UUID, bytes]) -> None:
    rotation.prepare()
    rotation.turn()
    rotation.turn()
    late = uuid.uuid4()
    keys.new_key(late)
    assert SubjectKey.objects.using(KEYS).get(pk=late).kek_id == "k2"
    with pytest.raises(rotation.RowsLeft):
        rotation.retire()
    rotate()
    assert_rotated({**subjects, late: keys.data_key(late)}, "k2")


def test_the_erased_stay_erased(subjects: dict[uuid.UUID, bytes]) -> None:
    gone = next(iter(subjects))
    rotation.prepare()
    rotation.turn()
    next(rotation.wrap_anew())
    keys.destroy_key(gone)
    rotate()
    assert not keys.exists(gone)


def test_rows_of_an_unknown_key_stop_it_before_the_old_key_goes(subjects: dict[uuid.UUID, bytes]) -> None:
    SubjectKey.objects.using(KEYS).filter(pk=next(iter(subjects))).update(kek_id="k9")
    with pytest.raises(CommandError, match="not over"):
        rotate()
    assert set(keyfile.load().wrapping) == {"k1", "k2"}


def test_two_at_once_are_refused(subjects: dict[uuid.UUID, bytes], key_file: Path) -> None:
    with keyfile.held(key_file), pytest.raises(CommandError, match="running already"):
        rotate()


def test_a_data_key_moved_to_another_person_does_not_open(subjects: dict[uuid.UUID, bytes]) -> None:
    one, other = list(subjects)[:2]
    rows = SubjectKey.objects.using(KEYS)
    rows.filter(pk=one).update(wrapped=rows.get(pk=other).wrapped)
    with pytest.raises(keys.WrongKeys):
        keys.data_key(one)
