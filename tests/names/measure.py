"""Recall and precision of the names package on the labelled pairs.

Run `python -m tests.names.measure` for the figures and every pair that is judged wrongly.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from cases.names import SAME_PERSON_LIKELY, candidate_keys, similarity

PAIRS = Path(__file__).with_name("pairs.csv")


@dataclass(frozen=True)
class Pair:
    """Two written names, whether they name one person, and the spelling rule between them."""

    a: str
    b: str
    same: bool
    rule: str


@dataclass(frozen=True)
class Figures:
    """Shares 0..1 over the labelled pairs; `wrong` holds the pairs the threshold misjudges."""

    pairs: int
    recall: float
    precision: float
    key_recall: float
    wrong: list[tuple[float, Pair]]


def labelled_pairs() -> list[Pair]:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        return [Pair(row["a"], row["b"], row["same"] == "1", row["rule"]) for row in csv.DictReader(file)]


def measure(pairs: list[Pair], threshold: float = SAME_PERSON_LIKELY) -> Figures:
    """Judge every pair at the threshold, and ask whether the true pairs share an index key."""
    scored = [(similarity(pair.a, pair.b), pair) for pair in pairs]
    true = [pair for pair in pairs if pair.same]
    found = [pair for score, pair in scored if score >= threshold]
    hits = sum(pair.same for pair in found)
    return Figures(
        pairs=len(pairs),
        recall=hits / len(true),
        precision=hits / len(found),
        key_recall=sum(bool(candidate_keys(p.a) & candidate_keys(p.b)) for p in true) / len(true),
        wrong=[(score, pair) for score, pair in scored if (score >= threshold) != pair.same],
    )


def main() -> None:
    figures = measure(labelled_pairs())
    print(f"{figures.pairs} pairs: recall {figures.recall:.3f}, precision {figures.precision:.3f}, ", end="")
    print(f"share of true pairs with a common key {figures.key_recall:.3f}")
    for score, pair in figures.wrong:
        print(f"  {'missed' if pair.same else 'false '} {score:.2f}  {pair.a} | {pair.b}  ({pair.rule})")


if __name__ == "__main__":
    main()
