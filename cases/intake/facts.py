"""What one intake knows of a person and their case; every part may be missing. No queries."""

import datetime
from dataclasses import asdict, dataclass
from typing import Any

from cases import kinds
from cases.intake.articles import ArticleRef
from cases.intake.sentences import Sentence
from cases.stages import EndKind, Fact, Stage
from lawyers.intake.cells import PartialDate


@dataclass(frozen=True)
class StageFact:
    """A stage and when it began; without a date it began by the day it became known."""

    stage: Stage
    since: PartialDate | None = None
    end_kind: EndKind | None = None

    def dated(self, at: datetime.datetime) -> Fact:
        """As the projection takes it."""
        if self.since is None:
            return Fact(self.stage, at.date(), kinds.Precision.BY, at)
        return Fact(self.stage, self.since.first, self.since.precision, at)


@dataclass(frozen=True)
class HearingFact:
    """The next sitting; ``starts_at`` is midnight of the day at the court when the time is not known."""

    starts_at: datetime.datetime
    time_known: bool = True
    room: str = ""
    kind: kinds.HearingKind = kinds.HearingKind.TRIAL
    instance: kinds.Instance = kinds.Instance.FIRST


@dataclass(frozen=True)
class Intake:
    """One page of the intake, or one row of a list. A name or an alias, and for people a contact.

    ``court`` is a court's code. ``case_kind`` is told by the articles when it is not said.
    ``started_on`` is a first hearing that is past. ``import_digest`` finds the same row of a list again.
    """

    name: str = ""
    latin_name: str = ""
    alias: str = ""
    contacts: str = ""
    born: PartialDate | None = None
    place: str = ""
    guardian: str = ""
    citizenship: str = ""
    client_kind: kinds.ClientKind = kinds.ClientKind.DETAINEE
    case_kind: kinds.CaseKind | None = None
    urgency: kinds.Urgency | None = None
    confidentiality: kinds.Confidentiality = kinds.Confidentiality.NORMAL
    court: str = ""
    region: str = ""
    articles: tuple[ArticleRef, ...] = ()
    detained: PartialDate | None = None
    stages: tuple[StageFact, ...] = ()
    hearing: HearingFact | None = None
    started_on: datetime.date | None = None
    judge: str = ""
    verdict: kinds.Verdict | None = None
    sentence: Sentence | None = None
    is_minor: bool = False
    is_ill: bool = False
    languages: str = ""
    summary: str = ""
    source: kinds.Source = kinds.Source.FAMILY
    reliability: kinds.Reliability = kinds.Reliability.UNCONFIRMED
    status: kinds.CaseStatus = kinds.CaseStatus.RECEIVED
    import_digest: str = ""

    @property
    def spellings(self) -> tuple[str, ...]:
        return tuple(text for text in (self.name, self.latin_name, self.alias) if text)

    @property
    def kind(self) -> kinds.CaseKind:
        """Said, or administrative when all articles are, else criminal."""
        if self.case_kind is not None:
            return self.case_kind
        all_administrative = self.articles and all(ref.is_administrative for ref in self.articles)
        return kinds.CaseKind.ADMINISTRATIVE if all_administrative else kinds.CaseKind.CRIMINAL

    @property
    def has_trial(self) -> bool:
        """Whether anything is known of proceedings in a court."""
        return bool(self.hearing or self.started_on or self.judge or self.verdict or self.sentence)

    def stage_facts(self) -> tuple[StageFact, ...]:
        """The stages, with the day of detention as the first of them."""
        if self.detained is None or any(fact.stage == Stage.DETAINED for fact in self.stages):
            return self.stages
        return (StageFact(Stage.DETAINED, self.detained), *self.stages)

    def sentence_parts(self) -> dict[str, Any]:
        """What is sealed of the sentence."""
        return asdict(self.sentence) if self.sentence else {}

    def urgency_at(self, at: datetime.datetime) -> kinds.Urgency:
        """Said, or by the days to the hearing: two, fourteen."""
        if self.urgency is not None:
            return self.urgency
        if self.hearing is None or self.hearing.starts_at < at - datetime.timedelta(days=1):
            return kinds.Urgency.ORDINARY
        days = (self.hearing.starts_at - at).days
        if days < 2:
            return kinds.Urgency.URGENT
        return kinds.Urgency.SOON if days < 14 else kinds.Urgency.ORDINARY
