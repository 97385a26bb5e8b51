"""The arms of chapter five as its page names them: rows of the table of kNN, one a run; without rows where not run."""

import pandas as pd

from anatomy.arms.loss_family import QUEUED, accuracies
from anatomy.verdicts.claim import Tables

Arms = dict[str, pd.DataFrame]
Pairs = dict[str, tuple[pd.DataFrame, pd.DataFrame]]
FOUR = {"InfoNCE": "info_nce", "DCL": "decoupled", "hard negatives": "hard_negatives", "CACR": "cacr"}
SMALL, LARGE, TEMPERATURES = 32, 256, (0.1, 0.2, 0.5)  # of the grid of DCL and InfoNCE
RATIO = 10.0  # of the largest class to the smallest
THINNED = {"classes 10 to 1": "class", "as many of all classes": "chance"}


def compared(tables: Tables, **own: object) -> Arms:
    """What every study has: four losses, and InfoNCE with its oracle."""
    arms = {name: accuracies(tables, loss, **own) for name, loss in FOUR.items()}
    return arms | {"InfoNCE, oracle": accuracies(tables, "info_nce", oracle=True, **own)}


def every(tables: Tables, *, full: bool, **own: object) -> Arms:
    """In a full study also each loss, positive, temperature and neighbor at the common setting."""
    arms = compared(tables, **own)
    if not full:
        return arms
    arms |= {"DCLW": accuracies(tables, "decoupled_weighted"), "debiased": accuracies(tables, "debiased")}
    arms |= {
        "alignment and uniformity": accuracies(tables, "align_uniform"),
        "spectral": accuracies(tables, "spectral"),
    }
    arms |= {"CACR, weights detached": accuracies(tables, "cacr", detach_weights=True)}
    for name, loss in (("CACR", "cacr"), ("InfoNCE", "info_nce")):
        arms[f"{name}, four positives"] = accuracies(tables, loss, method="multi_view")
    for name, method in (("three heads", "multi_head"), ("positive made", "hallucinator")):
        arms[f"InfoNCE, {name}"] = accuracies(tables, "info_nce", method=method)
    own_objective = {"temperature learned": "learned_temperature", "temperature of each anchor": "anchor_temperature"}
    own_objective |= {"AMCL": "amcl", "Barlow Twins": "barlow_twins", "VICReg": "vicreg"}
    return arms | {name: accuracies(tables, "", method=method) for name, method in own_objective.items()}


def effects(tables: Tables, arms: Arms, *, full: bool) -> Pairs:
    """Each of the arms against InfoNCE; in a full study also transforms of MoCo v2 against none."""
    pairs = {f"{name} minus InfoNCE": (rows, arms["InfoNCE"]) for name, rows in arms.items() if name != "InfoNCE"}
    if not full:
        return pairs
    names = ("none", "sphere_positives", "cluster_means")
    plain, *moved = (accuracies(tables, "info_nce", method=QUEUED, transform=name) for name in names)
    said = ("MoCo v2, positive on the sphere minus its own", "MoCo v2, cluster means minus keys")
    return pairs | {name: (rows, plain) for name, rows in zip(said, moved, strict=True)}


def gaps(tables: Tables) -> Pairs:
    """DCL against InfoNCE at each batch size and temperature."""
    return {
        f"batch of {size}, T = {t:g}": (
            accuracies(tables, "decoupled", batch_size=size, temperature=t),
            accuracies(tables, "info_nce", batch_size=size, temperature=t),
        )
        for size in (SMALL, LARGE)
        for t in TEMPERATURES
    }


def thinned(tables: Tables) -> Arms:
    """InfoNCE and CACR on classes of unequal size, and on as many images of all."""
    return {
        f"{name}, {said}": accuracies(tables, loss, imbalance=RATIO, imbalance_by=by)
        for said, by in THINNED.items()
        for name, loss in (("InfoNCE", "info_nce"), ("CACR", "cacr"))
    }


def measured(table: pd.DataFrame, arms: Arms) -> Arms:
    """The rows of another table that are of the arms' runs; an arm without any is left out."""
    found = {name: table[table["key"].isin(rows["key"])] for name, rows in arms.items()}
    return {name: rows for name, rows in found.items() if len(rows)}
