"""A bank for the treasury's tests: statements written, taken in, and an account that the books know."""

import pytest

from tests.treasury.bank.banking import Bank
from tests.treasury.world import World


@pytest.fixture
def bank(db: None) -> Bank:
    """1,000.00 in the general fund by a gift, paid out to the account that is ``main`` in the books."""
    return Bank.opened(World.made())
