"""The court's side: trials, hearings, accusations, and the known trials around them."""

import datetime

import pytest
from django.utils import timezone

from cases.actions.court import add_defendant, add_trial
from cases.actions.reference import KnownTrialFact, add_known_trials
from cases.kinds import Confidentiality, DefendedBy
from cases.models import Accusation, Article, Court, Defendant, Hearing, KnownTrial, Trial
from lawyers.intake.cells import PartialDate
from tests import people
from tests.web.desk_cases import COURT, NAME, Desk, open_desk, words  # noqa: F401  the fixture


def test_the_page_shows_trial_hearing_and_accusation(desk: Desk) -> None:
    case = desk.receive(judge="Invented J.")
    text = words(desk.get(desk.alder, "case-court", case.pk))
    assert "First instance" in text
    assert "Invented J." in text
    assert "342 part 1" in text
    assert "Sat 7 Mar 2026, 12:30 in 5 days" in text


def test_without_a_trial_it_says_what_comes_first(desk: Desk) -> None:
    case = desk.receive(days=None)
    assert "hearings are scheduled in a trial" in words(desk.get(desk.alder, "case-court", case.pk))
    answer = desk.get(desk.alder, "case-hearing-new", case.pk)
    assert answer["Location"].endswith("/court/trials/new/")


def test_trials_and_hearings_are_added(desk: Desk) -> None:
    case = desk.receive(days=None)
    court = Court.objects.get(code=COURT)
    desk.done(desk.alder, "case-trial-new", case.pk, court=court.name_be or court.name_en, instance="appeal")
    trial = Trial.objects.get()
    assert (trial.court, trial.court_instance) == (court, "appeal")
    sitting = {"trial": trial.pk, "day": "2026-03-09", "hour": "", "kind": "trial", "closed": "yes"}
    desk.done(desk.alder, "case-hearing-new", case.pk, **sitting)
    hearing = Hearing.objects.get()
    assert (hearing.time_known, hearing.is_closed) == (False, True)
    assert timezone.localtime(hearing.starts_at).isoformat() == "2026-03-09T00:00:00+03:00"
    assert "Mon 9 Mar 2026 in 7 days" in words(desk.get(desk.alder, "case-court", case.pk))


def test_a_trial_of_another_case_cannot_be_chosen(desk: Desk) -> None:
    case = desk.receive()
    hers = desk.receive("Ліс Лада", by=people.coordinator("hazel"))
    trial = Trial.objects.get(defendants__case=hers)
    sitting = {"trial": trial.pk, "day": "2026-03-09", "kind": "trial"}
    assert "Select a valid choice" in desk.refused(desk.alder, "case-hearing-new", case.pk, **sitting)
    hearing = Hearing.objects.get(trial=trial)
    for name in ("case-hearing-move", "case-hearing-adjourn", "case-hearing-outcome", "case-hearing-cancel"):
        assert desk.post(desk.alder, name, case.pk, hearing.pk, day="2026-03-09").status_code == 404


def test_a_hearing_is_corrected_or_adjourned(desk: Desk) -> None:
    case = desk.receive()
    hearing = Hearing.objects.get()
    desk.done(
        desk.alder, "case-hearing-move", case.pk, hearing.pk, day="2026-03-07", hour="14:00", room="212"
    )
    hearing.refresh_from_db()
    assert (timezone.localtime(hearing.starts_at).hour, hearing.room) == (14, "212")
    desk.done(desk.alder, "case-hearing-adjourn", case.pk, hearing.pk, day="2026-03-17", hour="10:00")
    hearing.refresh_from_db()
    assert hearing.status == "adjourned"
    assert hearing.adjourned_to is not None
    over = desk.refused(desk.alder, "case-hearing-adjourn", case.pk, hearing.pk, day="2026-03-18")
    assert "already" in over


def test_an_outcome_waits_for_the_hearing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    case = desk.receive(days=1)
    hearing = Hearing.objects.get()
    held = {"happened": "held", "source": "counsel", "outcome": "continues"}
    early = desk.refused(desk.alder, "case-hearing-outcome", case.pk, hearing.pk, **held)
    assert "has not begun" in early
    monkeypatch.setattr(timezone, "now", lambda: desk.at + datetime.timedelta(days=2))
    desk.visitors.clear()
    half = {**held, "observers": "no", "next_hour": "11:00"}
    assert "Write the day of the next sitting" in desk.refused(
        desk.alder, "case-hearing-outcome", case.pk, hearing.pk, **half
    )
    desk.done(desk.alder, "case-hearing-outcome", case.pk, hearing.pk, **half, next_day="2026-03-20")
    hearing.refresh_from_db()
    assert (hearing.status, hearing.outcome, hearing.observers_admitted) == ("held", "continues", False)
    assert Hearing.objects.filter(status="scheduled").count() == 1


def test_a_hearing_is_cancelled(desk: Desk) -> None:
    case = desk.receive()
    hearing = Hearing.objects.get()
    assert "cancelled" in desk.done(desk.alder, "case-hearing-cancel", case.pk, hearing.pk)
    assert "already" in desk.done(desk.alder, "case-hearing-cancel", case.pk, hearing.pk)


def test_who_defends_and_the_verdict_are_recorded(desk: Desk) -> None:
    case = desk.receive()
    place = Defendant.objects.get()
    desk.done(desk.alder, "case-defence", case.pk, place.pk, defended_by="appointed")
    verdict = {"verdict": "convicted", "verdict_on": "2026-03-01", "plea": "not-guilty"}
    vague = desk.refused(desk.alder, "case-verdict", case.pk, place.pk, **verdict, sentence="a lot")
    assert "Write how long or how much" in vague
    sentence = "2 years 6 months, general regime"
    desk.done(desk.alder, "case-verdict", case.pk, place.pk, **verdict, sentence=sentence)
    text = words(desk.get(desk.alder, "case-court", case.pk))
    assert "Appointed" in text
    assert "Convicted, 1 March 2026 : prison, 2 years 6 months, general regime" in text.replace(
        "2026:", "2026 :"
    )


def test_accusations_are_added_and_ended(desk: Desk) -> None:
    case = desk.receive()
    article = Article.objects.get(number="361-1", part="")
    desk.done(desk.alder, "case-accusation-new", case.pk, article=article.pk, since_on="2026-02-10")
    twice = desk.refused(desk.alder, "case-accusation-new", case.pk, article=article.pk)
    assert "among the accusations already" in twice
    accusation = Accusation.objects.get(article=article)
    there = ("case-accusation-drop", case.pk, accusation.pk)
    assert "before it began" in desk.refused(desk.alder, *there, until_on="2026-02-01")
    desk.done(desk.alder, *there, until_on="2026-03-01")
    accusation.refresh_from_db()
    assert accusation.until_on == datetime.date(2026, 3, 1)
    assert desk.post(desk.alder, *there, until_on="2026-03-01").status_code == 404


def test_others_in_a_trial_show_by_code_name_and_restricted_ones_as_a_number(desk: Desk) -> None:
    hazel = people.coordinator("hazel")
    case = desk.receive()
    trial = Trial.objects.get()
    seen = desk.receive("Ліс Лада", by=hazel, days=None)
    hidden = desk.receive("Бор Барыс", by=hazel, days=None, confidentiality=Confidentiality.RESTRICTED)
    for other in (seen, hidden):
        add_defendant(trial=trial, case=other, interest_group="b", by=hazel, at=desk.at)
    text = words(desk.get(desk.alder, "case-court", case.pk))
    assert seen.client.code_name in text
    assert hidden.client.code_name not in text
    assert "and 1 other" in text
    assert "Ліс" not in text


# Known trials


def known(desk: Desk, on: str = "2026-03-07", **more: object) -> KnownTrial:
    """A trial that a monitor reported."""
    fact = KnownTrialFact(
        court=str(more.pop("court", COURT)),
        starts=PartialDate(datetime.date.fromisoformat(on)),
        articles="342",
        source="a monitor’s list",
        **more,  # type: ignore[arg-type]
    )
    (row,) = add_known_trials(trials=[fact], by=desk.alder, at=desk.at)
    assert row is not None
    return row


def test_a_known_trial_near_is_offered_and_linked(desk: Desk) -> None:
    case, near = desk.receive(), known(desk)
    far = known(desk, "2025-03-07")
    page = desk.page(desk.alder, "case-trial-link", case.pk)
    assert str(near.pk) in page
    assert str(far.pk) not in page
    desk.done(desk.alder, "case-trial-link", case.pk, known_trial=near.pk)
    near.refresh_from_db()
    assert near.case_id == case.pk
    desk.done(desk.alder, "case-trial-unlink", case.pk)
    near.refresh_from_db()
    assert near.case_id is None


def test_the_board_is_filtered(desk: Desk) -> None:
    case = desk.receive()
    linked, open_one = known(desk), known(desk, "2026-02-10", defended_by=DefendedBy.NONE)
    elsewhere = known(desk, "2026-01-10", court="by-minsk-city", defended_by=DefendedBy.OWN)
    desk.done(desk.alder, "case-trial-link", case.pk, known_trial=linked.pk)
    add_trial(court=None, by=desk.alder, at=desk.at)

    def shown(**query: str) -> set[str]:
        page = desk.page(desk.alder, "trials", **query)
        days = {"7 March 2026": "linked", "10 February 2026": "open", "10 January 2026": "elsewhere"}
        return {name for day, name in days.items() if f'<span class="nowrap">{day}</span>' in page}

    assert shown() == {"linked", "open", "elsewhere"}
    assert shown(linked="yes") == {"linked"}
    assert shown(linked="no") == {"open", "elsewhere"}
    assert shown(defended_by="none") == {"open"}
    assert shown(region="homel") == {"linked", "open"}
    assert shown(since="2026-02-01", until="2026-02-28") == {"open"}
    assert {open_one.case_id, elsewhere.case_id} == {None}


def test_coverage_counts_what_the_linked_case_says(desk: Desk) -> None:
    case, first = desk.receive(), known(desk, "2026-02-20", defended_by=DefendedBy.NONE)
    known(desk, "2026-02-10", defended_by=DefendedBy.NONE)
    known(desk, "2026-03-05", defended_by=DefendedBy.OWN)  # has not begun
    before = words(desk.get(desk.alder, "trials"))
    assert "February 2026 2 trials, 0" in before
    desk.done(desk.alder, "case-trial-link", case.pk, known_trial=first.pk)
    desk.done(desk.alder, "case-defence", case.pk, Defendant.objects.get().pk, defended_by="own")
    after = words(desk.get(desk.alder, "trials"))
    assert "February 2026 2 trials, 50" in after
    assert "0 ours, 1 own, 0 appointed, 1 nobody, 0 not known" in after
    assert "March 2026 1 trial" not in after


def test_a_trial_is_added_by_hand(desk: Desk) -> None:
    court = Court.objects.get(code=COURT)
    told = {"court": court.name_en, "starts": "2026-03-20", "defendants": "3", "defended_by": "unknown"}
    assert "Fill in: Source" in desk.refused(desk.alder, "trial-new", **told)
    desk.done(desk.alder, "trial-new", **told, articles="361-2", source="a newspaper")
    trial = KnownTrial.objects.get()
    assert (trial.court, trial.defendants, trial.articles) == (court, 3, "361-2")
    for user in (people.second_officer(), people.auditor()):
        assert desk.post(user, "trial-new", **told, source="x").status_code == 404


def test_linking_takes_a_grant_on_the_case(desk: Desk) -> None:
    case, trial, hazel = desk.receive(), known(desk), people.coordinator("hazel")
    refused = desk.refused(hazel, "trial-link", trial.pk, reference=case.reference)
    assert "You hold no grant" in refused
    desk.done(desk.alder, "trial-link", trial.pk, reference=case.reference)
    assert desk.post(hazel, "trial-unlink", trial.pk).status_code == 404
    board = words(desk.get(hazel, "trials"))
    assert case.client.code_name in board
    assert NAME not in board
    desk.done(desk.alder, "trial-unlink", trial.pk)


def test_who_defends_in_a_trial_that_is_no_case_of_ours(desk: Desk) -> None:
    trial = known(desk)
    desk.done(desk.alder, "trial-defence", trial.pk, defended_by="refused-access")
    assert "Refused access" in words(desk.get(desk.alder, "trials"))
    auditor = people.auditor()
    assert "Refused access" in words(desk.get(auditor, "trials"))
    assert desk.post(auditor, "trial-defence", trial.pk, defended_by="own").status_code == 404


def test_an_empty_board_names_the_command(desk: Desk) -> None:
    assert "import_known_trials" in words(desk.get(desk.alder, "trials"))
    assert desk.get(people.treasurer(), "trials").status_code == 404
