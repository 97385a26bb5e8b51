"""Names of the layers, and tables of the chapter, by pencil."""

import pandas as pd
import pytest

from anatomy.analysis.norm_tables import band_sizes, edge_ratio, named, upper_edges

NAMED = [
    ({"norm": "batch"}, "BN"),
    ({"norm": "group", "standardize": False}, "GN"),
    ({"norm": "group", "standardize": True}, "GN and WS"),
    ({"norm": "group_plus", "order": "group_first", "running": False, "per_channel": False}, "GN+"),
    ({"norm": "group_plus", "order": "batch_first", "running": False}, "GN+, BN first"),
    ({"norm": "group_plus", "order": "parallel", "running": False}, "GN+, parallel"),
    ({"norm": "group_plus", "order": "group_first", "running": True}, "GN+, running, per pixel"),
    ({"norm": "group_plus", "order": "group_first", "running": True, "per_channel": True}, "GN+, running, per channel"),
    ({"norm": "batch_channel"}, "BCN"),
    ({"norm": "none"}, "no norm"),
]


def test_every_layer_has_a_name() -> None:
    """In one table, where a setting that a layer has not is NaN."""
    table = named(pd.DataFrame([settings for settings, _ in NAMED]))
    assert table["layer"].tolist() == [name for _, name in NAMED]


def recorded() -> pd.DataFrame:
    """Two learning rates; none is 1 above group at step 0, equal at 30; the change is twice the loss."""
    losses = {("group", 1e-4): [2.0, 1.0], ("group", 2e-4): [1.0, 2.0], ("none", 1e-4): [3.0, 2.0],
              ("none", 2e-4): [2.5, 1.0]}  # fmt: skip
    return pd.DataFrame(
        [
            {"norm": norm, "seed": 0, "learning_rate": rate, "step": step, "loss": loss, "change": 2 * loss}
            for (norm, rate), pair in losses.items()
            for step, loss in zip((0, 30), pair, strict=True)
        ]
    )


def test_height_and_widths() -> None:
    sizes = band_sizes(recorded()).set_index("layer")
    assert sizes.loc["GN", ["height", "width", "change"]].tolist() == [2.0, 1.0, 2.0]
    assert sizes.loc["no norm", ["height", "width", "change"]].tolist() == [2.5, 0.75, 1.5]


def test_ratio_of_the_upper_edges() -> None:
    assert edge_ratio(recorded(), above="none", below="group")["ratio"].tolist() == [1.5, 1.0]


def test_no_ratio_of_what_was_not_run() -> None:
    alone = recorded().query("norm == 'group'")
    assert edge_ratio(alone, above="none", below="group").empty


def test_the_largest_change_of_any_rate() -> None:
    edges = upper_edges(recorded())
    assert edges.query("layer == 'no norm'")["change"].tolist() == pytest.approx([6.0, 4.0])
