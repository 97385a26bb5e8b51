"""Along which axes a network tells images apart, and what a predictor does along each, after every epoch.

Tian et al. 2021, arXiv:2102.06810: while a linear predictor W is trained, its eigenvectors turn into those of the
correlation F = E[z z'], and their DirectPred sets its eigenvalues from the square roots of F's. A predictor here need
not be linear, so W is the linear map nearest to it, E[p z'] F^-1, and is looked at along each eigenvector of F.
"""

from collections.abc import Iterable

import torch
from jaxtyping import Float
from torch import Tensor

from anatomy.quantities import Count
from anatomy.recorders import Rows, of_first
from anatomy.step import Method, StepOutput

BACKBONE, PROJECTOR = 0, 1  # the column `part`
DIGITS = 6  # behind the point


class Spectrum:
    """Rows (step, part, index, eigenvalue, rank, gain, alignment) of the first `whole` training images, clean and in
    evaluation mode, for the representation h (part 0) and the embedding z (part 1).

    `eigenvalue`: the index-th largest of E[x x'] / E[x.x], so that all sum to 1; the indices are powers of 2.
    `rank`: effective, 1 over the sum of their squares. `gain` and `alignment` of a predictor along the eigenvector u of
    the embedding: u'W u over the largest gain, and the cosine of W u and u; NaN without predictor and for the backbone.
    """

    needs = ()

    def __init__(self, *, whole: Count = 2048) -> None:
        self.whole = whole
        self.rows = Rows(["step", "part", "index", "eigenvalue", "rank", "gain", "alignment"])

    def after_backward(self, step: int, output: StepOutput, method: Method) -> None:
        """Nothing: the correlation of a batch has no more axes than images."""

    def end_of_epoch(self, step: int, method: Method, images: Iterable[Tensor]) -> None:
        """`images`: clean batches [n, 3, S, S] of the training set, in its own order; `step`: how many were made."""
        h = of_first(method.encoder.backbone, images, self.whole)
        z = method.encoder.projector(h)
        self.record(step, BACKBONE, h)
        self.record(step, PROJECTOR, z, None if method.predictor is None else method.predictor(z))

    def record(self, step: int, part: int, x: Float[Tensor, "N D"], p: Float[Tensor, "N D"] | None = None) -> None:
        values, axes = correlation(x)
        empty = torch.full_like(values, torch.nan)
        gain, alignment = (empty, empty) if p is None else along(axes, x, p)
        at = torch.tensor(powers_of_two(len(values)), device=x.device)
        rank = (1 / values.square().sum()).expand(len(at))
        measured = [values[at - 1], rank, gain[at - 1], alignment[at - 1]]
        said = [torch.full_like(rank, step), torch.full_like(rank, part), at.to(rank)]
        self.rows.add(torch.stack([*said, *(column.round(decimals=DIGITS) for column in measured)], 1))


def correlation(x: Float[Tensor, "N D"]) -> tuple[Float[Tensor, " D"], Float[Tensor, "D D"]]:
    """Eigenvalues of E[x x'] as shares of their sum, the largest first, and the eigenvectors, one a column; float64."""
    x = x.double()
    values, axes = torch.linalg.eigh(x.T @ x / len(x))
    return values.flip(0).clamp(min=0) / values.clamp(min=0).sum(), axes.flip(1)


def along(
    axes: Float[Tensor, "D D"], x: Float[Tensor, "N D"], p: Float[Tensor, "N D"]
) -> tuple[Float[Tensor, " D"], Float[Tensor, " D"]]:
    """Of the linear map W nearest to x -> p, along each eigenvector u of E[x x']: u'W u over the largest; cos(W u, u).

    W u = E[p x'] u / E[(u'x)^2], since F u is u times its eigenvalue: no matrix is inverted.
    """
    x, p = x.double(), p.double()
    coordinates = x @ axes  # [N, D]
    mapped = p.T @ coordinates / coordinates.square().sum(0).clamp(min=torch.finfo(x.dtype).tiny)  # W u, one a column
    gain = (axes * mapped).sum(0)
    return gain / gain.abs().max(), gain / mapped.norm(dim=0)


def powers_of_two(most: int) -> list[int]:
    """1, 2, 4 .. up to `most`."""
    return [2**k for k in range(most.bit_length())]
