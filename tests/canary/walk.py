"""Driving everything with marks: sealed fields filled, each page opened, each form sent, each answer read."""

import contextlib
import datetime
from collections import Counter, defaultdict
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from audit.actions import DomainError, action
from audit.actors import WORKER
from audit.tracked import Tracked
from tests import people
from tests.canary.marks import DAY, is_marked, mark
from tests.sandbox.browsing import _Reader as Reader
from vault import keys, reading
from vault.fields import ERASED, SealedDate, SealedField, sealed_fields

_numbers = count(1)
# Forms that would end the walk: they sign out, shut the house or cut people off.
_LEFT_OUT = ("logout", "lock", "cut", "eras", "sessions", "freeze", "language", "inactive", "leave", "glass")
# Worked out anew by the pages that show them, from lists and figures: filled by the actions that make them.
_NO_WORDS = {"approval.summary", "defendant.sentence"}


@action("test.marked")
def fill(*, row: Any, names: list[str], by: object, at: datetime.datetime) -> None:
    """Put a mark of its own into each of these sealed fields."""
    for name in names:
        dated = isinstance(row._meta.get_field(name), SealedDate)
        setattr(row, name, DAY if dated else mark(next(_numbers)))
    row.save()


def fill_sealed_fields(at: datetime.datetime) -> None:
    """Marks in the sealed fields of every tracked row that takes them; others refuse, being written once."""
    for model in apps.get_models():
        if not issubclass(model, Tracked):
            continue
        names = [field.attname for field in sealed_fields(model) if field.label not in _NO_WORDS]
        for row in model._base_manager.all()[:3] if names else ():
            with contextlib.suppress(DatabaseError, DomainError, keys.Erased):
                fill(row=row, names=names, by=people.SETUP, at=at)


def labels_by_content() -> tuple[set[str], set[str]]:
    """Labels of sealed fields under which a mark lies now, opened to see it; and those that hold none."""
    held: dict[str, bool] = defaultdict(bool)
    with reading.reading(WORKER.actor_id, "canary"):
        for model in apps.get_models():
            history = model.__name__.startswith("Historical")
            fields: list[SealedField] = [] if history else sealed_fields(model)
            for row in model._base_manager.all() if fields else ():
                for field in fields:
                    held[field.label] |= _is_marked(getattr(row, field.attname))
            for field in fields:
                held[field.label] |= False
    return {label for label in held if held[label]}, {label for label in held if not held[label]}


def _is_marked(value: object) -> bool:
    return value is not None and value is not ERASED and bool(is_marked(str(value).encode()))


class Walker:
    """One person's browser that follows every link once and sends every form once, marks in its fields."""

    def __init__(self, client: Client, seen: dict[str, int], headers: list[str], most: int = 1) -> None:
        client.raise_request_exception = False
        self.client, self.seen, self.headers, self.most = client, seen, headers, most
        self.been: set[str] = set()
        self.statuses: Counter[int] = Counter()

    def walk(self, *begin: str) -> None:
        """From each of these pages on; everybody begins anew, whatever others have seen."""
        waiting = list(begin)
        while waiting:
            address = waiting.pop(0)
            name = view_name(address)
            enough = self.seen.get(name, 0) >= self.most and address not in begin
            if not name or name in self.been or enough:
                continue
            self.been.add(name)
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
        self.statuses[response.status_code] += 1
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
