"""The rooms of the desk and of the public site, in the order of their bars."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Room:
    """A place with a door: the name of its address, and permissions of which any opens it (none: for all)."""

    word: Promise
    url_name: str
    permissions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Door:
    """A room as a link on one page."""

    word: Promise
    url: str
    current: bool


DESK = (
    Room(_("Worklist"), "desk:worklist", ("desk.enter",)),
    Room(_("Cases"), "desk:cases", ("cases.see",)),
    Room(_("Trials"), "desk:trials", ("trials.see",)),
    Room(_("Calendar"), "desk:calendar", ("cases.see",)),
    Room(_("Match"), "desk:match", ("match.see",)),
    Room(_("Lawyers"), "desk:lawyers", ("lawyers.see",)),
    Room(_("Money"), "desk:money", ("money.see",)),
    Room(_("Reports"), "desk:reports", ("reports.build",)),
    Room(_("Audit"), "desk:audit", ("audit.see",)),
    Room(_("People"), "desk:people", ("people.see",)),
)
OWN = (
    Room(_("Sign-in keys"), "mfa_index"),
    Room(_("Sessions"), "sessions"),
    Room(_("Password"), "account_change_password"),
    Room(_("Notices"), "notices", ("desk.enter",)),
    Room(_("Tokens for machines"), "api-tokens", ("desk.enter", "portal.enter")),
)
PUBLIC = (
    Room(_("Give"), "give"),
    Room(_("Campaigns"), "campaigns"),
    Room(_("Check us"), "transparency"),
    Room(_("Ask for help"), "help"),
    Room(_("About the fund"), "about"),
)


def rooms(request: HttpRequest) -> dict[str, Callable[[], list[Door]]]:
    """Context processor: ``rooms`` and ``own_rooms`` open to the reader, ``public_rooms``; made when used."""
    return {
        "rooms": lambda: open_doors(DESK, request),
        "own_rooms": lambda: open_doors(OWN, request),
        "public_rooms": lambda: doors(PUBLIC, request.path),
    }


def open_doors(among: Iterable[Room], request: HttpRequest) -> list[Door]:
    """The rooms that this person's permissions open; none for strangers."""
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    may_enter = [room for room in among if not room.permissions or any(map(user.has, room.permissions))]
    return doors(may_enter, request.path)


def doors(among: Iterable[Room], path: str) -> list[Door]:
    """Links to the rooms whose address exists; the longest address that begins ``path`` is current."""
    found = [(room, url) for room in among if (url := _address(room))]
    here = max((url for _room, url in found if path.startswith(url)), key=len, default=None)
    return [Door(room.word, url, url == here) for room, url in found]


def _address(room: Room) -> str:
    try:
        return reverse(room.url_name)
    except NoReverseMatch:
        return ""
