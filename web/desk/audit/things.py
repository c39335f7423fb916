"""The kinds of records and of acts in words for somebody who never saw the tables."""

from django.db import models

from audit import timeline
from audit.tracked import Tracked
from web.desk.audit.words import (
    acts_cases,
    acts_counsel,
    acts_gifts,
    acts_money,
    acts_people,
    acts_reports,
    fields_cases,
    fields_counsel,
    fields_general,
    fields_gifts,
    fields_money,
    fields_reports,
)
from web.desk.audit.words.facts import FACTS
from web.desk.audit.words.things import THINGS
from web.pieces import Text

ACTS: dict[str, Text] = {
    kind: words
    for room in (acts_people, acts_cases, acts_counsel, acts_money, acts_gifts, acts_reports)
    for kind, words in room.ACTS.items()
}
FIELDS: dict[str, Text] = {
    name: words
    for room in (fields_general, fields_cases, fields_counsel, fields_money, fields_gifts, fields_reports)
    for name, words in room.FIELDS.items()
}


def thing_word(table: str) -> Text:
    """What a table holds one of."""
    if table in THINGS:
        return THINGS[table]
    model = timeline.recorded_models().get(table)
    return str(model._meta.verbose_name).capitalize() if model else table


def kinds_with_history() -> list[tuple[str, Text]]:
    """The kinds whose rows change and keep their versions, the main ones first."""
    known = [table for table, model in timeline.recorded_models().items() if issubclass(model, Tracked)]
    places = {table: place for place, table in enumerate(THINGS)}
    known.sort(key=lambda table: (places.get(table, len(places)), str(thing_word(table))))
    return [(table, thing_word(table)) for table in known]


def model_of(table: str) -> type[models.Model] | None:
    """The model behind a table's name; None for a name that is none of ours."""
    return timeline.recorded_models().get(table)


def act_word(kind: str) -> Text:
    """``case.status_changed`` as "Case status changed"; a kind of an earlier version as its own words."""
    return ACTS.get(kind) or kind.replace(".", ": ").replace("_", " ").capitalize()


def kinds_said(words: str) -> list[str]:
    """The kinds of acts whose words hold these, in the language that is active."""
    sought = words.casefold()
    return [kind for kind, said in ACTS.items() if sought in str(said).casefold()]


def field_word(name: str) -> Text:
    """A column, or a fact of an event, as people read it: ``offered_until`` as "Offer stands until"."""
    return FIELDS.get(name) or FACTS.get(name) or name.replace("_", " ").capitalize()
