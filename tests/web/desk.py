"""Staff at their desk: signing in as somebody, and a small organisation with something in every room."""

import datetime
import itertools
import re
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cases.actions.intake import receive_case
from cases.intake.facts import Intake
from cases.models import Case
from tests import people
from tests.treasury.world import AT, World

_numbers = itertools.count()


def signed_in(user: User | None) -> Client:
    """A browser of this person, or of nobody."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def status(user: User | None, name: str, *args: Any) -> int:
    """What a page answers to this person."""
    return signed_in(user).get(reverse(name, args=args)).status_code


def send(client: Client, page: str, /, *args: Any, query: str = "", **fields: Any) -> Any:
    """Fill in a form and send it; follows the redirect, so that the next page's words are seen."""
    fields.setdefault("once", f"once-of-a-test-{next(_numbers):06}")
    return client.post(reverse(page, args=args) + query, fields, follow=True)


def words(response: Any) -> str:
    """The text of a page in one line, tags left out."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text.replace("&#x27;", "'").replace("\xa0", " "))


def today() -> datetime.date:
    return timezone.localdate()


@dataclass
class Desk:
    """A small organisation: one person for each role, a case, money for it."""

    world: World
    coordinator: User
    auditor: User
    administrator: User
    stranger: User
    case: Case

    @classmethod
    def made(cls) -> "Desk":
        world = World.made()
        coordinator = people.coordinator()
        case = receive_case(intake=Intake(name="Каваленка Алена", contacts="sister"), by=coordinator, at=AT)
        world.case_id = case.pk
        world.ceiling(fee=50_000, travel=10_000)
        return cls(world, coordinator, people.auditor(), people.administrator(), people.stranger(), case)

    @property
    def treasurer(self) -> User:
        return self.world.treasurer

    @property
    def second(self) -> User:
        return self.world.second

    @property
    def everybody(self) -> dict[str, User]:
        """One person for each role of the desk, and a stranger."""
        return {
            "coordinator": self.coordinator,
            "second-officer": self.second,
            "treasurer": self.treasurer,
            "auditor": self.auditor,
            "administrator": self.administrator,
            "stranger": self.stranger,
        }

    def who_enters(self, name: str, *args: Any) -> set[str]:
        """The roles that find a page behind this name; everybody else is told that there is none."""
        answers = {role: status(user, name, *args) for role, user in self.everybody.items()}
        assert set(answers.values()) <= {200, 404}, answers
        nobody = signed_in(None).get(reverse(name, args=args))
        assert nobody.status_code == 302
        assert "/account/login/" in nobody["Location"]
        return {role for role, answer in answers.items() if answer == 200}
