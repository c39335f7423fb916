"""People defended, their cases in court, their counsel, and what a case costs."""

from cases.models.costs import Budget
from cases.models.counsel import (
    Agreement,
    Exclusion,
    MatchProposal,
    MatchRun,
    Representation,
    Warrant,
)
from cases.models.court import (
    Accusation,
    Case,
    Counter,
    Defendant,
    Hearing,
    StageEvent,
    Trial,
)
from cases.models.office import Note, Task
from cases.models.people import Authority, Client
from cases.models.reference import Article, Court, KnownTrial

__all__ = [
    "Accusation",
    "Agreement",
    "Article",
    "Authority",
    "Budget",
    "Case",
    "Client",
    "Counter",
    "Court",
    "Defendant",
    "Exclusion",
    "Hearing",
    "KnownTrial",
    "MatchProposal",
    "MatchRun",
    "Note",
    "Representation",
    "StageEvent",
    "Task",
    "Trial",
    "Warrant",
]
