"""What people outside wrote: requests for help, and feedback about a case. Words open on ``?names=true``."""

import datetime
from collections.abc import Sequence
from typing import Any, cast

from django.db.models import Count, Q, QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.defence.cases import CASES, OPEN, WORK
from api.defence.intake import IntakeIn
from api.fields import Chosen, Strict, Text
from api.filtering import FilterSet, choice, flag, ident
from api.opening import read, sealed_context
from api.tables import Act, Resource
from cases.actions import asking, feedback
from cases.models import Feedback, HelpNote, HelpRequest
from cases.models.asking import ASKING, REFUSING, FeedbackKind, HelpAnswer, HelpState

TAKES_IN, ANSWERS = "cases.open", "feedback.answer"


class HelpNoteOut(serializers.Serializer[Any]):
    """What was added by the code later."""

    id = serializers.UUIDField()
    written_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
    text = serializers.SerializerMethodField()

    def get_text(self, row: HelpNote) -> str | None:
        return read(self, row, "text")


class HelpRequestOut(serializers.Serializer[Any]):
    """``hearing_on`` is a day in court that they wrote; ``unread`` counts notes that nobody has read.

    What they wrote is null unless ``?names=true``, and "erased" once the table of retention forgot it.
    """

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    language = serializers.CharField()
    hearing_on = serializers.DateField(allow_null=True)
    asked_at = serializers.DateTimeField()
    state = serializers.ChoiceField(HelpState.choices)
    answer = serializers.ChoiceField(HelpAnswer.choices, allow_blank=True)
    case = serializers.UUIDField(source="case_id", allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    unread = serializers.IntegerField()
    name = serializers.SerializerMethodField()
    contact = serializers.SerializerMethodField()
    words = serializers.SerializerMethodField()
    notes = HelpNoteOut(many=True)

    def get_name(self, row: HelpRequest) -> str | None:
        return read(self, row, "name")

    def get_contact(self, row: HelpRequest) -> str | None:
        return read(self, row, "contact")

    def get_words(self, row: HelpRequest) -> str | None:
        return read(self, row, "words")


def visible_requests(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """Undecided and refused ones for all who take in cases; what was taken up, by a grant on the case."""
    rows = HelpRequest.objects.visible_to(by, at).annotate(unread=Count("notes", Q(notes__read_at=None)))
    return cast("QuerySet[Any]", rows.prefetch_related("notes"))


def open_words(rows: Sequence[Any], by: User, at: datetime.datetime) -> dict[str, Any]:
    """What the callers of this list may read, is read here by a person; the notes come along."""
    notes = [note for row in rows for note in row.notes.all()]
    asked = sealed_context(rows, "words")
    return {"open": asked["open"] | sealed_context(notes, "text")["open"]}


class HelpFilters(FilterSet):
    state = choice(HelpState)
    decided = flag("decided_at", "isnull", turned=True)
    case = ident("case_id")


REQUESTS = Resource(
    "help-request", visible_requests, HelpRequestOut, ("asked_at", "id"), HelpFilters, open_words
)


class HelpRefusalIn(Strict):
    """The sentence that they read by their code."""

    answer = Chosen([answer.value for answer in REFUSING])


class AskBackIn(Strict):
    """The sentence that they read by their code."""

    answer = Chosen([answer.value for answer in ASKING])


def _answered(asked: HelpRequest, values: dict[str, Any]) -> dict[str, Any]:
    return {"asked": asked, "answer": HelpAnswer(values["answer"])}


class FeedbackOut(serializers.Serializer[Any]):
    """``words`` and ``answer`` are null unless ``?names=true``."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    case = serializers.UUIDField(source="case_id")
    kind = serializers.ChoiceField(FeedbackKind.choices)
    sent_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    words = serializers.SerializerMethodField()
    answer = serializers.SerializerMethodField()

    def get_words(self, row: Feedback) -> str | None:
        return read(self, row, "words")

    def get_answer(self, row: Feedback) -> str | None:
        return read(self, row, "answer")


def visible_feedback(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """All but what is about the caller's own work."""
    return cast("QuerySet[Any]", Feedback.objects.visible_to(by, at))


def open_feedback(rows: Sequence[Any], by: User, at: datetime.datetime) -> dict[str, Any]:
    return sealed_context(rows, "words")


class FeedbackFilters(FilterSet):
    kind = choice(FeedbackKind)
    open = flag("closed_at", "isnull")


FEEDBACK = Resource(
    "feedback", visible_feedback, FeedbackOut, ("sent_at", "id"), FeedbackFilters, open_feedback
)


class FeedbackAnswerIn(Strict):
    """Whoever has the code reads it: it names nobody."""

    answer = Text(max_length=4000)


ASKED, ONE = "help-requests/<uuid:key>/", "feedback/<uuid:key>/"
urlpatterns: list[URLPattern] = [
    *listing("help-requests/", REQUESTS, TAKES_IN),
    *thing(ASKED, REQUESTS, TAKES_IN),
    *deed(
        f"{ASKED}take/",
        REQUESTS,
        Act(asking.take_help_request, TAKES_IN, "asked", IntakeIn, CASES, adds=True),
    ),
    *deed(
        f"{ASKED}refuse/",
        REQUESTS,
        Act(asking.refuse_help_request, TAKES_IN, input=HelpRefusalIn, shape=_answered),
    ),
    *deed(f"{ASKED}ask-back/", REQUESTS, Act(asking.ask_back, TAKES_IN, input=AskBackIn, shape=_answered)),
    *deed(f"{ASKED}notes-read/", REQUESTS, Act(asking.read_help_notes, TAKES_IN, "asked", same=True)),
    *listing("feedback/", FEEDBACK, ANSWERS),
    *thing(ONE, FEEDBACK, ANSWERS),
    *deed(f"{ONE}answer/", FEEDBACK, Act(feedback.answer_feedback, ANSWERS, "feedback", FeedbackAnswerIn)),
    *deed(f"{ONE}close/", FEEDBACK, Act(feedback.close_feedback, ANSWERS, "feedback")),
    *deed(
        "cases/<uuid:key>/feedback-codes/end/",
        OPEN,
        Act(feedback.end_feedback_codes, WORK, "case", answers=CASES, same=True),
    ),
]
