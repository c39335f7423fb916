"""Who may do what: one table that a non-programmer can read.

A permission is a verb on a room; a role is a list of them. Seeing one case, and names in it, takes a
grant on that case besides (see accounts/models/teams.py).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Permission:
    """``text`` completes the sentence "Somebody in this role may …"."""

    name: str
    text: str
    roles: frozenset[str]


COORDINATOR = "coordinator"
SECOND_OFFICER = "second-officer"
TREASURER = "treasurer"
AUDITOR = "auditor"
LAWYER = "lawyer"
ADMINISTRATOR = "administrator"

ROLES = {
    COORDINATOR: "Coordinator: takes in cases, finds counsel, follows hearings and costs",
    SECOND_OFFICER: "Second officer: approves what needs two people",
    TREASURER: "Treasurer: money out, bank, grants; no facts of cases",
    AUDITOR: "Auditor: figures, code names, history; changes nothing but their own samples and findings",
    LAWYER: "Lawyer abroad: their own offers and cases through the portal",
    ADMINISTRATOR: "Administrator: people, roles, keys; no cases, no money",
}
STAFF = frozenset({COORDINATOR, SECOND_OFFICER, TREASURER, AUDITOR, ADMINISTRATOR})


def _may(name: str, text: str, *roles: str) -> Permission:
    return Permission(name, text, frozenset(roles))


TABLE = [
    _may("desk.enter", "open the desk", *STAFF),
    _may("cases.see", "see the list of cases by code name", COORDINATOR, SECOND_OFFICER, AUDITOR),
    _may("cases.open", "take in cases and clients", COORDINATOR),
    _may("cases.work", "work on cases they hold a grant for", COORDINATOR, SECOND_OFFICER),
    _may("cases.import", "import lists of cases and known trials", COORDINATOR),
    _may("feedback.answer", "read and answer what clients and families complain of", SECOND_OFFICER),
    _may("trials.see", "see known trials and coverage", COORDINATOR, SECOND_OFFICER, AUDITOR),
    _may("lawyers.see", "see the panel", COORDINATOR, SECOND_OFFICER),
    _may("lawyers.work", "add lawyers and record what they said", COORDINATOR),
    _may("match.run", "run and decide matches", COORDINATOR, SECOND_OFFICER),
    _may("match.see", "see match runs", COORDINATOR, SECOND_OFFICER, AUDITOR),
    _may("money.see", "see funds, grants, claims and payments", TREASURER, SECOND_OFFICER, AUDITOR),
    _may("money.book", "book receipts, running costs and transfers", TREASURER),
    _may("money.pay", "pay approved claims", TREASURER),
    _may("money.approve", "approve claims, ceilings and allocations", SECOND_OFFICER),
    _may("claims.enter", "enter claims for a case", COORDINATOR, TREASURER),
    _may("claims.see", "see claims on cases they may open", COORDINATOR, TREASURER, SECOND_OFFICER, AUDITOR),
    _may("donations.see", "see gifts by day, amount and fund, never the donor", TREASURER, AUDITOR),
    _may("donations.work", "decide about gifts: refunds, alarms, monthly gifts", TREASURER),
    _may("campaigns.work", "write campaign pages", COORDINATOR),
    _may("campaigns.approve", "publish campaign pages", SECOND_OFFICER),
    _may("reports.build", "build and download reports", TREASURER, AUDITOR, SECOND_OFFICER),
    _may("audit.see", "browse the log, history and readings", AUDITOR, SECOND_OFFICER),
    _may("audit.work", "draw samples, ask and conclude, see a voucher that two others opened", AUDITOR),
    _may(
        "audit.answer",
        "answer auditors, and ask a colleague to open a voucher to them",
        TREASURER,
        COORDINATOR,
    ),
    _may("people.see", "see who works here and in which role", ADMINISTRATOR, SECOND_OFFICER),
    _may("people.manage", "add people and ask for roles", ADMINISTRATOR),
    _may(
        "people.cut_off", "cut a person off at once, and lock the house down", ADMINISTRATOR, SECOND_OFFICER
    ),
    _may(
        "lockdown.lift",
        "sign in during a lockdown, and lift it with a colleague",
        ADMINISTRATOR,
        SECOND_OFFICER,
    ),
    _may("teams.work", "make teams and say who belongs to them", SECOND_OFFICER),
    _may("glass.review", "look at who broke the glass, and lift a frozen reading", SECOND_OFFICER),
    _may("grants.give", "give access to a case", SECOND_OFFICER, COORDINATOR),
    _may("people.erase", "erase people, hold or hand out their data", ADMINISTRATOR, SECOND_OFFICER),
    _may("approvals.decide", "decide what a colleague asked for", SECOND_OFFICER, ADMINISTRATOR),
    _may("portal.enter", "open the lawyers' portal", LAWYER),
]
PERMISSIONS = {permission.name: permission for permission in TABLE}


def roles_may(roles: frozenset[str], permission: str) -> bool:
    """Whether any of these roles has the permission. Raises KeyError for a permission nobody defined."""
    return bool(PERMISSIONS[permission].roles & roles)
