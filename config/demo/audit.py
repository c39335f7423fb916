"""An audit under way: a report, a sample, a voucher opened, questions of which one is answered."""

import datetime

from audit.actors import SYSTEM
from audit.checkpoints import signing
from config.demo.world import World
from reports import actions
from reports.audit_pack.inspecting import inspect
from reports.audit_pack.procedures import Procedure
from reports.findings.actions import answer_finding, close_finding, raise_finding
from reports.sampling_room.actions import (
    KIND,
    ask_voucher,
    draw_sample,
    unseal_voucher,
    unsealing_terms,
)
from reports.sampling_room.models import Sample
from reports.scope import Scope
from reports.tasks import run

_SIZE = 30


def audit(world: World) -> None:
    """The auditor's second day."""
    auditor, treasurer = world.staff["auditor"], world.staff["treasurer"]
    at = world.now - datetime.timedelta(hours=3)
    starts_on, ends_on = world.start.date(), world.now.date()
    inspect(by=SYSTEM, at=at)
    scope = Scope("audit-pack", starts_on, ends_on)
    job = actions.ask_report(scope=scope, formats=["pdf", "xlsx", "json"], language="en", by=auditor, at=at)
    run(job.pk, clock=lambda: at)
    sample = draw_sample(
        checkpoint=signing.checkpoint_now(by=SYSTEM, at=at), starts_on=starts_on, ends_on=ends_on,
        nonce="4 1 6 2 2 5 a wet morning", size=_SIZE, by=auditor, at=at,
    )  # fmt: skip
    _voucher(world, sample, at)
    questions = (
        (Procedure.CUT_OFF, "Two vouchers are dated after the days they are booked on. Which day holds?"),
        (Procedure.DOCUMENTS, "For this payment a hash is recorded and no document. Where is it?"),
    )
    findings = [raise_finding(procedure=one, words=words, by=auditor, at=at) for one, words in questions]
    settled = raise_finding(
        procedure=Procedure.RATES, words="Who enters the rate of the day?", by=auditor, at=at
    )
    for finding, words in (
        (settled, "The treasurer, from the bank's own line; the day and the source stand beside it."),
        (findings[0], "The day of the voucher; the payment was in advance, as agreed."),
    ):
        answer_finding(finding=finding, words=words, by=treasurer, at=at + datetime.timedelta(hours=1))
    later = at + datetime.timedelta(hours=2)
    close_finding(finding=settled, words="Seen in the history.", stands=False, by=auditor, at=later)


def _voucher(world: World, sample: Sample, at: datetime.datetime) -> None:
    """One voucher open, one asked for."""
    auditor, treasurer = world.staff["auditor"], world.staff["treasurer"]
    claimed = sample.drawn.filter(claim__isnull=False)
    documented = list(claimed.filter(claim__voucher_files__isnull=False).distinct()[:2])
    for place, item in enumerate(documented or claimed[:2]):
        asked = ask_voucher(item=item, by=auditor, at=at)
        if place == 0:
            world.agreed(KIND, asked.pk, unsealing_terms(asked, 72), by=treasurer, at=at)
            unseal_voucher(unsealing=asked, hours=72, by=treasurer, at=at)
