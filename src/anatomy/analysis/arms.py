"""What an arm of a study is called: its method, and what departs from the base setting."""

from math import inf

import pandas as pd

# Column of a run -> the words for its value; in the order in which a name lists them.
WORDS = {
    "batch_size": "{:.0f} images a step",
    "queue_size": "{:.0f} keys",
    "queue_size_inter": "weights from {:.0f}",
    "queue_skip": "older by {:.0f}",
    "momentum": "momentum {:g}",
    "temperature": "T = {:g}",
    "temperature_intra": "T intra = {:g}",
    "temperature_inter": "T inter = {:g}",
    "learning_rate": "rate {:g}",
    "epochs": "{:.0f} epochs",
    "symmetric": "both views anchors",
}
LOSSES = {"info_nce": "InfoNCE", "dual_temperature": "two temperatures", "decoupled": "DCL"}


def named(table: pd.DataFrame, base: dict[str, float]) -> pd.DataFrame:
    """The table with a column `arm`: method and loss, then every setting that differs from `base`, in words."""
    return table.assign(arm=[arm_name(row, base) for row in table.to_dict("records")])


def arm_name(row: dict, base: dict[str, float]) -> str:
    """`mocov2, InfoNCE, 64 keys`."""
    said = [str(row["method"]), LOSSES.get(row["loss"], str(row["loss"]))]
    for column, words in WORDS.items():
        value = row.get(column)
        if value is None or value != value or (column == "symmetric" and (row["method"] != "mocov2" or not value)):
            continue
        if value != base.get(column, inf):
            said.append(words.format(value) if column != "symmetric" else words)
    return ", ".join(said)


def beside(own: pd.DataFrame, published: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """One's own means beside the published means and intervals; `inside`: within the published interval.

    Both tables come from `over_seeds`; only settings that both have are compared.
    """
    both = own.merge(published, on=by, suffixes=("", "_published"))
    inside = both["mean"].between(both["low_published"], both["high_published"])
    return both[[*by, "mean", "n", "mean_published", "low_published", "high_published"]].assign(inside=inside)
