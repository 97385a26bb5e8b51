"""Arms of chapter six: one attack in training at a time, and what is read of their runs."""

from collections.abc import Callable

import pandas as pd

from anatomy.analysis.overfitting import FLOOR, outcomes
from anatomy.analysis.robust_tables import arm_of
from anatomy.arms.select import select
from anatomy.settings import Settings
from anatomy.verdicts.claim import Mechanism, Tables

# Options of the attack where a claim does not name them.
BASE: Settings = {
    "method": "adversarial",
    "noise": "none",
    "k": 1.0,
    "alpha": 1.0,
    "clip": True,
    "fresh": True,
    "distribution": "uniform",
    "penalty": "none",
}
N_FGSM: Settings = {"noise": "start", "k": 2.0, "clip": False}


def accuracies(tables: Tables, attack: str = "PGD", /, **settings: object) -> pd.DataFrame:
    """Accuracy in percent under an attack (clean, FGSM, PGD, APGD) after training: rows, one a run, with these settings
    and all others at their base, which is FGSM without noise."""
    return select(tables["robust_accuracy"], BASE, attack=attack, **settings)


def curves(tables: Tables, **settings: object) -> pd.DataFrame:
    """What the recorder wrote down of an arm's runs while they trained."""
    return select(tables["robustness"], BASE, **settings)


def named(tables: Tables, attack: str = "PGD") -> dict[str, pd.DataFrame]:
    """Every arm's accuracy under an attack by the arm's name, in the order of the study."""
    rows = tables["robust_accuracy"]
    rows = rows[rows["attack"] == attack]
    return {str(name): arm for name, arm in rows.groupby(arm_of(rows), sort=False)}


def fgsm(tables: Tables) -> pd.DataFrame:
    """The base arm's accuracy under PGD."""
    return accuracies(tables)


def n_fgsm(tables: Tables) -> pd.DataFrame:
    """That of N-FGSM, which is NoiseAug."""
    return accuracies(tables, **N_FGSM)


def catastrophic() -> Mechanism:
    """That FGSM overfitted catastrophically: what noise and penalties are to prevent, and what cannot be judged where
    it never happens."""

    def seen(tables: Tables) -> str:
        found = outcomes(curves(tables))
        fell = int(found["first"].notna().sum())
        return f"{fell} of {len(found)} runs of FGSM fell; highest accuracy under PGD {found['highest'].max():.1f} %"

    return Mechanism(
        "no run of FGSM overfits catastrophically (accuracy under PGD below half of its highest, and more than 20 "
        "points below that under FGSM): this scale cannot show it",
        present=lambda tables: bool(outcomes(curves(tables))["first"].notna().any()),
        rows=curves,
        seen=seen,
    )


def withstands(what: str, arm: Callable[[Tables], pd.DataFrame]) -> Mechanism:
    """That an arm has learned to withstand attacks at all: twice what guessing among ten classes gives."""

    def reached(tables: Tables) -> float:
        return float(arm(tables)["accuracy"].mean())

    return Mechanism(
        f"the accuracy of {what} under PGD (mean over the seeds) is below {FLOOR:g} %",
        present=lambda tables: reached(tables) >= FLOOR,
        rows=arm,
        seen=lambda tables: f"{what} {reached(tables):.1f} % under PGD",
    )
