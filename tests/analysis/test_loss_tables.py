"""Tables of losses on a frozen encoder, by hand."""

import pandas as pd
import pytest

from anatomy.analysis.loss_tables import in_words, learned_temperatures, on_map, positives_in_words, weight_curves


def mapped(**columns: object) -> pd.DataFrame:
    row = {"at": 0.1, "entropy": 0.5, "push_cv": 1.0, "pull_cv": 0.0, "drawn": 0.0, "silent": 0.0}
    return pd.DataFrame(row | columns)


def test_the_map_has_means_over_runs() -> None:
    runs = pd.concat([mapped(of=["a", "b"], push_cv=[1.0, 5.0], entropy=e, seed=e) for e in (0.2, 0.4)])
    assert on_map(runs)["entropy"].tolist() == pytest.approx([0.3, 0.3])
    assert on_map(runs)["push_cv"].tolist() == [1.0, 5.0]


@pytest.fixture
def curves() -> pd.DataFrame:
    """Two runs of the loss a, and of b, which is silent for half and for three quarters of its anchors."""
    one = pd.DataFrame({"of": "a", "by": ["rank", "rank", "negative", "positive"], "at": [2.0, 1.0, 0.5, 0.5],
                        "value": [1.0, 3.0, 9.0, 7.0]})  # fmt: skip
    of = [one, one.assign(of="b")]
    return pd.concat([*(each.assign(key="x") for each in of), *(each.assign(key="y", value=0.0) for each in of)])


SILENT = pd.concat([mapped(of=["a", "b"], key=key, silent=[0.0, s]) for key, s in (("x", 0.5), ("y", 0.75))])


def values(found: pd.DataFrame, of: str) -> dict[float, float]:
    rows = found[found["of"] == of]
    return dict(zip(rows["at"], rows["value"], strict=True))


def test_curves_are_means_over_runs_and_by_rank_over_the_anchors_that_push(curves: pd.DataFrame) -> None:
    found = weight_curves(curves, "rank", SILENT)
    assert values(found, "a") == {1.0: 1.5, 2.0: 0.5}
    assert values(found, "b") == {1.0: 3.0, 2.0: 1.0}  # 3 / 0.5 in one run, 0 in the other
    assert list(found["at"]) == sorted(found["at"])
    assert set(found["keys"]) == {"x y"}


def test_by_similarity_a_loss_with_silent_anchors_has_no_values(curves: pd.DataFrame) -> None:
    assert {*weight_curves(curves, "negative", SILENT).dropna()["of"]} == {"a"}
    assert values(weight_curves(curves, "positive", SILENT), "b") == {0.5: 3.5}


def test_words() -> None:
    points = pd.concat(
        [
            mapped(of=["InfoNCE"], at=0.5, push_cv=0.00531),
            mapped(of=["CACR", "hard"], at=0.5, drawn=[0.5, 0.209]),
            mapped(of=["InfoNCE", "CACR", "hard", "debiased"], drawn=[0, 0.5, 0.971, 0], silent=[0, 0, 0, 0.87]),
        ]
    )
    assert in_words(points, 0.1) == (
        "- Share of the negatives that are drawn nearer at $T$ = 0.1: hard 97 %, CACR 50 %.\n"
        "- The same by temperature: hard 97 % at 0.1, 21 % at 0.5.\n"
        "- Share of the anchors whose negatives are not pushed at all, at the floor of the loss: debiased 87 %.\n"
        "- Spread of InfoNCE's weights over anchors, by temperature: 1 at 0.1, 0.00531 at 0.5."
    )
    assert "nearer at $T$ = 0.5: none." in in_words(points[points["of"] == "InfoNCE"], 0.5)


def test_a_learned_temperature_has_a_line_and_each_of_several_heads_too() -> None:
    one = [("x", 0, 0, 0, 0.1), ("y", 1, 0, 0, 0.3), ("of no arm", 2, 0, 0, 9.0)]
    table = pd.DataFrame([*one, *(("z", 0, 0, head, head + 1.0) for head in (0, 1))],
                         columns=["key", "seed", "step", "head", "mean"])  # fmt: skip
    arms = {"learned": pd.DataFrame({"key": ["x", "y"]}), "AMCL": pd.DataFrame({"key": ["z"]})}
    found = learned_temperatures(table, arms).set_index("arm")
    assert found["mean"].to_dict() == pytest.approx({"learned": 0.2, "AMCL, head 1": 1.0, "AMCL, head 2": 2.0})
    assert found.loc["learned", ["low", "high"]].tolist() == [0.1, 0.3]  # the seeds: an interval would reach below 0


def test_heads_are_told_apart_by_how_cold_they_end() -> None:
    """In one run the first head falls, in the other the second: both are head 1, from their first step on."""
    rows = [("a", 0, 0, 0, 1.0), ("a", 0, 0, 1, 2.0), ("a", 0, 5, 0, 0.1), ("a", 0, 5, 1, 3.0),
            ("b", 1, 0, 0, 4.0), ("b", 1, 0, 1, 5.0), ("b", 1, 5, 0, 7.0), ("b", 1, 5, 1, 0.3)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["key", "seed", "step", "head", "mean"])
    found = learned_temperatures(table, {"AMCL": pd.DataFrame({"key": ["a", "b"]})}).set_index(["arm", "step"])["mean"]
    assert found["AMCL, head 1"].to_dict() == pytest.approx({0: 3.0, 5: 0.2})
    assert found["AMCL, head 2"].to_dict() == pytest.approx({0: 3.0, 5: 5.0})


def test_positives_in_words() -> None:
    table = pd.DataFrame({"tau": [0.0, 4.0, 0.0, 4.0], "entropy": [1.0, 0.7, 1.0, 0.8], "key": list("aabb")})
    assert positives_in_words(table).endswith("by the $\\tau$ of its attraction: 1 at 0, 0.75 at 4.")
