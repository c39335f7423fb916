"""The panel: lawyers by code name and what is known of their practice. Identities stay sealed."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, listing, thing
from api.fields import Coded, Day, Flag, Id, OneOf, Ref, Strict, Text, Whole
from api.filtering import FilterSet, choice, flag, word
from api.tables import Act, Resource
from cases.actions import losing
from cases.kinds import LossKind
from cases.names import candidate_keys
from lawyers.actions import panel
from lawyers.models import Lawyer, Licence


class LicenceOut(serializers.Serializer[Any]):
    bar = serializers.CharField()
    status = serializers.ChoiceField(Licence.Status.choices)
    from_on = serializers.DateField()
    until_on = serializers.DateField(allow_null=True)


class CompetenceOut(serializers.Serializer[Any]):
    article_family = serializers.CharField()
    max_severity = serializers.IntegerField()
    instances = serializers.CharField()


class CoverageOut(serializers.Serializer[Any]):
    region = serializers.CharField()
    court_code = serializers.CharField()
    travels = serializers.BooleanField()


class CapacityOut(serializers.Serializer[Any]):
    max_open = serializers.IntegerField()
    min_open = serializers.IntegerField()
    new_per_week = serializers.IntegerField(allow_null=True)


class AwayOut(serializers.Serializer[Any]):
    from_on = serializers.DateField()
    until_on = serializers.DateField()


class LawyerOut(serializers.Serializer[Any]):
    """An empty part of the practice is unknown, never "no"."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    code_name = serializers.CharField()
    channel = serializers.ChoiceField(Lawyer.Channel.choices)
    languages = serializers.CharField()
    risks = serializers.CharField()
    is_active = serializers.BooleanField()
    licences = LicenceOut(many=True)
    competences = CompetenceOut(many=True)
    coverages = CoverageOut(many=True)
    capacity = CapacityOut(allow_null=True, default=None)
    aways = AwayOut(many=True)


def visible_lawyers(by: User, at: datetime.datetime) -> QuerySet[Any]:
    rows = Lawyer.objects.visible_to(by).select_related("capacity")
    return rows.prefetch_related("licences", "competences", "coverages", "aways")


class LawyerFilters(FilterSet):
    code_name = word(most=40)
    channel = choice(Lawyer.Channel)
    is_active = flag("is_active")
    region = word("coverages__region", 30)

    @property
    def qs(self) -> QuerySet[Any]:
        found: QuerySet[Any] = super().qs.distinct()
        return found


LAWYERS = Resource("lawyer", visible_lawyers, LawyerOut, ("code_name",), LawyerFilters)
_LANGUAGES = r"^([a-z]{2}( [a-z]{2})*)?\Z"
_FAMILY = r"^[a-z-]{2,30}\Z"


class LicenceIn(Strict):
    status = OneOf(Licence.Status)
    from_on = Day()
    until_on = Day(allow_null=True, default=None)
    bar = Text(default="", max_length=80)
    source = Text(default="", max_length=120)  # type: ignore[assignment]  # DRF's metaclass moves it away

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        from api.money.funds import in_order

        attrs["status"] = attrs["status"].value
        return in_order(attrs, "from_on", "until_on")


class CapacityIn(Strict):
    max_open = Whole(min_value=0, max_value=200)
    min_open = Whole(min_value=0, max_value=200, default=0)
    new_per_week = Whole(min_value=0, max_value=200, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["min_open"] > attrs["max_open"]:
            raise serializers.ValidationError({"min_open": ["Not more than max_open."]}, "order")
        return attrs


class AwayIn(Strict):
    from_on = Day()
    until_on = Day()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        from api.money.funds import in_order

        return in_order(attrs, "from_on", "until_on")


class CoverageIn(Strict):
    region = Text(max_length=30)
    court_code = Text(default="", max_length=30)
    travels = Flag(default=False)


class CompetenceIn(Strict):
    article_family = Coded(_FAMILY)
    max_severity = Whole(min_value=1, max_value=5)
    instances = Text(default="", max_length=60)


class LawyerIn(Strict):
    """Identity is sealed at once; the practice is recorded with the addresses below."""

    code_name = Text(max_length=40)
    name = Text(default="")
    latin_name = Text(default="")
    contact = Text(default="", max_length=300)
    languages = Coded(_LANGUAGES, default="", max_length=60, allow_blank=True)
    risks = Text(default="", max_length=200)


class LanguagesIn(Strict):
    """Codes separated by spaces; empty is unknown again."""

    languages = Coded(_LANGUAGES, max_length=60, allow_blank=True)


class LawyerLossIn(Strict):
    """``keep`` are representations whose commitment stays held, because work was done."""

    kind = OneOf(LossKind)
    since_on = Day()
    source = Text(default="", max_length=120)  # type: ignore[assignment]  # DRF's metaclass moves it away
    keep = serializers.ListField(child=Id(), default=list, max_length=200)


class PortalIn(Strict):
    user = Ref(lambda by, at: User.objects.active())


def _adding(_target: Any, values: dict[str, Any]) -> dict[str, Any]:
    spellings = [values[name] for name in ("name", "latin_name") if values[name]]
    return {**values, "name_keys": {key for text in spellings for key in candidate_keys(text)}}


def _portal_terms(target: Lawyer, values: dict[str, Any]) -> Any:
    return "lawyer.portal", target.pk, {"user": str(values["user"].pk)}


def _lawyer_of(row: Any) -> Any:
    return row.lawyer


SEE, WORK = "lawyers.see", "lawyers.work"
ONE = "lawyers/<uuid:key>/"
urlpatterns: list[URLPattern] = [
    *listing("lawyers/", LAWYERS, SEE, Act(panel.add_lawyer, WORK, input=LawyerIn, adds=True, shape=_adding)),
    *thing(ONE, LAWYERS, SEE),
    *deed(
        f"{ONE}licences/",
        LAWYERS,
        Act(panel.record_licence, WORK, "lawyer", LicenceIn, adds=True, pick=_lawyer_of),
    ),
    *deed(f"{ONE}capacity/", LAWYERS, Act(panel.set_capacity, WORK, "lawyer", CapacityIn, pick=_lawyer_of)),
    *deed(
        f"{ONE}aways/", LAWYERS, Act(panel.record_away, WORK, "lawyer", AwayIn, adds=True, pick=_lawyer_of)
    ),
    *deed(
        f"{ONE}coverage/",
        LAWYERS,
        Act(panel.add_coverage, WORK, "lawyer", CoverageIn, adds=True, pick=_lawyer_of),
    ),
    *deed(
        f"{ONE}competences/",
        LAWYERS,
        Act(panel.set_competence, WORK, "lawyer", CompetenceIn, pick=_lawyer_of),
    ),
    *deed(f"{ONE}languages/", LAWYERS, Act(panel.set_languages, WORK, "lawyer", LanguagesIn)),
    *deed(f"{ONE}loss/", LAWYERS, Act(losing.lose_lawyer, WORK, "lawyer", LawyerLossIn, pick=_lawyer_of)),
    *deed(f"{ONE}return/", LAWYERS, Act(losing.return_to_panel, WORK, "lawyer")),
    *deed(f"{ONE}portal/close/", LAWYERS, Act(panel.close_portal, WORK, "lawyer")),
    *deed(f"{ONE}portal/", LAWYERS, Act(panel.open_portal, WORK, "lawyer", PortalIn, terms=_portal_terms)),
]
