"""InfoNCE's extra gradient over temperature: how long its two components are, and whether the residual decorrelates.

Zhang et al. 2022, arXiv:2203.16262, Figure 5c. The network is frozen, so the temperature alone changes; then the
embeddings are whitened, or the center is taken from other images, to see what the shape of the curve comes from.
"""

from collections.abc import Iterator

from torch import Tensor

from anatomy.decomposition import (
    Decomposition,
    cosine,
    decompose_gradient,
    decorrelation_force,
    info_nce_target,
    whitened,
)
from anatomy.measures import Table, Trained
from anatomy.quantities import Share, Temperature
from anatomy.similarity import unit

MAX_IMAGES = 1024  # images on each side
COLUMNS = ["whitened", "center_of", "at", "center_length", "residual_length", "center_alignment", "alignment"]


def gradient_parts(
    trained: Trained,
    *,
    temperatures: tuple[Temperature, ...] = (0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 1.0),
    shares: tuple[Share, ...] = (0.0, 0.5, 0.8, 1.0),
) -> Table:
    """Columns whitened, center_of, at (the temperature), center_length |o_e|, residual_length (mean |r_e|), and how o_e
    and r_e align with the force that decorrelates the anchors: the cosine of all anchors' vectors read as one.

    Anchors and keys are two views of one batch of unseen images, at most 1,024 and half of them. `center_of` says whose
    center o_e is: that of these keys ("this batch") or of the same number of other images ("other images").
    `whitened` is the share of the anchors' covariance that is taken away. In float64.
    """
    z_1, z_2 = (unit(trained.embeddings(trained.unseen, f"parts {view}").double().cpu()) for view in (1, 2))
    count = min(MAX_IMAGES, len(z_1) // 2)
    rows = [
        (share, name, temperature, *numbers(extra, force))
        for share in shares
        for name, temperature, extra, force in split(*at(share, z_1, z_2, count), temperatures)
    ]
    return {name: list(column) for name, column in zip(COLUMNS, zip(*rows, strict=True), strict=True)}


def at(share: float, z_1: Tensor, z_2: Tensor, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """Anchors, keys and other keys, whitened by the anchors' covariance; untouched at share 0."""
    anchors, keys, others = z_1[:count], z_2[:count], z_2[count : 2 * count]
    if share == 0:
        return anchors, keys, others
    return whitened(anchors, anchors, share), whitened(keys, anchors, share), whitened(others, anchors, share)


def split(
    anchors: Tensor, keys: Tensor, others: Tensor, temperatures: tuple[float, ...]
) -> Iterator[tuple[str, float, Decomposition, Tensor]]:
    """The extra gradient's components at each temperature, by the center of the keys and by that of other images."""
    force = decorrelation_force(anchors)
    for temperature in temperatures:
        target = info_nce_target(anchors, keys, temperature)
        for name, of in (("this batch", keys), ("other images", others)):
            yield name, temperature, decompose_gradient(keys, target, center=-of.mean(0)), force


def numbers(extra: Decomposition, force: Tensor) -> tuple[float, ...]:
    o_e, r_e = extra.only("center"), extra.residual
    return (*(length.item() for length in extra.lengths), cosine(o_e, force).item(), cosine(r_e, force).item())
