"""Mean and interval over seeds, by pencil; what is not one row a seed is rejected."""

from math import isnan, nan

import pandas as pd
import pytest

from anatomy.analysis.over_seeds import over_seeds
from anatomy.errors import InputError

# t of 0.975 from a printed table: 12.706 at 1 degree of freedom, 4.303 at 2.


def table(**columns: list) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_mean_and_interval_of_each_setting() -> None:
    """a: 1, 2, 3, so mean 2, deviation 1, half-width 4.303 / sqrt 3; b: 4, 8: mean 6, sqrt 8 x 12.706 / sqrt 2."""
    rows = table(arm=list("abaab"), seed=[0, 0, 1, 2, 1], value=[1.0, 4.0, 2.0, 3.0, 8.0], other=range(5))
    found = over_seeds(rows, ["arm"], "value")
    assert found.columns.tolist() == ["arm", "mean", "low", "high", "n", "by_seed"]
    assert found["by_seed"].tolist() == [(1.0, 2.0, 3.0), (4.0, 8.0)]
    assert found[["arm", "mean", "n"]].to_numpy().tolist() == [["a", 2.0, 3], ["b", 6.0, 2]]
    assert (found["high"] - found["mean"]).tolist() == pytest.approx([4.303 / 3**0.5, 2 * 12.706], rel=1e-4)
    assert (found["mean"] - found["low"]).tolist() == pytest.approx((found["high"] - found["mean"]).tolist())


def test_one_seed_has_no_interval() -> None:
    (row,) = over_seeds(table(arm=["a"], seed=[3], value=[1.5]), ["arm"], "value").to_dict("records")
    assert (row["mean"], row["n"]) == (1.5, 1)
    assert isnan(row["low"])
    assert isnan(row["high"])


def test_a_seed_without_a_value_does_not_count() -> None:
    rows = table(arm=["a"] * 4, seed=[0, 0, 1, 2], value=[nan, 1.0, 3.0, nan])
    (row,) = over_seeds(rows, ["arm"], "value").to_dict("records")
    assert (row["mean"], row["n"]) == (2.0, 2)


def test_a_setting_that_an_arm_has_not_is_a_setting() -> None:
    rows = table(arm=["a", "b"], groups=[nan, 4.0], seed=[0, 0], value=[1.0, 2.0])
    assert over_seeds(rows, ["arm", "groups"], "value")["mean"].tolist() == [1.0, 2.0]


def test_several_rows_a_seed_are_rejected() -> None:
    """Two batch sizes of one layer: their mean would be of neither, and counted twice they would be four seeds."""
    rows = table(layer=["BN"] * 4, batch_size=[16, 128] * 2, seed=[0, 0, 1, 1], value=[1.0, 2.0, 3.0, 4.0])
    with pytest.raises(InputError, match=r"value has 2 rows for layer BN, seed 0, but .* wants one a seed; keep one"):
        over_seeds(rows, ["layer"], "value")
    assert over_seeds(rows, ["layer", "batch_size"], "value")["mean"].tolist() == [2.0, 3.0]
    assert over_seeds(rows[rows["batch_size"] == 16], ["layer"], "value")["n"].tolist() == [2]


def test_nothing_is_an_empty_table() -> None:
    empty = table(arm=[], seed=[], value=[]).astype({"value": float})
    assert len(over_seeds(empty, ["arm"], "value")) == 0
