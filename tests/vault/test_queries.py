"""No readable value of a sealed field gets into a query, whichever way it is tried; tokens may."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Lower

from accounts.models import Grant, User
from audit.actions import OutsideAction
from tests import people
from vault.fields import PlaintextInQuery, SealedField
from vault.sealing import Token

pytestmark = pytest.mark.django_db
NAME = "Алена Дуб"
USERS: Any = User.objects
PLAIN: QuerySet[Any] = QuerySet(User)

TRANSFORMS = (
    "iexact contains icontains startswith istartswith endswith iendswith gt gte lt lte range regex iregex"
    " length year search lower"
)
REFUSED: dict[str, Callable[[], Any]] = {
    "filter": lambda: USERS.filter(name=NAME),
    "exclude": lambda: USERS.exclude(name=NAME),
    "get": lambda: [USERS.get(name=NAME)],
    "q": lambda: USERS.filter(Q(name=NAME) | Q(username="alder")),
    "not q": lambda: USERS.filter(~Q(name=NAME)),
    "in": lambda: USERS.filter(name__in=["x", NAME]),
    "value": lambda: USERS.filter(name=Value(NAME)),
    "value in": lambda: USERS.filter(name__in=[Value(NAME)]),
    "concat": lambda: USERS.filter(name=Concat(Value("Алена "), Value("Дуб"), output_field=CharField())),
    "annotated": lambda: USERS.annotate(x=Value(NAME)).filter(name=F("x")),
    "of its type": lambda: USERS.annotate(x=Value(NAME, output_field=SealedField(label="x.y"))),
    "exists": lambda: USERS.filter(Exists(USERS.filter(pk=OuterRef("pk"), name=NAME))),
    "subquery": lambda: USERS.filter(pk__in=Subquery(USERS.filter(name=NAME).values("pk"))),
    "through a relation": lambda: Grant.objects.filter(user__name=NAME),
    "transform": lambda: USERS.filter(name__lower=NAME),
    "order by a transform": lambda: USERS.order_by("name__lower"),
    "values of a transform": lambda: USERS.values("name__lower"),
    "update": lambda: [USERS.update(name=NAME)],
    "update of a plain query": lambda: [PLAIN.update(name=NAME)],
    **{
        f"name__{word}": lambda word=word: USERS.filter(**{f"name__{word}": NAME})  # type: ignore[misc]
        for word in TRANSFORMS.split()
    },
}


@pytest.mark.parametrize("way", sorted(REFUSED))
def test_refused(way: str) -> None:
    people.person("alder", "coordinator", name=NAME)
    with pytest.raises((PlaintextInQuery, FieldError, OutsideAction)) as told:
        list(REFUSED[way]())
    assert NAME not in str(told.value)


def test_tokens_are_found_and_stay_tokens() -> None:
    user = people.person("alder", "coordinator", name=NAME)
    token = User.objects.get(pk=user.pk).__dict__["name"]
    assert isinstance(token, Token)
    for found in (
        USERS.filter(name=token), USERS.filter(name__in=[token]), USERS.filter(name=Value(token)),
        USERS.filter(name=F("name")), USERS.exclude(name=None), USERS.filter(name__isnull=False),
    ):  # fmt: skip
        assert list(found) == [user]
    assert list(USERS.order_by("name").values_list("name", flat=True)) == [token]
    shown = USERS.annotate(other=F("name"), low=Lower("username")).values("other", "low")[0]
    assert shown == {"other": token, "low": "alder"}
    assert re.match(r"s1\.", token)
