"""Nothing personal stands readable in anything the system writes: marks go in, everything is searched."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.canary import driving, written
from tests.canary.driving import Run
from tests.canary.joins import Graph, paths, thin_payments
from tests.canary.marks import mark
from tests.canary.written import Rows
from treasury.batches import LEAST_GIFTS

# They search what lies in memory; the mark makes the databases, and keeps the tests together.
pytestmark = pytest.mark.django_db
# Sealed fields in which no flow of this run puts words of a person, and why.
UNMARKED = {
    "mail.address": "a letter's key is destroyed as it leaves; the addresses were marked (see its envelope)",
    "mail.secret": "the same; the codes are among the secrets",
    "notice.address": "only of staff who asked for notices by mail",
    "lockdown.reason": "would end the sessions and tokens that are searched for",
    "defendant.sentence": "figures, no words",
    "check.words": "only of givers above the yearly limit",
    "remark.text": "a finding of auditors, about figures",
}
# Where the run has put a mark on purpose, after everything else was searched.
PLANTED = [
    "log", "headers", "payment processor", "mail", "cache", "database default dump", "database default disk",
    "file mutant/sheet.xlsx", f"name of mutant/{mark(1)}.txt",
]  # fmt: skip


@pytest.fixture(scope="module")
def run(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Run:
    with django_db_blocker.unblock(), driving.emptied_after():
        try:
            driven = driving.drive(Path(tmp_path_factory.mktemp("lists")))
        finally:
            driving.forget_planted()
    return driven


def test_nothing_personal_stands_readable_anywhere(run: Run) -> None:
    assert written.leaks(run.places) == []


def test_the_run_went_everywhere(run: Run) -> None:
    """A search in an empty house finds nothing: rooms were opened, forms sent, letters posted."""
    sent = {name for name in run.seen if name.startswith("POST ")}
    assert len(sent) >= 50, sorted(sent)
    assert len(run.seen) - len(sent) >= 110, sorted(run.seen)
    assert {
        "desk:case",
        "desk:lawyer",
        "desk:claim",
        "desk:donation",
        "desk:voucher",
        "desk:event",
        "home",
    } <= set(run.seen)
    assert run.answers[200] >= 130, run.answers
    assert not {500, 503} & set(run.answers), run.answers
    assert run.places["log"].count(b"\n") >= 3
    assert len(run.places["payment processor"]) > 1_000
    assert len(run.letters) >= 5
    assert any("To: qzxkanar" in letter for letter in run.letters)
    kinds = {name.partition(" ")[0] + "." + name.rpartition(".")[2] for name in run.places if "file" in name}
    assert {"file.pdf", "file.xlsx", "file.csv", "file.json"} <= kinds, kinds
    assert sum(name.startswith("file files/") for name in run.places) >= 3, "sealed files lie on the disk"
    for alias in ("default", "keys"):
        disk = sum(len(run.places[name]) for name in run.places if name.startswith(f"database {alias} disk"))
        assert disk > 10_000, alias


def test_every_sealed_field_held_a_mark(run: Run) -> None:
    assert run.unmarked - run.marked == set(UNMARKED)
    assert {"client.name", "client.born_on", "approval.summary", "payee.iban", "user.name"} <= run.marked


def test_a_mark_is_found_wherever_it_is_planted(run: Run) -> None:
    found = {re.sub(" disk .*", " disk", one.rpartition(":")[0]) for one in written.leaks(run.planted)}
    assert set(PLANTED) <= found


# A leaked dump: no sessions, tokens, codes, addresses, keys.


def test_no_secret_stands_in_what_a_thief_takes(run: Run) -> None:
    kinds = {name.partition(" ")[0] for name in run.secrets}
    assert kinds >= {
        "session",
        "token",
        "code",
        "address",
        "secret",
        "key",
        "password",
        "network",
    }, kinds
    assert all(len(secret) >= 8 for secret in run.secrets.values())
    assert secrets_in(run.secrets, run.places) == []


def test_a_secret_is_found_if_it_is_there(run: Run) -> None:
    """Django's own store of sessions would give them away; and each way of writing one is known."""
    planted = secrets_in(run.secrets, run.planted)
    assert "session of a plain store in database default dump" in planted
    gone = {re.sub(" disk .*", " disk", found) for found in planted if found.startswith("row that is gone")}
    assert gone == {"row that is gone in database default disk"}, "what was deleted is searched too"
    for name, secret in run.secrets.items():
        for form in (
            secret,
            secret.hex().encode(),
            base64.b64encode(secret),
            base64.urlsafe_b64encode(secret),
        ):
            assert secrets_in({name: secret}, {"database": b"a row " + form + b" ends"}), (name, form)


def secrets_in(secrets: dict[str, bytes], places: dict[str, bytes]) -> list[str]:
    """Which secrets stand where; a letter holds its code and an answer its cookie, and must."""
    taken = {place: data for place, data in places.items() if place not in ("mail", "headers")}
    return [
        f"{name} in {place}"
        for name, secret in secrets.items()
        for place, data in taken.items()
        if any(_stands(form, data) for form in _forms(secret))
    ]


def _forms(secret: bytes) -> set[bytes]:
    bare = secret.replace(b"-", b"") if secret.isascii() else secret
    return {secret, bare, secret.hex().encode(), base64.b64encode(secret), base64.urlsafe_b64encode(secret)}


def _stands(form: bytes, data: bytes) -> bool:
    if form not in data:
        return False
    # Eight signs may be part of some digest by chance.
    return len(form) > 8 or re.search(rb"(?<!\w)" + re.escape(form) + rb"(?!\w)", data) is not None


# The join test: a copy of the whole database without keys.


@pytest.mark.parametrize("purpose", ["general", "campaign"])
def test_no_gift_leads_to_a_payment_a_lawyer_or_another_case(purpose: str, run: Run) -> None:
    gift = run.gifts[purpose]
    graph = Graph(run.rows, LEAST_GIFTS)
    assert sum(len(each) for each in run.rows.values()) > 1_000
    assert graph.is_crowd(gift.fund_id.hex)
    assert len(graph.followed(_own(run.rows, gift.pk.hex))) > 10, "the gift's own rows are found"
    assert paths(graph, gift.pk) == []
    # After everybody worked on at once the moments of a quick test say nothing; all else still must hold.
    assert paths(Graph(run.later, LEAST_GIFTS, seconds=False), gift.pk) == []


def test_the_payments_that_must_not_be_found_are_there(run: Run) -> None:
    """They came out of batches that hold gifts: the way is there, and only the crowd bars it."""
    paid = {_id(row["id"]) for row in run.rows["treasury_journal"] if row["kind"] == "payment"}
    batches = {
        row["batch_id"]
        for row in run.rows["treasury_transfer"]
        if _id(row["journal_id"]) in paid and row["batch_id"]
    }
    given = {row["batch_id"] for row in run.rows["donations_fact"] if row["batch_id"]}
    assert len(paid) == 3
    assert len(batches & given) >= 2
    for purpose in ("general", "campaign"):
        assert paths(Graph(run.rows, 10 * LEAST_GIFTS), run.gifts[purpose].pk), "without a crowd it is found"


@pytest.mark.long
@pytest.mark.parametrize(
    "mutant", ["a column", "a note", "the moment", "the amount", "the key", "a number", "the order"]
)
def test_a_join_that_somebody_adds_is_found(mutant: str, run: Run) -> None:
    """Each is a join that somebody might add with the best intentions."""
    gift = run.gifts["general"]
    rows = {table: [dict(row) for row in found] for table, found in run.rows.items()}
    claim = rows["treasury_claim"][-1]
    paid = next(row for row in rows["treasury_journal"] if row["kind"] == "payment")
    settled = next(
        row
        for row in rows["donations_fact"]
        if _id(row["donation_id"]) == gift.pk.hex and row["kind"] == "settled"
    )
    opened = next(row for row in rows["donations_attempt"] if _id(row["donation_id"]) == gift.pk.hex)
    booked = next(row for row in rows["treasury_journal"] if row["key"] == f"gift:{settled['object_id']}")
    changes: dict[str, tuple[dict[str, Any], str, Any]] = {
        "a column": (claim, "gift_id", settled["donation_id"]),
        "a note": (claim, "reason", f"paid by {gift.pk}"),
        "the moment": (paid, "copied_at", opened["opened_at"]),
        "the amount": (claim, "donated_minor", gift.amount_minor),
        "the key": (paid, "key", f"payment:{settled['object_id']}"),
        "a number": (rows["audit_event"][-1], "body", _told(rows, paid, booked)),
        "the order": (claim, "reason", f"after {settled['object_id']}"),
    }
    row, name, value = changes[mutant]
    row[name] = value
    assert paths(Graph(rows, LEAST_GIFTS), gift.pk)


def test_a_payment_out_of_one_gift_is_told_apart(run: Run) -> None:
    """What docs/decisions/0015 says of an open batch: a fund whose one gift has paid gives that gift away."""
    assert thin_payments(run.rows, LEAST_GIFTS) == thin_payments(run.later, LEAST_GIFTS) == []
    ((_journal, gifts),) = thin_payments(run.lone, LEAST_GIFTS)
    assert gifts == 1
    assert paths(Graph(run.lone, LEAST_GIFTS), run.gifts["lone"].pk)


def _own(rows: Rows, key: str) -> list[tuple[str, int]]:
    return [
        ("donations_donation", place)
        for place, row in enumerate(rows["donations_donation"])
        if _id(row["id"]) == key
    ]


def _told(rows: Rows, paid: dict[str, Any], booked: dict[str, Any]) -> str:
    """An event about a payment that also tells the number of a gift's journal."""
    facts = {"journal_number": booked["number"], "paid": str(paid["id"])}
    return json.dumps({**json.loads(rows["audit_event"][-1]["body"]), "facts": facts})


def _id(value: object) -> str:
    return str(value).replace("-", "")
