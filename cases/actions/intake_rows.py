"""Writing what an intake knows: one statement per table, for one page as for some hundred rows."""

import datetime
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone

from accounts.actions.access import GRANT_LASTS
from accounts.models import Grant, User
from audit.actors import Actor
from cases import code_names, counters, finding, kinds, stages
from cases.intake.articles import ArticleRef
from cases.intake.facts import Intake
from cases.models import (
    Accusation,
    Article,
    Case,
    Client,
    Court,
    Defendant,
    Hearing,
    StageEvent,
    Trial,
)
from cases.models.case_lists import GRANT_KIND
from vault import indexes, keys, reading

PREFIX = str(getattr(settings, "CASE_PREFIX", "BY"))
IMPORTED = "client.import"


@dataclass
class Rows:
    """The rows of some intakes, collected first and then inserted table by table."""

    responsible: User | None
    by: Actor
    at: datetime.datetime
    cases: list[Case] = field(default_factory=list)
    events: list[StageEvent] = field(default_factory=list)
    accusations: list[Accusation] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)
    defendants: list[Defendant] = field(default_factory=list)
    hearings: list[Hearing] = field(default_factory=list)

    def write(self, intakes: Sequence[Intake], *, client: Client | None = None) -> list[Case]:
        """The new cases, in the order of the intakes. Inside an action."""
        clients = [client] if client is not None else _new_clients(intakes)
        courts = _courts({intake.court for intake in intakes if intake.court})
        articles = _articles({ref for intake in intakes for ref in intake.articles})
        local = timezone.localtime(self.at)
        numbers = counters.take(f"case:{local.year}", len(intakes))
        for intake, owner, number in zip(intakes, clients, numbers, strict=True):
            case = self._case(intake, owner, courts.get(intake.court), local.year, number)
            self._stages(intake, case)
            self.accusations += [
                Accusation(case=case, article=articles[ref]) for ref in dict.fromkeys(intake.articles)
            ]
            if intake.has_trial:
                self._trial(intake, case)
        self._insert()
        self._grant()
        _index(intakes, clients, named=client is None)
        return self.cases

    def _case(self, intake: Intake, client: Client, court: Court | None, year: int, number: int) -> Case:
        case = Case(
            client=client,
            reference=f"{PREFIX}-{year}-{number:04d}",
            year=year,
            number=number,
            kind=intake.kind,
            urgency=intake.urgency_at(self.at),
            status=intake.status,
            confidentiality=intake.confidentiality,
            court=court,
            region=intake.region or (court.region if court else ""),
            is_minor=intake.is_minor or intake.client_kind == kinds.ClientKind.MINOR,
            is_ill=intake.is_ill,
            languages=intake.languages,
            summary=intake.summary,
            received_at=self.at,
        )
        if intake.detained is not None:
            case.detained_on, case.detained_precision = intake.detained.first, intake.detained.precision
        self.cases.append(case)
        return case

    def _stages(self, intake: Intake, case: Case) -> None:
        facts = [(fact, fact.dated(self.at)) for fact in intake.stage_facts()]
        for said, dated in facts:
            self.events.append(
                StageEvent(
                    case=case,
                    client=case.client,
                    stage=said.stage,
                    end_kind=said.end_kind or "",
                    occurred_on=dated.occurred_on,
                    precision=dated.precision,
                    known_at=self.at,
                    recorded_by=self.by.actor_id,
                    source=intake.source,
                    reliability=intake.reliability,
                )
            )
        standing = stages.current(case.kind, [dated for _said, dated in facts])
        case.stage, case.stage_on = standing.stage, standing.on
        case.stage_precision, case.in_custody = standing.precision, standing.in_custody

    def _trial(self, intake: Intake, case: Case) -> None:
        hearing = intake.hearing
        trial = Trial(
            court=case.court,
            court_instance=hearing.instance if hearing else kinds.Instance.FIRST,
            judge=intake.judge,
            started_on=timezone.localtime(hearing.starts_at).date() if hearing else intake.started_on,
        )
        self.trials.append(trial)
        self.defendants.append(
            Defendant(
                trial=trial,
                case=case,
                client=case.client,
                verdict=intake.verdict or "",
                sentence=intake.sentence_parts(),  # type: ignore[misc]  # sealed, any JSON
            )
        )
        if hearing is not None:
            self.hearings.append(
                Hearing(
                    trial=trial,
                    starts_at=hearing.starts_at,
                    time_known=hearing.time_known,
                    zone=settings.TIME_ZONE,
                    room=hearing.room,
                    kind=hearing.kind,
                )
            )

    def _insert(self) -> None:
        Case.objects.insert_many(self.cases)
        StageEvent.insert_many(self.events)
        Accusation.objects.insert_many(self.accusations)
        Trial.objects.insert_many(self.trials)
        Defendant.objects.insert_many(self.defendants)
        Hearing.objects.insert_many(self.hearings)

    def _grant(self) -> None:
        """Nobody holds a grant on a case that was not there, so none has to be looked for first."""
        if self.responsible is None:
            return
        Grant.objects.insert_many(
            [
                Grant(
                    user=self.responsible,
                    object_kind=GRANT_KIND,
                    object_id=case.id,
                    kind="responsible",
                    started_at=self.at,
                    until=self.at + GRANT_LASTS,
                )
                for case in self.cases
            ]
        )


def _new_clients(intakes: Sequence[Intake]) -> list[Client]:
    ids = [uuid.uuid4() for _each in intakes]
    keys.new_keys(ids)
    if reading.current() is not None:
        keys.prefetch([*ids, keys.ORGANISATION])
    names = code_names.draw(len(ids), _taken)
    clients = []
    for intake, client_id, code_name in zip(intakes, ids, names, strict=True):
        client = Client(
            id=client_id,
            code_name=code_name,
            kind=intake.client_kind,
            name=intake.name,
            latin_name=intake.latin_name,
            alias=intake.alias,
            contacts=intake.contacts,
            place=intake.place,
            guardian=intake.guardian or None,
            citizenship=intake.citizenship or None,
        )
        if intake.born is not None:
            client.born_on, client.born_precision = intake.born.first, intake.born.precision
        clients.append(client)
    Client.objects.insert_many(clients)
    return clients


def _taken(names: Collection[str]) -> set[str]:
    return set(Client.objects.filter(code_name__in=names).values_list("code_name", flat=True))


def _courts(codes: set[str]) -> dict[str, Court]:
    return {court.code: court for court in Court.objects.filter(code__in=codes)} if codes else {}


def _articles(refs: set[ArticleRef]) -> dict[ArticleRef, Article]:
    """The provisions; one that is not in the reference is added without citation."""
    if not refs:
        return {}
    stored = Article.objects.filter(number__in={ref.number for ref in refs})
    known = {(row.code, row.number, row.part): row for row in stored}
    found: dict[ArticleRef, Article] = {}
    added = []
    for ref in sorted(refs, key=lambda ref: (ref.number, ref.part)):
        code = "administrative" if ref.is_administrative else "criminal"
        whole = known.get((code, ref.number, ""))
        row = known.get((code, ref.number, ref.part))
        if row is None:
            row = Article(
                code=code,
                number=ref.number,
                part=ref.part,
                family=whole.family if whole else "",
                severity=whole.severity if whole else 0,
            )
            added.append(row)
        found[ref] = row
    if added:
        Article.objects.insert_many(added)
    return found


def _index(intakes: Sequence[Intake], clients: Sequence[Client], *, named: bool) -> None:
    pairs = list(zip(intakes, clients, strict=True))
    if named:
        indexes.add_many(finding.NAMES, {row.id: finding.digests(intake.spellings) for intake, row in pairs})
    imported = {row.id: [intake.import_digest] for intake, row in pairs if intake.import_digest}
    if imported:
        indexes.add_many(IMPORTED, imported)
