"""What the parts of the demo share: the calendar of the story, its people, and its dice."""

import datetime
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tqdm import tqdm

from accounts import approvals
from accounts.models import Approval, User
from audit.actors import Machine
from cases.models import Case
from config.demo.people import People
from lawyers.models import Lawyer
from treasury.actions import payments
from treasury.models import Claim, Fund, Payee, StandingAuthority, Tariff

Say = Callable[[str], object]
SETUP = Machine("system:demo")
MONTHS = 8  # how far back the story begins


@dataclass(frozen=True)
class Size:
    """How much of everything. ``past`` are cases that are over, ``gifts`` single gifts."""

    cases: int
    past: int
    lawyers: int
    gifts: int
    known_trials: int


SIZES = {
    "small": Size(cases=40, past=0, lawyers=12, gifts=300, known_trials=1_500),
    "large": Size(cases=1_200, past=33_800, lawyers=400, gifts=100_000, known_trials=12_000),
}


@dataclass
class World:
    """The demo while it is being made; the same seed gives the same story, up to keys and ids."""

    size: Size
    now: datetime.datetime
    say: Say
    seed: int = 2020
    staff: dict[str, User] = field(default_factory=dict)
    funds: dict[str, Fund] = field(default_factory=dict)
    lawyers: list[Lawyer] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    payees: dict[str, Payee] = field(default_factory=dict)
    tariff: Tariff | None = None
    authority: StandingAuthority | None = None

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311  a story, no secret
        self.people = People(seed=self.seed, today=self.now.date())

    @property
    def start(self) -> datetime.datetime:
        """The morning on which the story begins."""
        return (self.now - datetime.timedelta(days=30 * MONTHS)).replace(hour=8, minute=0)

    @property
    def days(self) -> int:
        """How long the story lasts."""
        return (self.now - self.start).days

    def moment(self, days_ago: int, hour: int = 9) -> datetime.datetime:
        """A moment of the story, never after now."""
        then = (self.now - datetime.timedelta(days=days_ago)).replace(
            hour=hour, minute=self.dice.randrange(60)
        )
        return min(then, self.now)

    def coordinator(self) -> User:
        """One of the two who take in cases."""
        return self.staff[self.dice.choice(["coordinator", "coordinator-2"])]

    def agreed(
        self, kind: str, object_id: Any, payload: dict[str, Any], *, by: User, at: datetime.datetime
    ) -> Approval:
        """A colleague agrees to something that takes two."""
        asked = approvals.request_approval(kind=kind, object_id=object_id, payload=payload, by=by, at=at)
        second = self.staff["second"]
        return approvals.decide_approval(approval=asked, agrees=True, by=second, at=at)

    def pay(self, claim: Claim, at: datetime.datetime) -> None:
        """The treasurer pays, with a colleague where that takes two."""
        self.agreed_to_pay(claim, at)
        payments.pay_claim(claim=claim, by=self.staff["treasurer"], at=at)

    def agreed_to_pay(self, claim: Claim, at: datetime.datetime) -> None:
        """A colleague agrees where payments of one week to one payee take two."""
        if payments.takes_two(claim, at):
            terms = payments.payment_terms(claim)
            self.agreed("payment", claim.pk, terms, by=self.staff["treasurer"], at=at)

    def progress(self, items: Iterable[Any], what: str, total: int | None = None) -> Iterable[Any]:
        """A bar on a terminal, nothing in a log."""
        return tqdm(items, desc=what, total=total, disable=None, leave=False)
