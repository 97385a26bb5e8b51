"""normalization-6: GN+ has no answer for one image, and its answers depend on the other images."""

import pandas as pd

from anatomy.arms.normalization import runs
from anatomy.verdicts import Claim, Difference, Exact, Part, Sample, Tables


def mates(tables: Tables, *norms: str) -> pd.DataFrame:
    return pd.concat([runs(tables["batch_mates"], norm=norm) for norm in norms])


def plus_changes(tables: Tables) -> Sample:
    rows = mates(tables, "group_plus")
    return Sample.of(rows.groupby("seed")["change"].mean().to_numpy(dtype=float), rows)


def others_change(tables: Tables) -> Sample:
    rows = mates(tables, "group", "batch")
    return Sample.of(rows["change"].to_numpy(dtype=float), rows)


def plus_alone(tables: Tables) -> Sample:
    rows = mates(tables, "group_plus")
    return Sample.of(rows["alone"].to_numpy(dtype=float), rows)


def others_alone(tables: Tables) -> Sample:
    rows = mates(tables, "group", "batch")
    return Sample.of(1 - rows["alone"].to_numpy(dtype=float), rows)


CLAIM = Claim(
    module=__name__,
    statement="GN+ as published has no answer for a single image, and its answer for an image depends on the other "
    "images of the test batch; group and batch normalization have neither flaw.",
    attribution="code",
    source="agusgun/CS-570-Project: no running statistics, deviations over the test batch alone (unbiased, so "
    "undefined for one image). That these are flaws is ours.",
    quantity="Of trained networks, in float64 and evaluation mode: the largest change of a logit of 4 images when "
    "the other 4 of their batch are exchanged, over the deviation of the logits; share of 4 images that the network "
    "answers one by one.",
    parts={
        "GN+ depends on batch mates": Part(Difference(0.01), plus_changes, unit="", demonstration=True),
        "GN and BN do not": Part(Exact(1e-10), others_change, demonstration=True),
        "GN+ has no answer for one image": Part(Exact(1e-10), plus_alone, demonstration=True),
        "GN and BN have one": Part(Exact(1e-10), others_alone, demonstration=True),
    },
    margins="a hundredth of the deviation of the logits",
    notes="What is exact here: GN's and BN's change, GN+'s share, and what GN's and BN's share lacks of 1.",
    min_preset="laptop",
)
