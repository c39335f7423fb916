"""The description is true: it validates, and the program answers as it says, whoever asks for what."""

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import drf_spectacular.validation
import jsonschema_rs
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from rest_framework.test import APIRequestFactory
from schemathesis.config._checks import NegativeDataRejectionConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from accounts.models import User
from api.description import Description, described
from api.throttles import TokenThrottle
from config.wsgi import application
from tests.api.addresses import key_of, views
from tests.api.test_access import DO, MAY
from tests.api.world import World

CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
# A request that fits the schema may still be refused as things stand (409, 412, 422), so that
# positive_data_acceptance does not hold; what does not fit must never be taken.
NEGATIVE = [*CHECKS, checks.negative_data_rejection]
# Each operation is tried once in each way; what is wrong is refused before PostgreSQL would be asked. The
# examples are the same in every run.
EXAMPLES = 1
WAYS = [(GenerationMode.POSITIVE, CHECKS), (GenerationMode.NEGATIVE, NEGATIVE)]


@pytest.fixture
def served(world: World) -> Iterator[World]:
    """The WSGI application in this thread, inside this test's transaction, as Django's own client does it."""
    hooks = (request_started, request_finished)
    for hook in hooks:
        hook.disconnect(close_old_connections)
    yield world
    for hook in hooks:
        hook.connect(close_old_connections)


def test_the_schema_validates_is_open_and_names_every_error() -> None:
    schema = json.loads(json.dumps(described("en")))
    specification = Path(drf_spectacular.validation.__file__).with_name("openapi_3_1_schema.json")
    jsonschema_rs.validate(json.loads(specification.read_text(encoding="utf-8")), schema)
    assert schema["openapi"] == "3.1.0"
    for address, methods in schema["paths"].items():
        for method, operation in methods.items():
            wanted = {"400", "404", "406", "429", "503"} | (
                set() if "/public/" in address else {"401", "403"}
            )
            if method == "post":
                wanted |= {"409", "415", "422"}
                names = {row["name"] for row in operation["parameters"]}
                assert "Idempotency-Key" in names, address
                assert ("If-Match" in names) == ("428" in operation["responses"]), address
            assert wanted <= set(operation["responses"]), address
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert set(response["content"]) == {"application/problem+json"}, address
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_the_description_is_made_once_for_each_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody may ask for it, and making it takes seconds."""
    made = []

    def make(self: SchemaGenerator, request: Any, public: bool) -> dict[str, str | None]:
        made.append(get_language())
        return {"openapi": "3.1.0", "language": get_language()}

    monkeypatch.setattr(SchemaGenerator, "get_schema", make)
    described.cache_clear()
    asked = [
        Description.as_view()(APIRequestFactory().get("/api/v1/schema/", {"lang": language})).data["language"]
        for language in ("be-latn", "en", "be", "en", "be", "nothing-known")
    ]
    described.cache_clear()
    assert asked == ["en", "en", "be", "en", "be", "en"]
    assert made == ["en", "be"]


@pytest.mark.long
@pytest.mark.django_db
def test_the_program_answers_as_the_schema_says(served: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Schemathesis, a few examples for each operation, with things that are there and tokens of each role."""
    world = served
    for name in ("READS", "CHANGES", "PUBLIC"):
        monkeypatch.setattr(TokenThrottle, name, None)
    for user in world.everybody:
        world.client(user)
    callers = world.tokens
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", _whole)
    refusals = NegativeDataRejectionConfig().expected_statuses
    schema.config.checks.negative_data_rejection = NegativeDataRejectionConfig(
        expected_statuses=[*refusals, "413"]
    )
    known = {f"/api/v1/{address}": (name, view) for name, address, view in views()}
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        name, view = known[operation.path]
        people = _people(world, operation.method.upper(), name, view)
        for mode, validate in WAYS if connection.vendor == "sqlite" else WAYS[:1]:
            tried += _try(operation, view, people, callers, world, mode, validate)
    assert tried > (500 if connection.vendor == "sqlite" else 250)


def _whole(environ: Any, start_response: Any) -> list[bytes]:
    """The application as a server runs it: the answer is read to its end, then closed."""
    answer = application(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


def _people(world: World, method: str, name: str, view: Any) -> list[User]:
    """Those who may first, then the others."""
    table = MAY.get(name, "") if method == "GET" else DO.get(view.act.action.__name__, "")
    everybody = list(zip("CSTAMLX", world.everybody, strict=True))
    return [user for _letter, user in sorted(everybody, key=lambda row: row[0] not in table)]


def _is_tag(given: Any) -> bool:
    return isinstance(given, str) and re.fullmatch(r'"[0-9]{1,9}"', given) is not None


def _try(
    operation: Any,
    view: Any,
    people: list[User],
    callers: dict[Any, str],
    world: World,
    mode: GenerationMode,
    validate: list[Any],
) -> int:
    turns = itertools.cycle([people[0], people[0], *people])
    there = {"key": str(key_of(view, world, people[0]))} if "{key}" in operation.path else None
    tried = 0
    strategy = operation.as_strategy(generation_mode=mode, path_parameters=there)

    # A seed, not "derandomize": that reads this source anew for each operation, to make a seed of it.
    @seed(1)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def attempt(case: Any) -> None:
        nonlocal tried
        tried += 1
        headers = {"Authorization": f"Bearer {callers[next(turns).pk]}"}
        if there and _is_tag((case.headers or {}).get("If-Match")):
            row = view.resource.rows(people[0], world.at).filter(pk=there["key"]).first()
            case.headers["If-Match"] = f'"{row.version if row else 0}"'
        case.call_and_validate(headers=headers, checks=validate)

    try:
        attempt()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "a request without any part cannot be wrong"
    return tried
