import pandas as pd
import pytest

from anatomy.analysis.spectra import NAMES, along_axes, in_words, ranks, singular_values, values_in_words


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


def test_singular_values_are_shares_of_the_largest_after_some_passes(table: pd.DataFrame) -> None:
    wider = pd.concat([table.assign(step=table["step"] + 10 * n) for n in (0, 2, 4)], ignore_index=True)  # 6 passes
    wider.loc[wider["part"] == 0, "eigenvalue"] = 0.5 / wider["index"] ** 4
    wider.loc[(wider["step"] == 60) & (wider["index"] == 2), "eigenvalue"] = 0.05
    found = singular_values(wider)
    assert list(found) == ["backbone", "embedding"]
    assert list(dict.fromkeys(found["backbone"]["arm"])) == ["1 pass", "2 passes", "4 passes", "6 passes"]
    of = {part: rows.pivot(index="arm", columns="index", values="mean") for part, rows in found.items()}
    assert of["backbone"].loc["4 passes"].to_list() == pytest.approx([1, 1 / 4])  # of 1 and 1 / 16
    assert of["embedding"].loc["4 passes"].to_list() == pytest.approx([1, 1 / 2])
    assert of["embedding"].loc["6 passes"].to_list() == pytest.approx([1, (0.05 / 0.8) ** 0.5])
    assert set(found["embedding"]["n"]) == {2}


def test_words_tell_a_value_in_the_middle(table: pd.DataFrame) -> None:
    assert values_in_words(singular_values(table)) == ""
    table["index"] = table["index"].replace({2: 8})
    assert values_in_words(singular_values(table)) == (
        "- Backbone: 0.500 of the largest after 1 pass, 0.500 after 2 passes.\n"
        "- Embedding: 0.500 of the largest after 1 pass, 0.500 after 2 passes."
    )
