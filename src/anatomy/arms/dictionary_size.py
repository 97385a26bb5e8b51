"""Arms of chapter one: runs of one method, one loss and one dictionary at a time, and their accuracies.

Runs that served the tuning (stages `screen` and `final`) are in no arm.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from anatomy.arms.select import recorded, select
from anatomy.settings import Settings
from anatomy.verdicts.claim import Mechanism, NotRun, Part, Sample, Tables
from anatomy.verdicts.criteria import Shape

BATCH = 256
PAPER, BEST = "paper", "best"  # stages: the paper's settings; each arm at its own best
# One factor at a time departs from these; a run whose parts lack the option has no value there.
BASE: Settings = {
    "batch_size": BATCH,
    "momentum": 0.99,
    "temperature_inter": 1.0,
    "queue_skip": 0,
    "queue_size_inter": None,
    "exclude_own": False,
    "detach_keys": False,
}
TEMPERATURES = {"temperature": 0.1, "temperature_intra": 0.1}
# The coefficient of variation of W from which on anchors differ enough for a second temperature to matter.
MIN_CV = 0.3
# What both stages of a contender mean, in the words of a rule.
OWN_BEST = (
    "Own best is that of an equal tuning on unseen training images: 4 learning rates x 3 temperatures with one seed at "
    "a third of the length, the best 3 and the present setting with 3 seeds not used here, and a change only where it "
    "wins by 2 standard errors; where that leaves all arms as they are, it is no second proof and is not shown as one."
)


def accuracies(tables: Tables, stage: str = PAPER, /, measure: str = "knn", **settings: object) -> pd.DataFrame:
    """Rows of a measure's table, one a run, with these settings and all others at their base.

    The base length is the shortest of the paper's stage. At its own best an arm's temperatures and learning rate are
    what tuning chose. No such run gives no rows.
    """
    base = BASE if stage == BEST else BASE | TEMPERATURES
    base = base | {"symmetric": settings["method"] == "simco", "epochs": epochs(tables)}
    return of_stage(select(tables[measure], base, **settings), stage).drop_duplicates("key")


def epochs(tables: Tables) -> float:
    """The base length of a run: the shortest of the paper's stage."""
    return float(in_stage(tables["knn"], PAPER, "epochs").min())


def largest_queue(tables: Tables) -> float:
    """The largest dictionary of any run of MoCo v2 in the paper's stage, so that one arm still
    missing does not make a smaller one the largest; NaN, which no run has, if there is none."""
    runs = of_stage(tables["knn"], PAPER)
    return float(runs[runs["method"] == "mocov2"]["queue_size"].max())


def of_stage(rows: pd.DataFrame, stage: str) -> pd.DataFrame:
    """A run that is both may stand twice, or once with the stage `paper, best`."""
    return rows[_of_stage(rows, stage)]


def in_stage(rows: pd.DataFrame, stage: str, column: str) -> pd.Series:
    """A column of the same rows."""
    return rows[column][_of_stage(rows, stage)]


def _of_stage(rows: pd.DataFrame, stage: str) -> pd.Series:
    said = rows["stage"].astype(str)
    return said.isin([one for one in said.unique() if stage in one.split(", ")])


def spread_of_weights(tables: Tables, of: pd.DataFrame) -> float:
    """CV of W at a temperature of 0.1, whatever the loss uses, late in an arm's runs, over seeds."""
    at = select(tables["hardness"], {}, temperature=0.1)  # the temperature of W, not of the loss
    return float(recorded(at, of, "cv", share=0.1).mean())


def unequal_anchors(what: str, arm: Callable[[Tables], pd.DataFrame]) -> Mechanism:
    """That the weights W of an arm differ between anchors: else a second temperature has nothing to make equal."""
    return Mechanism(
        f"W in {what} has a coefficient of variation below {MIN_CV:g} at T = 0.1 (mean over the last tenth of the "
        "steps and the seeds)",
        present=lambda tables: spread_of_weights(tables, arm(tables)) >= MIN_CV,
        rows=arm,
    )


def at_own_best(best: Sample, common: Sample) -> Sample | None:
    """What arms at their own best show; None where they are the same runs as with the common settings."""
    return None if best.keys == common.keys else best


def falls(rows: pd.DataFrame, along: str, of: str = "cv") -> pd.DataFrame:
    """By how much the logarithm of `of` falls from each point of a grid to the next: [seeds, points - 1].

    `rows` hold `seed`, `key`, `along` and `of` (above 0), one row a run and grid point. Logs, since a spread that
    shrinks 70-fold would hide its last steps behind the first. NotRun with fewer than two grid points.
    """
    # pivot, not pivot_table: two rows for one grid point are a mistake and no mean is taken.
    grid = rows.pivot(index=["seed", "key"], columns=along, values=of).sort_index(axis=1)
    if grid.shape[1] < 2:
        raise NotRun
    with np.errstate(divide="ignore", invalid="ignore"):  # a spread of 0 shows as not finite
        logs = pd.DataFrame(np.log(grid.to_numpy(dtype=float)), index=grid.index)
        return -logs.diff(axis=1).iloc[:, 1:]


def falling(grid: Callable[[Tables], pd.DataFrame], along: str, margin: float) -> dict[str, Part]:
    """That a spread falls all along a grid: from first to last, and at every step. A seed that ran several times counts
    once, with the mean of its runs."""

    def part(over: str) -> Part:
        def draw(tables: Tables) -> Sample:
            rows = grid(tables)
            fall = falls(rows, along).agg(over, axis=1, skipna=False)
            return Sample.of(fall.groupby("seed").agg(lambda runs: runs.mean(skipna=False)).to_numpy(), rows)

        return Part(Shape(margin), draw, unit="log")

    return {"first to last": part("sum"), "every step": part("min")}


def identity(name: str, table: str = "identities") -> Callable[[Tables], Sample]:
    """The relative errors of an identity, in float64, on the embeddings of trained networks."""

    def draw(tables: Tables) -> Sample:
        rows = tables[table]
        rows = rows[rows["identity"] == name]
        return Sample.of(rows["error"].to_numpy(), rows)

    return draw
