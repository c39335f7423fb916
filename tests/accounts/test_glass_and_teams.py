"""Broken glass is looked at by a colleague; a team's cases open to its members and to nobody else."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.actions import glass, teams
from accounts.actions.access import GlassIsNotGiven, NoReason, grant_access
from accounts.models import GlassReview, Grant, Team, TeamGrant, TeamMember
from audit.models import Event
from cases.models import Case
from tests import people
from tests.web.desk_cases import NAME, Desk, open_desk, words
from vault.reading import reading

__all__ = ["open_desk"]
pytestmark = pytest.mark.django_db


def test_broken_glass_waits_until_a_colleague_has_looked(desk: Desk) -> None:
    case, hazel = desk.receive(), people.coordinator("hazel")
    birch, stranger = people.second_officer(), people.coordinator("rowan")
    desk.done(hazel, "case-glass", case.pk, reason="Hearing in two hours, Alder is on a train")
    review = GlassReview.objects.get()
    for user in (birch, desk.alder):  # the second officer, and the one who is responsible
        assert "Alder is on a train" in desk.page(user, "worklist")
        assert "Alder is on a train" in desk.page(user, "glass-review", review.pk)
    for user in (hazel, stranger, people.auditor(), people.treasurer()):
        assert desk.get(user, "glass-review", review.pk).status_code == 404
    assert "Needed if it was not" in desk.page(birch, "glass-review", review.pk)
    refused = desk.refused(birch, "glass-review", review.pk, verdict="not-in-order")
    assert "Say why" in refused
    desk.done(birch, "glass-review", review.pk, verdict="not-in-order", words="Nobody knows of a hearing")
    assert NAME not in desk.page(hazel, "case", case.pk)  # it closed at once
    assert "Alder is on a train" not in desk.page(birch, "worklist")
    assert Event.objects.filter(kind="access.glass_reviewed", actor_id=birch.actor_id).exists()
    assert desk.get(birch, "glass-review", review.pk).status_code == 404


def test_the_one_who_broke_it_never_reviews_it(desk: Desk) -> None:
    case, hazel = desk.receive(), people.coordinator("hazel")
    with pytest.raises(NoReason):
        glass.break_glass(object_kind="case", object_id=case.pk, reason=" ", by=hazel, at=desk.at)
    grant = glass.break_glass(object_kind="case", object_id=case.pk, reason="urgent", by=hazel, at=desk.at)
    with pytest.raises(glass.OpenAlready):
        glass.break_glass(object_kind="case", object_id=case.pk, reason="again", by=hazel, at=desk.at)
    with pytest.raises(GlassIsNotGiven):
        grant_access(
            user=hazel, object_kind="case", object_id=case.pk, kind="glass", by=desk.alder, at=desk.at
        )
    with pytest.raises(glass.OwnGlass):
        glass.review_glass(review=grant.review, verdict="in-order", by=hazel, at=desk.at)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "update accounts_glassreview set verdict = 'in-order', reviewed_by_id = holder_id,"
            " reviewed_at = broken_at"
        )
    done = glass.review_glass(review=grant.review, verdict="in-order", by=desk.alder, at=desk.at)
    with pytest.raises(glass.ReviewedAlready):
        glass.review_glass(review=done, verdict="in-order", by=desk.alder, at=desk.at)
    assert Case.objects.open_to(hazel, desk.at).filter(pk=case.pk).exists()


def test_a_team_opens_its_cases_to_its_members(desk: Desk) -> None:
    case, hazel, birch = desk.receive(), people.coordinator("hazel"), people.second_officer()
    desk.done(birch, "team-add", name="Appeals")
    team = Team.objects.get()
    assert "Another" not in desk.page(birch, "teams")
    assert "has this name already" in desk.refused(birch, "team-add", name="Appeals")
    assert desk.get(desk.alder, "team", team.pk).status_code == 404
    desk.done(birch, "team", team.pk, user=hazel.pk)
    assert NAME not in desk.page(hazel, "case", case.pk)
    said = desk.done(desk.alder, "case-access-team", case.pk, team=team.pk, reason="The appeal is theirs now")
    assert "open to the team" in said
    page = desk.page(hazel, "case", case.pk)
    assert NAME in page
    assert "Appeals" in page
    opened = desk.page(desk.alder, "case-opened", case.pk)
    assert "team Appeals" in opened
    assert hazel.short in opened
    assert NAME in desk.page(hazel, "cases")
    member = TeamMember.objects.get()
    desk.done(birch, "team-leave", member.pk)
    assert NAME not in desk.page(hazel, "case", case.pk)
    teams.join_team(team=team, user=hazel, by=birch, at=desk.at)
    grant = TeamGrant.objects.get()
    desk.done(desk.alder, "case-access-team-end", case.pk, grant.pk, reason="The appeal is decided")
    assert NAME not in desk.page(hazel, "case", case.pk)
    with reading("staff:test", "test"):
        assert TeamGrant.objects.get().end_reason == "The appeal is decided"


def test_a_team_that_ended_opens_nothing(desk: Desk) -> None:
    case, hazel, birch = desk.receive(), people.coordinator("hazel"), people.second_officer()
    team = teams.add_team(name="Homieĺ", by=birch, at=desk.at)
    teams.join_team(team=team, user=hazel, by=birch, at=desk.at)
    with pytest.raises(teams.InTeam):
        teams.join_team(team=team, user=hazel, by=birch, at=desk.at)
    teams.grant_team(
        team=team, object_kind="case", object_id=case.pk, reason="district", by=birch, at=desk.at
    )
    assert Case.objects.open_to(hazel, desk.at).exists()
    assert not Case.objects.open_to(hazel, desk.at + datetime.timedelta(days=366)).exists()
    teams.end_team(team=team, by=birch, at=desk.at)
    assert not Case.objects.open_to(hazel, desk.at).exists()
    for refused in (
        lambda: teams.join_team(team=team, user=birch, by=birch, at=desk.at),
        lambda: teams.end_team(team=team, by=birch, at=desk.at),
        lambda: teams.grant_team(
            team=team, object_kind="case", object_id=case.pk, reason="district", by=birch, at=desk.at
        ),
    ):
        with pytest.raises(teams.TeamEnded):
            refused()


def test_ending_access_takes_a_reason_that_is_kept_sealed(desk: Desk) -> None:
    case, hazel = desk.receive(), people.coordinator("hazel")
    give = {"user": hazel.pk, "kind": "helper", "reason": "Alder is away from Friday"}
    desk.done(desk.alder, "case-access-give", case.pk, **give)
    grant = Grant.objects.get(user=hazel)
    assert "Fill in: Why" in desk.refused(desk.alder, "case-access-end", case.pk, grant.pk, reason="")
    desk.done(desk.alder, "case-access-end", case.pk, grant.pk, reason="Alder is back at work")
    assert "Alder is back" not in str(Grant.objects.filter(pk=grant.pk).values().get())
    with reading("staff:test", "test"):
        assert Grant.objects.get(pk=grant.pk).end_reason == "Alder is back at work"


def test_who_opened_a_case_says_why(desk: Desk) -> None:
    case, hazel = desk.receive(), people.coordinator("hazel")
    desk.done(hazel, "case-glass", case.pk, reason="Hearing in two hours, Alder is on a train")
    auditor, admin = people.auditor(), people.administrator()
    for reader in (desk.alder, auditor):
        page = words(desk.get(reader, "case-opened", case.pk))
        assert "broke the glass" in page
        assert "Alder is on a train" in page
        assert hazel.short in page
        assert "hazel" not in page.replace("hazel asks", "")
        assert "page of the case" in page
        assert "name" in page
    assert desk.get(admin, "case-opened", case.pk).status_code == 404
    birch = people.second_officer()
    assert f"/desk/people/{hazel.pk}/" in desk.page(birch, "case-opened", case.pk)
    assert f"/desk/people/{hazel.pk}/" not in desk.page(desk.alder, "case-opened", case.pk)
    assert timezone.now() == desk.at
