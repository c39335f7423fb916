"""The order of files: long ones first, so that no worker is left alone with one at the end.

pytest-xdist would begin with the files of many tests, and a file of one long walk would come last. Within a
file those that share its world come last, because it stands there from the first of them on.
"""

import pytest

from tests.plugins.standing import KEPT


def pytest_configure(config: pytest.Config) -> None:
    """Say what the mark means."""
    config.addinivalue_line("markers", "long: one test of many seconds; its file is begun first")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the files with a long test to the front; all others stay in the order they were shuffled into."""
    long = {item.path for item in items if item.get_closest_marker("long")}
    shuffled = {path: place for place, path in enumerate(dict.fromkeys(item.path for item in items))}
    items.sort(key=lambda item: (item.path not in long, shuffled[item.path], _shares(item)))


def _shares(item: pytest.Item) -> bool:
    return KEPT in getattr(item, "fixturenames", ())
