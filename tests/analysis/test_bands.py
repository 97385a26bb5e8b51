"""Bands between learning rates, on a table small enough for a pencil."""

import numpy as np
import pandas as pd
import pytest

from anatomy.analysis import bands

# Two learning rates, two seeds, four steps; with batch normalization and, for seed 0 alone, group normalization.
LOSSES = {
    ("batch", 0, 1e-4): [4.0, 3.0, 2.0, 1.0],
    ("batch", 0, 2e-4): [3.0, 3.5, 1.0, 0.0],
    ("batch", 1, 1e-4): [2.0, 2.0, 2.0, 2.0],
    ("batch", 1, 2e-4): [1.0, 1.0, 3.0, 1.0],
    ("group", 0, 1e-4): [5.0, 5.0, 5.0, 5.0],
    ("group", 0, 2e-4): [1.0, 1.0, 1.0, 4.0],
}


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"norm": norm, "seed": seed, "learning_rate": rate, "step": 30 * at, "loss": loss}
            for (norm, seed, rate), losses in LOSSES.items()
            for at, loss in enumerate(losses)
        ]
    )


def test_edges_of_a_band(table: pd.DataFrame) -> None:
    found = bands.band(table, "loss").set_index(["norm", "seed", "step"])
    assert found.loc[("batch", 0), "low"].tolist() == [3.0, 3.0, 1.0, 0.0]
    assert found.loc[("batch", 0), "high"].tolist() == [4.0, 3.5, 2.0, 1.0]
    assert set(found["rates"]) == {2}


def test_the_mean_band_is_the_mean_of_its_edges(table: pd.DataFrame) -> None:
    found = bands.mean_band(table, "loss")
    batch = found[found["norm"] == "batch"]
    assert batch["low"].tolist() == [2.0, 2.0, 1.5, 0.5]
    assert batch["high"].tolist() == [3.0, 2.75, 2.5, 1.5]


def test_upper_edge_over_a_part_of_the_steps(table: pd.DataFrame) -> None:
    found = bands.band(table, "loss")
    assert bands.edge(found, "batch").to_dict() == {0: 10.5 / 4, 1: 9 / 4}
    assert bands.edge(found, "batch", (0.0, 1 / 3)).to_dict() == {0: 7.5 / 2, 1: 4 / 2}
    assert bands.edge(found, "batch", (2 / 3, 1.0)).to_dict() == {0: 3 / 2, 1: 5 / 2}


def test_mean_width(table: pd.DataFrame) -> None:
    assert bands.width(bands.band(table, "loss"), "batch").to_dict() == {0: 3.5 / 4, 1: 4 / 4}


def test_a_band_that_lacks_a_learning_rate_does_not_count(table: pd.DataFrame) -> None:
    """With fewer runs between its edges it would be narrower for no reason."""
    found = bands.band(table[(table["norm"] != "group") | (table["learning_rate"] == 1e-4)], "loss")
    assert len(bands.edge(found, "group")) == 0
    assert len(bands.edge(found, "batch")) == 2


def test_missing_numbers_are_left_out(table: pd.DataFrame) -> None:
    table.loc[0, "loss"] = np.nan
    assert bands.band(table, "loss").loc[0, "rates"] == 1


def test_pairs_of_the_seeds_that_both_have(table: pd.DataFrame) -> None:
    found = bands.band(table, "loss")
    assert bands.paired(bands.edge(found, "group"), bands.edge(found, "batch")).tolist() == [[5.0, 10.5 / 4]]


def test_smoothness_is_the_largest_over_the_distances() -> None:
    rows = pd.DataFrame({"norm": "batch", "seed": 0, "step": [0, 0, 40, 40], "smoothness": [1.0, 3.0, 2.0, 0.5]})
    assert bands.smoothness(rows)["smoothness"].tolist() == [3.0, 2.0]
