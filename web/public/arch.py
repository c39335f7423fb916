"""The arch that shelters dots: where each dot of the drawing stands. The drawing only decorates."""

from dataclasses import dataclass

from cases.coverage import Coverage

STEP = 30
FLOOR = 368
# From the floor up: where each row under the arch begins and how many dots it holds.
_ROWS = ((62, 9),) * 8 + ((77, 8), (152, 3))
_OUTSIDE = (392, 422, 452)
_INSIDE_PLACES = [
    (start + STEP * column, FLOOR - STEP * row)
    for row, (start, dots) in enumerate(_ROWS)
    for column in range(dots)
]
_OUTSIDE_PLACES = [(x, FLOOR - STEP * row) for row in range(12) for x in _OUTSIDE]


@dataclass(frozen=True)
class Dots:
    """Dots of one colour; ``css`` names it, places are (x, y) in the drawing."""

    css: str
    radius: str
    places: tuple[tuple[int, int], ...]


def dots(figures: Coverage) -> list[Dots]:
    """A dot for so many trials that all find room: with counsel under the arch, without it outside."""
    sheltered = (figures.ours, figures.own, figures.appointed)
    each = 10
    while sum(_dots(n, each) for n in sheltered) > len(_INSIDE_PLACES) or (
        _dots(figures.nobody, each) > len(_OUTSIDE_PLACES)
    ):
        each += 10
    drawn, place = [], 0
    for css, count in zip(("f1", "f2", "f4"), sheltered, strict=True):
        until = place + _dots(count, each)
        drawn.append(Dots(css, "10", tuple(_INSIDE_PLACES[place:until])))
        place = until
    return [*drawn, Dots("f5", "8.5", tuple(_OUTSIDE_PLACES[: _dots(figures.nobody, each)]))]


def _dots(count: int, each: int) -> int:
    return (count + each - 1) // each
