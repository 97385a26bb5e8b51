"""A row names the runs that it was made of, and no others."""

import pandas as pd

from anatomy.analysis.keys import keys_of, together, with_keys
from anatomy.analysis.over_seeds import over_seeds
from anatomy.analysis.paired import differences

ROWS = pd.DataFrame(
    {"arm": list("aabb"), "seed": [0, 1, 0, 1], "key": ["k2", "k1", "k3", "k4"], "accuracy": [1.0, 2.0, 4.0, 8.0]}
)


def test_several_keys_are_each_named_once_and_sorted() -> None:
    assert together(["k2 k3", "k1", "k3"]) == "k1 k2 k3"
    assert keys_of(pd.DataFrame({"keys": ["k2 k1", "k1"]})) == ["k1", "k2"]
    assert keys_of(pd.DataFrame({"key": ["k2", "k1", "k2"]})) == ["k1", "k2"]
    assert keys_of(pd.DataFrame({"mean": [1.0]})) == []


def test_a_group_has_the_keys_of_its_rows() -> None:
    """Of groups without a value too, as pandas groups a setting that some runs do not have."""
    rows = ROWS.assign(groups=[None, None, 2.0, 2.0])
    found = with_keys(pd.DataFrame({"groups": [2.0, None]}), rows, ["groups"])
    assert found["keys"].tolist() == ["k3 k4", "k1 k2"]
    assert list(with_keys(rows.drop(columns="key").head(1), rows.drop(columns="key"), ["arm"])) == list(
        rows.drop(columns="key")
    )
    assert with_keys(found.head(0), rows, ["groups"])["keys"].tolist() == []


def test_means_and_differences_name_their_runs() -> None:
    means = over_seeds(ROWS, ["arm"], "accuracy")
    assert means["keys"].tolist() == ["k1 k2", "k3 k4"]
    assert over_seeds(ROWS.assign(accuracy=[None, 2.0, 4.0, 8.0]), ["arm"], "accuracy")["keys"].tolist()[0] == "k1"
    arms = {name: rows for name, rows in ROWS.groupby("arm")}
    (row,) = differences({"b minus a": (arms["b"], arms["a"])}).to_dict("records")
    assert (row["mean"], row["keys"]) == (4.5, "k1 k2 k3 k4")
