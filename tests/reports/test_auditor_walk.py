"""An auditor's three days: pages, then what was taken home with hledger and the verifier file alone."""

import csv
import datetime
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.actions.people import end_roles_run_out
from accounts.models import RoleGrant, User
from audit.models import ReadRecord, ReadSubject
from reports import tasks
from reports.archive import building
from reports.archive.models import Archive
from reports.findings.models import Finding
from reports.models import Job
from reports.sampling_room.models import SampleItem, Unsealing
from tests import people
from tests.reports.auditing import PERIOD, Audited, audited, guest
from tests.web.desk import send, signed_in, words

pytestmark = [pytest.mark.django_db, pytest.mark.broken_books("seeded for the auditor to find")]
NONCE = "6 2 5 1 1 4 3 6 the heron"
NAME = "Invented Person"


@pytest.fixture
def books(tmp_path: Path, settings: Any) -> Audited:
    settings.FILES_DIR, settings.REPORTS_DIR = tmp_path / "files", tmp_path / "reports"
    settings.REPORTS_DIR.mkdir()
    cache.clear()
    return audited()


def test_three_days(books: Audited, tmp_path: Path) -> None:
    auditor = signed_in(books.auditor)
    first_day(auditor, books)
    second_day(auditor, books)
    home = third_day(auditor, books, tmp_path)
    at_home(home, books)
    one_flipped_byte_is_found(tmp_path / "archive.zip")
    the_proof_of_single_funding_is_one_command(books)
    a_guest_is_out_when_the_time_is_over(books)


def first_day(auditor: Any, books: Audited) -> None:
    """The way in, the reports, what the audit pack met."""
    assert "Your access ends on" in words(auditor.get(reverse("desk:worklist")))
    start = auditor.get(reverse("desk:audit-start"))
    assert "Your access ends on" in words(start)
    for name in re.findall(r'href="(/desk/[^"?]+)"', start.content.decode()):
        assert auditor.get(name).status_code == 200, name
    for kind in ("trial-balance", "audit-pack"):
        asked = send(auditor, "desk:reports", type=kind, formats=["pdf", "json"], language="en", **PERIOD)
        assert "The report is being made." in words(asked)
        assert tasks.run(Job.objects.latest("asked_at").pk).state == Job.State.DONE
    made = Job.objects.get(type="audit-pack").snapshot.files.get(format="json")
    taken = auditor.post(reverse("desk:report-take", args=[made.pk]), {"once": "taken-on-the-first-day"})
    whole = taken.getvalue()
    checked = auditor.post(reverse("desk:report-check"), {"file": SimpleUploadedFile("pack.json", whole)})
    assert "The report is what the log says" in words(checked), words(checked)
    assert met(json.loads(whole), "segregation") >= {("no-approval", books.unapproved)}
    one, other = (job.snapshot for job in Job.objects.order_by("asked_at"))
    page = auditor.get(reverse("desk:consistency"), {"older": one.pk, "newer": other.pk})
    assert "It holds" in words(page)
    assert "Older note" in words(page)


def second_day(auditor: Any, books: Audited) -> None:
    """A sample nobody could steer, one voucher, one question."""
    size = Job.objects.latest("asked_at").snapshot.log_size
    drawn = send(auditor, "desk:samples", checkpoint=size, size=40, nonce=NONCE, **PERIOD)
    assert "The sample is drawn and kept." in words(drawn), words(drawn)
    assert NAME not in words(drawn)
    again = send(auditor, "desk:samples", checkpoint=size, size=40, nonce=NONCE, **PERIOD)
    assert "This very sample was drawn before" in words(again)
    item = SampleItem.objects.get(claim=books.honest)
    assert "Asked." in words(send(auditor, "desk:voucher-ask", item.pk))
    unseal(books)
    see(auditor, books, item)
    ask_and_answer(auditor, books, item)


def unseal(books: Audited) -> None:
    """The treasurer asks a second officer, who agrees; then it opens. One alone cannot."""
    treasurer, second = signed_in(books.world.treasurer), signed_in(books.world.second)
    assert "1 voucher is asked for" in words(treasurer.get(reverse("desk:worklist")))
    unsealing = Unsealing.objects.get()
    page = send(treasurer, "desk:voucher-unseal", unsealing.pk, hours=4)
    assert "Asked. It can go on once a colleague agrees" in words(page)
    unsealing.refresh_from_db()
    assert unsealing.opened_at is None
    waiting = second.get(reverse("desk:approvals")).context["waiting"]
    asked = next(row.approval for row in waiting if row.approval.kind == "voucher.unseal")
    assert "You agreed." in words(send(second, "desk:approval-decide", asked.pk, answer="yes"))
    link = next(row.page for row in treasurer.get(reverse("desk:approvals")).context["mine"])
    done = treasurer.post(link, {"hours": 4, "once": "unsealed-in-a-test-01"}, follow=True)
    assert "The voucher is open to the auditor." in words(done)


def see(auditor: Any, books: Audited, item: SampleItem) -> None:
    """On the screen, for this auditor, until a moment, each look recorded."""
    unsealing = Unsealing.objects.get()
    address = reverse("desk:voucher-look", args=[unsealing.pk])
    for other in (guest("quince"), books.world.treasurer, books.world.second):
        assert signed_in(other).get(address).status_code == 404
    looked = auditor.get(address)
    assert NAME in words(looked)
    assert "Invoice for travel to the court" in words(looked)
    sheet = re.search(r'src="([^"]+\.jpg)"', looked.content.decode())
    assert sheet
    picture = auditor.get(sheet[1], headers={"Sec-Fetch-Dest": "image"})
    assert picture.content.startswith(b"\xff\xd8\xff")
    assert picture["Content-Disposition"] == "inline"
    assert "no-store" in picture["Cache-Control"]
    assert auditor.get(sheet[1], headers={"Sec-Fetch-Dest": "document"}).status_code == 404
    looks = ReadRecord.objects.filter(actor_id=books.auditor.actor_id, purpose="desk:voucher-look")
    seen = ReadSubject.objects.filter(read__in=looks, subject_id=books.honest.payee_id).get()
    assert {"payee.name", "claim.number", "file.voucher"} <= set(seen.fields.split())
    assert "It is closed." in words(send(auditor, "desk:voucher-close", unsealing.pk))
    assert auditor.get(address).status_code == 404
    assert auditor.get(sheet[1]).status_code == 404
    assert item.unsealings.count() == 1


def ask_and_answer(auditor: Any, books: Audited, item: SampleItem) -> None:
    """Asked, on the treasurer's list, answered, closed by the auditor only."""
    query = f"?item={item.pk}"
    asked = send(auditor, "desk:finding-raise", query=query, procedure="documents", words="Who signed it?")
    assert "Who signed it?" in words(asked)
    finding = Finding.objects.get()
    treasurer = signed_in(books.world.treasurer)
    assert "1 question waits for an answer" in words(treasurer.get(reverse("desk:worklist")))
    answer = {"say-once": "answered-in-a-test-01", "say-words": "The bar office did."}
    treasurer.post(reverse("desk:finding", args=[finding.pk]), answer)
    close = {"close-once": "closed-in-a-test-0001", "close-words": "Agreed.", "close-stands": "no"}
    assert treasurer.post(reverse("desk:finding", args=[finding.pk]), close).status_code == 404
    closed = auditor.post(reverse("desk:finding", args=[finding.pk]), close, follow=True)
    assert "Closed, settled" in words(closed)


def third_day(auditor: Any, books: Audited, tmp_path: Path) -> Path:
    """The archive, asked for, made behind the page, taken once by its recipient."""
    assert "Asked for." in words(send(auditor, "desk:archives", **PERIOD))
    archive = Archive.objects.get()
    assert auditor.get(reverse("desk:archives"))["Refresh"] == "5"
    made = building.run(archive.pk)
    assert made.state == Job.State.DONE, made.error
    address = reverse("desk:archive-take", args=[archive.pk])
    assert signed_in(guest("medlar")).post(address, {"once": "not-mine-in-a-test-1"}).status_code == 404
    taken = auditor.post(address, {"once": "taken-in-a-test-00001"})
    whole = tmp_path / "archive.zip"
    whole.write_bytes(b"".join(taken.streaming_content))
    told = io.StringIO()
    call_command("verify_archive", str(whole), stdout=told)
    assert books.auditor.short in told.getvalue()
    home = tmp_path / "home"
    with zipfile.ZipFile(whole) as content:
        content.extractall(home)
    return home


def at_home(home: Path, books: Audited) -> None:
    """Nothing of ours but the one file: hashes, signatures, the log, the sample, hledger, the errors."""
    run("sha256sum", "-c", "--quiet", "SHA256SUMS", cwd=home)
    key = (home / "log/key.txt").read_text().strip()
    about = json.loads((home / "manifest.json").read_text())
    last = f"log/checkpoint-{about['log_size']}.txt"
    verifier = (sys.executable, "verifier.py")
    run(*verifier, "checkpoint", last, "--key", key, cwd=home)
    run(*verifier, "log", last, "--key", key, "--export", "log/events.txt", cwd=home)
    proof = next((home / "log").glob("proof-*.json"))
    first = proof.stem.split("-")[1]
    run(
        *verifier, "consistency", f"log/checkpoint-{first}.txt", last,
        "--key", key, "--proof", f"log/{proof.name}", cwd=home,
    )  # fmt: skip
    sample = json.loads((home / "samples/1/sample.json").read_text())
    lines = run(
        *verifier, "sample", "samples/1/items.csv", "--root", sample["root"],
        "--nonce", sample["nonce"], "--size", str(sample["size"]), cwd=home,
    )  # fmt: skip
    redrawn = {line.split("\t")[0] for line in lines.splitlines()}
    assert redrawn == {item["id"] for item in sample["drawn"]}
    the_books_agree(home)
    the_errors_are_found(home, books)
    the_errors_show_without_our_pack(home, books)
    assert NAME.encode() not in b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def the_books_agree(home: Path) -> None:
    """The trial balance beside what hledger makes of the journal."""
    if shutil.which("hledger") is None:
        pytest.skip("hledger is not installed")
    run("hledger", "-f", "ledger/books.hledger", "check", cwd=home)
    told = run("hledger", "-f", "ledger/books.hledger", "balance", "-O", "csv", "--flat", "-N", cwd=home)
    balances = {row["account"]: row["balance"] for row in csv.DictReader(io.StringIO(told))}
    rows = section(report(home, "trial-balance"), "accounts")
    ours = {row["account"]: row["closing"] for row in rows if row["closing"]}
    assert len(ours) > 5
    theirs = {
        name.partition(":")[2] if name.partition(":")[2] in ours else name: minor(amount)
        for name, amount in balances.items()
    }
    assert {name: theirs.get(name) for name in ours} == ours


def the_errors_are_found(home: Path, books: Audited) -> None:
    """All four, each by the journal it is in."""
    pack = report(home, "audit-pack")
    assert ("alike", books.duplicate) in met(pack, "duplicates")
    assert met(pack, "cut-off") == {("voucher-after", books.late)}
    second = met(pack, "segregation")
    assert {("no-approval", books.unapproved), ("no-second", books.unapproved)} <= second
    assert {journal for _what, journal in second} == {books.unapproved}
    doubled = met(pack, "double-funding")
    assert {("same-voucher", books.duplicate), ("names-another-fund", books.astray)} == doubled
    records = [row["about"] for row in section(pack, "records")]
    assert any("treasury_transfer" in line for line in records)
    assert any("one-funder-each" in line for line in records)
    for quiet in ("completeness", "recomputation", "reconciliation", "rates"):
        assert met(pack, quiet) <= {("processor", 0)}, quiet  # this gift came without a payment company


def the_errors_show_without_our_pack(home: Path, books: Audited) -> None:
    """From the ledger and the log alone, as docs/auditors.md says. The voucher's day is seen in its room."""
    rows = table(home / "reports/ledger-extract.csv", "transfers")
    paid = [row for row in rows if row["event_kind"] == "payment" and row["credit"].startswith("assets:bank")]
    alike = Counter((row["amount"], row["category"]) for row in paid)
    twice = {int(row["journal"]) for row in paid if alike[row["amount"], row["category"]] > 1}
    assert books.duplicate in twice
    assert len(twice) == 2
    astray = {
        int(row["journal"])
        for row in rows
        for side in (row["debit"], row["credit"])
        if side.startswith("equity:fund:") and row["fund"] and side != f"equity:fund:{row['fund']}"
    }
    assert books.astray in astray
    events = [json.loads(line) for line in (home / "log/events.txt").read_text().splitlines() if line]
    assert unapproved(events) == {books.unapproved}


def table(path: Path, section: str) -> list[dict[str, str]]:
    """The rows of one section of a report's CSV."""
    heads: list[str] = []
    found = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for cells in csv.reader(file):
            if cells[0] == "record":
                heads = cells
            elif cells[:2] == ["row", section]:
                found.append(dict(zip(heads, cells, strict=True)))
    return found


def unapproved(events: list[dict[str, Any]]) -> set[int]:
    """Journals of payments whose claim no approval names; a claim is what its own entry named first."""
    seen: set[str] = set()
    claims: set[str] = set()
    approved: set[str] = set()
    found = set()
    for event in events:
        subjects = set(event["subjects"])
        if event["kind"] == "claim.entered":
            claims |= subjects - seen
        if event["kind"] == "claim.approved":
            approved |= subjects & claims
        if event["kind"] == "claim.paid" and not subjects & claims & approved:
            found.add(int(event["facts"]["journal_number"]))
        seen |= subjects
    return found


def run(*command: str, cwd: Path) -> str:
    done = subprocess.run(
        command, cwd=cwd, env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def report(home: Path, name: str) -> Any:
    return json.loads((home / f"reports/{name}.json").read_text())


def section(told: Any, key: str) -> list[dict[str, Any]]:
    found = next(one for one in told["sections"] if one["key"] == key)
    names = [column["key"] for column in found["columns"]]
    return [dict(zip(names, row, strict=True)) for row in found["rows"]]


def met(told: Any, key: str) -> set[tuple[str, int]]:
    return {(row["finding"], row["journal"] or 0) for row in section(told, key)}


def minor(amount: str) -> int:
    return round(float(amount.split(maxsplit=1)[0].replace(",", "") or 0) * 100)


def one_flipped_byte_is_found(whole: Path) -> None:
    content, copy = whole.read_bytes(), whole.with_name("copy.zip")
    for place in range(50, len(content), len(content) // 5):
        copy.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(CommandError):
            call_command("verify_archive", str(copy), stderr=io.StringIO())


def the_proof_of_single_funding_is_one_command(books: Audited) -> None:
    out = io.StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("prove_funding", "--json", stdout=out)
    assert refused.value.returncode == 1
    told = {(one["why"], one["journal"]) for one in json.loads(out.getvalue())["found"]}
    assert told == {("same-voucher", books.duplicate), ("names-another-fund", books.astray)}


def a_guest_is_out_when_the_time_is_over(books: Audited) -> None:
    auditor, late = signed_in(books.auditor), timezone.now() + datetime.timedelta(days=31)
    assert auditor.get(reverse("desk:samples")).status_code == 200
    assert end_roles_run_out(by=people.SETUP, at=timezone.now()) == 0
    assert not RoleGrant.objects.live(late).filter(user=books.auditor).exists()
    assert end_roles_run_out(by=people.SETUP, at=late) == 3
    assert auditor.get(reverse("desk:samples")).status_code == 302
    assert not User.objects.get(pk=books.auditor.pk).has("audit.work")
