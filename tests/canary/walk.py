"""Driving everything with marks: sealed fields filled, each page opened, each form sent, each answer read."""

import contextlib
import datetime
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from accounts.models import User
from audit.actions import DomainError, action
from audit.tracked import Tracked
from tests import people
from tests.canary.marks import mark
from tests.sandbox.browsing import _Reader as Reader
from vault.fields import SealedDate, SealedField, sealed_fields

_numbers = count(1)
# Forms that would end the walk: they sign out, shut the house or cut people off.
_LEFT_OUT = ("logout", "lock", "cut", "eras", "sessions", "freeze", "language", "inactive", "leave", "glass")


@action("test.marked")
def fill(*, row: Any, names: list[str], by: object, at: datetime.datetime) -> None:
    """Put a mark of its own into each of these sealed fields."""
    for name in names:
        setattr(row, name, mark(next(_numbers)))
    row.save()


def fill_sealed_fields(at: datetime.datetime) -> set[str]:
    """Marks in the sealed fields of every tracked row there is; the labels that hold one now."""
    marked: set[str] = set()
    for model in apps.get_models():
        if not issubclass(model, Tracked):
            continue
        fields = [field for field in sealed_fields(model) if not isinstance(field, SealedDate)]
        for row in model._base_manager.all()[:3] if fields else ():
            names = [field.attname for field in fields if _takes_words(row, field)]
            with contextlib.suppress(DatabaseError, DomainError):  # rows that are over, and refuse to change
                fill(row=row, names=names, by=people.SETUP, at=at)
                marked |= {field.label for field in fields if field.attname in names}
    return marked


def _takes_words(row: Any, field: SealedField) -> bool:
    """Not those that hold figures or lists which the pages work out anew."""
    return (row._meta.label, field.attname) != ("accounts.Approval", "summary")


class Walker:
    """One person's browser that follows every link once and sends every form once, marks in its fields."""

    def __init__(self, user: User | None, seen: dict[str, int], headers: list[str], most: int = 2) -> None:
        self.client = Client(raise_request_exception=False)
        if user is not None:
            self.client.force_login(user)
        self.seen, self.headers, self.most = seen, headers, most

    def walk(self, *begin: str) -> None:
        waiting = list(begin)
        while waiting:
            address = waiting.pop(0)
            name = view_name(address)
            if not name or self.seen.get(name, 0) >= self.most:
                continue
            self.seen[name] = self.seen.get(name, 0) + 1
            reader = self.read(self.client.get(address))
            waiting += [link for link in reader.links if not urlsplit(link).netloc]
            for form in reader.forms:
                self.send(form, address)

    def send(self, form: Any, page: str) -> None:
        """Send a form as it stands, with marks wherever words can be typed."""
        to = form.action or page
        name = view_name(to)
        if not name or "once" not in form.fields or any(word in to or word in name for word in _LEFT_OUT):
            return
        if self.seen.get(f"POST {name}", 0) >= 1:
            return
        self.seen[f"POST {name}"] = 1
        typed = {key: value or mark(next(_numbers)) for key, value in form.fields.items()}
        typed |= {key: values[0] for key, values in form.choices.items()}
        self.read(self.client.post(to, typed))

    def read(self, response: HttpResponse) -> Reader:
        """What a browser keeps of an answer: its headers, which end in histories and logs of others."""
        self.headers += [f"{key}: {value}" for key, value in response.items()]
        self.headers += [cookie.OutputString() for cookie in response.cookies.values()]
        reader = Reader()
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            with contextlib.suppress(KeyError, IndexError):  # anchors without an address
                reader.feed(response.content.decode())
        elif response.streaming:
            b"".join(response)  # type: ignore[arg-type]
        return reader


def view_name(address: str) -> str:
    """The name of the page behind an address of ours; "" for others."""
    with contextlib.suppress(Resolver404):
        return resolve(urlsplit(address).path).view_name
    return ""
