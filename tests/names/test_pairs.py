"""The labelled pairs, tuned on and held out: recall and precision are printed, and may not fall."""

import sys
from pathlib import Path

import pytest

from cases.names import SAME_PERSON_LIKELY, candidate_keys, search_names, similarity
from cases.names.letters import readings
from tests.names.heldout import draw, heldout_pairs, stock
from tests.names.measure import labelled_pairs, measure, measure_search, told

PAIRS, HELD_OUT = labelled_pairs(), heldout_pairs()


def test_recall_and_precision_on_the_labelled_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    figures, search = measure(PAIRS), measure_search(PAIRS)
    with capsys.disabled():
        print("\n" + told("Tuned on", figures, search))
    assert figures.pairs >= 300
    assert figures.recall >= 0.99
    assert figures.precision >= 0.95
    assert search.searches >= 200
    assert search.found >= 0.98
    assert search.first >= 0.78


def test_recall_and_precision_on_pairs_that_nothing_was_tuned_on(capsys: pytest.CaptureFixture[str]) -> None:
    """These are the honest figures. Whoever tunes by them has to draw other names first."""
    figures, search = measure(HELD_OUT), measure_search(HELD_OUT)
    with capsys.disabled():
        print("\n" + told("Held out", figures, search))
    assert figures.pairs >= 250
    assert sum(not pair.same for pair in HELD_OUT) >= 80
    assert figures.recall >= 0.93
    assert figures.precision >= 0.93
    assert figures.key_recall >= 0.98
    assert search.found >= 0.89


def test_the_held_out_pairs_are_the_drawn_ones_and_share_no_surname_with_the_others() -> None:
    assert draw() == HELD_OUT, "nothing was changed by hand afterwards"
    with Path(__file__).with_name("known_surnames.txt").open(encoding="utf-8") as file:
        known = {fold for surname in file.read().split() for fold in readings(surname)}
    tuned = {fold for pair in PAIRS if pair.same for word in pair.a.split() for fold in readings(word)}
    drawn = {
        fold for surname in stock("surname") for form in (surname.be, surname.ru) for fold in readings(form)
    }
    assert not drawn & (tuned | known)


@pytest.mark.parametrize(
    ("typed", "name", "part"),
    [
        ("Tosh", "Таццяна Цішкова", "_ONE_VOWEL"),
        ("Snaz", "Кацярына Снежка", "_HALF_SIGNS"),
        ("Shavc", "Надежда Шевченко", "_HALF_SIGNS"),
    ],
    ids=["a wrong vowel", "half of zh", "half of ch"],
)
def test_what_a_search_forgives(typed: str, name: str, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert search_names(typed, [("one", name)])
    module = sys.modules["cases.names.similarity"]  # the package has a function of this name
    monkeypatch.setattr(module, part, {} if part == "_ONE_VOWEL" else ())
    assert not search_names(typed, [("one", name)]), "this part finds it, and no other"


def test_half_of_a_double_surname_is_searched_too() -> None:
    assert search_names("Гулеві", [("one", "Ганна Кавалёва-Гулевіч")])
    assert not search_names("Гулеві", [("one", "Ганна Кавалёва")])


def test_every_spelling_of_a_name_shares_a_key() -> None:
    lost = [pair for pair in PAIRS if pair.same and not candidate_keys(pair.a) & candidate_keys(pair.b)]
    assert lost == []


def test_similarity_does_not_depend_on_the_order() -> None:
    for pair in PAIRS + HELD_OUT:
        assert similarity(pair.a, pair.b) == pytest.approx(similarity(pair.b, pair.a)), pair


def test_a_threshold_of_nothing_would_be_noticed() -> None:
    for pairs in (PAIRS, HELD_OUT):
        assert measure(pairs, threshold=0.0).precision < 0.8
        assert measure(pairs, threshold=1.0).recall < 0.98
    assert 0.7 < SAME_PERSON_LIKELY < 0.9
