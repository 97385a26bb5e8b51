"""What a loss does to one anchor, in numbers that a pencil can check: its positive's pull, and each negative's push.

Closed forms of the gradients of losses/, whose files have the sources; tests hold them against automatic
differentiation.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]
Force = tuple[float, Array]  # pull of the positive, push of each negative [K]

# Degrees on a circle: the anchor, its positive, and three negatives, of which a reader moves the first.
ANCHOR, POSITIVE, NEGATIVES = 90.0, 50.0, (150.0, 20.0, 270.0)


def softmax(logits: Array) -> Array:
    raised = np.exp(logits - logits.max())
    found: Array = raised / raised.sum()
    return found


def share_of_negatives(s: float, n: Array, t: float) -> float:
    """W: of all negatives in the softmax that includes the positive."""
    return float(softmax(np.array([s, *n]) / t)[1:].sum())


def weighed(w: float, n: Array, t: float) -> Force:
    """w / T, and w / T times the softmax."""
    return w / t, w / t * softmax(n / t)


def info_nce(s: float, n: Array, t: float) -> Force:
    """W / T, and W / T times the softmax."""
    return weighed(share_of_negatives(s, n, t), n, t)


def decoupled(s: float, n: Array, t: float) -> Force:
    return weighed(1.0, n, t)


def dual_temperature(s: float, n: Array, t: float) -> Force:
    """W / T, and W / T times the softmax; W at T' = 10 T, as the authors have 1 beside 0.1."""
    return weighed(share_of_negatives(s, n, 10 * t), n, t)


def debiased(s: float, n: Array, t: float, tau_plus: float = 0.1) -> Force:
    """w / T, and w / T times the softmax, where w = S / (1 - tau+) / (P + G); at the floor of G, G / (P + G) / T and
    no push. P = exp(s / T), S is the plain sum, G the corrected one."""
    p, total, floor = np.exp(s / t), np.exp(n / t).sum(), len(n) * np.exp(-1 / t)
    rest = (total - tau_plus * len(n) * p) / (1 - tau_plus)
    if rest < floor:
        return float(floor / (p + floor) / t), np.zeros_like(n)
    return weighed(float(total / (1 - tau_plus) / (p + rest)), n, t)


def hard_negatives(s: float, n: Array, t: float, beta: float = 1.0) -> Force:
    """W / T, and W / T times (1 + beta) q - beta r; W has the weighted sum in the place of the plain one."""
    q, r = softmax((1 + beta) * n / t), softmax(beta * n / t)
    total = len(n) * float((r * np.exp((n - s) / t)).sum())  # over exp(s / T)
    w = total / (1 + total)
    return w / t, w / t * ((1 + beta) * q - beta * r)


def cacr(s: float, n: Array, t: float) -> Force:
    """2, and 2 pi [1 + (n - mean) / T] with pi the softmax and the mean under it."""
    pi = softmax(n / t)
    return 2.0, 2 * pi * (1 + (n - pi @ n) / t)


def cacr_detached(s: float, n: Array, t: float) -> Force:
    return 2.0, 2 * softmax(n / t)


def spectral(s: float, n: Array, t: float) -> Force:
    """mu = 1 / T: 2 mu, and 2 mu^2 n / K."""
    return 2 / t, 2 * n / len(n) / t**2


FAMILY: dict[str, Callable[[float, Array, float], Force]] = {
    "InfoNCE": info_nce,
    "DCL": decoupled,
    "dual temperature": dual_temperature,
    "debiased": debiased,
    "hard negatives": hard_negatives,
    "CACR": cacr,
    "CACR, weights detached": cacr_detached,
    "spectral": spectral,
}
# Over its pull, dual temperature is InfoNCE again, and debiased is too or has no push at all.
DRAWN = ("InfoNCE", "DCL", "hard negatives", "CACR", "CACR, weights detached", "spectral")


def on_circle(temperature: float, positive: float = POSITIVE, negatives: tuple[float, ...] = NEGATIVES) -> pd.DataFrame:
    """A row for each point and each loss of DRAWN, angles in degrees: columns loss, role, angle, similarity, force (of
    the positive its pull, of a negative its push), share (the force over the pull of the same loss)."""
    angles = np.array([positive, *negatives])
    s, *n = np.cos(np.radians(angles - ANCHOR))
    rows = []
    for name in DRAWN:
        pull, push = FAMILY[name](float(s), np.array(n), temperature)
        forces = np.array([pull, *push])
        rows.append(
            pd.DataFrame(
                {
                    "loss": name,
                    "role": ["positive"] + ["negative"] * len(n),
                    "angle": angles,
                    "similarity": [s, *n],
                    "force": forces,
                    "share": forces / pull,
                }
            )
        )
    return pd.concat(rows, ignore_index=True)
