"""Tables of the normalization chapter, with the layers under the names that a page uses."""

from collections.abc import Hashable, Mapping

import pandas as pd

from anatomy.analysis.bands import band
from anatomy.analysis.keys import with_keys

NAMES = {
    "batch": "BN",
    "group": "GN",
    "layer": "LN",
    "instance": "IN",
    "group_plus": "GN+",
    "batch_channel": "BCN",
    "none": "no norm",
}
BELOW = "below one half: the batch leaves a trace, but its own keys are the less similar ones"
ORDERS = {"batch_first": ", BN first", "parallel": ", parallel"}


def named(table: pd.DataFrame) -> pd.DataFrame:
    """The table with a column `layer`: BN, GN, GN and WS, GN+ and its forms, ..."""
    return table.assign(layer=[_name(row) for row in table.to_dict("records")])


def _name(row: Mapping[Hashable, object]) -> str:
    name: str = NAMES[str(row["norm"])] + ORDERS.get(str(row.get("order", "")), "")
    if row.get("running") is True:
        name += ", running, per " + ("channel" if row.get("per_channel") is True else "pixel")
    return name + (" and WS" if row.get("standardize") is True else "")


def band_sizes(table: pd.DataFrame) -> pd.DataFrame:
    """One row a layer and seed: height (mean upper edge) and width of the loss band in nats, width of the change's."""
    loss, change = (named(band(table, value)) for value in ("loss", "change"))
    by = ["layer", "seed"]
    widths = [(rows["high"] - rows["low"]).groupby([rows[name] for name in by]).mean() for rows in (loss, change)]
    sizes = pd.DataFrame({"height": loss.groupby(by)["high"].mean(), "width": widths[0], "change": widths[1]})
    return with_keys(sizes.reset_index(), named(table), by)


def edge_ratio(table: pd.DataFrame, above: str, below: str) -> pd.DataFrame:
    """Columns seed, step, ratio, keys: the loss band's upper edge of one norm over that of another."""
    edges = band(table, "loss").pivot_table(index=["seed", "step"], columns="norm", values="high")
    if not {above, below} <= set(edges):
        return pd.DataFrame({"seed": [], "step": [], "ratio": []})
    ratio = (edges[above] / edges[below]).rename("ratio").dropna().reset_index()
    return with_keys(ratio, table[table["norm"].isin([above, below])], ["seed", "step"])


def upper_edges(table: pd.DataFrame) -> pd.DataFrame:
    """Columns layer, seed, step, change, keys: the largest change of the gradient of any learning rate."""
    found = named(band(table, "change")).rename(columns={"high": "change"})
    return with_keys(found, named(table.dropna(subset="change")), ["layer", "seed", "step"])


def marks(told: pd.DataFrame) -> str:
    """Of how often the own batch was told (columns arm, mean, low, high over seeds): where the interval lies above one
    half there is a mark of the batch."""
    lines = []
    for row in told.to_dict("records"):
        above, below = row["low"] > 0.5, row["high"] < 0.5
        said = "a mark" if above else BELOW if below else "not told from one half"
        if row["low"] != row["low"]:
            lines.append(f"- {row['arm']}: {row['mean']:.2f} (one seed), undecided.")
        else:
            lines.append(f"- {row['arm']}: {row['mean']:.3f} ({row['low']:.3f} to {row['high']:.3f}), {said}.")
    return "\n".join(lines)
