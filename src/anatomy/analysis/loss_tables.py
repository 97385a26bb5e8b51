"""What the measures `loss_map` and `loss_curves` wrote of each loss on a frozen encoder, for the eye and in words."""

from collections.abc import Mapping

import pandas as pd

from anatomy.analysis.keys import with_keys
from anatomy.analysis.over_seeds import over_seeds

MEASURED = ("entropy", "push_cv", "pull_cv", "drawn", "silent")  # the measure's SUMMARY, which would bring torch


def on_map(table: pd.DataFrame) -> pd.DataFrame:
    """Means over runs of the table `loss_map`: columns of, at, those MEASURED, keys."""
    means = table.groupby(["of", "at"], sort=False)[[*MEASURED]].mean()
    return with_keys(means.reset_index(), table, ["of", "at"])


def weight_curves(table: pd.DataFrame, by: str, silent: pd.DataFrame) -> pd.DataFrame:
    """Means over runs of the table `loss_curves` for one `by`: columns of, at, value, keys.

    Of a loss at whose floor nothing acts on an anchor's negatives the table's means have zeros for such anchors. By
    rank they are made those of the other anchors, by `silent`: rows of `loss_map` at the same temperature. By
    similarity that cannot be done, since the anchors of a bin are not known, and such a run has no value.
    """
    rows, of = table[table["by"] == by], ["of", "at"]
    if by != "positive":
        rows = rows.merge(silent[["key", "of", "silent"]], on=["key", "of"])
        rows = rows.assign(value=rows["value"] / (1 - rows["silent"]))
    if by == "negative":
        rows = rows.assign(value=rows["value"].where(rows["silent"] == 0))
    means = with_keys(rows.groupby(of, sort=False)["value"].mean().reset_index(), rows, of)
    return means.sort_values("at", kind="stable", ignore_index=True)


def learned_temperatures(table: pd.DataFrame, arms: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Means over seeds of the recorder `temperatures`: columns arm, step, mean, low, high, n, by_seed; of several heads
    each has a line, the 1st being the one that ends coldest in its run: which that is, is chance. `low` and `high` are
    the least and the greatest seed, since an interval of AMCL's would reach below 0, which no temperature does. `arms`:
    rows with the column `key`, by the arm's name."""
    names = {key: name for name, rows in arms.items() for key in rows["key"]}
    heads = table.groupby("key")["head"].transform("nunique")
    last = table[table["step"] == table.groupby("key")["step"].transform("max")].set_index(["key", "head"])["mean"]
    place = last.groupby("key").rank(method="first").astype(int)
    which = [f", head {n}" for n in place.reindex(pd.MultiIndex.from_frame(table[["key", "head"]]))]
    named = table.assign(arm=table["key"].map(names) + pd.Series(which, table.index).where(heads > 1, ""))
    found = over_seeds(named.dropna(subset="arm"), ["arm", "step"], "mean")
    return found.assign(low=found["by_seed"].map(min), high=found["by_seed"].map(max))


def positives_in_words(table: pd.DataFrame) -> str:
    """How alike CACR's weights of several positives are, by tau; of the measure `positive_weights`."""
    entropy = table.groupby("tau")["entropy"].mean()
    said = ", ".join(f"{value:.3g} at {tau:g}" for tau, value in entropy.items())
    of = "Entropy of CACR's weights of four positives, over that of equal ones, by the $\\tau$ of its attraction"
    return f"{of}: {said}."


def in_words(points: pd.DataFrame, base: float) -> str:
    """Of a map: which losses draw negatives nearer at the temperature `base`, which leave anchors alone, and how the
    weights of InfoNCE differ between anchors along the temperature."""
    now = points[points["at"] == base].set_index("of")
    weights = points[points["of"] == "InfoNCE"].sort_values("at")
    spread = ", ".join(f"{row['push_cv']:.3g} at {row['at']:g}" for _, row in weights.iterrows())
    drawn = _shares(now["drawn"]) or "none"
    moved = {name: rows for name, rows in points.groupby("of", sort=False) if rows["drawn"].nunique() > 1}
    along = "; ".join(_along(name, rows) for name, rows in moved.items())
    silent = _shares(now["silent"]) or "none"
    return "\n".join(
        [
            f"- Share of the negatives that are drawn nearer at $T$ = {base:g}: {drawn}.",
            *([f"- The same by temperature: {along}."] if along else []),
            f"- Share of the anchors whose negatives are not pushed at all, at the floor of the loss: {silent}.",
            f"- Spread of InfoNCE's weights over anchors, by temperature: {spread}.",
        ]
    )


def _along(name: object, rows: pd.DataFrame) -> str:
    """The share that one loss draws nearer, by temperature."""
    shares = [f"{100 * row['drawn']:.0f} % at {row['at']:g}" for _, row in rows.sort_values("at").iterrows()]
    return f"{name} {', '.join(shares)}"


def _shares(of: pd.Series) -> str:
    """Those above 0, the largest first."""
    found = of[of > 0].sort_values(ascending=False)
    return ", ".join(f"{name} {100 * share:.0f} %" for name, share in found.items())
