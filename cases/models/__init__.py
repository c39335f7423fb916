"""People defended, their cases in court, their counsel, and what a case costs."""

from cases.models.asking import Feedback, FeedbackCode, HelpNote, HelpRequest
from cases.models.circumstances import (
    CustodyPeriod,
    HearingObserver,
    Incident,
    OfficialPart,
    Recognition,
    Referral,
    RelatedParty,
    Testimony,
)
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
from cases.models.dates import NextHearing
from cases.models.desk import IntakeDraft, SavedFilter
from cases.models.feeds import CalendarFeed
from cases.models.handing import HandOver
from cases.models.losses import LawyerLoss
from cases.models.office import Note, Task
from cases.models.papers import CaseDocument, Contact, NonDisclosure
from cases.models.people import Authority, Client
from cases.models.portal import CounselPayee, PartiesOpened
from cases.models.reference import Article, Court, KnownTrial
from cases.models.terms import Deadline, RemedyFiling

__all__ = [
    "Accusation",
    "Agreement",
    "Article",
    "Authority",
    "Budget",
    "CalendarFeed",
    "Case",
    "CaseDocument",
    "Client",
    "Contact",
    "CounselPayee",
    "Counter",
    "Court",
    "CustodyPeriod",
    "Deadline",
    "Defendant",
    "Exclusion",
    "Feedback",
    "FeedbackCode",
    "HandOver",
    "Hearing",
    "HearingObserver",
    "HelpNote",
    "HelpRequest",
    "Incident",
    "IntakeDraft",
    "KnownTrial",
    "LawyerLoss",
    "MatchProposal",
    "MatchRun",
    "NextHearing",
    "NonDisclosure",
    "Note",
    "OfficialPart",
    "PartiesOpened",
    "Recognition",
    "Referral",
    "RelatedParty",
    "RemedyFiling",
    "Representation",
    "SavedFilter",
    "StageEvent",
    "Task",
    "Testimony",
    "Trial",
    "Warrant",
]
