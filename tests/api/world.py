"""An organisation with something of everything, made by the real actions; and tokens to ask about it."""

import datetime
import itertools
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions.access import grant_access, issue_token
from accounts.approvals import decide_approval, request_approval
from accounts.codes import new_code
from accounts.models import User
from accounts.permissions import TABLE
from audit.checkpoints import signing
from cases.actions import (
    asking,
    counsel,
    court,
    desk,
    feedback,
    handing,
    matching,
    office,
    people,
    reference,
    remedies,
    terms,
)
from cases.actions import costs as budgeting
from cases.actions.intake import receive_case
from cases.actions.reference import KnownTrialFact, load_reference
from cases.actions.stage import record_stage
from cases.actions.status import change_status
from cases.deadlines.words import Body, Rule
from cases.intake.articles import ArticleRef
from cases.intake.facts import HearingFact, Intake
from cases.kinds import (
    AuthorityKind,
    Basis,
    CaseStatus,
    ExclusionKind,
    PaidBy,
    Relation,
    SignedBy,
    Source,
    WarrantState,
)
from cases.models import Article, Case, Client
from cases.models.asking import FeedbackKind
from cases.stages import Stage
from donations.actions import campaigns
from donations.actions.past import PastGift, record_past_gifts
from lawyers.actions.panel import Practice, add_lawyer
from lawyers.intake.cells import PartialDate
from lawyers.models import Lawyer
from reports import actions as reports
from reports import definitions
from reports.archive.actions import ask_archive
from reports.audit_pack.procedures import Procedure
from reports.findings.actions import raise_finding
from reports.models import Job
from reports.sampling_room.actions import ask_voucher, draw_sample
from reports.sampling_room.models import SampleItem
from reports.scope import Scope
from reports.tasks import run
from tests import people as named
from tests.api import processor
from tests.cases.entries import circumstances_of
from tests.treasury.bank.camt_files import Entry, document, read
from treasury.actions import (
    advances,
    authorities,
    ceilings,
    claims,
    commitments,
    funds,
    grants,
    payees,
    payments,
    periods,
    pledges,
)
from treasury.actions.vouchers import add_voucher_file
from treasury.bank import accounts, booking, importing
from treasury.bank.models import BankLine, MatchKind
from treasury.kinds import Category, FundKind, PayeeKind, ReportKind, VoucherKind
from treasury.models import Claim
from vault.cleaning.kinds import FileType
from vault.files import Cleaned
from vault.keys import ORGANISATION

COURT = "by-homel-city-tsentralny"
NAME = "Каваленка Алена Пятроўна"
WORDS = "My brother was taken on Sunday"
DAY = datetime.timedelta(days=1)
_keys = itertools.count(1)
_numbers = itertools.count(1)


@dataclass
class World:
    """Who is there, and what."""

    at: datetime.datetime
    coordinator: User
    second: User
    treasurer: User
    auditor: User
    administrator: User
    lawyer_user: User
    stranger: User
    tokens: dict[uuid.UUID, str] = field(default_factory=dict)
    fund: Any = None
    case: Any = None
    other_case: Any = None
    restricted: Any = None
    panel: list[Lawyer] = field(default_factory=list)
    payee: Any = None
    claim: Any = None
    advance: Any = None
    grant: Any = None
    tariff: Any = None
    authority: Any = None
    job: Any = None
    run: Any = None

    def client(self, user: User, *scopes: str) -> APIClient:
        """A caller with a token of this person; all the person's permissions unless scopes are named."""
        if scopes or user.pk not in self.tokens:
            wanted = list(scopes) or [row.name for row in TABLE if user.has(row.name)]
            _token, text = issue_token(user=user, scopes=wanted, by=user, at=timezone.now())
            if not scopes:
                self.tokens[user.pk] = text
        else:
            text = self.tokens[user.pk]
        return caller(text)

    @property
    def everybody(self) -> list[User]:
        return [
            self.coordinator, self.second, self.treasurer, self.auditor,
            self.administrator, self.lawyer_user, self.stranger,
        ]  # fmt: skip

    def approve(
        self, kind: str, object_id: uuid.UUID, payload: dict[str, Any], by: User | None = None
    ) -> None:
        asked = request_approval(
            kind=kind, object_id=object_id, payload=payload, by=by or self.treasurer, at=self.at
        )
        decide_approval(approval=asked, agrees=True, by=self.second, at=self.at)

    def receive(self, name: str = NAME, *, seeking: bool = True, **known: Any) -> Case:
        known.setdefault("hearing", HearingFact(self.at + 5 * DAY))
        intake = Intake(
            name=name, articles=(ArticleRef("342", "1"),), contacts="sister, by message", court=COURT, **known
        )
        case = receive_case(intake=intake, by=self.coordinator, at=self.at)
        if seeking:
            for step in (CaseStatus.ELIGIBLE, CaseStatus.SEEKING):
                change_status(case=case, to=step, by=self.coordinator, at=self.at)
        return case

    def lawyer(self, code_name: str) -> Lawyer:
        practice = Practice(
            licence_status="active",
            licence_from_on=datetime.date(2020, 1, 1),
            coverage=(("homel", "", False),),
            competences=(("criminal", 5, ""),),
            aways=((datetime.date(2026, 8, 1), datetime.date(2026, 8, 9)),),
            max_open=5,
        )
        lawyer = add_lawyer(
            code_name=code_name, name="Invented Counsel", practice=practice, by=self.coordinator, at=self.at
        )
        self.panel.append(lawyer)
        return lawyer

    def enter_claim(self, amount_minor: int = 4_000, **more: Any) -> Claim:
        return claims.enter_claim(
            payee=more.pop("payee", self.payee),
            voucher_kind=VoucherKind.INVOICE,
            invoiced_on=self.at.date(),
            amount_minor=amount_minor,
            category=more.pop("category", Category.RENT),
            number=f"A-{next(_numbers)}",
            by=self.treasurer,
            at=self.at,
            **more,
        )


def caller(token: str | None) -> APIClient:
    """A client that sends this token."""
    client = APIClient(raise_request_exception=False)
    if token:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def key() -> dict[str, str]:
    """The header of a fresh act."""
    return {"Idempotency-Key": f"test-key-number-{next(_keys):08}"}


def post(client: APIClient, address: str, body: Any = None, **headers: str) -> Any:
    """POST with a fresh key, unless one is given."""
    return client.post(f"/api/v1/{address}", body or {}, format="json", headers={**key(), **headers})


def get(client: APIClient, address: str, **query: Any) -> Any:
    return client.get(f"/api/v1/{address}", query)


def tag(row: Any) -> dict[str, str]:
    """If-Match for a row as it stands."""
    row.refresh_from_db()
    return {"If-Match": f'"{row.version}"'}


def make() -> World:
    """People only."""
    return World(
        timezone.now(),
        named.coordinator(),
        named.second_officer(),
        named.treasurer(),
        named.auditor(),
        named.administrator(),
        named.person("grape", "lawyer"),
        named.stranger(),
    )


def with_money(world: World) -> World:
    """A general fund with 10,000.00, a grant, a tariff, a payee, claims, a commitment, a closed period."""
    at, by = world.at, world.treasurer
    world.fund = funds.open_fund(code="general", name="General fund", kind=FundKind.GENERAL, by=by, at=at)
    long_ago = (at - 400 * DAY).date()
    funds.book_opening_balance(fund=world.fund, amount_minor=1_000_000, on=long_ago, by=by, at=at)
    periods.close_period(ends_on=long_ago + DAY, by=by, at=at)
    gifts = [PastGift(f"old-{number}", 5_000, 100) for number in range(3)]
    record_past_gifts(fund=world.fund, gifts=gifts, on=at.date(), by=by, at=at)
    processor.fill(world.fund, at)
    world.grant = grants.open_grant(
        code="grant-one",
        name="Grant One",
        funder="A Foundation",
        agreement_ref="A-1",
        amount_minor=100_000,
        starts_on=at.date(),
        ends_on=(at + 300 * DAY).date(),
        lines=[grants.Line("Counsel", 100_000, ("fee",))],
        instalments=[(at.date(), 60_000), ((at + 100 * DAY).date(), 40_000)],
        reports=[
            grants.ReportDue(kind, at.date(), (at + 30 * DAY).date())
            for kind in (ReportKind.FINANCIAL, ReportKind.NARRATIVE)
        ],
        by=by,
        at=at,
    )
    for code in ("pledge-one", "pledge-two"):
        pledges.open_pledge(
            fund=world.fund,
            code=code,
            name="A pledge",
            limit_minor=10_000,
            starts_on=at.date(),
            ends_on=(at + 7 * DAY).date(),
            by=by,
            at=at,
        )
    world.payee = payees.add_payee(
        kind=PayeeKind.LANDLORD, name="Invented Landlord", country="lt", by=by, at=at
    )
    fees = [(Category.FEE, "", 50_000), (Category.RENT, "", 5_000)]
    parts = {"name": "Tariff", "fees": fees, "valid_from": long_ago}
    world.approve("standing-authority", ORGANISATION, authorities.tariff_terms(**parts))
    world.tariff = authorities.approve_tariff(**parts, by=by, at=at)
    span = {"monthly_minor": 200_000, "valid_from": long_ago, "valid_until": (at + 300 * DAY).date()}
    world.approve("standing-authority", world.tariff.pk, authorities.authority_terms(**span))
    world.authority = authorities.grant_standing_authority(tariff=world.tariff, **span, by=by, at=at)
    take_in_statement(by=by, at=at)
    world.claim = world.enter_claim()
    paper = Cleaned(FileType.TEXT, b"An invented invoice", "a" * 64, "b" * 64)
    add_voucher_file(claim=world.claim, content=paper, by=world.treasurer, at=world.at)
    world.enter_claim(4_100)
    world.advance = advances.enter_advance(
        payee=world.payee,
        category=Category.RENT,
        amount_minor=1_200,
        vouchers_due_on=at.date() + 30 * DAY,
        by=by,
        at=at,
    )
    for amount in (2_000, 3_000):
        commitments.commit(category=Category.RENT, amount_minor=amount, by=by, at=at)
    return world


def with_cases(world: World) -> World:
    """Three cases (one restricted), lawyers, an offer, an acceptance, papers, tasks, notes, a match run."""
    at, by = world.at, world.coordinator
    load_reference(by=named.SETUP, at=at)
    world.case, world.other_case = world.receive(), world.receive("Іваноў Пётр")
    third = world.receive("Сідарэнка Марыя")
    world.restricted = receive_case(
        intake=Intake(name="Ціхі Ян", contacts="mother", confidentiality="restricted"), by=by, at=at
    )
    for name in ("Heron-01", "Heron-02", "Heron-03"):
        world.lawyer(name)
    first, second, _third = world.panel
    world.run = matching.run_match(by=by, at=at)
    for case, lawyer in ((world.case, first), (world.other_case, second)):
        counsel.offer_case(case=case, lawyer=lawyer, by=by, at=at)
    own = counsel.record_own_counsel(
        case=third, own_counsel="Invented Defender", paid_by=PaidBy.FAMILY, by=by, at=at
    )
    counsel.record_agreement(
        representation=own,
        signed_on=at.date(),
        signed_by=SignedBy.RELATIVE,
        payer=PaidBy.FAMILY,
        by=by,
        at=at,
    )
    counsel.record_warrant(representation=own, state=WarrantState.FILED, filed_on=at.date(), by=by, at=at)
    counsel.exclude(case=third, lawyer=second, kind=ExclusionKind.VETO, by=by, at=at)
    court.add_accusation(case=third, article=Article.objects.first(), by=by, at=at)
    for stage, ago in ((Stage.DETAINED, 30), (Stage.CHARGED, 20)):
        day = (at - ago * DAY).date()
        record_stage(case=world.case, stage=stage, occurred_on=day, source=Source.FAMILY, by=by, at=at)
    handing.propose_hand_over(giver=by, taker=world.second, by=by, at=at)
    asked_from_outside(world)
    circumstances_of(world.case, by=by, at=at)
    for rule, ago in ((Rule.CUSTODY_2_MONTHS, 20), (Rule.DETENTION_72H, 1)):
        terms.start_deadline(case=world.case, rule=rule, trigger_on=(at - ago * DAY).date(), by=by, at=at)
    for body in (Body.SUPERVISORY, Body.SPECIAL):
        remedies.begin_filing(case=world.case, body=body, next_step="a step", by=by, at=at)
    for number in range(2):
        office.add_note(case=world.case, text=f"A note {number}", by=by, at=at)
        office.add_task(owner=by, text=f"A task {number}", case=world.case, by=by, at=at)
        budgeting.open_budget(case=world.case, lines={"fee": 40_000 + number}, by=by, at=at)
        reference.add_known_trials(
            trials=[KnownTrialFact(COURT, PartialDate(at.date()), "342", f"a monitor, {number}")],
            by=by,
            at=at,
        )
    for kind in (AuthorityKind.REPRESENT, AuthorityKind.PAY):
        people.add_authority(
            client=Client.objects.get(pk=world.case.client_id),
            kind=kind,
            basis=Basis.SPOKEN,
            relation=Relation.SIBLING,
            given_on=at.date(),
            by=by,
            at=at,
        )
    grant_access(
        user=world.second, object_kind="case", object_id=world.other_case.pk, reason="a reason", by=by, at=at
    )
    return world


def asked_from_outside(world: World) -> None:
    """Two requests for help with a note each, feedback of two kinds, two filters of the coordinator."""
    at, by = world.at, world.coordinator
    for number in range(2):
        asked = asking.ask_for_help(
            code=new_code(), contact="by message", words=WORDS, name=NAME, by=named.SETUP, at=at
        )
        asking.add_help_note(asked=asked, text=f"More, {number}", by=named.SETUP, at=at)
    for view in ("mine", "closed"):
        desk.keep_filter(owner=by, name=f"My {view}", query=f"view={view}", by=by, at=at)
    code = feedback.give_feedback_code(case=world.case, code=new_code(), by=by, at=at)
    for kind in (FeedbackKind.COMPLAINT, FeedbackKind.THANKS):
        feedback.send_feedback(code=code, kind=kind, words=WORDS, by=named.SETUP, at=at)


def with_all(world: World) -> World:
    """Money and cases, a ceiling, a claim of a case, a campaign page, a report that is made."""
    with_cases(with_money(world))
    at, by = world.at, world.treasurer
    for case in (world.case, world.other_case):
        lines = {"fee": 90_000}
        world.approve("ceiling", case.pk, ceilings.ceiling_terms(lines))
        ceilings.approve_ceiling(case_id=case.pk, lines=lines, by=by, at=at)
        world.enter_claim(10_000, case_id=case.pk, category=Category.FEE)
    for number in range(2):
        fund = funds.open_fund(
            code=f"many-{number}", name="Many", kind=FundKind.CAMPAIGN, goal_minor=5_000, by=by, at=at
        )
        words = [campaigns.Words("en", "For many", "A lead")]
        campaigns.draft_campaign(
            fund=fund, slug=f"for-many-{number}", goal_minor=5_000, words=words, by=world.coordinator, at=at
        )
    Path(settings.REPORTS_DIR).mkdir(parents=True, exist_ok=True)
    for kind in ("trial-balance", "funding-statement"):
        scope = Scope(kind, at.date(), at.date())
        world.job = reports.ask_report(scope=scope, formats=["json", "csv"], language="en", by=by, at=at)
        run(world.job.pk)
        world.job.refresh_from_db()
    assert world.job.state == Job.State.DONE, world.job.error
    for name in ("Monthly", "Quarterly"):
        first = Scope("trial-balance", at.date().replace(day=1), at.date().replace(day=1))
        definitions.save_definition(
            name=name, scope=first, formats=["json"], language="en", rhythm="month", due_days=9, by=by, at=at
        )
    audited(world)
    return world


def audited(world: World) -> None:
    """Two samples, findings and archives of an auditor; the fee is small, so each draw meets the claim."""
    at, by, auditor = world.at, world.treasurer, world.auditor
    payments.book_running_cost(
        source_id="audited", category=Category.BANK_FEE, amount_minor=7, on=at.date(),
        voucher_kind=VoucherKind.BANK_NOTE, by=by, at=at,
    )  # fmt: skip
    printer = payees.add_payee(kind=PayeeKind.SUPPLIER, name="Invented Printer", country="lt", by=by, at=at)
    payees.check_payee(payee=printer, by=world.second, at=at)
    paid = world.enter_claim(300, payee=printer)
    claims.approve_claim(claim=paid, by=world.second, at=at)
    payments.pay_claim(claim=paid, on=at.date(), by=by, at=at)
    point = signing.checkpoint_now(by=by, at=at)
    for number in range(2):
        draw_sample(
            checkpoint=point, starts_on=at.date(), ends_on=at.date(), nonce=f"nonce-of-{number}", size=3,
            by=auditor, at=at,
        )  # fmt: skip
        raise_finding(procedure=Procedure.RATES, words="Which day?", by=auditor, at=at)
        ask_archive(starts_on=at.date(), ends_on=at.date(), recipient=auditor, by=auditor, at=at)
    for item in SampleItem.objects.exclude(claim=None):
        ask_voucher(item=item, by=auditor, at=at)


def take_in_statement(*, by: User, at: datetime.datetime) -> None:
    """Two statements with lines, two of them matched."""
    before = document([], opening_minor=0, days=("2026-01-01", "2026-01-01"), number="0")
    report = importing.import_statements(statements=read(before), by=by, at=at)
    accounts.connect_account(account=report.rows[0].account, code="main", by=by, at=at)
    content = document([Entry("2026-01-02", 100), Entry("2026-01-02", 200)], number="1")
    importing.import_statements(statements=read(content), by=by, at=at)
    for line in BankLine.objects.select_related("account"):
        booking.book_line_as(line=line, kind=MatchKind.SUSPENSE, by=by, at=at)
