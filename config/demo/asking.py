"""People outside write: requests for help, a note by a code, feedback; somebody who was recorded twice."""

import datetime

from accounts import codes
from audit.actors import PUBLIC
from cases.actions import asking, feedback, merging
from cases.actions.intake import receive_case
from cases.actions.status import change_status
from cases.intake.facts import Intake
from cases.kinds import CaseStatus
from cases.models import Case
from cases.models.asking import FeedbackKind, HelpAnswer
from config.demo.world import World
from vault.reading import reading

_HOURS = (2, 9, 30, 52)
_WORDS = (
    ("My brother was taken from work yesterday. They say 342. We have no lawyer.", "Cherry on the river", 2),
    ("Мужа затрымалі, суд у панядзелак, дзяржаўны адвакат не адказвае.", "Пішыце сястры", 4),
    ("Нужна консультация по наследству.", "Позвоните вечером", None),
    ("A friend in a colony is not given her medicine.", "By the messenger you know", None),
)


def requests(world: World) -> None:
    """Four requests of these days: one refused, one asked for more, one with a note, one new."""
    rows = []
    for (words, contact, days), hours in zip(_WORDS, _HOURS, strict=True):
        at = world.now - datetime.timedelta(hours=hours)
        hearing_on = at.date() + datetime.timedelta(days=days) if days else None
        row = asking.ask_for_help(
            code=codes.new_code(), contact=contact, words=words, hearing_on=hearing_on, by=PUBLIC, at=at
        )
        rows.append(row)
    hazel, at = world.staff["coordinator-2"], world.now - datetime.timedelta(hours=1)
    asking.refuse_help_request(asked=rows[2], answer=HelpAnswer.NOT_OURS, by=hazel, at=at)
    asking.ask_back(asked=rows[3], answer=HelpAnswer.MORE, by=hazel, at=at)
    asking.add_help_note(asked=rows[1], text="Суд перанеслі на раніцу.", by=PUBLIC, at=at)


def voices(world: World) -> None:
    """A complaint that waits, and thanks that were answered."""
    open_ones = Case.objects.open_to(world.staff["coordinator"], world.now).order_by("year", "number")[:2]
    said = (
        (FeedbackKind.COMPLAINT, "Nobody has called us since the hearing was moved."),
        (FeedbackKind.THANKS, "The lawyer went to see her the same evening. Thank you."),
    )
    at = world.now - datetime.timedelta(days=2)
    for case, (kind, words) in zip(open_ones, said, strict=False):
        code = feedback.give_feedback_code(
            case=case, code=codes.new_code(), by=world.staff["coordinator"], at=at
        )
        row = feedback.send_feedback(code=code, kind=kind, words=words, by=PUBLIC, at=at)
        if kind == FeedbackKind.THANKS:
            second = world.staff["second"]
            feedback.answer_feedback(feedback=row, answer="We pass it on.", by=second, at=world.now)
            feedback.close_feedback(feedback=row, by=second, at=world.now)


def recorded_twice(world: World) -> None:
    """Somebody was taken in twice, by two spellings; the records were joined, and the cases are one's own."""
    coordinator = world.staff["coordinator"]
    at = world.now - datetime.timedelta(days=3)
    with reading(coordinator.actor_id, "demo"):
        cases = [
            receive_case(intake=Intake(name=name, contacts="A cousin in Vilnius"), by=coordinator, at=at)
            for name in ("Вішнеўскі Ян Пятровіч", "Вишневский Ян Петрович")
        ]
        world.agreed(
            merging.MERGE,
            cases[1].client_id,
            merging.merge_terms(cases[0].client),
            by=coordinator,
            at=at,
        )
        merging.merge_clients(survivor=cases[0].client, merged=cases[1].client, by=coordinator, at=at)
    repeated = Case.objects.get(pk=cases[1].pk)
    change_status(case=repeated, to=CaseStatus.DUPLICATE, duplicate_of=cases[0], by=coordinator, at=at)
