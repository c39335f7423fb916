"""The room of reports: asked for, made behind the page, taken with a record, checked."""

import copy
import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from reports import tasks
from reports.files import path_of
from reports.models import Definition, Download, Explanation, IssuedFile, Job, Snapshot
from tests.reports.organisation import north
from tests.web.desk import Desk, send, signed_in, words

BUILDERS = {"treasurer", "second-officer", "auditor"}
FIELDS = {
    "type": "funding-statement",
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
    "formats": ["pdf", "csv"],
    "language": "en",
}


@pytest.fixture
def desk(desk_made: Desk, db: None, tmp_path: Path, settings: Any) -> Desk:
    settings.REPORTS_DIR = tmp_path
    return copy.deepcopy(desk_made)


def made(desk: Desk, **more: Any) -> Snapshot:
    send(signed_in(desk.auditor), "desk:reports", **{**FIELDS, **more})
    job = Job.objects.latest("asked_at")
    assert tasks.run(job.pk).state == Job.State.DONE
    return Snapshot.objects.get(job=job)


def test_who_enters(desk: Desk) -> None:
    report = made(desk)
    assert desk.who_enters("desk:reports") == BUILDERS
    assert desk.who_enters("desk:report-check") == BUILDERS
    assert desk.who_enters("desk:report", report.pk) == BUILDERS


def test_a_report_is_queued_and_the_page_looks_again_until_it_is_made(desk: Desk) -> None:
    client = signed_in(desk.auditor)
    asked = send(client, "desk:reports", **FIELDS)
    assert "The report is being made." in words(asked)
    job = Job.objects.get()
    assert DBTaskResult.objects.get().args_kwargs["args"] == [str(job.pk)]
    page = client.get(reverse("desk:reports"))
    assert page["Refresh"] == "5"
    assert "0 of 2 files." in words(page)
    tasks.run(job.pk)
    page = client.get(reverse("desk:reports"))
    assert "Refresh" not in page
    assert "Funding statement" in words(page)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"ends_on": "2025-01-01"}, "The period ends before it begins."),
        ({"formats": []}, "Choose an answer: Files"),
        ({"type": "poem"}, "Select a valid choice"),
        ({"fund": "nowhere"}, "Select a valid choice"),
    ],
    ids=["days", "files", "type", "fund"],
)
def test_a_report_that_cannot_be_made_is_refused_and_not_queued(
    desk: Desk, wrong: dict[str, Any], says: str
) -> None:
    page = send(signed_in(desk.auditor), "desk:reports", **{**FIELDS, **wrong})
    assert says in words(page)
    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_the_page_of_a_report_shows_what_it_adds_up_to(desk: Desk) -> None:
    report = made(desk, fund="general")
    page = words(signed_in(desk.treasurer).get(reverse("desk:report", args=[report.pk])))
    assert report.content_hash in page
    assert report.root_hex in page
    assert "General fund" in page
    assert "€1,000.00" in page
    assert "Nobody has taken a file of it yet." in page


def test_taking_a_file_is_recorded_and_the_bytes_are_those_issued(desk: Desk) -> None:
    report = made(desk)
    file = report.files.get(format="pdf")
    client = signed_in(desk.auditor)
    assert client.get(reverse("desk:report-take", args=[file.pk])).status_code == 405
    answer = send(client, "desk:report-take", file.pk)
    taken = Download.objects.get()
    assert (taken.file, taken.taken_by) == (file, desk.auditor.actor_id)
    copy = b"".join(answer.streaming_content)
    assert copy.startswith(path_of(file).read_bytes() + f"\n%abarona-copy {taken.pk}\n".encode())
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        'attachment; filename="funding-statement-2026-01-01-2026-12-31.pdf"'
    )
    assert answer["Cache-Control"] == "no-store"
    stranger = signed_in(desk.coordinator)
    assert stranger.post(reverse("desk:report-take", args=[file.pk]), {"once": "x" * 20}).status_code == 404
    assert Download.objects.count() == 1
    shown = words(client.get(reverse("desk:report", args=[report.pk])))
    assert "you" in shown.split("Who took it")[1]


def test_a_file_that_was_changed_on_disk_is_not_handed_out(desk: Desk) -> None:
    file = made(desk).files.get(format="csv")
    path_of(file).write_bytes(path_of(file).read_bytes() + b"\n")
    page = send(signed_in(desk.auditor), "desk:report-take", file.pk)
    assert "The kept file is not what was issued." in words(page)
    assert not Download.objects.exists()


def upload(desk: Desk, content: bytes) -> str:
    file = SimpleUploadedFile("any.csv", content)
    answer = signed_in(desk.auditor).post(reverse("desk:report-check"), {"file": file})
    return words(answer)


def test_an_uploaded_file_is_checked_against_the_log(desk: Desk) -> None:
    content = path_of(made(desk).files.get(format="csv")).read_bytes()
    assert "The report is what the log says" in upload(desk, content)
    forged = content.replace(b"1000.00", b"2000.00", 1)
    assert forged != content
    assert "Something differs" in upload(desk, forged)
    assert "Something differs" in upload(desk, b"a,b\n1,2\n")


def test_a_failed_report_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise ZeroDivisionError

    client = signed_in(desk.auditor)
    send(client, "desk:reports", **FIELDS)
    monkeypatch.setattr(tasks, "build", broken)
    tasks.run(Job.objects.get().pk)
    page = words(client.get(reverse("desk:reports")))
    assert "Failed" in page
    assert "ZeroDivisionError" in page


def test_the_list_costs_the_same_however_long(desk: Desk) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(desk.auditor)
    made(desk)

    def count() -> int:
        client.get(reverse("desk:reports"))
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("desk:reports"))
        return len(seen)

    few = count()
    for _number in range(3):
        made(desk, formats=["json"])
    assert count() == few
    assert few <= 15
    assert IssuedFile.objects.count() == 5
    assert datetime.date(2026, 1, 1) == Snapshot.objects.first().starts_on


def test_figures_lead_to_their_transfers_and_events(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    report = made(desk, compare="on")
    client = signed_in(desk.auditor)
    page = client.get(reverse("desk:report", args=[report.pk]))
    shown = words(page)
    assert "Compared with the period before" in shown
    assert "Reconciliation to the bank" in shown
    way = reverse("desk:report-figure", args=[report.pk, "funds", "0", "received"])
    assert way in page.content.decode()
    behind = client.get(way)
    assert "makes this figure" in words(behind) or "make this figure" in words(behind)
    assert reverse("desk:event", args=[0])[:-2] in behind.content.decode()
    assert desk.who_enters("desk:report-figure", report.pk, "funds", "total", "closing") == BUILDERS
    for wrong in (("funds", "99", "received"), ("nowhere", "0", "received"), ("funds", "0", "poem")):
        assert client.get(reverse("desk:report-figure", args=[report.pk, *wrong])).status_code == 404
    # Later rules would compute other figures: the page leaves an older report to its files.
    for module in ("reports.figures", "web.desk.reports.shown"):
        monkeypatch.setattr(f"{module}.RULES", "next")
    assert "made by earlier rules" in words(client.get(reverse("desk:report", args=[report.pk])))
    assert client.get(way).status_code == 404


def test_a_report_is_saved_comes_due_is_made_and_ended(desk: Desk) -> None:
    client = signed_in(desk.treasurer)
    fields = {
        "name": "For the board", "type": "trial-balance", "rhythm": "month", "first_on": "2026-01-01",
        "due_days": "10", "formats": ["json"], "language": "en", "compare": "on",
    }  # fmt: skip
    assert "A period begins on the first" in words(
        send(client, "desk:report-save", **{**fields, "first_on": "2026-01-02"})
    )
    assert "It is saved." in words(send(client, "desk:report-save", **fields))
    saved = Definition.objects.get()
    assert "For the board" in words(client.get(reverse("desk:worklist")))
    assert "For the board" in words(client.get(reverse("desk:reports")))
    assert "For the board" not in words(signed_in(desk.coordinator).get(reverse("desk:worklist")))
    send(client, "desk:report-make", saved.pk)
    job = Job.objects.get()
    assert (job.definition, str(job.starts_on), str(job.ends_on), job.compare) == (
        saved, "2026-01-01", "2026-01-31", True,
    )  # fmt: skip
    send(client, "desk:report-end", saved.pk)
    assert "Nothing is saved yet." in words(client.get(reverse("desk:reports-saved")))
    assert desk.who_enters("desk:reports-saved") == BUILDERS


def test_the_treasurer_explains_a_variance(desk: Desk) -> None:
    line = north(desk.world).lines.get(number=1)
    client = signed_in(desk.treasurer)
    said = send(client, "desk:report-explain", line.pk, "2026-03-31", text="Hearings were put off.")
    assert "It is noted." in words(said)
    assert Explanation.objects.get().text == "Hearings were put off."
    assert client.get(reverse("desk:report-explain", args=[line.pk, "soon"])).status_code == 404
    assert desk.who_enters("desk:report-explain", line.pk, "2026-03-31") == {"treasurer"}
