"""Arms by their name, and the small tables behind the figures of chapter six."""

import pandas as pd
import pytest

from anatomy.analysis.overfitting import outcomes
from anatomy.analysis.robust_tables import arm_of, by_attack, carried, costs, in_words, over_steps, ranks
from anatomy.runs.config import Run
from anatomy.studies.robustness import ATTACKS


def runs(*seeds: int) -> pd.DataFrame:
    named = {"no attack": {"method": "supervised"}, **ATTACKS}
    rows = []
    for name, given in named.items():
        flat = Run.of(**given, projector="linear", views="whole").flat()
        rows += [flat | {"seed": seed, "key": f"{name}/{seed}", "expected": name} for seed in seeds]
    return pd.DataFrame(rows)


def test_each_arm_has_the_name_of_its_study() -> None:
    table = runs(0, 1)
    assert arm_of(table).tolist() == table["expected"].tolist()
    uniform = Run.of(method="adversarial", noise="image", projector="linear", views="whole").flat()
    assert arm_of(pd.DataFrame([uniform | {"key": "a"}])).tolist() == ["NoiseAug"]


def test_a_column_an_attack() -> None:
    table = pd.concat([runs(0, 1).assign(attack=a, accuracy=v) for a, v in (("clean", 50.0), ("PGD", 20.0))])
    table.loc[(table["seed"] == 1) & (table["attack"] == "PGD"), "accuracy"] = 30.0
    found = by_attack(table)
    assert list(found.index) == list(table["expected"].unique())
    assert found.loc["FGSM"].to_dict() == {"clean": 50, "PGD": 25}


def test_over_steps_leaves_out_what_has_no_such_number() -> None:
    table = pd.concat([runs(0, 1).assign(step=step, abnormal=0.1 * step) for step in (0, 20)])
    table.loc[table["expected"] == "no attack", "abnormal"] = float("nan")
    found = over_steps(table, "abnormal")
    assert list(found["arm"].unique()) == list(ATTACKS)
    assert found[found["arm"] == "FGSM"][["step", "mean"]].to_numpy().tolist() == [[0, 0], [20, 2]]


def test_costs_are_ratios_of_one_run() -> None:
    rows = [("none", 5.0), ("FGSM", 10.0), ("GradAlign", 30.0)]
    table = pd.DataFrame([{"key": str(s), "seed": s, "defense": d, "milliseconds": ms * (1 + s)} for s in (0, 1)
                          for d, ms in rows])  # fmt: skip
    found = costs(table)
    assert found["defense"].tolist() == ["none", "FGSM", "GradAlign"]
    assert found["mean"].tolist() == pytest.approx([0.5, 1, 3])


def test_ranks_by_loss_and_steps() -> None:
    table = pd.DataFrame(
        {"objective": ["CE", "RCE"], "steps": [1, 1], "rank": [2.0, 3.0], "top_5": [0.1, 0.2], "seed": 0}
    )
    found = ranks(table)
    assert found[["objective", "what", "mean"]].to_numpy().tolist() == [
        ["CE", "mean place of the true class", 2], ["RCE", "mean place of the true class", 3],
        ["CE", "share below the first five", 0.1], ["RCE", "share below the first five", 0.2],
    ]  # fmt: skip


def test_what_became_of_the_runs_in_words() -> None:
    def curve(key: str, seed: int, *pairs: tuple[float, float]) -> pd.DataFrame:
        rows = [{"step": 10 * at, "fgsm": f, "pgd": p} for at, (f, p) in enumerate(pairs)]
        return pd.DataFrame(rows).assign(key=key, seed=seed)

    fell, calm = curve("a", 0, (42, 40), (90, 0)), curve("b", 1, (12, 10), (15, 11))
    said = "Runs of FGSM: 2; with 20 % under PGD at some step: 1; that overfitted catastrophically: 1; at step 10."
    assert in_words(outcomes(pd.concat([fell, calm]))) == said
    assert in_words(outcomes(calm)).endswith(
        "catastrophically: 0. Where there is none, this scale cannot show what prevents it."
    )
    assert in_words(outcomes(calm).head(0)) == "No run of FGSM was recorded."


def test_attacks_carried_over_by_network() -> None:
    table = pd.DataFrame({"objective": ["CE", "CE"], "steps": 1, "on": ["target", "surrogate"], "rank": [2.0, 5.0],
                          "seed": 0, "key": "a"})  # fmt: skip
    found = carried(table)
    assert found[["what", "mean"]].to_numpy().tolist() == [
        ["mean place of the true class, network attacked", 5],
        ["mean place of the true class, other network", 2],
    ]
