"""Four points on a circle: both parts of InfoNCE's gradient in numbers that a pencil can check.

The split into W (inter-anchor) and p_hat (intra-anchor) is that of Zhang et al. 2022, arXiv:2203.17248.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd


class Scene(NamedTuple):
    """One anchor and what it sees: angles in degrees."""

    anchor: float
    positive: float
    negatives: tuple[float, ...]


# Degrees. One anchor with two negatives, one a little nearer (60 degrees) than the other (70).
ONE_ANCHOR = Scene(anchor=90, positive=50, negatives=(150, 20))
# Two images, two views of each; the negatives of an anchor are the views of the other image, as in SimCLR.
# The anchors are 50 degrees apart; one has its positive at 30 degrees, the other at 75.
FOUND = Scene(anchor=100, positive=130, negatives=(50, -25))
LOST = Scene(anchor=50, positive=-25, negatives=(100, 130))


def four_points(temperature: float) -> pd.DataFrame:
    """The forces of the figure: picture is "intra" (one anchor) or "inter" (two); else as `forces`."""
    intra = forces(ONE_ANCHOR, temperature).assign(picture="intra")
    inter = [forces(each, temperature).assign(picture="inter") for each in (FOUND, LOST)]
    return pd.concat([intra, *inter], ignore_index=True)


def forces(scene: Scene, temperature: float) -> pd.DataFrame:
    """What acts on one anchor: a row for its positive, then one for each negative.

    Columns: anchor, other (degrees), role, similarity, share (p_hat of a negative, 1 for the positive), and
    weight (W, the same in each row). The anchor moves along weight / temperature *
    (positive - sum of share * negative).
    """
    others = np.array([scene.positive, *scene.negatives], dtype=float)
    similarity = np.cos(np.radians(others - scene.anchor))
    logits = similarity / temperature
    above = np.logaddexp.reduce(logits[1:])  # log of S, the sum over negatives
    return pd.DataFrame(
        {
            "anchor": float(scene.anchor),
            "other": others,
            "role": ["positive"] + ["negative"] * len(scene.negatives),
            "similarity": similarity,
            "share": np.concatenate([[1.0], np.exp(logits[1:] - above)]),
            "weight": np.exp(-np.logaddexp(0, logits[0] - above)),  # S / (S + exp(s_+ / T))
        }
    )
