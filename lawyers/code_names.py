"""Code names of lawyers: a bird and a number, drawn at random. Clients are trees, so nobody mixes them up."""

import secrets
from collections.abc import Callable, Collection

WORDS = [
    "Avocet", "Bittern", "Blackbird", "Brambling", "Bunting", "Bustard", "Buzzard", "Chaffinch", "Coot",
    "Cormorant", "Crake", "Crane", "Crossbill", "Cuckoo", "Curlew", "Dipper", "Dotterel", "Dove", "Dunlin",
    "Dunnock", "Egret", "Eider", "Fieldfare", "Finch", "Fulmar", "Gadwall", "Gannet", "Godwit", "Goldcrest",
    "Goldfinch", "Goshawk", "Grebe", "Grouse", "Harrier", "Heron", "Hobby", "Hoopoe", "Jackdaw", "Jay",
    "Kestrel", "Kingfisher", "Kite", "Knot", "Lapwing", "Lark", "Linnet", "Magpie", "Mallard", "Martin",
    "Merlin", "Nightjar", "Nuthatch", "Oriole", "Osprey", "Ouzel", "Owl", "Partridge", "Pintail", "Pipit",
    "Plover", "Puffin", "Quail", "Redstart", "Robin", "Rook", "Ruff", "Sandpiper", "Siskin", "Snipe",
    "Starling", "Stork", "Swallow", "Swan", "Swift", "Teal", "Tern", "Thrush", "Tit", "Turnstone",
    "Wagtail", "Warbler", "Waxwing", "Wheatear", "Whimbrel", "Wigeon", "Wren", "Wryneck",
]  # fmt: skip
_TRIES = 40


def draw(taken: Callable[[Collection[str]], set[str]]) -> str:
    """A name that nobody bears; ``taken`` tells which of some names are in use.

    Numbers have two digits until those grow scarce, then three, four.
    """
    for digits in (2, 3, 4):
        wanted = {_one(digits) for _try in range(_TRIES)}
        free = sorted(wanted - taken(wanted))
        if free:
            return secrets.choice(free)
    raise RuntimeError("no code names are left")


def _one(digits: int) -> str:
    return f"{secrets.choice(WORDS)}-{secrets.randbelow(10**digits - 1) + 1:0{digits}d}"
