"""One organisation, driven once from end to end with marks; all that it left behind, held in memory."""

import datetime
import io
import logging
import re
import shutil
import time
import uuid
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client, TransactionTestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts import codes
from accounts.actions import cutting, freezing, glass, holds, teams
from accounts.actions.notices import set_notice_address
from accounts.approvals import request_approval
from accounts.models import GlassReview
from accounts.models.mail import Mail
from accounts.outbox import posting, sending
from audit.actors import PUBLIC, WORKER
from cases.actions import asking, feedback
from cases.actions.desk import keep_draft, keep_filter
from cases.actions.losing import lose_lawyer
from cases.actions.stage import record_stage
from cases.kinds import LossKind, Source
from cases.stages import Stage
from donations import aftercare, checkout, signing_in, tasks
from donations.actions import campaigns
from donations.actions.giving import begin_gift
from donations.actions.past import PastGift, record_past_gifts
from donations.models import Donation, SignInCode
from donations.models.gifts import Level
from donations.sandbox.server import Sandbox
from lawyers.actions.panel import Practice, add_lawyer
from reports import actions as reports
from reports.models import Job
from reports.scope import Scope
from reports.tasks import run as run_job
from tests.api.addresses import key_of, reads
from tests.api.world import DAY, World, get, key, make, with_all
from tests.canary import paying, written
from tests.canary.marks import address, mark
from tests.canary.walk import Walker, fill_sealed_fields, labels_by_content
from tests.canary.written import Ear, Rows
from tests.people import PASSWORD, SETUP
from tests.plugins.databases import require_money_laws
from tests.plugins.roles import as_owner
from tests.treasury.bank.camt_files import Entry, read
from tests.treasury.bank.camt_files import document as statement
from tests.vault.test_cleaning import document, pdf, picture
from tests.web import showcase, visitors
from tests.web.desk import send
from treasury.actions import allocation
from treasury.actions.funds import open_fund
from treasury.actions.payments import book_running_cost
from treasury.bank import importing
from treasury.batches import LEAST_GIFTS
from treasury.eligible import free_in
from treasury.kinds import Category, FundKind, VoucherKind
from treasury.models import Fund
from vault import keyfile, keys

HOUR = datetime.timedelta(hours=1)
FROM = "203.0.113.77"  # the network address of every browser here
_CODE = re.compile(r"\b([A-Z2-9]{4}-[A-Z2-9]{4})\b")


@dataclass
class Run:
    """``secrets`` are what a copy of the database must not hold, by name; ``places`` all bytes by place.

    ``rows`` is the database when only gifts and payments had been made, each in a second of its own;
    ``later`` the same after everything; ``lone`` after a payment out of a fund that had one gift.
    ``planted`` is what was collected once a mark had been put into each kind of place.
    """

    secrets: dict[str, bytes] = field(default_factory=dict)
    places: dict[str, bytes] = field(default_factory=dict)
    planted: dict[str, bytes] = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)
    later: Rows = field(default_factory=dict)
    lone: Rows = field(default_factory=dict)
    gifts: dict[str, Donation] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)
    unmarked: set[str] = field(default_factory=set)
    seen: dict[str, int] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)
    headers: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    asked_of_stripe: str = ""


class _Tables(TransactionTestCase):
    databases = {"default", "keys"}


@contextmanager
def emptied_after() -> Iterator[None]:
    """Both databases for a whole module: what was written is gone at the end, as after a single test."""
    cache.clear()
    mail.outbox = []
    try:
        yield
    finally:
        _Tables()._fixture_teardown()  # type: ignore[attr-defined]
        cache.clear()


def drive(folder: Path) -> Run:
    """Drive it all. ``folder`` is for lists that commands read."""
    run, since = Run(), time.time()
    loose = override_settings(SECOND_FACTOR_REQUIRED=False, STEP_UP_REQUIRED=False)
    with Sandbox(webhook_url=None) as sandbox, loose, pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "STRIPE_BASE_URL", sandbox.base_url)
        tasks.gateway.cache_clear()
        try:
            with written.listening() as ear:
                world = _organisation()
                _give_and_pay(run, world, sandbox)
                _mark(run, world, sandbox, patch, folder)
                outside = str([sandbox.world.store.every(kind) for kind in sandbox.world.store._things])
                _end(run, world, sandbox, ear, outside, since)
        finally:
            tasks.gateway().close()
            tasks.gateway.cache_clear()
    return run


def _organisation() -> World:
    """Made an hour ago, so that it shares no second with what comes after."""
    real = timezone.now
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: real() - HOUR)
        return with_all(make())


def browser(user: Any = None) -> Client:
    """A browser with an address and a name of its own, as servers are tempted to write them down."""
    client = Client(REMOTE_ADDR=FROM, headers={"user-agent": f"Browser {mark(0)}".encode().decode("latin-1")})
    if user is not None:
        client.force_login(user)
    return client


def _give_and_pay(run: Run, world: World, sandbox: Sandbox) -> None:
    """In each of two funds as many gifts as a batch needs, one of an odd amount, and a payment out of it."""
    office = showcase.Office(world.coordinator, world.treasurer, world.second)
    office.agree(world.other_case)
    page = office.campaign([world.other_case, *office.cases(campaigns.LEAST_CASES - 1)])
    book_running_cost(
        source_id="all-before", category=Category.RENT, amount_minor=free_in(world.fund),
        voucher_kind=VoucherKind.INVOICE, on=world.at.date(), by=world.treasurer, at=world.at,
    )  # fmt: skip
    for fund, purpose, odd in ((world.fund, "general", "83.17"), (page.fund, str(page.pk), "61.39")):
        showcase.gifts(fund, LEAST_GIFTS)
        taken_over = [PastGift(f"{fund.code}-{number}", 5_000, 100) for number in range(LEAST_GIFTS)]
        record_past_gifts(
            fund=fund, gifts=taken_over, on=visitors.LONG_AGO.date(), by=SETUP, at=visitors.LONG_AGO
        )
        _let_the_second_pass()
        giver = browser()
        donation, _answer = visitors.give(giver, purpose=purpose, amount="other", other=odd)
        visitors.pay(giver, sandbox, donation)
        thanks = giver.get(reverse("give-thanks", args=[donation.pk]))
        found = visitors.CODE.search(visitors.text_of(thanks))
        assert found, "the thank-you page shows the code once"
        run.secrets[f"code of a gift, {purpose}"] = found[1].encode()
        run.gifts[purpose if purpose == "general" else "campaign"] = donation
        _let_the_second_pass()
    later = timezone.now()
    paying.pay_case(world, world.case, 9_000, later)
    paying.pay_case(world, world.other_case, 8_000, later + HOUR)
    run.rows = written.dump(connection)


def _let_the_second_pass() -> None:
    """In life the office does not work in the very second of a gift; on a quick machine a test does."""
    begun = int(time.time())
    while int(time.time()) == begun:
        time.sleep(0.02)


def _mark(run: Run, world: World, sandbox: Sandbox, patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Marks into all that is personal, and then everybody goes everywhere."""
    fill_sealed_fields(world.at)
    _type_into_actions(world)
    _guard_the_house(world)
    _letters(run, world, sandbox)
    _go_wrong(run, world, patch)
    people = (world.coordinator, world.second, world.treasurer, world.auditor, world.administrator)
    for user in people:
        walker = Walker(browser(user), run.seen, run.headers)
        begin = ["/desk/", "/account/", f"/desk/cases/{world.case.pk}/"]
        if user == world.treasurer:
            _upload(walker.client, world)
            begin.append(reverse("desk:claim", args=[world.claim.pk]))
        walker.walk(*begin)
        run.answers += walker.statuses
        cookie = walker.client.cookies[settings.SESSION_COOKIE_NAME].value
        run.secrets[f"session of {user.username}"] = cookie.encode()
    Walker(browser(), run.seen, run.headers).walk("/en/", "/en/give/", "/en/campaigns/")
    _leave_unfinished(world)
    _read_all_of_the_api(world)
    _make_reports(world)
    _import(folder)
    run.secrets |= {f"token of {owner}": text.encode() for owner, text in world.tokens.items()}
    run.secrets |= _second_factor(world)


def _type_into_actions(world: World) -> None:
    """Rows that are written once take their words from the action alone."""
    day = (world.at - DAY).date()
    record_stage(
        case=world.case, stage=Stage.CHARGED, occurred_on=day, source=Source.FAMILY, reason=mark(1),
        by=world.coordinator, at=world.at,
    )  # fmt: skip
    world.receive(mark(2), seeking=False)
    request_approval(
        kind="allocation", object_id=world.fund.pk, payload={"amount_minor": 1}, summary=mark(3),
        by=world.treasurer, at=timezone.now(),
    )  # fmt: skip
    asked = asking.ask_for_help(
        code=codes.new_code(), name=mark(4), contact=mark(5), words=mark(6), by=PUBLIC, at=world.at
    )
    asking.add_help_note(asked=asked, text=mark(7), by=PUBLIC, at=world.at)
    given = feedback.give_feedback_code(
        case=world.case, code=codes.new_code(), by=world.coordinator, at=world.at
    )
    row = feedback.send_feedback(
        code=given, kind=feedback.FeedbackKind.WISH, words=mark(8), by=PUBLIC, at=world.at
    )
    feedback.answer_feedback(feedback=row, answer=mark(9), by=world.second, at=world.at)


def _guard_the_house(world: World) -> None:
    """Reasons and words of those who watch over access, over people's data and over money."""
    at, case, client_id = timezone.now(), world.case, world.case.client_id
    team = teams.add_team(name="Team", by=world.administrator, at=at)
    grant = teams.grant_team(
        team=team, object_kind="case", object_id=case.pk, reason=mark(30), by=world.administrator, at=at
    )
    teams.end_team_access(grant=grant, reason=mark(31), by=world.administrator, at=at)
    glass.break_glass(object_kind="case", object_id=case.pk, reason=mark(32), by=world.second, at=at)
    glass.review_glass(
        review=GlassReview.objects.get(), verdict=GlassReview.Verdict.NOT_IN_ORDER, words=mark(33),
        by=world.administrator, at=at,
    )  # fmt: skip
    freeze = freezing.freeze_reading(user=world.stranger, subjects=9, by=WORKER, at=at)
    freezing.lift_freeze(freeze=freeze, reason=mark(34), by=world.second, at=at)
    cutting.cut_off(user=world.stranger, reason=mark(35), by=world.administrator, at=at)
    world.approve("hold.put", client_id, holds.hold_terms(), by=world.coordinator)
    holds.put_hold(subject_id=client_id, reason=mark(36), by=world.coordinator, at=at)
    terms = {"source": world.fund, "target": Fund.objects.get(code="medics"), "amount_minor": 1_000}
    world.approve("allocation", world.fund.pk, allocation.allocation_terms(**terms))
    allocation.allocate_between_funds(**terms, note=mark(37), by=world.treasurer, at=at)
    line = Entry("2026-01-03", 100, text=mark(38), name=mark(39))
    paper = statement([line], opening_minor=300, days=("2026-01-03", "2026-01-03"), number="2")
    importing.import_statements(statements=read(paper), by=world.treasurer, at=at)


def _letters(run: Run, world: World, sandbox: Sandbox) -> None:
    """Givers who leave an address, a colleague who wants notices; every letter goes out."""
    for number, level in enumerate((Level.RECEIPT, Level.IN_TOUCH), start=1):
        at = timezone.now()
        gift, _code = begin_gift(
            fund=world.fund, amount_minor=7_000 + number, currency="EUR", level=level, language="en",
            address=address(number), by=PUBLIC, at=at,
        )  # fmt: skip
        thanks = reverse("give-thanks", args=[gift.pk])
        checkout.open_payment_page(
            gift, gateway=tasks.gateway(), at=at,
            thanks_url=f"https://example.org{thanks}", back_url="https://example.org/",
        )  # fmt: skip
        visitors.pay(browser(), sandbox, gift)
        signing_in.ask(address(number), "en", at=timezone.now())
        run.secrets[f"address of a giver, {level}"] = address(number).encode()
    aftercare.look_after(at=timezone.now(), all_of_it=True)
    set_notice_address(
        user=world.coordinator, address=address(3), language="en", by=world.coordinator, at=timezone.now()
    )
    posting.tell_staff([world.coordinator.pk], at=timezone.now())
    run.secrets["address of a colleague"] = address(3).encode()
    sending.send_due(at=timezone.now() + HOUR / 60)
    sending.send_due(at=posting.next_round(timezone.now()))
    assert not Mail.objects.on_the_way().exists(), "a letter waits, and was not searched as it left"
    run.letters = [str(letter.message()) for letter in mail.outbox]
    _sign_in_by_code(run)


def _sign_in_by_code(run: Run) -> None:
    codes = [found[1] for letter in mail.outbox if (found := _CODE.search(str(letter.body)))]
    assert codes, "no letter held a code"
    run.secrets |= {f"code in letter {number}": code.encode() for number, code in enumerate(codes)}
    rows = list(SignInCode.objects.all())
    donors = [
        who
        for row in rows
        for code in codes
        if (who := signing_in.check(row.pk, code, at=timezone.now())) is not None
    ]
    assert donors, "nobody could sign in by their code"
    run.secrets["session of a giver"] = signing_in.begin(donors[0], timezone.now()).encode()


def _upload(client: Client, world: World) -> None:
    """Papers whose own words about their making are marked, under marked names."""
    writer = document()
    writer.add_metadata({"/Author": mark(21), "/Title": mark(22)})
    photograph = picture("JPEG", comment=mark(23).encode())
    for name, content in (("jpg", photograph), ("pdf", pdf(writer))):
        sent = SimpleUploadedFile(f"{mark(24)}.{name}", content, "image/jpeg")
        page = send(client, "desk:voucher-add", world.claim.pk, file=sent)
        assert "The file is sealed and kept." in page.content.decode(), name


def _leave_unfinished(world: World) -> None:
    """What a walk would throw away again by its own buttons."""
    owner, told = world.coordinator, {"by": world.coordinator, "at": timezone.now()}
    keep_filter(owner=owner, name=mark(41), query="status=eligible", **told)
    keep_draft(owner=owner, token=mark(42), values={"name": mark(43), "contacts": mark(44)}, **told)
    lawyer = add_lawyer(code_name="Dunlin-09", practice=Practice(), **told)
    lose_lawyer(lawyer=lawyer, kind=LossKind.REVOKED, since_on=timezone.localdate(), source=mark(45), **told)


def _read_all_of_the_api(world: World) -> None:
    for user in (world.coordinator, world.treasurer, world.auditor):
        client = world.client(user)
        for _name, place, view in reads():
            answer = get(client, place.format(key=key_of(view, world, user)), names="true")
            if answer.streaming:
                answer.getvalue()
    # What the caller wrote is refused, and stays out of what the refusal leaves behind.
    body = {"name": mark(3), "contacts": mark(4), "no-such-field": mark(5)}
    world.client(world.coordinator).post("/api/v1/cases/", body, format="json", headers=key())
    world.client(world.coordinator).get(f"/api/v1/cases/?{mark(6)}={mark(7)}")


def _make_reports(world: World) -> None:
    scope = Scope("funding-statement", world.at.date(), world.at.date())
    formats = ["pdf", "xlsx", "csv", "json"]
    by, at = world.treasurer, timezone.now()
    job = reports.ask_report(scope=scope, formats=formats, language="be", by=by, at=at)
    assert run_job(job.pk).state == Job.State.DONE
    call_command("export_hledger", stdout=io.StringIO())
    said = io.StringIO()
    try:
        call_command("verify", stdout=said)
    except SystemExit as ended:
        raise AssertionError(said.getvalue()) from ended


def _import(folder: Path) -> None:
    """A list with good rows and bad ones; what is said of bad rows ends on terminals and in mails of cron."""
    table = folder / "list.csv"
    table.write_text(f"name,contacts,detained\n{mark(8)},{mark(9)},not a day {mark(10)}\n", encoding="utf-8")
    for command in ("import_cases", "import_lawyers"):
        try:
            call_command(command, str(table), stdout=io.StringIO(), stderr=io.StringIO())
        except Exception:  # what a task or a scheduler would write about it
            logging.getLogger("tests").exception("%s was refused", command)


def _go_wrong(run: Run, world: World, patch: pytest.MonkeyPatch) -> None:
    """A page that fails with an open name in its hands, a page that is not there, a task that fails."""

    def fail(*args: object, **kwargs: object) -> None:
        raise ValueError(f"{mark(11)} could not be shown")

    staff = Walker(browser(world.coordinator), {}, run.headers)
    with patch.context() as broken:
        broken.setattr("web.desk.cases.overview.case_page", fail)
        broken.setattr("reports.tasks.build", fail)
        assert staff.client.get(f"/desk/cases/{world.case.pk}/").status_code == 500
        scope = Scope("trial-balance", world.at.date(), world.at.date())
        job = reports.ask_report(
            scope=scope, formats=["csv"], language="en", by=world.treasurer, at=timezone.now()
        )
        assert run_job(job.pk).state == Job.State.FAILED
    assert staff.client.get(f"/desk/{mark(12)}/", {"q": mark(13)}).status_code == 404
    assert staff.client.post("/desk/cases/", {"q": mark(14)}).status_code == 200


def _second_factor(world: World) -> dict[str, bytes]:
    """What a second factor and the keys themselves must not leave behind."""
    secret = generate_totp_secret()
    TOTP.activate(world.auditor, secret)
    codes = RecoveryCodes.activate(world.auditor).get_unused_codes()
    assert Authenticator.objects.filter(user=world.auditor).count() == 2
    ring = keyfile.load()
    return {
        "secret of a second factor": secret.encode(),
        "recovery code": codes[0].encode(),
        "password": PASSWORD.encode(),
        "network address": FROM.encode(),
        "key of keys": ring.wrapping[ring.current],
        "key of the index": ring.index,
        "key of a client": keys.data_key(world.case.client_id),
        "key of the sessions": settings.SECRET_KEY.encode(),
    }


def _end(run: Run, world: World, sandbox: Sandbox, ear: Ear, outside: str, since: float) -> None:
    """Collect; plant marks and collect again; and let a fund with one gift pay."""
    run.asked_of_stripe = outside
    run.marked, run.unmarked = labels_by_content()
    run.later = written.dump(connection)
    run.places = written.collect(ear, run.headers, outside, since)
    _pay_out_of_one_gift(run, world, sandbox)
    require_money_laws()
    _plant(run, ear)
    run.planted = written.collect(ear, [*run.headers, f"X-Name: {mark(1)}"], outside + mark(1), since)


def _pay_out_of_one_gift(run: Run, world: World, sandbox: Sandbox) -> None:
    case = world.receive("Адзін Ян", seeking=False)
    at = timezone.now()
    fund: Fund = open_fund(
        code="lone", name="Lone", kind=FundKind.CASE, case_ids=[case.pk], by=world.treasurer, at=at
    )
    gift, _code = begin_gift(
        fund=fund, amount_minor=4_000, currency="EUR", level="quiet", language="en", by=PUBLIC, at=at
    )
    checkout.open_payment_page(
        gift, gateway=tasks.gateway(), at=at,
        thanks_url="https://example.org/", back_url="https://example.org/",
    )  # fmt: skip
    visitors.pay(browser(), sandbox, gift)
    paying.pay_case(world, case, 3_000, at + HOUR * 3)
    run.gifts["lone"] = gift
    run.lone = written.dump(connection)


def _plant(run: Run, ear: Ear) -> None:
    """One mark in each kind of place; a search that misses one of them proves nothing there."""
    logging.getLogger("mutant").warning("opened %s", mark(1))
    cache.set("mutant", mark(1))
    mail.send_mail(mark(1), "", "office@example.org", ["nobody@example.invalid"])
    folder = Path(settings.DATA_DIR) / "mutant"
    folder.mkdir(exist_ok=True)
    (folder / f"{mark(1)}.txt").write_text("harmless")
    with zipfile.ZipFile(folder / "sheet.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("sheet.xml", mark(1))
    gone = uuid.uuid4().hex
    with as_owner(connection), connection.cursor() as cursor:
        for word in (mark(1), gone):
            cursor.execute(
                "insert into django_session (session_key, session_data, expire_date) values (%s, %s, %s)",
                [uuid.uuid4().hex, word, "2030-01-01 00:00:00+00:00"],
            )
        cursor.execute("delete from django_session where session_data = %s", [gone])
        plain = SessionStore()  # Django's own keeps the key of a session as it is
        plain["user"] = 1
        plain.save()
    run.secrets |= {
        "session of a plain store": str(plain.session_key).encode(),
        "row that is gone": gone.encode(),
    }


def forget_planted() -> None:
    """The planted files go; the tables are emptied anyway."""
    folder = Path(settings.DATA_DIR) / "mutant"
    shutil.rmtree(folder, ignore_errors=True)
