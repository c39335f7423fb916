"""References that survive people and banks; and matching as a pure decision."""

import datetime
import random

from hypothesis import given
from hypothesis import strategies as st

from treasury.bank.matching import Candidate, CandidateKind, Facts, Reason, rank
from treasury.bank.references import LENGTH, SIGNS, found_in, is_valid, make, read, spelled

CODES = st.integers(0, 2**64).map(lambda seed: make(random.Random(seed).randrange))


@given(CODES)
def test_every_single_error_and_every_change_of_places_is_found(code: str) -> None:
    assert is_valid(code)
    for place in range(LENGTH):
        for sign in SIGNS:
            wrong = code[:place] + sign + code[place + 1 :]
            assert is_valid(wrong) == (wrong == code)
    for first in range(LENGTH):
        for second in range(first + 1, LENGTH):
            signs = list(code)
            signs[first], signs[second] = signs[second], signs[first]
            assert is_valid("".join(signs)) == ("".join(signs) == code)


@given(
    CODES,
    st.integers(0, LENGTH - 1),
    st.integers(0, LENGTH - 1),
    st.sampled_from(SIGNS),
    st.sampled_from(SIGNS),
)
def test_even_two_errors_are_found(code: str, first: int, second: int, one: str, other: str) -> None:
    signs = list(code)
    signs[first], signs[second] = one, other
    assert is_valid("".join(signs)) == ("".join(signs) == code)


@given(CODES, st.text(max_size=20), st.text(max_size=20))
def test_a_reference_survives_what_people_and_banks_do_to_it(code: str, before: str, after: str) -> None:
    for written in (
        spelled(code),
        code.lower(),
        " ".join(code),
        code.replace("0", "O").replace("1", "I"),
        code.replace("0", "o").replace("1", "l"),
        f"{code[:5]}\n{code[5:]}",
    ):
        assert read(written) == code
        assert code in found_in(f"{before} {written} {after}")


def test_without_a_reference_there_is_none() -> None:
    assert found_in("thank you", "donation", "") == frozenset()
    assert read("AAAA") == ""


DAY = datetime.date(2026, 3, 10)


def candidate(amount: int, **more: object) -> Candidate:
    return Candidate(
        **{"kind": CandidateKind.CLAIM, "key": "a", "expected_on": DAY, **more, "amount_minor": amount}
    )


def test_only_a_reference_makes_it_sure() -> None:
    facts = Facts(-10_000, DAY, frozenset(["REF"]), frozenset(["p"]))
    (best,) = rank(facts, [candidate(-10_000, payee="p")])
    assert (best.score, best.sure) == (95, False)
    (best,) = rank(facts, [candidate(-10_000, reference="REF")])
    assert (best.score, best.sure) == (100, True)
    (best,) = rank(facts, [candidate(-9_900, reference="REF")])
    assert (best.sure, best.reasons[:2]) == (False, (Reason.REFERENCE, Reason.NEARLY))


def test_two_sure_answers_are_none() -> None:
    facts = Facts(-10_000, DAY, frozenset(["REF", "OTHER"]))
    found = rank(facts, [candidate(-10_000, reference="REF"), candidate(-10_000, key="b", reference="OTHER")])
    assert [one.sure for one in found] == [False, False]


def test_another_direction_or_amount_is_no_suggestion() -> None:
    facts = Facts(10_000, DAY)
    assert rank(facts, [candidate(-10_000), candidate(15_000)]) == []


@given(
    st.integers(-500_000, 500_000).filter(bool),
    st.lists(st.integers(-500_000, 500_000).filter(bool), max_size=8),
)
def test_scores_stay_in_bounds_and_in_order(amount: int, others: list[int]) -> None:
    found = rank(
        Facts(amount, DAY), [candidate(other, key=str(n)) for n, other in enumerate([amount, *others])]
    )
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    assert all(40 <= score <= 95 for score in scores)
    assert found[0].candidate.amount_minor == amount
