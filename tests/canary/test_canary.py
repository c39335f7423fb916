"""Nothing personal stands readable in anything the system writes: marks go in, everything is searched."""

import io
import logging
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from cases.actions.stage import record_stage
from cases.kinds import Source
from cases.stages import Stage
from donations.sandbox.server import Sandbox
from reports import actions as reports
from reports.models import Job
from reports.scope import Scope
from reports.tasks import run
from tests.api.addresses import key_of, reads
from tests.api.world import DAY, World, get, key, make, with_all
from tests.canary import written
from tests.canary.marks import STEMS, is_marked, mark
from tests.canary.walk import Walker, fill_sealed_fields
from tests.plugins.roles import as_owner
from tests.web import visitors
from tests.web.visitors import _no_kept_figures, sandbox

__all__ = ["_no_kept_figures", "sandbox"]


@pytest.mark.django_db(transaction=True)
def test_nothing_personal_stands_readable_anywhere(
    sandbox: Sandbox, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SECOND_FACTOR_REQUIRED = settings.STEP_UP_REQUIRED = False
    headers: list[str] = []
    with written.listening() as ear:
        world = with_all(make())
        marked = fill_sealed_fields(world.at)
        _type_into_actions(world)
        seen: dict[str, int] = {}
        people = (world.coordinator, world.second, world.treasurer, world.auditor, world.administrator)
        for user in people:
            Walker(user, seen, headers).walk("/desk/", "/account/", f"/desk/cases/{world.case.pk}/")
        giver = Walker(None, seen, headers)
        giver.walk("/en/", "/en/give/", "/en/campaigns/")
        for level in ("quiet", "code"):
            donation, _sent = visitors.give(giver.client, level=level)
            visitors.pay(giver.client, sandbox, donation)
        _read_all_of_the_api(world)
        _make_reports(world)
        _import(tmp_path)
        _go_wrong(world, giver, monkeypatch)
        outside = str([sandbox.world.store.every(kind) for kind in sandbox.world.store._things])
    assert len(marked) >= 20, sorted(marked)
    assert {"client.name", "case.summary", "note.text", "payee.name", "user.name"} <= marked
    assert len(seen) >= 100, "the walk opened too little to prove anything"
    assert ear.lines, "nothing was logged: the search would prove nothing"
    assert len(outside) > 1_000
    assert written.leaks(ear, headers, outside) == []


def _type_into_actions(world: World) -> None:
    """Rows that are written once take their words from the action alone."""
    day = (world.at - DAY).date()
    record_stage(
        case=world.case, stage=Stage.CHARGED, occurred_on=day, source=Source.FAMILY, reason=mark(1),
        by=world.coordinator, at=world.at,
    )  # fmt: skip
    world.receive(mark(2), seeking=False)


def _read_all_of_the_api(world: World) -> None:
    for user in (world.coordinator, world.treasurer, world.auditor):
        client = world.client(user)
        for _name, address, view in reads():
            answer = get(client, address.format(key=key_of(view, world, user)), names="true")
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
    assert run(job.pk).state == Job.State.DONE
    call_command("export_hledger", stdout=io.StringIO())
    call_command("verify", stdout=io.StringIO())


def _import(folder: Path) -> None:
    """A list with good rows and bad ones; what is said of bad rows ends on terminals and in mails of cron."""
    table = folder / "list.csv"
    table.write_text(f"name,contacts,detained\n{mark(8)},{mark(9)},not a day {mark(10)}\n", encoding="utf-8")
    for command in ("import_cases", "import_lawyers"):
        try:
            call_command(command, str(table), stdout=io.StringIO(), stderr=io.StringIO())
        except Exception:  # what a task or a scheduler would write about it
            logging.getLogger("tests").exception("%s was refused", command)


def _go_wrong(world: World, giver: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that fails with an open name in its hands, a page that is not there, a task that fails."""

    def fail(*args: object, **kwargs: object) -> None:
        raise ValueError(f"{mark(11)} could not be shown")

    staff = Walker(world.coordinator, {}, giver.headers)
    with monkeypatch.context() as broken:
        broken.setattr("web.desk.cases.overview.case_page", fail)
        broken.setattr("reports.tasks.build", fail)
        assert staff.client.get(f"/desk/cases/{world.case.pk}/").status_code == 500
        scope = Scope("trial-balance", world.at.date(), world.at.date())
        job = reports.ask_report(
            scope=scope, formats=["csv"], language="en", by=world.treasurer, at=timezone.now()
        )
        assert run(job.pk).state == Job.State.FAILED
    assert staff.client.get(f"/desk/{mark(12)}/", {"q": mark(13)}).status_code == 404
    assert staff.client.post("/desk/cases/", {"q": mark(14)}).status_code == 200


# The mutants: each place is searched, however the mark is written there.


def _in_a_log(folder: Path, ear: written.Ear) -> None:
    logging.getLogger("mutant").warning("opened %s", mark(1))


def _in_a_plain_column(folder: Path, ear: written.Ear) -> None:
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute(
            "insert into django_session (session_key, session_data, expire_date) values (%s, %s, %s)",
            [uuid.uuid4().hex, mark(1), "2030-01-01 00:00:00+00:00"],
        )


def _in_a_sheet(folder: Path, ear: written.Ear) -> None:
    with zipfile.ZipFile(folder / "report.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("sheet.xml", mark(1))


def _in_an_exception(folder: Path, ear: written.Ear) -> None:
    ear.setFormatter(logging.Formatter())  # instead of ours, which leaves an exception's words out
    try:
        raise ValueError(mark(1))
    except ValueError:
        logging.getLogger("mutant").exception("failed")


def _in_a_file_name(folder: Path, ear: written.Ear) -> None:
    (folder / f"{mark(1)}.txt").write_text("harmless")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "plant", [_in_a_log, _in_a_plain_column, _in_a_sheet, _in_an_exception, _in_a_file_name]
)
def test_a_mark_is_found_wherever_it_is_planted(plant: Callable[[Path, written.Ear], None]) -> None:
    folder = Path(settings.DATA_DIR) / "mutant"
    folder.mkdir(exist_ok=True)
    try:
        with written.listening() as ear:
            plant(folder, ear)
            assert len(written.leaks(ear, [], "")) >= 1
    finally:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


@pytest.mark.parametrize("how", ["utf-8", "utf-16-le", "utf-16-be", "json", "url", "hex", "base64"])
def test_a_mark_is_found_however_it_is_written(how: str) -> None:
    import base64
    import json
    from urllib.parse import quote

    for shift in range(3):
        words = f"{'x' * shift}{mark(7)} and more"
        for text in (words, words.upper(), words.lower()):
            data = {
                "json": json.dumps(text).encode(),
                "url": quote(text).encode(),
                "hex": text.encode().hex().encode(),
                "base64": base64.b64encode(words.encode()),
            }.get(how) or text.encode(how)
            assert how in is_marked(b"before " + data + b" after"), (how, text)
    assert is_marked(b"an honest sentence" * 50) == set()
    assert STEMS[0] not in "an honest sentence"
