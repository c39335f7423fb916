"""People and money of the treasury's tests, made by the real actions."""

import copy

import pytest

from tests.treasury.world import World


@pytest.fixture
def world(money_made: World, db: None) -> World:
    """An organisation with a treasurer, a second officer and 1,000.00 in its general fund."""
    return copy.deepcopy(money_made)


@pytest.fixture
def shared_world(transactional_db: None) -> World:
    """Another, committed, for tests with several connections."""
    return World.made()
