"""Catastrophic overfitting: by which rule it is said to have happened, in what `recorders.robustness` wrote down.

Named by Wong et al. 2020, arXiv:2001.03994; the rule is ours: accuracy under PGD is below half of the highest that it
had, and below that under FGSM by more than 20 points.
"""

import pandas as pd

FALLEN = 0.5  # of the highest accuracy under PGD so far
GAP = 20.0  # points, FGSM above PGD
FLOOR = 20.0  # percent under PGD that must have been reached before: twice what guessing among ten classes gives


def overfit(curve: pd.DataFrame) -> pd.Series:
    """Which rows of one run, in the order of its steps, show it. Columns step, fgsm, pgd, in percent."""
    rows = curve.sort_values("step")
    highest = rows["pgd"].cummax()
    return (rows["pgd"] < FALLEN * highest) & (rows["fgsm"] - rows["pgd"] > GAP)


def detectable(curve: pd.DataFrame) -> bool:
    """Whether there was anything to lose: else no rule can see a fall."""
    return bool(curve["pgd"].max() >= FLOOR)


def first_step(curve: pd.DataFrame) -> float | None:
    """The first step that shows it, of one run; None: none."""
    rows = curve.sort_values("step")
    steps = rows["step"][overfit(rows)]
    return None if steps.empty else float(steps.iloc[0])


def outcomes(curves: pd.DataFrame) -> pd.DataFrame:
    """A row a run: key, seed, first (step; NaN: never), highest (accuracy under PGD), last, seen (whether it could have
    been)."""
    rows = [
        {
            "key": key,
            "seed": int(curve["seed"].iloc[0]),
            "first": first_step(curve),
            "highest": float(curve["pgd"].max()),
            "last": float(curve.sort_values("step")["pgd"].iloc[-1]),
            "seen": detectable(curve),
        }
        for key, curve in curves.groupby("key", sort=False)
    ]
    return pd.DataFrame(rows, columns=["key", "seed", "first", "highest", "last", "seen"]).astype({"first": float})
