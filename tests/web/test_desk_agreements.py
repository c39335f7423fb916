"""Pages of agreements: limits ahead, indirect costs, reports, pledges, a fund over time, what is left."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from tests.treasury.test_agreements import received, signed
from tests.treasury.test_pledges import promised
from tests.web.desk import Desk, send, signed_in, words
from tests.web.test_desk_money import agree, carry_out
from treasury.actions import grants
from treasury.kinds import FundKind, ReportKind, VoucherKind
from treasury.models import Fund, FunderReport, Pledge


@pytest.mark.django_db
def test_a_treasurer_works_with_an_agreement() -> None:
    cache.clear()
    desk = Desk.made()
    world, today = desk.world, timezone.localdate()
    due = grants.ReportDue(ReportKind.FINANCIAL, today, today)
    grant = signed(world, reports=[due], evidence=[VoucherKind.OFFICE_RECEIPT])
    received(world, grant)
    client = signed_in(desk.treasurer)
    page = words(client.get(reverse("desk:grant", args=[grant.pk])))
    assert "Receipt of a bar office" in page
    assert "Financial report" in words(client.get(reverse("desk:worklist")))
    send(client, "desk:grant-ahead", grant.pk, limit_minor="100.00")
    carry_out(client, agree(desk))
    grant.refresh_from_db()
    assert grant.ahead_minor == 10_000
    assert "The agreement allows" in words(
        send(client, "desk:grant-indirect", grant.pk, amount_minor="1.00", target=str(world.general.pk))
    )
    send(client, "desk:funder-report-sent", FunderReport.objects.get().pk)
    assert FunderReport.objects.get().sent_on == today
    for name in ("grant-ahead", "grant-indirect", "grant-return"):
        assert signed_in(desk.second).get(reverse(f"desk:{name}", args=[grant.pk])).status_code == 404


@pytest.mark.django_db
def test_a_treasurer_records_a_pledge_and_moves_what_is_left() -> None:
    cache.clear()
    desk = Desk.made()
    world = desk.world
    client = signed_in(desk.treasurer)
    day = timezone.localdate().isoformat()
    send(
        client,
        "desk:pledge-open",
        fund=str(world.general.pk),
        name="The spring pledge",
        code="spring-pledge",
        limit_minor="2000",
        percent="50",
        starts_on=day,
        ends_on=day,
    )
    pledge = Pledge.objects.get()
    assert (pledge.limit_minor, pledge.ratio_basis_points) == (200_000, 5_000)
    assert "The spring pledge" in words(client.get(reverse("desk:pledges")))
    send(client, "desk:pledge-close", pledge.pk)
    assert promised(world, world.general, code="other").closed_on is None
    assert "1,000.00" in words(client.get(reverse("desk:fund-months", args=[world.general.pk])))
    ended = world.fund("ended", FundKind.CAMPAIGN, 4_000, goal_minor=1_000)
    assert "See where they go" in words(client.get(reverse("desk:fund", args=[ended.pk])))
    chosen = {"same_cause": str(world.general.pk), "general": str(world.general.pk)}
    send(client, "desk:fund-leftover", ended.pk, **chosen)
    carry_out(client, agree(desk))
    assert "See where they go" not in words(client.get(reverse("desk:fund", args=[ended.pk])))
    assert Fund.objects.get(pk=ended.pk).closed_on is None
