"""Classes of unequal size: a training set of which some classes lose most of their images.

As in the code of CACR (JegZheng/CACR-SSL; Zheng et al. 2023, arXiv:2105.03746), where class i of n keeps the share
(i + 1) / n: that is ratio = n here.
"""

from typing import Literal

import numpy as np

Thinned = Literal["class", "chance"]


def kept(labels: np.ndarray, ratio: float, by: Thinned) -> np.ndarray:
    """Which of the images [N] stay, in their order. The first class keeps 1 / ratio of its images, the last all, those
    between as much as lies on the line from one to the other; never fewer than one.

    by chance: groups as large as the classes, whose images are drawn from all classes: as few images, in equal shares.
    """
    group = labels if by == "class" else labels[_order(len(labels))]
    count = int(labels.max()) + 1
    shares = np.linspace(1 / ratio, 1, count) if count > 1 else np.ones(1)
    chosen = [np.flatnonzero(group == label) for label in range(count)]
    first = [rows[: max(1, round(share * len(rows)))] for rows, share in zip(chosen, shares, strict=True)]
    return np.sort(np.concatenate(first))


def share_kept(ratio: float) -> float:
    """Of the images of equal classes, about."""
    return (1 + 1 / ratio) / 2


def _order(count: int) -> np.ndarray:
    """A fixed permutation, the same for all runs and seeds."""
    return np.argsort(np.random.Generator(np.random.PCG64(1)).random(count), kind="stable")
