"""Everything that pages may do can be done here, or there is a reason why not."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from rest_framework import serializers

import cases.actions
import donations.actions
import lawyers.actions
import reports.actions
import treasury.actions
from api import problems
from reports.archive import actions as archive_actions
from reports.findings import actions as finding_actions
from reports.sampling_room import actions as sampling_actions
from tests.api.addresses import acts, reads
from tests.api.world import NAME, World, get

ELSEWHERE = {
    # worker, clock and processor
    "book_gift": "booked from the processor's own record by the worker",
    "book_gifts": "booked from the processor's own record by the worker",
    "observe_paid": "the worker, from what Stripe shows",
    "book_refund": "booked from the processor's own record by the worker",
    "book_payout": "booked from the processor's own record by the worker",
    "book_return": "booked from the processor's own record by the worker",
    "book_payout_sent": "booked from the processor's own record by the worker",
    "book_payout_failed": "booked from the processor's own record by the worker",
    "book_processor_fee": "booked from the processor's own record by the worker",
    "book_suspense": "booked from the processor's own record by the worker",
    "release_suspense": "a payment in suspense that turns out to be a gift's",
    "observe_payout": "the worker, from what Stripe shows",
    "mark_paid_out": "a step of observing a payout",
    "book_movement": "the worker, from what Stripe shows",
    "observe_subscription": "the worker, from what Stripe shows",
    "record_failed_try": "the worker, from what Stripe shows",
    "begin_month": "the worker, from what Stripe shows",
    "close_unbegun": "the clock ends what never began",
    "record_sent": "a step of sending a refund",
    "renew_key": "a step of sending a refund",
    "settle_suspense": "a step of book_alarm, which is reachable",
    "close_batches_due": "the clock closes batches",
    "double_gifts": "the clock doubles the gifts of closed batches",
    "lapse_offers": "the clock ends offers",
    "remind": "the clock, in the morning",
    "open_parties": "a lawyer abroad, on the page of the offer",
    "accept_through_portal": "as above",
    "decline_through_portal": "as above",
    "report_through_portal": "as above",
    "claim_through_portal": "as above",
    "make_feed": "an address for a person's own calendar app: a page of the desk",
    "end_feed": "as above",
    "end_feeds": "cutting somebody off, or a lockdown, ends them",
    "note_use": "the address itself, when an app asks",
    "drop_old_results": "the clock applies retention",
    "mark_job": "the worker says how far a report is",
    "issue": "the worker issues what it has made",
    "observe_payment": "the worker, from what Stripe shows",
    "store_run": "the second half of run_match, which is reachable",
    # givers
    "begin_gift": "a giver's own step on our page; givers have no tokens",
    "keep_receipt": "made when a gift is booked, or by its giver; givers have no tokens",
    "begin_session": "a donor's own step; donors have no tokens",
    "choose_level": "a donor's own step; donors have no tokens",
    "hold_gift": "follows from an alarm about a gift",
    "let_gift_go": "follows from the decision about a gift's alarm",
    "choose_yearly": "a donor's own step; donors have no tokens",
    "record_check": "a page of the desk: what is written down is about a person",
    "begin_attempt": "a step of opening the payment page",
    "record_opened": "a step of opening the payment page",
    "book_other_gift": "cash that two people counted: a page of the desk",
    # people outside, who have no tokens
    "ask_for_help": "the public page; whoever asks has no token",
    "add_help_note": "as above",
    "send_feedback": "as above",
    "give_feedback_code": "a page of the desk, which shows the code once; an answer here is kept for a day",
    # one colleague's page, which drops a line
    "keep_draft": "the intake page keeps what was sent and not finished",
    "drop_draft": "as above",
    # whole lists
    "receive_rows": "rows of a file, with a report by row: the command and its page",
    "load_reference": "shipped with the program: a command",
    "book_past_gifts": "taking over an earlier system: a command",
    "record_past_gifts": "taking over an earlier system: a command",
    # steps of another act
    "book_payout_arrived": "accepting a line of the bank calls it",
    "approve_ceiling": "approve_budget calls it, so that each ceiling has its budget",
    # a GET, so that any client can save the file; it records the taking all the same
    "take": "GET report-files/{id}/content/",
    "take_archive": "GET archives/{id}/content/",
    "mark_archive": "the worker says how far an archive is",
    "finish_archive": "the worker, when it has made one",
    "unseal_voucher": "two people at their desks open a voucher to a third; no machine does",
}


def _modules() -> Iterator[Any]:
    for package in (cases.actions, donations.actions, lawyers.actions, treasury.actions):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)
    yield from (reports.actions, archive_actions, finding_actions, sampling_actions)


def _actions() -> set[str]:
    return {
        name
        for module in _modules()
        for name, value in vars(module).items()
        if hasattr(value, "kind") and callable(value) and value.__module__ == module.__name__
    }


def test_every_action_is_reachable_or_excused() -> None:
    reachable = {view.act.action.__name__ for _name, _address, view in acts()}
    assert _actions() - reachable - set(ELSEWHERE) == set(), "give it an address, or a reason"
    assert not reachable & set(ELSEWHERE), "reachable after all"
    assert set(ELSEWHERE) <= _actions(), "no such action any more"


def _cost(client: Any, address: str, **query: Any) -> tuple[int, int]:
    """Queries of both databases, and how many rows came."""
    with (
        CaptureQueriesContext(connections["default"]) as one,
        CaptureQueriesContext(connections["keys"]) as two,
    ):
        answer = get(client, address, **query)
    assert answer.status_code == 200, (address, answer.json())
    return len(one) + len(two), len(answer.json()["results"])


@pytest.mark.django_db
def test_a_page_costs_the_same_however_long(world: World) -> None:
    for address in ("cases/", "clients/"):
        get(world.client(world.coordinator), address, names="true")
    measured = 0
    for name, address, _view in reads():
        if name.startswith("list-"):
            reader = world.auditor if name in AUDITED else world.coordinator
            client = world.client(world.second if name in ANSWERED else reader)
            short, _one = _cost(client, address, limit=1)
            long, rows = _cost(client, address, limit=50)
            assert rows > 0, f"{name}: nothing listed, so nothing measured"
            assert short == long <= 9, f"{name}: {short} queries for a row, {long} for {rows}"
            measured += rows > 1
    assert measured > 25


@pytest.mark.django_db
def test_names_cost_no_query_for_each_row(world: World) -> None:
    client = world.client(world.coordinator)
    for address in ("cases/", "clients/", "notes/", "tasks/", "representations/"):
        short, _one = _cost(client, address, limit=1, names="true")
        long, rows = _cost(client, address, limit=50, names="true")
        assert rows > 1
        assert short == long <= 14, address


# Lists that a coordinator does not see; the auditor or the treasurer does.
AUDITED = {
    "list-bank-statement", "list-bank-line", "list-bank-match",
    "list-fund", "list-grant", "list-instalment", "list-funder-report", "list-pledge", "list-batch",
    "list-account", "list-journal", "list-period",
    "list-ceiling", "list-commitment", "list-claim", "list-advance", "list-donation", "list-refund",
    "list-alarm",
    "list-payout", "list-recurring-donation", "list-report", "list-report-definition", "list-snapshot",
    "list-report-file", "list-sample", "list-finding", "list-voucher-request", "list-archive", "list-event",
    "list-reading", "list-approval", "list-voucher-file", "list-version",
}  # fmt: skip


ANSWERED = {"list-feedback"}  # goes past the coordinator, to a second officer


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sent",
    [NAME, [NAME], {"first": NAME, NAME: NAME}, [{NAME: NAME}]],
    ids=["text", "list", "object", "rows"],
)
def test_no_input_repeats_what_was_sent(people: World, sent: Any) -> None:
    """An error message names the field and what is wanted; what was sent may be somebody's name."""
    context = {"by": people.coordinator, "at": people.at}
    tried = set()
    for _name, _address, view in acts():
        body = view.act.input(data=dict.fromkeys(view.act.input().fields, sent), context=context)
        if not body.is_valid():
            words = problems.invalid(body.errors).data
            assert NAME not in str(words), view.act.input
            tried.add(view.act.input)
    assert len(tried) > 40


@pytest.mark.django_db
def test_no_input_takes_a_number_for_text(people: World) -> None:
    context = {"by": people.coordinator, "at": people.at}
    for _name, _address, view in acts():
        fields = view.act.input().fields
        texts = [name for name, field in fields.items() if isinstance(field, serializers.CharField)]
        body = view.act.input(data=dict.fromkeys(texts, 7), context=context)
        if texts:
            assert not body.is_valid(), view.act.input
            assert set(texts) <= set(body.errors), view.act.input
