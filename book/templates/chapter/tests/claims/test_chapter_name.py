"""The claims of chapter_name on planted tables: each word, and the arms that they read."""

import pandas as pd
import pytest

from anatomy import claims
from anatomy.runs.config import Run
from anatomy.verdicts import Verdict, judge
from planted_floor import planted_floor

ARMS = {
    "low": {"temperature": 0.1},
    "high": {"temperature": 1.0},
    "between": {"temperature": 0.5},
    "longer": {"temperature": 0.1, "epochs": 3},
    "another loss": {"temperature": 0.1, "loss": "decoupled"},
}
SEEDS = (0, 1, 2)


def verdict(pixels: float = 10.0, **accuracy: float) -> Verdict:
    """What chapterfamily-1 says of accuracies by arm; what is not named is absurd, and noticed if read."""
    rows = []
    for arm, given in ARMS.items():
        flat = Run.of(method="simco", **{"epochs": 1} | given).flat()
        flat |= {"arm": arm, "stage": "paper", "accuracy": accuracy.get(arm, -1000.0)}
        rows += [{**flat, "seed": seed, "key": f"{arm}/{seed}"} for seed in SEEDS]
    knn = pd.DataFrame(rows).sample(frac=1, random_state=1)  # the order of rows says nothing
    knn["accuracy"] -= 2.0 * knn["seed"] * (knn["arm"] == "high")  # else all differences are equal
    tables = {"knn": knn, "floor": planted_floor(knn, pixels)}
    return judge(claims.load("chapterfamily-1"), tables, "gpu")


@pytest.mark.parametrize(
    ("low", "high", "word"), [(50.0, 40.0, "holds"), (40.0, 50.0, "does not hold"), (50.0, 50.0, "undecided")]
)
def test_it_says_each_of_its_words(low: float, high: float, word: str) -> None:
    found = verdict(low=low, high=high)
    assert found.word == word
    assert found.estimate == pytest.approx(low - high + 2.0)
    assert {key.partition("/")[0] for key in found.keys} == {"low", "high", "floor"}


def test_where_nothing_was_learned_it_is_undecided() -> None:
    assert verdict(pixels=48.0, low=50.0, high=40.0).word == "undecided"
