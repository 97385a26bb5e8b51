import pandas as pd
import pytest

from anatomy.analysis.spectra import NAMES, along_axes, in_words, ranks


@pytest.fixture
def table() -> pd.DataFrame:
    rows = [
        (f"run {seed}", seed, "SimSiam", step, part, index, 0.8 / index**2, 3.0 + step, 1 / index, 0.9)
        for seed in (0, 1)
        for step in (10, 20)
        for part in (0, 1)
        for index in (1, 2)
    ]
    names = ["key", "seed", "arm", "step", "part", "index", "eigenvalue", "rank", "gain", "alignment"]
    return pd.DataFrame(rows, columns=names)


def test_ranks_are_those_of_embedding_and_backbone(table: pd.DataFrame) -> None:
    table.loc[table["part"] == 0, "rank"] += 100
    found = ranks(table).set_index(["arm", "step"])["mean"]
    assert found.to_dict() == {
        ("SimSiam", 10): 13.0,
        ("SimSiam", 20): 23.0,
        ("SimSiam, backbone", 10): 113.0,
        ("SimSiam, backbone", 20): 123.0,
    }


def test_a_predictor_is_shown_after_its_last_step(table: pd.DataFrame) -> None:
    table.loc[(table["step"] == 10) | (table["part"] == 0), ["gain", "alignment"]] = 7.0
    found = along_axes(table).pivot(index="arm", columns="index", values="mean")
    assert found.loc[NAMES["gain"]].to_list() == [1, 0.5]
    assert found.loc[NAMES["alignment"]].to_list() == [0.9, 0.9]
    assert found.loc[NAMES["root"]].to_list() == pytest.approx([1, 0.5])  # of 1 and 1 / 4


def test_words_tell_the_axes_they_name_and_no_others(table: pd.DataFrame) -> None:
    assert in_words(along_axes(table)) == (
        "- Along axis 2 the predictor's gain is 0.50 of its largest, the root of the eigenvalue 0.50 of the largest, "
        "and the cosine of the axis and its image 0.90."
    )
