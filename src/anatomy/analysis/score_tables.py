"""From what the recorders of scores wrote to what the figures of chapter three draw."""

from collections.abc import Mapping

import pandas as pd

from anatomy.analysis.collapse import spread_of_scores
from anatomy.analysis.keys import with_keys

KINDS = ("positive", "negative", "raw_positive", "raw_false", "raw_true")
ROUNDED = 4  # decimals of a share: a picture has no more


def of_runs(table: pd.DataFrame, arms: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The rows recorded of these runs, with a column `arm` in the order given; each run once."""
    once = table.drop_duplicates([name for name in ("key", "step", "score", "kind") if name in table])
    return pd.concat([once[once["key"].isin(rows["key"])].assign(arm=name) for name, rows in arms.items()])


def shares(histograms: pd.DataFrame) -> pd.DataFrame:
    """Columns arm, step, score, KINDS and keys: the share of a kind's scores that lie in a bin, mean over seeds.

    A kind of which nothing was counted at a step has shares of 0: the queue begins with keys of no image.
    """
    run = histograms.groupby(["arm", "key", "step"], sort=False)
    counted = {kind: histograms[kind] / run[kind].transform("sum").clip(lower=1) for kind in KINDS}
    by = ["arm", "step", "score"]
    found = histograms.assign(**counted).groupby(by, sort=False)[list(KINDS)]
    return with_keys(found.mean().round(ROUNDED).reset_index(), histograms, by)


def three_moments(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of the first, the middle and the last step."""
    steps = sorted(table["step"].unique())
    return table[table["step"].isin([steps[0], steps[len(steps) // 2], steps[-1]])]


def late_spread(curves: pd.DataFrame, share: float = 0.1) -> pd.DataFrame:
    """Columns arm, key, spread: of each run the spread that its mean score with other images, before mixing, leaves
    over the last `share` of the steps."""
    late = curves[curves["step"] >= (1 - share) * curves["step"].max()]
    negative = late.groupby(["arm", "key"], sort=False)["raw_negative"].mean()
    return spread_of_scores(negative).rename("spread").reset_index()


def before_and_after(curves: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Long form with columns key, seed, arm, step, line, value; `columns` name a recorder's column by its line."""
    kept = curves[["key", "seed", "arm", "step"]]
    return pd.concat([kept.assign(line=line, value=curves[column]) for line, column in columns.items()])


def multiplied_distance(shares: list[float], score: float) -> pd.DataFrame:
    """What mixing does to a positive of this score: columns share (lambda), c, raw and renormalized score."""
    rows = []
    for share in shares:
        c = share**2 + (1 - share) ** 2
        length = 1 + 2 * share * (share - 1) * (1 - score)
        rows.append((share, c, 1 - c * (1 - score), (1 - c * (1 - score)) / length))
    return pd.DataFrame(rows, columns=["share", "c", "raw", "renormalized"])
