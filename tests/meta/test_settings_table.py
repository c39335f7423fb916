"""The table of docs/settings.md has a row for every setting that reads the environment, with its default."""

import ast
import re
from pathlib import Path

from config import env

ROOT = Path(__file__).parents[2]
READERS = {"text", "flag", "number", "secret", "path", "url", "addresses", "countries"}
FROM_FILES = {"secret", "url"}  # whose NAME_FILE is read
ROW = re.compile(r"^\| `([A-Z_]+)`( ƒ)? \| (.+?) \| (.+?) \|$", re.MULTILINE)


def read_by(source: str) -> dict[str, tuple[str, str]]:
    """{variable: (reader, a plain default as it is written, else "")}, in the order of the file."""
    found = {}
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if getattr(node.func.value, "id", "") != "env" or node.func.attr not in READERS:
            continue
        name, *rest = (each.value if isinstance(each, ast.Constant) else None for each in node.args)
        plain = rest[0] if rest else None
        assert isinstance(name, str), "a setting whose name is worked out cannot be documented"
        found[name] = (node.func.attr, "" if plain is None else str(plain))
    return found


def rows() -> dict[str, tuple[bool, str]]:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    return {name: (bool(file), default) for name, file, default, _what in ROW.findall(text)}


def test_every_setting_of_the_environment_has_its_row() -> None:
    known, told = read_by((ROOT / "config" / "settings.py").read_text(encoding="utf-8")), rows()
    assert set(told) == set(known)
    assert {name for name, (file, _default) in told.items() if file} == {
        name for name, (reader, _default) in known.items() if reader in FROM_FILES
    }
    for name, (reader, default) in known.items():
        if default and reader != "flag":
            assert default in told[name][1], f"{name}: the default is {default}"
        if not default and reader in ("text", "addresses") and told[name][1] != "required":
            assert re.match(r"none|required|that of", told[name][1]), name


def test_a_setting_without_a_row_would_be_seen() -> None:
    """The mutant: one more reader, and one default that changed."""
    more = read_by('NEW = env.number("NEW_SETTING", 5)\nMOST = env.number("FILE_MOST_MB", 30, least=1)')
    assert more == {"NEW_SETTING": ("number", "5"), "FILE_MOST_MB": ("number", "30")}
    assert "NEW_SETTING" not in rows()
    assert "30" not in rows()["FILE_MOST_MB"][1]


def test_the_readers_are_those_of_config() -> None:
    made = {name for name, value in vars(env).items() if callable(value) and value.__module__ == env.__name__}
    public = {name for name in made if not name.startswith("_") and not isinstance(vars(env)[name], type)}
    assert public == READERS
