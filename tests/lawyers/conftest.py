"""The same people and lawyers as the tests of cases."""

from tests.cases.conftest import AddLawyer, coordinator, lawyer

__all__ = ["AddLawyer", "coordinator", "lawyer"]
