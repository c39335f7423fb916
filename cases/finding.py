"""Finding people: keyed name digests for candidates, then similarity over opened names. A human decides."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import cast

from audit.actors import Actor
from cases.models import Case, Client
from cases.names import PersonFacts, candidate_keys, score_candidates, search_names
from cases.names.candidates import Precision
from vault import indexes
from vault.fields import ERASED, prefetch
from vault.reading import comparing

NAMES = "client.name"
# Names opened for one question; a common surname in a list of tens of thousands has some hundreds.
_MOST_OPENED = 400
# Beyond this many ids a list of them costs more than all the grants.
_FEW = 500


@dataclass(frozen=True)
class Duplicate:
    """Somebody who may be the same person. The parts of ``score`` (0..1) are factors."""

    client: Client
    score: float
    name: float
    birth: float
    place: float


def digests(spellings: Iterable[str]) -> set[str]:
    """The digests under which these spellings are found."""
    return {indexes.name_index(NAMES, key) for text in spellings for key in candidate_keys(text)}


def likely_duplicates(client: Client, *, limit: int = 10) -> list[Duplicate]:
    """Clients who may be this one, likeliest first.

    Opens their names, so it needs a reading; the caller shows code names unless the reader holds a grant.
    Raises vault.reading.NoReader.
    """
    found = indexes.hits(NAMES, digests(client.spellings))
    found.pop(client.id, None)
    ids = [subject_id for subject_id, _shared in found.most_common(_MOST_OPENED)]
    pool = {row.id: row for row in Client.objects.filter(id__in=ids).prefetch_related("cases")}
    with comparing():
        prefetch([client, *pool.values()], "name")
        facts = [known for row in pool.values() if (known := person_facts(row)) is not None]
        mine = person_facts(client)
    scored = score_candidates(mine, facts) if mine is not None else []
    return [
        Duplicate(pool[uuid.UUID(one.person.ref)], one.score, one.name, one.birth, one.place)
        for one in islice(scored, limit)
    ]


def person_facts(client: Client) -> PersonFacts | None:
    """What comparing needs, opened; None once the person is erased."""
    if client.name is ERASED:
        return None
    return PersonFacts(
        ref=str(client.id),
        names=client.spellings,
        born_on=client.born_on,
        born_precision=cast("Precision", client.born_precision),
        place=client.place,
    )


def find_cases(
    *, cases: Iterable[Case], text: str, actor: Actor, at: datetime.datetime, limit: int = 50
) -> list[Case]:
    """The cases among these whose reference, code name or client's name fits a typed part, best first.

    Names are compared only where the actor holds a grant; opening them needs a reading.
    """
    wanted = text.strip().casefold()
    rows = {str(case.id): case for case in cases}
    direct = [
        case
        for case in rows.values()
        if wanted and (wanted in case.reference.casefold() or wanted in case.client.code_name.casefold())
    ]
    if direct or not wanted:
        return direct[:limit]
    opened = names_for(actor, rows.values(), at)
    readable = [rows[str(case_id)].client for case_id in opened]
    prefetch(readable, "name")
    names = ((str(case_id), name) for case_id in opened for name in rows[str(case_id)].client.spellings)
    return [rows[ref] for ref, _score in search_names(text, names, limit=limit)]


def find_each(
    *, cases: Iterable[Case], texts: Iterable[str], limit: int = 5
) -> dict[str, list[tuple[Case, float]]]:
    """For each line of a list, the cases whose client's name fits, best first.

    Every name is compared, and only compared; the caller opens those it shows. Needs a reading, and cases
    that the reader holds.
    """
    rows = {str(case.id): case for case in cases}
    with comparing():
        prefetch([case.client for case in rows.values()], "name")
        names = [(ref, name) for ref, case in rows.items() for name in case.client.spellings]
    return {
        text: [(rows[ref], score) for ref, score in search_names(text, names, limit=limit)] for text in texts
    }


def names_for(actor: Actor, cases: Iterable[Case], at: datetime.datetime) -> set[uuid.UUID]:
    """Of these cases, the ids of those whose names the actor may open now; one query."""
    wanted = [case.id for case in cases]
    may = Case.objects.open_to(actor, at)
    if len(wanted) <= _FEW:
        may = may.filter(id__in=wanted)
    return set(may.values_list("id", flat=True)).intersection(wanted)


def open_names(actor: Actor, cases: Iterable[Case], at: datetime.datetime) -> dict[uuid.UUID, str]:
    """case id -> the name to show, for those the actor may open; one query for grants and one for keys.

    The Cyrillic spelling, else the Latin one, else the alias. Needs a reading.
    """
    rows = list(cases)
    may = names_for(actor, rows, at)
    return names_of([case for case in rows if case.id in may])


def names_of(readable: list[Case]) -> dict[uuid.UUID, str]:
    """As :func:`open_names`, of cases whose list said already that they are open to this reader."""
    prefetch([case.client for case in readable], "name")
    return {case.id: names[0] for case in readable if (names := case.client.spellings)}
