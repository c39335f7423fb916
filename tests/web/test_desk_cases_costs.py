"""Costs and history of a case: figures for those who see money, changes without opening anything."""

from accounts.approvals import decide_approval, request_approval
from accounts.models import Approval
from cases.actions.people import change_client
from cases.models import Budget
from tests import people
from tests.web.desk_cases import NAME, Desk, open_desk, readings_of, words  # noqa: F401  the fixture
from treasury.actions.authorities import approve_tariff, tariff_terms
from treasury.actions.commitments import commit
from treasury.actions.funds import book_opening_balance, open_fund
from treasury.kinds import Category, FundKind
from treasury.models import Ceiling
from vault.keys import ORGANISATION
from vault.reading import reading

FEES = [(Category.FEE, "", 100_000)]


def tariff_in_force(desk: Desk) -> None:
    """Counsel's fee up to 1,000, by two people."""
    treasurer, second = people.treasurer(), people.second_officer("beech")
    terms = tariff_terms(name="Tariff B", fees=FEES, valid_from=desk.at.date())
    asked = request_approval(
        kind="standing-authority", object_id=ORGANISATION, payload=terms, by=treasurer, at=desk.at
    )
    decide_approval(approval=asked, agrees=True, by=second, at=desk.at)
    approve_tariff(name="Tariff B", fees=FEES, valid_from=desk.at.date(), by=treasurer, at=desk.at)


def test_a_budget_within_the_tariff_is_approved_by_one_person(desk: Desk) -> None:
    tariff_in_force(desk)
    case = desk.receive()
    assert "Write an amount for at least one" in desk.refused(desk.alder, "case-budget", case.pk)
    assert "Write the amount in figures" in desk.refused(desk.alder, "case-budget", case.pk, fee="much")
    said = desk.done(desk.alder, "case-budget", case.pk, fee="1 000,00")
    assert "within the tariff “Tariff B”" in said
    budget = Budget.objects.get()
    assert budget.lines == {"fee": 100_000}
    said = desk.done(desk.alder, "case-budget-approve", case.pk, budget.pk)
    assert "The budget is the ceiling now" in said
    assert "Ceiling €1,000.00" in said
    assert Ceiling.objects.get().total_minor == 100_000


def test_above_the_tariff_a_second_officer_agrees_to_exactly_this(desk: Desk) -> None:
    tariff_in_force(desk)
    case, birch = desk.receive(), people.second_officer()
    said = desk.done(desk.alder, "case-budget", case.pk, fee="1500", family_support="200")
    assert "a second officer has to agree" in said
    budget = Budget.objects.get()
    alone = desk.done(desk.alder, "case-budget-approve", case.pk, budget.pk)
    assert "This takes a second person" in alone
    assert not Ceiling.objects.exists()
    assert "is asked" in desk.done(desk.alder, "case-budget-ask", case.pk, budget.pk)
    approval = Approval.objects.get(kind="ceiling")
    with reading(birch.actor_id, "test"):
        assert "€1,700.00" in approval.summary
        assert NAME not in approval.summary
    decide_approval(approval=approval, agrees=True, by=birch, at=desk.at)
    assert "Make it the ceiling" in desk.page(desk.alder, "case-costs", case.pk)
    desk.done(desk.alder, "case-budget-approve", case.pk, budget.pk)
    assert Ceiling.objects.get().total_minor == 170_000


def test_figures_of_the_books_stand_on_the_page(desk: Desk) -> None:
    tariff_in_force(desk)
    case = desk.receive()
    fund = open_fund(code="general", name="General", kind=FundKind.GENERAL, by=desk.alder, at=desk.at)
    book_opening_balance(fund=fund, amount_minor=500_000, on=desk.at.date(), by=desk.alder, at=desk.at)
    desk.done(desk.alder, "case-budget", case.pk, fee="1000")
    desk.done(desk.alder, "case-budget-approve", case.pk, Budget.objects.get().pk)
    commit(category=Category.FEE, amount_minor=60_000, case_id=case.pk, by=desk.alder, at=desk.at)
    text = words(desk.get(desk.alder, "case-costs", case.pk))
    for line in ("Committed €600.00", "Drawn from other funds €600.00", "Not committed yet €400.00"):
        assert line in text
    assert "Short €400.00" in text
    # The same figures for an auditor, by code name, and nothing to press.
    seen = desk.page(people.auditor(), "case-costs", case.pk)
    assert "Committed" in seen
    assert NAME not in seen
    assert "Propose a budget" not in seen


def test_a_budget_of_another_case_is_not_here(desk: Desk) -> None:
    case, hazel = desk.receive(), people.coordinator("hazel")
    hers = desk.receive("Ліс Лада", by=hazel)
    desk.done(hazel, "case-budget", hers.pk, fee="100")
    budget = Budget.objects.get()
    for name in ("case-budget-approve", "case-budget-ask"):
        assert desk.post(desk.alder, name, case.pk, budget.pk).status_code == 404


def test_history_tells_changes_without_opening_sealed_values(desk: Desk) -> None:
    case = desk.receive(seeking=False)
    with reading("staff:test", "test"):
        change_client(
            client=case.client,
            name="Каваленка Марыя",
            kind="family",
            by=desk.alder,
            at=desk.at,
        )
    desk.done(desk.alder, "case-status", case.pk, to="verified")
    auditor = people.auditor()
    before = len(readings_of(case.client_id))
    page = desk.page(auditor, "case-history", case.pk)
    text = words(desk.get(auditor, "case-history", case.pk))
    assert len(readings_of(case.client_id)) == before
    assert "Каваленка" not in page
    assert "Name changed" in text.replace("Sealed ", "")
    assert "Kind Detained or charged → Family member" in text
    assert "Status Received → Verified" in text
    assert "Facts about the client changed" in text
    assert desk.alder.short in text


def test_history_has_pages(desk: Desk) -> None:
    case = desk.receive()
    for number in range(45):
        desk.post(desk.alder, "case-note", case.pk, text=f"note {number}")
    page = desk.page(desk.alder, "case-history", case.pk)
    assert page.count("Note written") == 40
    assert 'rel="next"' in page
