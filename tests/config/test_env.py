"""Every reader of the environment: what it takes, and that a wrong value is refused by a clear line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config import env
from config.env import Misconfigured

NAME = "ABARONA_TEST_VALUE"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME, raising=False)
    monkeypatch.delenv(f"{NAME}_FILE", raising=False)


@pytest.mark.parametrize("reader", [env.text, env.number, env.secret, env.path, env.url])
@pytest.mark.parametrize("value", [None, "", "   "])
def test_without_value_and_default_the_name_is_told(
    reader: Callable[[str], object], value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is not None:
        monkeypatch.setenv(NAME, value)
    with pytest.raises(Misconfigured, match=f"^{NAME} is not set"):
        reader(NAME)


def test_text_is_stripped_and_empty_means_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "  Kyiv \n")
    assert env.text(NAME, "Vilnius") == "Kyiv"
    monkeypatch.setenv(NAME, "")
    assert env.text(NAME, "Vilnius") == "Vilnius"
    assert env.text(NAME, "") == ""


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        ("1", True),
        ("TRUE", True),
        ("yes", True),
        (" on ", True),
        ("0", False),
        ("False", False),
        ("off", False),
    ],
)
def test_flag(value: str, meaning: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, value)
    assert env.flag(NAME, default=not meaning) is meaning


@pytest.mark.parametrize("value", ["2", "maybe", "ja", "tru"])
def test_a_flag_is_never_guessed(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(Misconfigured, match=f"^{NAME} is a switch"):
        env.flag(NAME)


def test_flag_default() -> None:
    assert env.flag(NAME) is False
    assert env.flag(NAME, default=True) is True


def test_number_and_its_inclusive_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.number(NAME, 0) == 0
    monkeypatch.setenv(NAME, "-7")
    assert env.number(NAME, least=-7, most=-7) == -7
    with pytest.raises(Misconfigured, match="at least -6"):
        env.number(NAME, least=-6)
    with pytest.raises(Misconfigured, match="at most -8"):
        env.number(NAME, most=-8)


@pytest.mark.parametrize("value", ["1.5", "1_000", "٣", "0x10", "-", "ten", "1 2"])
def test_a_number_is_plain_digits(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(Misconfigured, match="whole number"):
        env.number(NAME)


@pytest.mark.parametrize("reader", [env.secret, env.url])
def test_a_secret_comes_from_a_file_too(
    reader: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text("https://example.org/hush\n", encoding="utf-8")
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "secret"))
    assert reader(NAME) == "https://example.org/hush"
    monkeypatch.setenv(NAME, "https://example.org/other")
    with pytest.raises(Misconfigured, match="both set"):
        reader(NAME)


def test_a_secret_from_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "hush")
    assert env.secret(NAME, "fallback") == "hush"


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe\x00"])
def test_an_unusable_secret_file_never_falls_back(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "secret"))
    with pytest.raises(Misconfigured, match=f"{NAME}_FILE"):
        env.secret(NAME, "fallback")


def test_a_path_does_not_depend_on_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/invented")
    assert env.path(NAME, "var") == env.ROOT / "var"
    assert env.path(NAME, env.ROOT / "a" / ".." / "b") == env.ROOT / "b"
    monkeypatch.setenv(NAME, "~/keys")
    assert env.path(NAME) == Path("/home/invented/keys")
    monkeypatch.setenv(NAME, "/srv/data")
    assert env.path(NAME) == Path("/srv/data")


@pytest.mark.parametrize(
    "value", ["example.org", "ftp://example.org", "https://", "https://[::1", "http://example.org:port/"]
)
def test_a_wrong_address_is_refused_without_repeating_it(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(Misconfigured) as caught:
        env.url(NAME)
    assert NAME in str(caught.value)
    assert "example" not in str(caught.value)


def test_a_password_in_an_address_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "postgresql://abarona:hush@db:port/abarona")
    with pytest.raises(Misconfigured) as caught:
        env.url(NAME, schemes=("postgresql", "sqlite"))
    assert "hush" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("value", ["sqlite:////srv/db.sqlite3", "postgresql://abarona@/abarona?host=/run/db"])
def test_addresses_of_databases(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, value)
    assert env.url(NAME, schemes=("postgresql", "sqlite")) == value


def test_addresses_are_a_list_and_a_slip_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.addresses(NAME) == []
    monkeypatch.setenv(NAME, " board@fund.example\naudit@firm.example ")
    assert env.addresses(NAME) == ["board@fund.example", "audit@firm.example"]
    for wrong in ("board@fund.example, audit@firm.example", "juniper", "juniper@host", "a@b.c@d.e"):
        monkeypatch.setenv(NAME, wrong)
        with pytest.raises(Misconfigured, match=f"^{NAME} must hold mail addresses") as error:
            env.addresses(NAME)
        assert "juniper" not in str(error.value)


def test_countries_are_two_letters_each_lest_a_comma_switch_the_check_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert env.countries(NAME, "BY RU") == {"BY", "RU"}
    monkeypatch.setenv(NAME, " by\nkz ")
    assert env.countries(NAME, "BY RU") == {"BY", "KZ"}
    for wrong in ("BY,RU", "BY, RU", "BYRU", "Belarus", "B1", "B"):
        monkeypatch.setenv(NAME, wrong)
        with pytest.raises(Misconfigured, match=f"^{NAME} must hold countries of two letters each"):
            env.countries(NAME, "BY RU")
