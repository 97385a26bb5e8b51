"""The arms of chapter five as its page names them: rows of the table of kNN, one a run; without rows where not run."""

import pandas as pd

from anatomy.arms.dictionary_size import epochs
from anatomy.arms.loss_family import BASE, QUEUED, accuracies
from anatomy.settings import Settings
from anatomy.verdicts.claim import Tables

Arms = dict[str, pd.DataFrame]
Pairs = dict[str, tuple[pd.DataFrame, pd.DataFrame]]
FOUR = {"InfoNCE": "info_nce", "DCL": "decoupled", "hard negatives, debiased": "hard_negatives", "CACR": "cacr"}
SMALL, LARGE, TEMPERATURES = 32, 256, (0.1, 0.2, 0.5)  # of the grid of DCL and InfoNCE
RATIO = 10.0  # of the largest class to the smallest
THINNED = {"classes 10 to 1": "class", "as many of all classes": "chance"}
# What a full study has beside these four: the loss, "" of a method with an objective of its own, and what else departs
# from the base.
FURTHER: dict[str, tuple[str, Settings]] = {
    "DCLW": ("decoupled_weighted", {}),
    "debiased": ("debiased", {}),
    "hard negatives": ("hard_negatives", {"tau_plus": 0.0}),
    "alignment and uniformity": ("align_uniform", {}),
    "spectral, mu = 3": ("spectral", {}),
    "CACR, weights detached": ("cacr", {"detach_weights": True}),
    "CACR, four positives": ("cacr", {"method": "multi_view"}),
    "InfoNCE, four positives": ("info_nce", {"method": "multi_view"}),
    "InfoNCE, three heads": ("info_nce", {"method": "multi_head"}),
    "InfoNCE, positive made": ("info_nce", {"method": "hallucinator"}),
    "InfoNCE, positive made, not smoothed": ("info_nce", {"method": "hallucinator", "smooth": False}),
    "InfoNCE, scattering front end": ("info_nce", {"backbone": "scatnet", "orientations": 8}),
    "temperature learned": ("", {"method": "learned_temperature"}),
    "temperature of each anchor": ("", {"method": "anchor_temperature"}),
    "AMCL": ("", {"method": "amcl"}),
    "Barlow Twins": ("", {"method": "barlow_twins"}),
    "VICReg": ("", {"method": "vicreg"}),
    "MoCo v2": ("info_nce", {"method": QUEUED, "transform": "none"}),
}
# Through the encoder in one epoch, with several positives over one: five views of an image against two.
PASSES = (1 + BASE["positives"]) / 2
MORE = f"{PASSES:g} times the passes"
LONGER = f"CACR, {MORE}"
MOVED = {
    "MoCo v2, positive on the sphere minus its own": "sphere_positives",
    "MoCo v2, cluster means minus keys": "cluster_means",
}


def compared(tables: Tables, **own: object) -> Arms:
    """What every study has: four losses, and InfoNCE with its oracle."""
    arms = {name: accuracies(tables, loss, **own) for name, loss in FOUR.items()}
    return arms | {"InfoNCE, oracle": accuracies(tables, "info_nce", oracle=True, **own)}


def every(tables: Tables, *, full: bool, **own: object) -> Arms:
    """In a full study also each loss, positive, temperature, front end and neighbor at the common setting, and CACR
    trained for as many passes as with four positives."""
    arms = compared(tables, **own)
    if not full:
        return arms
    arms |= {name: ran(tables, loss, **settings) for name, (loss, settings) in FURTHER.items()}
    return arms | {LONGER: ran(tables, "cacr", epochs=PASSES * epochs(tables))}


def ran(tables: Tables, loss: str, **settings: object) -> pd.DataFrame:
    """The arm's rows; none where no run has an option of this name, as before the first run of its method."""
    try:
        return accuracies(tables, loss, **settings)
    except KeyError:
        return tables["knn"].iloc[:0]


def effects(tables: Tables, arms: Arms, *, full: bool) -> Pairs:
    """Each of the arms against InfoNCE; in a full study also CACR at equal passes, and transforms of MoCo v2 against
    none."""
    # From MoCo v2 to InfoNCE the method and the number of negatives differ, and from CACR at more passes to InfoNCE
    # these passes do as well as the loss: either pair would be of two changes.
    apart = ("InfoNCE", "MoCo v2", LONGER)
    pairs = {over_info_nce(name): (rows, arms["InfoNCE"]) for name, rows in arms.items() if name not in apart}
    if not full:
        return pairs
    pairs["CACR, four positives minus one, equal passes"] = (arms["CACR, four positives"], arms[LONGER])
    moved = {name: ran(tables, "info_nce", method=QUEUED, transform=way) for name, way in MOVED.items()}
    return pairs | {name: (rows, arms["MoCo v2"]) for name, rows in moved.items()}


def over_info_nce(name: str) -> str:
    """What the difference is called; several positives have more passes, too."""
    return f"{name}, {MORE}, minus InfoNCE" if name.endswith("four positives") else f"{name} minus InfoNCE"


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
