"""Whether something falls all along a grid: its two contrasts, one number a seed."""

import numpy as np
import pandas as pd


def log_falls(rows: pd.DataFrame, along: str, of: str = "cv") -> dict[str, np.ndarray] | None:
    """Log ratio of first to last, and the smallest log ratio of neighbors; above 0 where it falls.

    `rows` hold `seed`, `key`, `along` and `of` (above 0), one row a run and grid point. Logs, since
    a spread that shrinks 70-fold would hide its last steps behind the first. A seed that ran
    several times counts once, with the mean of its runs. None with fewer than two grid points.
    """
    # pivot, not pivot_table: two rows for one grid point are a mistake and no mean is taken.
    grid = rows.pivot(index=["seed", "key"], columns=along, values=of).sort_index(axis=1)
    if grid.shape[1] < 2:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):  # a spread of 0 shows as not finite
        steps = -np.diff(np.log(grid.to_numpy(dtype=float)), axis=1)  # [runs, points - 1]
    parts = {"first to last": steps.sum(axis=1), "every step": steps.min(axis=1)}  # [runs] each
    seeds = grid.index.get_level_values("seed").to_numpy()
    return {
        part: np.array([of_runs[seeds == seed].mean() for seed in np.unique(seeds)]) for part, of_runs in parts.items()
    }
