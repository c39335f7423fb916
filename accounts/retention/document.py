"""The table of retention as a page for people: docs/retention.md is what this writes."""

from django.utils import translation

from accounts.retention.registry import THEN, rules

_HEAD = """# How long we keep what

This table is the program's own: `manage.py apply_retention --table > docs/retention.md` writes it, and a
test compares. It is applied every night by `tick`, or by `manage.py apply_retention`; `--dry-run` says what
is due. `/desk/people/retention/` shows what is due, held and done, in figures.

Nothing is taken from people under a **legal hold**, which two people put and lift. An organisation decides
other periods with `RETENTION_DAYS="read-log=400 clients=1825"`; the page then shows those.

| rule | what | days | from | then | basis | decided by |
|---|---|---|---|---|---|---|
"""
_FOOT = """
## What is kept without an end, and why

- **The books** (journals, transfers, claims without names): accounting law, and every other figure rests on
  them. They hold no name: names are sealed under a key that goes.
- **The log and the history**: opaque ids, hashes, sealed tokens that nothing opens once the key is gone.
- **Seals of readings** that ended: how many readings there were and their digest, so that nobody can say
  that none were taken away.
- **Code names, case numbers, dates and stages**: the share of trials that were defended is counted on them.

## How append-only tables let go

The log of readings is append-only by triggers of the database. Its rows can be deleted only where a sealed
range was declared ended by a row that an event of the log binds (`audit_readexpiry`); a row put there by
hand is named by `verify`. History, events and books let nothing go: there the key goes instead.
"""


def as_markdown() -> str:
    """The whole page, in English, with the periods as they are written in the code."""
    with translation.override("en"):
        rows = [
            f"| `{rule.name}` | {rule.records} | {rule.days} | {rule.since} | {THEN[rule.then]}"
            f" | {rule.basis} | {rule.decided} |"
            for rule in rules()
        ]
    return _HEAD + "\n".join(rows) + "\n" + _FOOT
