"""Colleagues who share cases, and what a second officer has to look at this morning."""

import datetime

from accounts.actions.freezing import freeze_reading
from accounts.actions.glass import break_glass, review_glass
from accounts.actions.teams import add_team, grant_team, join_team
from accounts.models import GlassReview, Grant
from audit.actors import SYSTEM
from cases.models import Case
from config.demo.world import World

_SHARED = 3


def teams(world: World) -> None:
    """A team of both coordinators with a few cases of one of them."""
    second, at = world.staff["second"], world.moment(60)
    team = add_team(name="Appeals", by=second, at=at)
    for role in ("coordinator", "coordinator-2"):
        join_team(team=team, user=world.staff[role], by=second, at=at)
    held = Grant.objects.live(world.now).of(world.staff["coordinator"]).order_by("object_id")[:_SHARED]
    for grant in held:
        grant_team(
            team=team, object_kind="case", object_id=grant.object_id, reason="The appeal is shared work.",
            until=world.now + datetime.timedelta(days=300), by=second, at=max(at, grant.started_at),
        )  # fmt: skip


def watched(world: World) -> None:
    """Broken glass, one looked at and one waiting; one frozen reading."""
    hazel, second = world.staff["coordinator-2"], world.staff["second"]
    open_ones = Case.objects.open_to(hazel, world.now).values("pk")
    others = Case.objects.visible_to(hazel, world.now).exclude(pk__in=open_ones).order_by("-received_at")[:2]
    reasons = ("The hearing is moved to this afternoon.", "The sister is on the line, in tears.")
    for case, reason, hours in zip(others, reasons, (30, 2), strict=False):
        at = world.now - datetime.timedelta(hours=hours)
        break_glass(object_kind="case", object_id=case.pk, reason=reason, by=hazel, at=at)
    oldest = GlassReview.objects.order_by("broken_at").first()
    if oldest is not None and oldest.broken_at < world.now - datetime.timedelta(hours=24):
        at = oldest.broken_at + datetime.timedelta(hours=3)
        review_glass(review=oldest, verdict="in-order", by=second, at=at)
    freeze_reading(
        user=world.staff["treasurer"], subjects=312, by=SYSTEM, at=world.now - datetime.timedelta(hours=1)
    )
