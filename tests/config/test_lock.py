"""The lock fits the project; and each way in which it could stop fitting is noticed."""

import re

import pytest

from config import env
from tests.plugins.lock import problems

PROJECT = (env.ROOT / "pyproject.toml").read_text(encoding="utf-8")
LOCK = (env.ROOT / "requirements.txt").read_text(encoding="utf-8")


def without(name: str) -> str:
    return re.sub(rf"^{name}==.*?(?=^[a-z])", "", LOCK, flags=re.MULTILINE | re.DOTALL)


def test_the_lock_of_this_checkout_fits() -> None:
    assert problems(PROJECT, LOCK) == []


@pytest.mark.parametrize(
    ("project", "lock", "problem"),
    [
        (PROJECT, without("scipy"), "scipy is not pinned"),
        (PROJECT, without("cffi"), "cffi is not pinned"),  # only needed by what is asked for
        (PROJECT, without("fido2"), "fido2 is not pinned"),  # only needed by an extra
        (PROJECT.replace('"tqdm",', '"tqdm>=999",'), LOCK, "is pinned at"),
        (PROJECT.replace('"tqdm",', '"tqdm", "left-pad",'), LOCK, "left-pad is not pinned"),
        (PROJECT.replace('  "xlsxwriter",', "  "), LOCK, "xlsxwriter is pinned, but nothing needs it"),
        (
            PROJECT,
            re.sub(r"^(tqdm==\S+).*?(?=^[a-z])", r"\1\n", LOCK, flags=re.MULTILINE | re.DOTALL),
            "tqdm is pinned without",
        ),
        (PROJECT, f"--index-url https://index.example/simple\n{LOCK}", "an address stands in the lock"),
    ],
    ids=["direct", "indirect", "extra", "version", "new", "stale", "hash", "address"],
)
def test_a_lock_that_does_not_fit_is_noticed(project: str, lock: str, problem: str) -> None:
    assert any(problem in line for line in problems(project, lock))
