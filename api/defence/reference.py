"""Courts and articles, as the shipped lists and imports know them."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import listing
from api.filtering import FilterSet, word
from api.tables import Resource
from cases.models import Article, Court

SEE = "cases.see"


def courts(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return Court.objects.all()


def articles(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return Article.objects.all()


class CourtOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    region = serializers.CharField()
    level = serializers.CharField()
    name_be = serializers.CharField()
    name_ru = serializers.CharField()
    name_en = serializers.CharField()
    citation = serializers.CharField()
    checked_by_counsel = serializers.BooleanField()


class ArticleOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    number = serializers.CharField()
    part = serializers.CharField()
    family = serializers.CharField()
    title_en = serializers.CharField()
    severity = serializers.IntegerField()
    citation = serializers.CharField()
    checked_by_counsel = serializers.BooleanField()


class CourtFilters(FilterSet):
    region = word(most=30)
    code = word()


class ArticleFilters(FilterSet):
    number = word(most=12)
    code = word(most=16)


COURTS = Resource("court", courts, CourtOut, ("code",), CourtFilters)
ARTICLES = Resource("article", articles, ArticleOut, filters=ArticleFilters)


urlpatterns: list[URLPattern] = [
    *listing("courts/", COURTS, (SEE, "trials.see")),
    *listing("articles/", ARTICLES, (SEE, "trials.see")),
]
