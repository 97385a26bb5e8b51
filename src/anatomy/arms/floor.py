"""What accuracies are held against: raw pixels and the untrained network, on the same images at the same size."""

from collections.abc import Callable

import pandas as pd

from anatomy.analysis.keys import with_keys
from anatomy.arms.select import select
from anatomy.settings import OF_DATA
from anatomy.verdicts.claim import Mechanism, Tables

MARGIN = 5.0  # points above the pixels from which on an accuracy says something of a method
READ = {"knn": "kNN", "linear_probe": "a linear probe"}
LABELS = {"pixels": "raw pixels", "untrained": "untrained network", "supervised": "trained with labels"}


def beside(tables: Tables, of: pd.DataFrame, readout: str = "knn") -> pd.DataFrame:
    """The floor's rows that belong to an arm's rows, which share data, number of images and size. KeyError for none."""
    if of.empty:
        raise KeyError("runs of the arm that a floor belongs to")
    places = {name: {None if pd.isna(value) else value for value in of[name].array} for name in OF_DATA}
    found = select(tables["floor"], {}, readout=readout, **{name: value for name, (value,) in places.items()})
    if found.empty:
        raise KeyError("floor of these runs")
    return found


def of_pixels(tables: Tables, of: pd.DataFrame, readout: str = "knn") -> pd.DataFrame:
    """The pixels' row. KeyError where they were not measured."""
    found = beside(tables, of, readout)
    found = found[found["backbone"] == "pixels"]
    if found.empty:
        raise KeyError("accuracy of raw pixels")
    return found


def above_pixels(what: str, arm: Callable[[Tables], pd.DataFrame], readout: str = "knn") -> Mechanism:
    """That the arm from which a claim departs has learned more than the pixels show: else a difference between arms
    says nothing of what they learn to see."""

    def levels(tables: Tables) -> tuple[float, float]:
        rows = arm(tables)
        return float(rows["accuracy"].mean()), float(of_pixels(tables, rows, readout)["accuracy"].mean())

    def present(tables: Tables) -> bool:
        reached, pixels = levels(tables)
        return reached - pixels >= MARGIN

    def seen(tables: Tables) -> str:
        reached, pixels = levels(tables)
        return f"{what} {reached:.1f} %, raw pixels {pixels:.1f} %"

    return Mechanism(
        f"{what} (mean over the seeds) lies less than {MARGIN:g} points above {READ[readout]} on raw pixels",
        present,
        rows=lambda tables: pd.concat([rows := arm(tables), of_pixels(tables, rows, readout)]),
        seen=seen,
    )


def lines(tables: Tables, of: pd.DataFrame, readout: str = "knn") -> pd.DataFrame:
    """The mean accuracies that belong into a figure of an arm's rows: columns label, accuracy, keys; what was not run
    has no row."""
    try:
        rows = beside(tables, of, readout)
    except KeyError:
        return pd.DataFrame(columns=["label", "accuracy", "keys"])
    trained = rows["epochs"].map(lambda epochs: "supervised" if epochs else "untrained")
    rows = rows.assign(label=trained.mask(rows["backbone"] == "pixels", "pixels").map(LABELS))
    means = with_keys(rows.groupby("label")["accuracy"].mean().reset_index(), rows, ["label"])
    return means.sort_values("label", key=lambda label: label.map([*LABELS.values()].index), ignore_index=True)


def in_words(means: pd.DataFrame, levels: pd.DataFrame, by: str = "arm") -> str:
    """Which of the arms that a figure shows have learned little more than the pixels, and which less than the untrained
    network shows; nothing where the pixels were not measured. `means`: columns `by`, mean; `levels` as of `lines`."""
    at = dict(zip(levels["label"], levels["accuracy"], strict=True))
    if LABELS["pixels"] not in at:
        return ""
    pixels, untrained = at[LABELS["pixels"]], at.get(LABELS["untrained"], 0.0)
    low, lower = (_listed(means[means["mean"] < level][by]) for level in (pixels + MARGIN, untrained))
    said = f"Less than {MARGIN:g} points above raw pixels ({pixels:.1f} %): {low or 'none of these'}."
    return said + (f" Below the untrained network ({untrained:.1f} %): {lower}." if lower else "")


def _listed(names: pd.Series) -> str:
    return "; ".join(map(str, names))
