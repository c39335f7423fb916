"""The labelled pairs: recall and precision are printed, and may not fall."""

import pytest

from cases.names import SAME_PERSON_LIKELY, candidate_keys, similarity
from tests.names.measure import labelled_pairs, measure, measure_search

PAIRS = labelled_pairs()


def test_recall_and_precision_on_the_labelled_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    figures = measure(PAIRS)
    with capsys.disabled():
        print(f"\n{figures.pairs} pairs: recall {figures.recall:.3f}, precision {figures.precision:.3f}")
    assert figures.pairs >= 300
    assert figures.recall >= 0.99
    assert figures.precision >= 0.95


def test_half_a_misspelt_surname_finds_the_person(capsys: pytest.CaptureFixture[str]) -> None:
    figures = measure_search(PAIRS)
    with capsys.disabled():
        print(f"\n{figures.searches} searches by half a misspelt surname: found {figures.found:.3f}")
    assert figures.searches >= 200
    assert figures.found >= 0.88
    assert figures.first >= 0.7


def test_every_spelling_of_a_name_shares_a_key() -> None:
    lost = [pair for pair in PAIRS if pair.same and not candidate_keys(pair.a) & candidate_keys(pair.b)]
    assert lost == []


def test_similarity_does_not_depend_on_the_order() -> None:
    for pair in PAIRS:
        assert similarity(pair.a, pair.b) == pytest.approx(similarity(pair.b, pair.a)), pair


def test_a_threshold_of_nothing_would_be_noticed() -> None:
    assert measure(PAIRS, threshold=0.0).precision < 0.8
    assert measure(PAIRS, threshold=1.0).recall < 0.98
    assert 0.7 < SAME_PERSON_LIKELY < 0.9
