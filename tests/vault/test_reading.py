"""The gate behind each reading: what it refuses is not shown, and what was opened stays recorded."""

import uuid
from collections.abc import Callable

import pytest

from vault import reading

WHO = uuid.uuid4()


def opened(recorder: list[Callable], gate: list[Callable], patch: pytest.MonkeyPatch) -> reading.Reading:
    patch.setattr(reading, "_recorder", recorder)
    patch.setattr(reading, "_gate", gate)
    made = reading.Reading("staff:reader", "desk:case")
    made.note(WHO, "user.name")
    return made


def test_the_gate_is_asked_after_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    held = opened([lambda _o: order.append("recorded")], [lambda _o: order.append("asked")], monkeypatch)
    reading.commit(held)
    assert (order, held.opened) == (["recorded", "asked"], {})
    reading.commit(held)
    assert len(order) == 2, "nothing was opened since"


def test_a_frozen_reader_is_told_and_the_record_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []

    def frozen(_opened: reading.Reading) -> None:
        raise reading.ReadingFrozen

    held = opened([lambda _o: order.append("recorded")], [frozen], monkeypatch)
    with pytest.raises(reading.ReadingFrozen):
        reading.commit(held)
    assert (order, held.opened) == (["recorded"], {})


def test_whatever_else_goes_wrong_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_opened: reading.Reading) -> None:
        raise ZeroDivisionError

    with pytest.raises(reading.ReadLogUnwritable, match="ZeroDivisionError"):
        reading.commit(opened([broken], [], monkeypatch))
    with pytest.raises(reading.ReadLogUnwritable, match="no recorder"):
        reading.commit(opened([], [], monkeypatch))


def test_rooms_fill_the_ports_once(monkeypatch: pytest.MonkeyPatch) -> None:
    opened([], [], monkeypatch)
    for _again in range(2):
        reading.set_recorder(print)
        reading.set_gate(print)
    assert (reading._recorder, reading._gate) == ([print], [print])
