"""The table of permissions as a page of documentation: docs/access.md is written from here."""

from accounts.approvals import ASKS, DECIDES
from accounts.permissions import PERMISSIONS, ROLES, TABLE

_HEAD = """# Who may do what

Written by `python -m tests.web.access` from `accounts/permissions.py` and `accounts/approvals.py`; a test
says when it is out of date. Pages and their permissions, address by address, stand in `tests/web/access.txt`.

A role says what somebody may do. Which *cases* they may open, and whose names, takes a grant besides: their
own or their team's, with a reason and an end. Without one a case is a code name, and a restricted case is not
even that. Everything opened is recorded; "Who opened this" stands on each case and each lawyer.
"""
_WAYS = """
## Ways to a case

- **Responsible, deputy, helper**: given by the responsible, the deputy or a second officer, with a reason;
  for a year, or until ended with a reason.
- **Team**: given by the same; opens to whoever belongs to the team at that moment. A second officer says who.
- **Break-glass**: by oneself, with a reason, if one works on cases and finds the case; for `GLASS_HOURS`. The
  responsible or a second officer looks at each one, and what was not in order closes at once.

Broken glass, other people's clients, lawyers, payees and colleagues count towards a daily budget
(`READING_BUDGET_*`). Beyond it nothing outside one's own cases opens until a second officer lifts it. Names
that the program only compares, to warn of duplicates, are recorded as compared and count for nothing.

## What leaves in files

Reports, archives, samples and the lists of auditors name nobody. The API gives names only where they are
asked for, page by page, of people somebody may open, and each counts towards the budget. One thing holds
the names and accounts of many: the payment file for the bank. Above `EXPORT_ALONE_PEOPLE` payees (25),
counted over one person's files of a day, a colleague agrees to exactly these claims (`bulk-export`). A copy
of all that is held about one person takes two people too (`person-export`).

## Who hears of it

Colleagues who left an address under `/account/notices/` get "You have a message", and nothing more: second
officers when somebody's reading freezes or glass was broken (whose case it is hears of the glass too),
whoever may decide when something waits for a second person, whoever asked once it is decided. Such letters
leave at full hours, one for all that came in between, so their moment tells nothing. What is frozen or open
does not wait for them.

## When something happens

`manage.py blast_radius PERSON`, or the page of a person under `/desk/people/`, says what an account could
read and did read; one press there (or `--cut-off --reason ...`) ends its sessions, tokens, grants, teams,
feeds and sign-in. `manage.py lockdown --reason ...`, or `/desk/people/lockdown/`, does it for the whole
house. Letting somebody in again, taking a lost second factor away, and lifting a lockdown take two people.

## Sessions

A session ends after `SESSION_IDLE_MINUTES` in which nothing was done and after `SESSION_HOURS` in any case.
The acts listed in `web/account/stepping.py` take a password or second factor of the last ten minutes.
"""


def as_markdown() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_roles(), *_permissions(), *_two_people(), _WAYS])


def _roles() -> list[str]:
    lines = ["## Roles", "", "| role | what it is |", "|---|---|"]
    for name, text in ROLES.items():
        _word, _sep, about = text.partition(": ")
        lines.append(f"| {name} | {about} |")
    return [*lines, ""]


def _permissions() -> list[str]:
    lines = ["## Permissions", "", "| somebody may … | roles | name |", "|---|---|---|"]
    for row in TABLE:
        held = ", ".join(role for role in ROLES if role in row.roles)
        lines.append(f"| {row.text} | {held} | `{row.name}` |")
    return [*lines, ""]


def _two_people() -> list[str]:
    lines = [
        "## What takes two people",
        "",
        "One asks for an exact act, another agrees from their own session, then it is carried out, not by",
        "the one who agreed. Neither may be the other, and both must still have their role when it is done.",
        "",
        "| act | may ask | may agree |",
        "|---|---|---|",
    ]
    for kind in sorted(DECIDES):
        asks = sorted({role for name in ASKS[kind] for role in PERMISSIONS[name].roles})
        agrees = sorted(PERMISSIONS[DECIDES[kind]].roles)
        lines.append(f"| {kind} | {', '.join(asks)} | {', '.join(agrees)} |")
    return lines
