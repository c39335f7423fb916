"""A small office for tests of the desk: its people, cases taken in by the real action, and visitors."""

import copy
import datetime
import re
import uuid
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import ReadRecord, ReadSubject
from cases.actions.intake import receive_case
from cases.actions.status import change_status
from cases.intake.articles import ArticleRef
from cases.intake.facts import HearingFact, Intake
from cases.kinds import CaseStatus
from cases.models import Case
from tests import people

COURT = "by-homel-city-tsentralny"
NAME = "Каваленка Алена Пятроўна"


@dataclass
class Desk:
    """Who works here, and short ways in."""

    at: datetime.datetime
    alder: User = field(default_factory=people.coordinator)
    visitors: dict[str, Client] = field(default_factory=dict)

    def receive(
        self,
        name: str = NAME,
        *,
        days: float | None = 5,
        by: User | None = None,
        seeking: bool = True,
        **known: Any,
    ) -> Case:
        """A case with a hearing in so many days; ``seeking`` brings it to the search for counsel."""
        if days is not None and "hearing" not in known:
            known["hearing"] = HearingFact(self.at + datetime.timedelta(days=days))
        known.setdefault("articles", (ArticleRef("342", "1"),))
        known.setdefault("contacts", "sister, by message")
        known.setdefault("court", COURT)
        actor = by or self.alder
        case = receive_case(intake=Intake(name=name, **known), by=actor, at=self.at)
        for step in (CaseStatus.ELIGIBLE, CaseStatus.SEEKING) if seeking else ():
            change_status(case=case, to=step, by=actor, at=self.at)
        return case

    def visitor(self, user: User | None) -> Client:
        """A browser of this person's own, signed in; of nobody without."""
        key = user.username if user else ""
        if key not in self.visitors:
            browser = Client()
            if user is not None:
                browser.force_login(user)
            self.visitors[key] = browser
        return self.visitors[key]

    def get(self, user: User | None, name: str, /, *ids: object, **query: str) -> HttpResponse:
        """Open a page by the name of its address."""
        return self.visitor(user).get(reverse(f"desk:{name}", args=list(ids)), query)  # type: ignore[return-value]

    def page(self, user: User | None, name: str, /, *ids: object, **query: str) -> str:
        """The text of a page that must open."""
        answer = self.get(user, name, *ids, **query)
        assert answer.status_code == 200, (name, answer.status_code)
        return answer.content.decode()

    def post(
        self, user: User | None, name: str, /, *ids: object, once: str = "", **data: Any
    ) -> HttpResponse:
        """Send a form with a token of its own, unless one is given."""
        sent = {"once": once or uuid.uuid4().hex, **data}
        return self.visitor(user).post(reverse(f"desk:{name}", args=list(ids)), sent)  # type: ignore[return-value]

    def found(self, user: User, text: str) -> str:
        """The list after a search, which is posted."""
        answer = self.visitor(user).post(reverse("desk:cases"), {"q": text})
        assert answer.status_code == 200
        return answer.content.decode()

    def done(self, user: User, name: str, /, *ids: object, **data: Any) -> str:
        """Send a form that must succeed; the words said on the next page."""
        answer = self.post(user, name, *ids, **data)
        assert answer.status_code == 302, words(answer)
        return words(self.visitor(user).get(answer["Location"]))  # type: ignore[arg-type]

    def refused(self, user: User, name: str, /, *ids: object, **data: Any) -> str:
        """Send a form that must come back; its words."""
        answer = self.post(user, name, *ids, **data)
        assert answer.status_code == 200, answer.status_code
        text = words(answer)
        assert "There is a problem" in text
        return text


@pytest.fixture(name="desk")
def open_desk(office_made: Desk, db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The office on a fixed Monday morning, its lists loaded."""
    settings.SECOND_FACTOR_REQUIRED = False
    monkeypatch.setattr(timezone, "now", lambda: office_made.at)
    return copy.deepcopy(office_made)


def words(answer: HttpResponse) -> str:
    """What a person reads on a page, without marks."""
    text = re.sub(r"<(script|style|head)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def readings_of(client_id: uuid.UUID) -> list[ReadRecord]:
    """Who has opened anything of this person, oldest first."""
    read = ReadSubject.objects.filter(subject_id=client_id).select_related("read").order_by("read_id")
    return [row.read for row in read]
