"""Small tables behind the figures of chapter six: arms by their name, over attacks, over steps, over losses."""

from collections.abc import Hashable, Mapping

import pandas as pd

from anatomy.analysis.over_seeds import over_seeds

PLACE, BELOW = "mean place of the true class", "share below the first five"


def arm_of(rows: pd.DataFrame) -> pd.Series:
    """The name of each row's arm, as `studies.robustness.ATTACKS` has it, from the run's settings."""
    runs = rows.drop_duplicates("key")
    names = {str(row["key"]): named(row) for row in runs.to_dict("records")}
    return rows["key"].map(names)


def named(row: Mapping[Hashable, object]) -> str:
    """Of one run."""
    if row["method"] == "supervised":
        return "no attack"
    if row["penalty"] != "none":
        return {"grad_align": "GradAlign", "aaer": "AAER", "aaer_as_written": "AAER as written"}[str(row["penalty"])]
    if row["noise"] == "image":
        return "normal noise" if row["distribution"] == "normal" else "NoiseAug"
    if row["noise"] == "after":
        return "noise after the attack"
    large = ", step of 2" if row["alpha"] == 2 else ""
    if row["noise"] == "none":
        return f"FGSM{large}"
    if row["clip"]:
        return "FGSM-RS"
    return f"N-FGSM{large}" if row["fresh"] else "fixed noise"


def by_attack(table: pd.DataFrame) -> pd.DataFrame:
    """Mean accuracy over the seeds, in percent: a row an arm, a column an attack."""
    rows = table.assign(arm=arm_of(table))
    return rows.pivot_table(index="arm", columns="attack", values="accuracy", sort=False)


def over_steps(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Columns arm, step, mean, low, high, n; arms in the order of the table, without those that have no such number."""
    rows = table.assign(arm=arm_of(table)).dropna(subset=[column])
    found = over_seeds(rows, ["arm", "step"], column)
    order = {name: at for at, name in enumerate(dict.fromkeys(rows["arm"]))}
    return found.sort_values("arm", key=lambda names: names.map(order), kind="stable", ignore_index=True)


def costs(table: pd.DataFrame) -> pd.DataFrame:
    """Columns defense, mean, low, high, n: a step's time over FGSM's, of the same run."""
    times = table.pivot(index=["key", "seed"], columns="defense", values="milliseconds")
    ratios = times.div(times["FGSM"], axis=0).reset_index().melt(["key", "seed"], var_name="defense")
    found = over_seeds(ratios, ["defense"], "value")
    order = {name: at for at, name in enumerate(dict.fromkeys(table["defense"]))}
    return found.sort_values("defense", key=lambda names: names.map(order), ignore_index=True)


def ranks(table: pd.DataFrame) -> pd.DataFrame:
    """Columns objective, steps, what, mean, low, high, n."""
    panels = {PLACE: "rank", BELOW: "top_5"}
    found = [over_seeds(table, ["objective", "steps"], column).assign(what=what) for what, column in panels.items()]
    return pd.concat(found, ignore_index=True)


def carried(table: pd.DataFrame) -> pd.DataFrame:
    """The same of attacks that are shown to another network too: a `what` for each network."""
    panels = {"surrogate": f"{PLACE}, network attacked", "target": f"{PLACE}, other network"}
    rows = table.assign(what=table["on"].map(panels))
    return over_seeds(rows, ["objective", "steps", "what"], "rank").sort_values(
        "what", key=lambda names: names.map([*panels.values()].index), kind="stable", ignore_index=True
    )


def in_words(runs: pd.DataFrame) -> str:
    """What became of the runs of FGSM: `overfitting.outcomes`."""
    if runs.empty:
        return "No run of FGSM was recorded."
    fell, seen = int(runs["first"].notna().sum()), int(runs["seen"].sum())
    said = [
        f"Runs of FGSM: {len(runs)}",
        f"with 20 % under PGD at some step: {seen}",
        f"that overfitted catastrophically: {fell}",
    ]
    if fell:
        said.append("at step " + ", ".join(f"{step:g}" for step in runs["first"].dropna()))
    return "; ".join(said) + ("." if fell else ". Where there is none, this scale cannot show what prevents it.")
