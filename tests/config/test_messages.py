"""The compiler of translations, judged by the standard library's own reader of compiled catalogues."""

import gettext
import io
import shutil
import subprocess
from pathlib import Path

import pytest

from config.messages import BrokenCatalogue, compile_catalogue, main

HEADER = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && "
"(n%100<12 || n%100>14) ? 1 : 2);\n"
"""


def catalogue(po: str) -> gettext.GNUTranslations:
    return gettext.GNUTranslations(io.BytesIO(compile_catalogue(HEADER + po)))


def test_a_text_in_one_and_in_several_lines() -> None:
    texts = catalogue('\nmsgid "Case"\nmsgstr "Справа"\nmsgid ""\n"one "\n"two"\nmsgstr "адзін "\n"два"\n')
    assert texts.gettext("Case") == "Справа"
    assert texts.gettext("one two") == "адзін два"


def test_escapes_are_undone() -> None:
    texts = catalogue(r'msgid "say \"yes\"\n\tnow"' + "\n" + r'msgstr "скажы \"так\"\n\tзараз \\"' + "\n")
    assert texts.gettext('say "yes"\n\tnow') == 'скажы "так"\n\tзараз \\'


@pytest.mark.parametrize(
    ("count", "word"), [(1, "дар"), (3, "дары"), (5, "дароў"), (11, "дароў"), (21, "дар")]
)
def test_three_plural_forms(count: int, word: str) -> None:
    texts = catalogue(
        'msgid "%(n)s gift"\nmsgid_plural "%(n)s gifts"\n'
        'msgstr[0] "%(n)s дар"\nmsgstr[1] "%(n)s дары"\nmsgstr[2] "%(n)s дароў"\n'
    )
    assert texts.ngettext("%(n)s gift", "%(n)s gifts", count) % {"n": count} == f"{count} {word}"


def test_one_word_in_two_contexts() -> None:
    texts = catalogue(
        'msgctxt "court"\nmsgid "appeal"\nmsgstr "апеляцыя"\n\n'
        'msgctxt "page"\nmsgid "appeal"\nmsgstr "заклік"\n\n'
        'msgid "appeal"\nmsgstr "зварот"\n'
    )
    assert texts.pgettext("court", "appeal") == "апеляцыя"
    assert texts.pgettext("page", "appeal") == "заклік"
    assert texts.gettext("appeal") == "зварот"


def test_plural_forms_within_a_context() -> None:
    texts = catalogue(
        'msgctxt "court"\nmsgid "%(n)s day"\nmsgid_plural "%(n)s days"\n'
        'msgstr[0] "%(n)s дзень"\nmsgstr[1] "%(n)s дні"\nmsgstr[2] "%(n)s дзён"\n'
    )
    assert texts.npgettext("court", "%(n)s day", "%(n)s days", 2) == "%(n)s дні"


@pytest.mark.parametrize(
    "entry",
    [
        '#, fuzzy\nmsgid "Case"\nmsgstr "Нешта"\n',
        '#, python-format, fuzzy\nmsgid "Case"\nmsgstr "Нешта"\n',
        'msgid "Case"\nmsgstr ""\n',
        '#~ msgid "Case"\n#~ msgstr "Нешта"\n',
    ],
)
def test_what_no_translator_confirmed_stays_english(entry: str) -> None:
    texts = catalogue('\nmsgid "Fund"\nmsgstr "Фонд"\n\n' + entry + '\nmsgid "Court"\nmsgstr "Суд"\n')
    assert texts.gettext("Case") == "Case"
    assert texts.gettext("Fund") == "Фонд"
    assert texts.gettext("Court") == "Суд"


def test_a_plural_with_a_missing_form_stays_english() -> None:
    texts = catalogue('msgid "day"\nmsgid_plural "days"\nmsgstr[0] "дзень"\nmsgstr[1] ""\nmsgstr[2] "дзён"\n')
    assert texts.ngettext("day", "days", 1) == "day"


@pytest.mark.parametrize(
    ("entry", "line", "reason"),
    [
        ('\nmsgid "Case\nmsgstr "Справа"\n', 8, "neither a keyword"),
        ('\nmsgid "Ca"se"\nmsgstr "Справа"\n', 8, "quote"),
        ("\nthis is no catalogue\n", 8, "neither a keyword"),
        ('\nmsgid "Hello %(name)s"\nmsgstr "Вітаем %(nmae)s"\n', 8, "no placeholder"),
        ('\nmsgid "Case"\nmsgstr "Справа"\n\nmsgid "Case"\nmsgstr "Скрыня"\n', 11, "translated twice"),
    ],
)
def test_a_broken_catalogue_is_refused_with_its_line(entry: str, line: int, reason: str) -> None:
    with pytest.raises(BrokenCatalogue, match=reason) as caught:
        compile_catalogue(HEADER + entry, "be.po")
    assert str(caught.value).startswith(f"be.po:{line}:")


def test_gettexts_own_compiler_agrees(tmp_path: Path) -> None:
    msgfmt = shutil.which("msgfmt")
    if msgfmt is None:
        pytest.skip("msgfmt of gettext is not installed; it is only the second judge here")
    po, mo = tmp_path / "django.po", tmp_path / "django.mo"
    po.write_text(
        HEADER
        + '\n# note\n#: cases/x.py:1\nmsgid "Case"\nmsgstr "Справа"\n\n#, fuzzy\nmsgid "Gift"\nmsgstr "?"\n'
        '\nmsgctxt "court"\nmsgid "appeal"\nmsgstr "апеляцыя"\n\nmsgid "a"\nmsgid_plural "b"\n'
        'msgstr[0] "1"\nmsgstr[1] "2"\nmsgstr[2] "3"\n',
        encoding="utf-8",
    )
    subprocess.run([msgfmt, "-o", mo, po], check=True, timeout=60)
    ours = gettext.GNUTranslations(io.BytesIO(compile_catalogue(po.read_text(encoding="utf-8"))))
    with mo.open("rb") as file:
        assert vars(ours)["_catalog"] == vars(gettext.GNUTranslations(file))["_catalog"]


def test_the_command_compiles_every_language_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for language in ("be", "ru"):
        folder = tmp_path / "locale" / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "django.po").write_text(HEADER + '\nmsgid "Case"\nmsgstr "Дело"\n', encoding="utf-8")
    assert main(tmp_path) == 0
    assert main(tmp_path) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Translations: 2 catalogues, 2 compiled anew.",
        "Translations: 2 catalogues, 0 compiled anew.",
    ]
    assert gettext.translation("django", tmp_path / "locale", ["ru"]).gettext("Case") == "Дело"
    assert sorted(file.suffix for file in tmp_path.rglob("*.*") if file.is_file()) == [
        ".mo",
        ".mo",
        ".po",
        ".po",
    ]


def test_the_command_fails_on_a_broken_catalogue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "locale" / "be" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text("nonsense\n", encoding="utf-8")
    assert main(tmp_path) == 1
    assert "django.po:1:" in capsys.readouterr().err
    assert not (folder / "django.mo").exists()
