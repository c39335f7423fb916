"""Callers with tokens, and something to ask about."""

import copy
from collections.abc import Iterator

import pytest
from django.core.cache import cache

from tests.api import world as building
from tests.api.world import World


@pytest.fixture(autouse=True)
def _fresh_counts() -> Iterator[None]:
    """What one test has called does not count against the next."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def people(db: None) -> World:
    return building.make()


@pytest.fixture
def money(people: World) -> World:
    return building.with_money(people)


@pytest.fixture
def cases(people: World) -> World:
    return building.with_cases(people)


@pytest.fixture(scope="module")
def world_made(kept: None) -> World:
    return building.with_all(building.make())


@pytest.fixture
def world(world_made: World, db: None) -> World:
    return copy.deepcopy(world_made)
