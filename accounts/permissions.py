"""Who may do what: one table that a non-programmer can read.

A permission is a verb on a room; a role is a list of them. Seeing one case, and names in it, takes a
grant on that case besides (see accounts/models/teams.py).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Permission:
    """``text`` completes the sentence "Somebody in this role may …"."""

    name: str
    text: str | Promise
    roles: frozenset[str]


COORDINATOR = "coordinator"
SECOND_OFFICER = "second-officer"
TREASURER = "treasurer"
AUDITOR = "auditor"
LAWYER = "lawyer"
ADMINISTRATOR = "administrator"

ROLES = {
    COORDINATOR: _("Coordinator: takes in cases, finds counsel, follows hearings and costs"),
    SECOND_OFFICER: _("Second officer: approves what needs two people"),
    TREASURER: _("Treasurer: money out, bank, grants; no facts of cases"),
    AUDITOR: _("Auditor: figures, code names, history; changes nothing but their own samples and findings"),
    LAWYER: _("Lawyer abroad: their own offers and cases through the portal"),
    ADMINISTRATOR: _("Administrator: people, roles, keys; no cases, no money"),
}
STAFF = frozenset({COORDINATOR, SECOND_OFFICER, TREASURER, AUDITOR, ADMINISTRATOR})


def _may(name: str, text: str | Promise, *roles: str) -> Permission:
    return Permission(name, text, frozenset(roles))


TABLE = [
    _may("desk.enter", _("open the desk"), *STAFF),
    _may("cases.see", _("see the list of cases by code name"), COORDINATOR, SECOND_OFFICER, AUDITOR),
    _may("cases.open", _("take in cases and clients"), COORDINATOR),
    _may("cases.work", _("work on cases they hold a grant for"), COORDINATOR, SECOND_OFFICER),
    _may("cases.import", _("import lists of cases and known trials"), COORDINATOR),
    _may("feedback.answer", _("read and answer what clients and families complain of"), SECOND_OFFICER),
    _may("trials.see", _("see known trials and coverage"), COORDINATOR, SECOND_OFFICER, AUDITOR),
    _may("lawyers.see", _("see the panel"), COORDINATOR, SECOND_OFFICER),
    _may("lawyers.work", _("add lawyers and record what they said"), COORDINATOR),
    _may("match.run", _("run and decide matches"), COORDINATOR, SECOND_OFFICER),
    _may("match.see", _("see match runs"), COORDINATOR, SECOND_OFFICER, AUDITOR),
    _may("money.see", _("see funds, grants, claims and payments"), TREASURER, SECOND_OFFICER, AUDITOR),
    _may("money.book", _("book receipts, running costs and transfers"), TREASURER),
    _may("money.pay", _("pay approved claims"), TREASURER),
    _may("money.approve", _("approve claims, ceilings and allocations"), SECOND_OFFICER),
    _may("claims.enter", _("enter claims for a case"), COORDINATOR, TREASURER),
    _may(
        "claims.see", _("see claims on cases they may open"), COORDINATOR, TREASURER, SECOND_OFFICER, AUDITOR
    ),
    _may("donations.see", _("see gifts by day, amount and fund, never the donor"), TREASURER, AUDITOR),
    _may("donations.work", _("decide about gifts: refunds, alarms, monthly gifts"), TREASURER),
    _may("campaigns.work", _("write campaign pages"), COORDINATOR),
    _may("campaigns.approve", _("publish campaign pages"), SECOND_OFFICER),
    _may("reports.build", _("build and download reports"), TREASURER, AUDITOR, SECOND_OFFICER),
    _may("audit.see", _("browse the log, history and readings"), AUDITOR, SECOND_OFFICER),
    _may("audit.work", _("draw samples, ask and conclude, see a voucher that two others opened"), AUDITOR),
    _may(
        "audit.answer",
        _("answer auditors, and ask a colleague to open a voucher to them"),
        TREASURER,
        COORDINATOR,
    ),
    _may("people.see", _("see who works here and in which role"), ADMINISTRATOR, SECOND_OFFICER),
    _may("people.manage", _("add people and ask for roles"), ADMINISTRATOR),
    _may(
        "people.cut_off",
        _("cut a person off at once, and lock the house down"),
        ADMINISTRATOR,
        SECOND_OFFICER,
    ),
    _may(
        "lockdown.lift",
        _("sign in during a lockdown, and lift it with a colleague"),
        ADMINISTRATOR,
        SECOND_OFFICER,
    ),
    _may("teams.work", _("make teams and say who belongs to them"), SECOND_OFFICER),
    _may("glass.review", _("look at who broke the glass, and lift a frozen reading"), SECOND_OFFICER),
    _may("grants.give", _("give access to a case"), SECOND_OFFICER, COORDINATOR),
    _may("people.erase", _("erase people, hold or hand out their data"), ADMINISTRATOR, SECOND_OFFICER),
    _may("approvals.decide", _("decide what a colleague asked for"), SECOND_OFFICER, ADMINISTRATOR),
    _may("portal.enter", _("open the lawyers' portal"), LAWYER),
]
PERMISSIONS = {permission.name: permission for permission in TABLE}


def roles_may(roles: frozenset[str], permission: str) -> bool:
    """Whether any of these roles has the permission. Raises KeyError for a permission nobody defined."""
    return bool(PERMISSIONS[permission].roles & roles)
