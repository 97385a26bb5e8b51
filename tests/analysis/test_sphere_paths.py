"""Paths of arms: means over seeds, step by step."""

import pandas as pd

from anatomy.analysis.sphere_paths import COLUMNS, paths

TABLE = pd.DataFrame(
    {
        "key": ["a", "a", "b", "b", "c"],
        "seed": [0, 0, 1, 1, 0],
        "step": [0, 10, 0, 10, 0],
        "alignment": [0.0, 0.2, 0.0, 0.4, 9.0],
        "uniformity": [0.0, -2.0, -0.2, -3.0, 9.0],
    }
)


def test_means_over_seeds_by_step() -> None:
    found = paths(TABLE, {"one": pd.DataFrame({"key": ["b", "a"]}), "none": pd.DataFrame({"key": ["z"]})})
    assert list(found) == COLUMNS
    assert found[["arm", "step"]].to_numpy().tolist() == [["one", 0], ["one", 10]]
    assert found["alignment"].tolist() == [0.0, 0.30000000000000004]
    assert found["uniformity"].tolist() == [-0.1, -2.5]
    assert found["keys"].tolist() == ["a b", "a b"]


def test_without_the_recorder_there_are_none() -> None:
    assert paths(None, {"one": pd.DataFrame({"key": ["a"]})}).empty
    assert list(paths(TABLE, {})) == COLUMNS
