"""Who may read what, and who may do what: one readable table, walked for everybody."""

import uuid
from collections.abc import Iterable

import pytest
from django.db import connection

from api.tokens import PUBLIC, wanted_by
from audit.models import ReadRecord
from tests.api.addresses import acts, key_of, reads, views
from tests.api.world import World, caller, get, post

pytestmark = pytest.mark.django_db

# C coordinator, S second officer, T treasurer, A auditor, M administrator, L lawyer abroad; nobody else.
MAY = {
    # cases
    "list-case": "CSA", "one-case": "CSA", "figures-worked-out-costs": "CSA", "list-stage": "CS",
    "list-budget": "CS", "one-budget": "CS", "list-client": "CS", "one-client": "CS", "list-authority": "CS",
    "one-authority": "CS", "list-court": "CSA", "list-article": "CSA", "list-trial": "CSA",
    "one-trial": "CSA", "one-defendant": "CS", "list-accusation": "CS", "one-accusation": "CS",
    "list-hearing": "CSA", "one-hearing": "CSA", "list-known-trial": "CSA", "one-known-trial": "CSA",
    "list-representation": "CSAL", "one-representation": "CSAL", "list-exclusion": "CS",
    "list-agreement": "CSAL", "list-warrant": "CSAL", "list-match": "CSA", "one-match": "CSA",
    "list-proposal": "CSA", "one-proposal": "CSA", "list-task": "CS", "one-task": "CS", "list-note": "CS",
    "list-custody-period": "CS", "one-custody-period": "CS", "list-incident": "CS", "one-incident": "CS",
    "list-testimony": "CS", "one-testimony": "CS", "list-official": "CS", "one-official": "CS",
    "list-party": "CS", "one-party": "CS", "list-recognition": "CS", "one-recognition": "CS",
    "list-referral": "CS", "one-referral": "CS", "list-observation": "CS", "one-observation": "CS",
    "list-document": "CS", "one-document": "CS", "take-document": "CS", "list-contact": "CS",
    "list-hand-over": "CS", "one-hand-over": "CS", "one-contact": "CS", "list-silence": "CS",
    "one-silence": "CS",
    "one-note": "CS", "list-deadline": "CS", "one-deadline": "CS", "list-filing": "CS", "one-filing": "CS",
    "list-help-request": "C", "one-help-request": "C", "list-feedback": "S", "one-feedback": "S",
    "list-saved-filter": "CSA", "one-saved-filter": "CSA",
    "list-access": "CSA", "one-access": "CSA", "list-lawyer": "CS", "one-lawyer": "CS",
    # money
    "list-fund": "STA", "one-fund": "STA", "list-grant": "STA", "one-grant": "STA", "list-instalment": "STA",
    "one-instalment": "STA", "list-batch": "STA", "one-batch": "STA", "figures-what-became": "STA",
    "list-account": "STA", "one-account": "STA", "list-journal": "STA", "one-journal": "STA",
    "list-period": "STA", "list-ceiling": "STA", "one-ceiling": "STA", "list-commitment": "STA",
    "one-commitment": "STA", "list-tariff": "CSTA", "one-tariff": "CSTA", "list-standing-authority": "CSTA",
    "one-standing-authority": "CSTA", "list-payee": "CSTA", "one-payee": "CSTA", "list-claim": "CSTA",
    "one-claim": "CSTA", "figures-what-paid": "STA", "list-donation": "TA", "one-donation": "TA",
    "list-refund": "TA", "one-refund": "TA", "list-alarm": "TA", "one-alarm": "TA", "list-payout": "TA",
    "one-payout": "TA", "list-recurring-donation": "TA", "one-recurring-donation": "TA",
    "list-campaign": "CS", "one-campaign": "CS", "list-voucher-file": "CSTA", "one-voucher-file": "CSTA",
    "take-voucher-file": "CST",
    "list-advance": "CSTA", "one-advance": "CSTA",
    "list-bank-statement": "STA", "one-bank-statement": "STA", "list-bank-line": "STA",
    "one-bank-line": "STA",
    "list-bank-match": "STA", "one-bank-match": "STA",
    "figures-lines-of": "STA", "figures-ahead-of": "STA", "list-funder-report": "STA",
    "one-funder-report": "STA", "list-pledge": "STA", "one-pledge": "STA", "figures-fund-months": "STA",
    # reports, the log, approvals
    "list-report": "STA", "list-report-definition": "STA", "one-report-definition": "STA",
    "one-report": "STA", "list-snapshot": "STA", "one-snapshot": "STA",
    "list-sample": "CSTA", "one-sample": "CSTA", "list-finding": "CSTA", "one-finding": "CSTA",
    "list-voucher-request": "CSTA", "one-voucher-request": "CSTA",
    "list-archive": "A", "one-archive": "A", "take-archive": "A",
    "list-report-file": "STA", "one-report-file": "STA", "take-file": "STA", "list-event": "SA",
    "one-event": "SA", "list-version": "SA", "list-reading": "SA", "one-reading": "SA",
    "list-approval": "CSTAM",
    "one-approval": "CSTAM",
}  # fmt: skip

DO = {
    "ask_refund": "T", "decide_alarm": "T", "book_alarm": "T", "cover_alarm": "T", "ask_stop": "T",
    "accept": "T", "book_line_as": "T", "undo_match": "T", "import_statements": "T",
    "receive_case": "C", "change_status": "CS", "close_case": "CS", "reopen_case": "CS", "record_stage": "CS",
    "correct_stage": "CS", "open_budget": "CS", "ask_for_ceiling": "CS", "approve_budget": "CS",
    "enter_case_claim": "CT", "change_client": "CS", "add_authority": "CS", "withdraw_authority": "CS",
    "add_trial": "CS", "add_defendant": "CS", "schedule_hearing": "CS", "record_defence": "CS",
    "record_verdict": "CS", "add_accusation": "CS", "drop_accusation": "CS", "reschedule_hearing": "CS",
    "move_hearing": "CS", "cancel_hearing": "CS", "record_outcome": "CS", "report_hearing": "CS",
    "add_known_trials": "C",
    "link_known_trial": "CS", "unlink_known_trial": "CS", "record_known_defence": "CS", "offer_case": "CS",
    "record_answer": "CS", "record_own_counsel": "CS", "exclude": "CS", "accept_offer": "CS",
    "decline_offer": "CS", "withdraw_offer": "CS", "end_representation": "CS", "record_agreement": "CS",
    "record_warrant": "CS", "run_match": "CS", "decide_proposal": "CS", "add_task": "CS", "finish_task": "CS",
    "propose_hand_over": "CS", "take_hand_over": "CS", "drop_hand_over": "CS", "release_client": "CS",
    "transfer_client": "CS", "rearrest_client": "CS", "add_note": "CS",
    "take_help_request": "C", "refuse_help_request": "C", "ask_back": "C", "read_help_notes": "C",
    "answer_feedback": "S", "close_feedback": "S", "end_feedback_codes": "CS", "merge_clients": "C",
    "split_client": "C", "recognise_party": "CS", "keep_filter": "CSA", "drop_filter": "CSA",
    "start_deadline": "CS", "record_service": "CS", "settle_deadline": "CS",
    "begin_filing": "CS", "add_document": "CS", "log_contact": "CS", "record_nondisclosure": "CS",
    "end_nondisclosure": "CS", "move_filing": "CS", "record_custody": "CS", "end_custody": "CS",
    "record_incident": "CS", "take_testimony": "CS", "withdraw_testimony": "CS", "name_official": "CS",
    "name_party": "CS", "record_recognition": "CS", "end_recognition": "CS", "refer_client": "CS",
    "record_referral_outcome": "CS", "record_observers": "CS", "strike_entry": "CS",
    "hand_over": "CS", "grant_access": "CS", "end_access": "CS", "add_lawyer": "C",
    "record_licence": "C", "set_capacity": "C", "record_away": "C", "add_coverage": "C",
    "set_competence": "C", "set_languages": "C", "lose_lawyer": "C", "return_to_panel": "C",
    "open_portal": "C", "close_portal": "C", "open_fund": "T",
    "add_case_to_fund": "T", "close_fund": "T",
    "book_opening_balance": "T", "cover_loss": "T", "allocate_between_funds": "T", "open_grant": "T",
    "set_ahead_limit": "T", "take_indirect": "T", "return_unspent": "T", "record_report_sent": "T",
    "redraw_commitment": "T", "open_pledge": "T", "close_pledge": "T", "move_leftover": "T",
    "receive_instalment": "T", "reverse_journal": "T", "close_period": "T", "commit": "T",
    "raise_commitment": "T", "release_commitment": "T", "book_running_cost": "T", "approve_tariff": "ST",
    "grant_standing_authority": "ST", "end_standing_authority": "ST", "add_payee": "CT",
    "change_payee_route": "T", "check_payee": "ST", "enter_claim": "CT", "approve_claim": "CST",
    "add_voucher_file": "CT", "enter_advance": "CT", "enter_advance_voucher": "CT", "return_advance": "T",
    "reject_claim": "ST", "pay_claim": "T", "draft_campaign": "C", "publish_campaign": "CS",
    "take_down_campaign": "CS", "ask_report": "STA", "save_definition": "STA", "close_definition": "STA",
    "draw_sample": "A", "raise_finding": "A", "ask_voucher": "A", "close_voucher": "CSTA",
    "answer_finding": "CT", "ask_again": "A", "close_finding": "A", "ask_archive": "A",
    "decide_approval": "SM",
}  # fmt: skip


def _asked(letters: Iterable[str], allowed: str) -> list[str]:
    """Those who may, then those who may not; PostgreSQL hears one of each: roles are compared first."""
    may = [letter for letter in letters if letter in allowed]
    may_not = [letter for letter in letters if letter not in allowed]
    most = None if connection.vendor == "sqlite" else 1
    return [*may[:most], *may_not[:most]]


def _people(world: World) -> dict[str, object]:
    return dict(zip("CSTAMLX", world.everybody, strict=True))


def test_the_table_names_every_address() -> None:
    named = {name for name, _address, view in reads() if wanted_by(view, "GET") != (PUBLIC,)}
    assert named == set(MAY)
    done = {view.act.action.__name__ for _name, _address, view in acts()} - {"request_approval"}
    assert done == set(DO)


def test_every_view_names_its_permission() -> None:
    for name, _address, view in views():
        for method in view().allowed_methods:
            if method != "HEAD":
                assert wanted_by(view, method), name


@pytest.mark.long
def test_reads_open_to_these_people_and_nobody_else(world: World) -> None:
    """And none of it opens anything sealed, as nobody asked for names."""
    # A file is nothing but sealed: taking it is its own record, and that alone.
    unasked = ReadRecord.objects.exclude(purpose__in=["api:take-voucher-file", "api:take-document"])
    opened = unasked.count()
    people = _people(world)
    callers = {letter: world.client(user) for letter, user in people.items()}
    wrong = []
    for name, address, view in reads():
        key = None
        for letter in _asked(people, MAY[name]) if name in MAY else ():
            # Whoever may not is refused though the thing is there.
            key = key_of(view, world, people[letter]) if letter in MAY[name] else key or uuid.uuid4()
            answer = get(callers[letter], address.format(key=key))
            if answer.streaming:
                answer.getvalue()  # to its end, so that the file is closed
            status, allowed = answer.status_code, letter in MAY[name]
            right = (200, 404) if allowed and "{key}" in address else (200,) if allowed else (403, 404)
            if status not in right or (status == 404 and "{key}" not in address):
                wrong.append((name, letter, status))
    assert not wrong
    assert unasked.count() == opened


def test_acts_open_to_these_people_and_nobody_else(people: World) -> None:
    wrong = []
    letters = _people(people)
    callers = {letter: people.client(user) for letter, user in letters.items()}
    for name, address, view in acts():
        action = view.act.action.__name__
        if action == "request_approval":  # asking takes what acting takes
            action = name.removeprefix("ask-").replace("-", "_")
        for letter in _asked(letters, DO[action]):
            status = post(callers[letter], address.format(key=uuid.uuid4()), {"no": "such"}).status_code
            if (status == 403) == (letter in DO[action]):
                wrong.append((name, letter, status))
    assert not wrong


def test_nobody_comes_in_without_a_token(people: World) -> None:
    for name, address, view in views():
        place = address.format(key=1 if name in ("one-event", "one-reading") else uuid.uuid4())
        for method in view().allowed_methods:
            if method == "HEAD" or wanted_by(view, method) == (PUBLIC,):
                continue
            answer = get(caller(None), place) if method == "GET" else post(caller(None), place)
            assert answer.status_code == 401, (name, method)


def test_a_token_opens_only_what_it_carries(world: World) -> None:
    narrow = world.client(world.coordinator, "trials.see")
    assert get(narrow, "known-trials/").status_code == 200
    assert get(narrow, "cases/").status_code == 403
    # A coordinator, but this token may not open names.
    only_list = world.client(world.coordinator, "cases.see")
    rows = get(only_list, "cases/", names="true").json()["results"]
    assert rows
    assert not any(row["name"] or row["names_open"] for row in rows)


def test_a_role_that_was_taken_away_closes_the_token(world: World) -> None:
    from accounts.actions.people import end_role

    client = world.client(world.auditor)
    assert get(client, "events/").status_code == 200
    end_role(role_grant=world.auditor.role_grants.get(), by=world.administrator, at=world.at)
    assert get(client, "events/").status_code == 403


def test_restricted_cases_and_strangers_cases_are_not_there(world: World) -> None:
    second = world.client(world.second)
    listed = {row["id"] for row in get(second, "cases/").json()["results"]}
    assert str(world.case.pk) in listed
    assert str(world.restricted.pk) not in listed
    assert get(second, f"cases/{world.restricted.pk}/").status_code == 404
    # Found by code name, but not open: no act and no paper of it.
    assert post(second, f"cases/{world.case.pk}/notes/", {"text": "x"}).status_code == 404
    assert str(world.case.pk) not in {row["case"] for row in get(second, "notes/").json()["results"]}
    assert get(second, "hearings/", case=str(world.restricted.pk)).json()["results"] == []
