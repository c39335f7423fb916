"""Public code names: a tree or shrub and a number, drawn at random and derived from nothing."""

import secrets
from collections.abc import Callable, Collection

WORDS = [
    "Acacia", "Alder", "Almond", "Apple", "Arbutus", "Ash", "Aspen", "Bay", "Beech", "Birch",
    "Blackthorn", "Box", "Bramble", "Briar", "Broom", "Buckthorn", "Camellia", "Cedar", "Cherry",
    "Chestnut", "Citron", "Clematis", "Cornel", "Cypress", "Damson", "Dogwood", "Elder", "Elm", "Fig",
    "Fir", "Gorse", "Hawthorn", "Hazel", "Heather", "Hemlock", "Hickory", "Holly", "Hornbeam", "Ivy",
    "Jasmine", "Juniper", "Larch", "Laurel", "Lavender", "Lilac", "Linden", "Locust", "Magnolia",
    "Maple", "Medlar", "Mulberry", "Myrtle", "Oak", "Olive", "Osier", "Pear", "Pine", "Plane", "Plum",
    "Poplar", "Privet", "Quince", "Redwood", "Rosewood", "Rowan", "Sallow", "Sorrel", "Spindle",
    "Spruce", "Sumac", "Sycamore", "Tamarisk", "Teak", "Thorn", "Viburnum", "Walnut", "Whitebeam",
    "Willow", "Wisteria", "Yew",
]  # fmt: skip
_ENOUGH_TRIES = 6


def draw(count: int, taken: Callable[[Collection[str]], set[str]]) -> list[str]:
    """This many names that nobody bears; ``taken`` tells which of some names are in use.

    Numbers have two digits until those grow scarce, then three, four, five.
    """
    found: list[str] = []
    for digits in (2, 3, 4, 5, 6):
        for _try in range(_ENOUGH_TRIES):
            wanted = {_one(digits) for _each in range(2 * (count - len(found)))} - set(found)
            found += sorted(wanted - taken(wanted), key=lambda name: secrets.randbits(32))
            if len(found) >= count:
                return found[:count]
    raise RuntimeError("no code names are left")


def _one(digits: int) -> str:
    return f"{secrets.choice(WORDS)}-{secrets.randbelow(10**digits - 1) + 1:0{digits}d}"
