"""Arms of chapter two: one method, one kept part of the gradient, one projector; and what is read of their runs."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from anatomy.analysis.phases import phases_of
from anatomy.arms.floor import above_pixels
from anatomy.arms.select import by_seed, contrast, select
from anatomy.settings import Settings
from anatomy.verdicts.claim import Mechanism, Part, Sample, Tables
from anatomy.verdicts.criteria import Difference, Threshold

BASE: Settings = {
    "component": "both",
    "weight": 1.0,
    "regularizer": 1.0,
    "final_norm": False,
    "random_start": False,
    "one_view": False,
    "online": "prediction",
    "temperature": 0.1,
}
IMAGES, STEPS = 1000, 200  # the least that a threshold is judged on


def runs(table: pd.DataFrame, /, **settings: object) -> pd.DataFrame:
    """Rows of the runs with these settings, all others at the chapter's base."""
    return select(table, BASE, **settings)


def unseen(tables: Tables, /, **settings: object) -> pd.DataFrame:
    """An arm's rows of `collapse`, one a run. KeyError ("not run") where they rest on too few images or steps."""
    rows = runs(tables["collapse"], **settings).drop_duplicates("key")
    if len(rows) and (rows["images"].min() < IMAGES or rows["steps"].min() < STEPS):
        raise KeyError(f"{IMAGES} unseen images after {STEPS} steps")
    return rows.assign(log_covariance=np.log(rows["covariance"])) if "covariance" in rows else rows


def kept(of: str = "z", /, **settings: object) -> Part:
    """That an arm does not collapse: judged on Z, or on P where the predictor stands on both branches."""
    return Part(Threshold(collapsed=False), spread_and_center(of, **settings))


def collapses(of: str = "z", /, **settings: object) -> Part:
    """That an arm collapses."""
    return Part(Threshold(collapsed=True), spread_and_center(of, **settings))


def better(
    margin: float, one: Mapping[str, object], other: Mapping[str, object], mechanism: Mechanism | None = None
) -> Part:
    """That one arm's kNN accuracy is above another's, by a margin in points."""
    return Part(Difference(margin), lambda tables: lead(tables, one, other), mechanism=mechanism)


def learned(what: str, /, **settings: object) -> Mechanism:
    """That an arm's kNN accuracy is clearly above that of the pixels."""
    return above_pixels(what, lambda tables: runs(tables["knn"], **settings))


def lead(tables: Tables, one: Mapping[str, object], other: Mapping[str, object]) -> Sample:
    """kNN accuracy of one arm minus that of another in points, paired by seed."""
    return contrast((1, runs(tables["knn"], **one)), (-1, runs(tables["knn"], **other)))


def in_batch(tables: Tables, /, **settings: object) -> pd.DataFrame:
    """An arm's rows of the recorder `geometry` that stem from batches, not from the whole set."""
    geometry = tables["geometry"]
    return runs(geometry[geometry["images"] == geometry["batch_size"]], **settings)


def gradient_parts(tables: Tables, value: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Of InfoNCE's gradient on plain embeddings, with the center of its own batch: a value [seeds, temperatures], and
    the rows that it stems from."""
    rows = runs(tables["gradient_parts"], method="simco", loss="info_nce")
    rows = rows[(rows["whitened"] == 0) & (rows["center_of"] == "this batch")]
    return rows.pivot(index="seed", columns="at", values=value).sort_index(), rows


def at_ends(rows: pd.DataFrame) -> pd.DataFrame:
    """Of runs that switch: a row for each whole phase, recorded at its end; `objective` is the phase's."""
    found = []
    for _, run in rows.groupby("key"):
        for phase in phases_of(run["phases"].iloc[0], int(run["step"].max())).to_dict("records"):
            inside = run[(run["step"] > phase["start"]) & (run["step"] <= phase["end"])].sort_values("step")
            if phase["whole"] and len(inside):
                found.append(inside.tail(1).assign(objective=phase["objective"]))
    return pd.concat(found) if found else rows.head(0).assign(objective="")


def change(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """What a column gains in the last phase of a run, from its first to its last row: columns seed, key, change."""
    found = []
    for key, run in rows.sort_values("step").groupby("key"):
        start = phases_of(run["phases"].iloc[0], int(run["step"].max()))["start"].iloc[-1]
        last = run[run["step"] >= start][column].to_numpy(dtype=float)
        found.append({"seed": run["seed"].iloc[0], "key": key, "change": last[-1] - last[0]})
    return pd.DataFrame(found, columns=["seed", "key", "change"])


def spread_and_center(of: str, /, **settings: object) -> Callable[[Tables], Sample]:
    """[n, 3] for a Threshold: the spread, m_o and effective rank of an arm."""
    prefix = {"z": "", "p": "p_"}[of]

    def draw(tables: Tables) -> Sample:
        rows = unseen(tables, **settings)
        rows = rows if f"{prefix}rank" in rows else rows.assign(**{f"{prefix}rank": np.nan})
        columns = [by_seed(rows, f"{prefix}{name}") for name in ("spread", "center", "rank")]
        return Sample.of(np.column_stack(columns), rows)

    return draw
