"""One intake as a request brings it."""

from typing import Any

from rest_framework import serializers

from accounts.models import User
from api.fields import Chosen, Coded, Day, Flag, Moment, OneOf, Ref, Strict, Text
from cases import kinds, stages
from cases.intake.articles import ArticleNotUnderstood, read_articles
from cases.intake.facts import HearingFact, Intake, StageFact
from cases.models import Case, Client, Court
from lawyers.intake.cells import PartialDate

_PRECISE = ("day", "month", "year")


class PartialIn(Strict):
    """A date known to the day, the month or the year; ``first`` is its earliest possible day."""

    first = Day()
    precision = Chosen(_PRECISE, default="day")
    makes = PartialDate


class StageKnown(Strict):
    stage = OneOf(stages.Stage)
    since = PartialIn(allow_null=True, default=None)
    end_kind = OneOf(stages.EndKind, allow_null=True, default=None)
    makes = StageFact


class HearingKnown(Strict):
    starts_at = Moment()
    time_known = Flag(default=True)
    room = Text(default="", max_length=40)
    kind = OneOf(kinds.HearingKind, default=kinds.HearingKind.TRIAL)
    instance = OneOf(kinds.Instance, default=kinds.Instance.FIRST)
    makes = HearingFact


def open_clients(by: User, at: Any) -> Any:
    """Clients of cases that are open to the caller."""
    return Client.objects.filter(pk__in=Case.objects.open_to(by, at).order_by().values("client_id"))


class IntakeIn(Strict):
    """A name or an alias is needed, and a contact; with ``client``, a new case of somebody known.

    ``articles`` as lists write them: "342 part 1, 361-2".
    """

    client = Ref(open_clients, allow_null=True, default=None)
    name = Text(default="")
    latin_name = Text(default="")
    alias = Text(default="")
    contacts = Text(default="", max_length=1000)
    born = PartialIn(allow_null=True, default=None)
    place = Text(default="")
    guardian = Text(default="")
    citizenship = Text(default="")
    client_kind = OneOf(kinds.ClientKind, default=kinds.ClientKind.DETAINEE)
    case_kind = OneOf(kinds.CaseKind, allow_null=True, default=None)
    urgency = OneOf(kinds.Urgency, allow_null=True, default=None)
    confidentiality = OneOf(kinds.Confidentiality, default=kinds.Confidentiality.NORMAL)
    court = Text(default="", max_length=60)
    region = Text(default="", max_length=30)
    articles = Text(default="", max_length=400)
    detained = PartialIn(allow_null=True, default=None)
    stages = serializers.ListField(child=StageKnown(), default=list, max_length=20)
    hearing = HearingKnown(allow_null=True, default=None)
    judge = Text(default="")
    is_minor = Flag(default=False)
    is_ill = Flag(default=False)
    languages = Coded(r"^([a-z]{2}( [a-z]{2})*)?\Z", default="", max_length=30, allow_blank=True)
    summary = Text(default="", max_length=4000)
    source = OneOf(kinds.Source, default=kinds.Source.FAMILY)  # type: ignore[assignment]  # DRF's metaclass moves it away
    reliability = OneOf(kinds.Reliability, default=kinds.Reliability.UNCONFIRMED)

    def validate_court(self, value: str) -> str:
        if value and not Court.objects.filter(code=value).exists():
            raise serializers.ValidationError("There is no court with this code.", "unknown")
        return value

    def validate_articles(self, value: str) -> Any:
        try:
            return read_articles(value)
        except ArticleNotUnderstood:
            raise serializers.ValidationError("Some of this is no article.", "articles") from None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        client = attrs.pop("client")
        return {"client": client, "intake": Intake(**{**attrs, "stages": tuple(attrs["stages"])})}
