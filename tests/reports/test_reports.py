"""Reports: the same rows in every format, and every one can be computed again."""

import datetime
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from reports import actions, files, tasks, verification
from reports.build import build
from reports.models import Download, IssuedFile, Job, Snapshot
from reports.render.read_back import read_report
from reports.scope import PeriodReversed, Scope, UnknownFund, position_at, position_now
from reports.verification import verify
from tests import people
from tests.plugins.tampering import tamper
from tests.reports import books

pytestmark = pytest.mark.django_db
FROM, TO = datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)
FORMATS = ["pdf", "xlsx", "csv", "json"]


@pytest.fixture
def scope() -> Scope:
    fund = books.general("Агульны фонд")
    for number in range(5):
        books.gift(fund, f"txn_{number}", 10_000 * (number + 1))
    return Scope("funding-statement", FROM, TO)


def command(folder: Path, *extra: str, kind: str = "funding-statement") -> None:
    call_command(
        "build_report", kind, "--from", "2026-01-01", "--to", "2026-12-31",
        "--format", ",".join(FORMATS), "--out", str(folder), *extra,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["funding-statement", "trial-balance"])
def test_every_format_says_the_same_and_verifies(scope: Scope, tmp_path: Path, kind: str) -> None:
    command(tmp_path, kind=kind)
    seen = set()
    for path in sorted(tmp_path.iterdir()):
        with path.open("rb") as file:
            report = read_report(file)
        seen.add((report.identity.content_hash, report.identity.log_size, report.control))
        call_command("verify_report", str(path))
    assert len(list(tmp_path.iterdir())) == 4
    assert len(seen) == 1


def test_reports_in_another_language_hold_the_same_rows(scope: Scope) -> None:
    position = position_now()
    hashes = {
        build(scope, position, language=language).identity.content_hash for language in ("en", "be", "ru")
    }
    assert len(hashes) == 1


def test_later_bookings_do_not_change_an_older_report(scope: Scope, tmp_path: Path) -> None:
    command(tmp_path)
    before = build(scope, position_now(), language="en")
    books.gift(books.Fund.objects.get(), "txn_later", 7_700)
    assert build(scope, position_at(before.identity.log_size), language="en").identity == before.identity
    assert build(scope, position_now(), language="en").identity.content_hash != before.identity.content_hash
    for path in tmp_path.iterdir():
        assert verify(path).ok


@pytest.mark.parametrize("file_format", FORMATS)
def test_one_flipped_byte_is_found(scope: Scope, tmp_path: Path, file_format: str) -> None:
    command(tmp_path)
    path = next(tmp_path.glob(f"*.{file_format}"))
    whole = path.read_bytes()
    for place in range(20, len(whole), max(1, len(whole) // 12)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert not verify(path).ok, place
    path.write_bytes(whole)
    assert verify(path).ok


def test_a_changed_past_is_found(scope: Scope, tmp_path: Path) -> None:
    command(tmp_path)
    tamper("update treasury_transfer set amount_minor = amount_minor + 1 where category = 'gift'")
    path = next(tmp_path.glob("*.csv"))
    assert "computed again from the log, the rows are others" in verify(path).problems
    with pytest.raises(SystemExit) as stop:
        call_command("verify_report", str(path))
    assert stop.value.code == 1
    tamper("update treasury_transfer set amount_minor = amount_minor - 1 where category = 'gift'")


def test_a_report_of_another_log_is_refused(scope: Scope, tmp_path: Path) -> None:
    command(tmp_path)
    path = next(tmp_path.glob("*.json"))
    told = json.loads(path.read_text())
    told["identity"]["log_size"] = 999
    path.write_text(json.dumps(told, separators=(",", ":"), ensure_ascii=False))
    assert "the log never had size 999" in verify(path).problems
    told["identity"]["log_size"] = 2
    path.write_text(json.dumps(told, separators=(",", ":"), ensure_ascii=False))
    assert "at size 2 the log's root is another" in verify(path).problems
    told["identity"]["ruleset_version"] = "0"
    path.write_text(json.dumps(told, separators=(",", ":"), ensure_ascii=False))
    assert any("made by rules 0" in problem for problem in verify(path).problems)


def test_the_statement_reconciles(scope: Scope) -> None:
    document = build(scope, position_now(), language="en")
    facts = {fact.key: fact.value for section in document.sections for fact in section.facts}
    assert facts["difference"] == 0
    assert facts["closing"] == facts["places"] == facts["funds"]
    assert facts["income"] - facts["expenditure"] == facts["closing"]
    trial = build(Scope("trial-balance", FROM, TO), position_now(), language="en")
    totals = trial.sections[0].totals
    assert totals is not None
    assert (totals[2], totals[5]) == (0, 0)


def test_one_fund_shows_only_itself(scope: Scope) -> None:
    document = build(Scope("funding-statement", FROM, TO, "general"), position_now(), language="en")
    assert [section.key for section in document.sections] == ["funds", "receipts", "spending"]


def test_background_jobs_report_their_progress_and_can_run_twice(scope: Scope) -> None:
    auditor = people.auditor()
    job = actions.ask_report(scope=scope, formats=FORMATS, language="be", by=auditor, at=people.START)
    assert list(Job.objects.waiting()) == [job]
    tasks.make_report.func(str(job.pk))
    tasks.run(job.pk)
    done = Job.objects.get(pk=job.pk)
    assert (done.state, done.done, done.total) == ("done", 4, 4)
    assert Snapshot.objects.count() == 1
    file = IssuedFile.objects.get(format="csv")
    actions.take(file=file, by=auditor, at=people.START)
    assert Download.objects.get().taken_by == auditor.actor_id
    assert list(Job.objects.visible_to(auditor)) == [done]
    assert not Job.objects.visible_to(people.coordinator()).exists()


def test_a_failed_job_says_so(scope: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    job = actions.ask_report(
        scope=scope, formats=["csv"], language="en", by=people.auditor(), at=people.START
    )

    def broken(*args: object, **kwargs: object) -> None:
        raise OSError("disk full of names")

    monkeypatch.setattr(actions, "write_files", broken)
    tasks.run(job.pk)
    failed = Job.objects.get(pk=job.pk)
    assert (failed.state, failed.error) == ("failed", "OSError")


def test_wrong_use_is_said_in_words(scope: Scope, tmp_path: Path) -> None:
    for wrong, refusal in (
        (Scope("nothing", FROM, TO), actions.UnknownType),
        (Scope("trial-balance", TO, FROM), PeriodReversed),
        (Scope("trial-balance", FROM, TO, "nowhere"), UnknownFund),
    ):
        with pytest.raises(refusal):
            actions.check(wrong, ["pdf"])
    for formats in ([], ["doc"]):
        with pytest.raises(actions.UnknownFormat):
            actions.check(scope, formats)
    with pytest.raises(CommandError) as stop:
        command(tmp_path, "--fund", "nowhere")
    assert stop.value.returncode == 2
    with pytest.raises(CommandError):
        call_command("build_report", "trial-balance", "--from", "soon", "--to", "2026-01-01", "--out", "x")
    with pytest.raises(CommandError):
        call_command("verify_report", str(tmp_path / "none.pdf"))
    strange = tmp_path / "strange.pdf"
    strange.write_text("hello")
    assert verify(strange).problems


def test_verify_finds_changed_and_missing_report_files(scope: Scope, tmp_path: Path) -> None:
    command(tmp_path)
    call_command("verify")
    file = IssuedFile.objects.get(format="csv")
    files.path_of(file).write_text("another")
    files.path_of(IssuedFile.objects.get(format="pdf")).unlink()
    found = list(verification.problems())
    assert len(found) == 2
    assert any("is gone" in line for line in found)
    assert any("is not as it was issued" in line for line in found)


def test_verify_finds_a_report_whose_rows_changed(scope: Scope, tmp_path: Path) -> None:
    command(tmp_path)
    change = "update treasury_transfer set amount_minor = amount_minor {} 1 where category = 'gift'"
    tamper(change.format("+"))
    assert any("its rows are others" in line for line in verification.problems())
    tamper(change.format("-"))
