"""Every action is keyword-only, names who and when, and its event's kind is its own words."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator

import pytest

from audit.checks import OURS


def modules() -> Iterator[str]:
    for room in sorted(OURS):
        package = importlib.import_module(room)
        for found in pkgutil.walk_packages(package.__path__, f"{room}."):
            if (
                ".migrations" not in found.name
                and ".sandbox" not in found.name
                and ".management" not in found.name
            ):
                yield found.name


def actions() -> dict[str, Callable]:
    found: dict[str, Callable] = {}
    for name in modules():
        module = importlib.import_module(name)
        for attribute, value in vars(module).items():
            if hasattr(value, "kind") and inspect.isfunction(value) and value.__module__ == name:
                found[f"{name}.{attribute}"] = value
    return found


ACTIONS = actions()


def test_there_are_actions() -> None:
    assert len(ACTIONS) > 60


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_an_action_takes_keywords_and_says_who_and_when(name: str) -> None:
    action = ACTIONS[name]
    parameters = inspect.signature(action).parameters
    assert {"by", "at"} <= set(parameters)
    kinds = {parameter.kind for parameter in parameters.values()}
    assert kinds <= {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}
    assert inspect.getdoc(action)
    noun, _point, verb = action.kind.partition(".")
    assert noun.isidentifier()
    assert verb.isidentifier()
