"""A batch of vectors taken apart: the center that all share, and what is left of each.

Zhang et al. 2022, arXiv:2203.16262: o = E[z], r = z - o. Collapse is a center of length 1 and residuals of length 0.

What e is. A loss -A . sg(T) pulls A along T. Its *basic* gradient B is the other view's vector of A's own kind (Z_b, or
P_b where A is a prediction); the *extra* gradient is the rest, G_e = T - B, and o_e and r_e are its components:
  - SimSiam: A = P_a, B = P_b, T = Z_b, so G_e = Z_b - P_b, o_e = o_z - o_p, r_e = r_z - r_p;
  - a triplet: A = Z_a, B = Z_b, T = Z_b - Z_n, so G_e = -Z_n, o_e = -o_z, r_e = -r_n;
  - InfoNCE: T = Z_b - sum_j l_j Z_j with l the softmax over all keys, the positive among them, so o_e and r_e.
For InfoNCE o_e is fixed to be -o_z, the center of the keys (sum l = 1), and r_e = G_e + o_z; elsewhere o_e is the batch
mean of G_e. The split into basic and extra is a choice: adding Z_a to either changes no gradient, for Z_a . Z_a = 1.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

from anatomy.similarity import inner, unit

Vectors = Float[Tensor, "N D"]


@dataclass(frozen=True)
class Decomposition:
    """z = center + residual, row by row."""

    center: Float[Tensor, " D"]
    residual: Vectors

    def only(self, component: Literal["both", "center", "residual", "none"]) -> Vectors:
        """One component of each vector [N, D], both of them, or zeros."""
        if component == "none":
            return torch.zeros_like(self.residual)
        center = self.center.expand_as(self.residual)
        return {"both": center + self.residual, "center": center, "residual": self.residual}[component]

    @property
    def lengths(self) -> tuple[Tensor, Tensor]:
        """m_o and m_r: length of the center, mean length of the residuals; scalars, of unit vectors in [0, 1]."""
        return self.center.norm(), self.residual.norm(dim=1).mean()


def decompose(z: Vectors) -> Decomposition:
    """Center and residuals of a batch. Of N independent directions the center has length 1 / sqrt(N), not 0."""
    center = z.mean(0)
    return Decomposition(center, z - center)


def decompose_gradient(basic: Vectors, target: Vectors, center: Float[Tensor, " D"] | None = None) -> Decomposition:
    """o_e and r_e of the extra gradient G_e = target - basic (see the top of this file).

    `center`: o_e where it is not the batch mean of G_e, as for InfoNCE, or from other images than these.
    """
    extra = target - basic
    return decompose(extra) if center is None else Decomposition(center, extra - center)


def info_nce_target(anchor: Vectors, keys: Vectors, temperature: float) -> Vectors:
    """What InfoNCE pulls each anchor to, row i of the keys being the positive of anchor i: Z_b - sum_j l_j Z_j."""
    shares = (inner(anchor, keys) / temperature).softmax(1)  # l [N, N], each row sums to 1
    return keys - shares @ keys


def covariance(z: Vectors) -> Float[Tensor, "D D"]:
    """C = (z - o)'(z - o) / (N - 1)."""
    residual = decompose(z).residual
    with torch.autocast(z.device.type, enabled=False):
        return residual.T @ residual / (len(z) - 1)


def off_diagonal_square(square: Float[Tensor, "D D"]) -> Float[Tensor, ""]:
    """The sum over i != j of C_ij^2: how much dimensions repeat each other."""
    return square.square().sum() - square.diagonal().square().sum()


def decorrelation(z: Vectors, standardize: bool = False) -> Float[Tensor, ""]:
    """sum_{i != j} C_ij^2 / D: Algorithm 6 of Zhang et al. 2022, arXiv:2203.16262.

    `standardize`: of correlations in place of covariances. The covariances are of degree 4 in the residuals, so their
    loss is least where all residuals are 0, which is collapse; correlations do not know how long a residual is.
    """
    c = covariance(z)
    if standardize:
        deviation = c.diagonal().clamp(min=torch.finfo(c.dtype).tiny).sqrt()
        c = c / deviation / deviation[:, None]
    return off_diagonal_square(c) / len(c)


def spread_hinge(z: Vectors) -> Float[Tensor, ""]:
    """mean over dimensions of max(0, 1 - deviation over the batch): equation 1 of Bardes et al. 2022, arXiv:2105.04906,
    VICReg's variance term."""
    return (1 - (z.var(0) + 1e-4).sqrt()).relu().mean()


def decorrelation_force(z: Vectors) -> Vectors:
    """-dL/dz of `decorrelation`, by hand: -4 / ((N - 1) D) times offdiag(C) r for each residual r."""
    c = covariance(z)
    away = c - c.diagonal().diag()
    return -4 / (len(z) - 1) / len(c) * decompose(z).residual @ away


def whitened(z: Vectors, like: Float[Tensor, "M D"], share: float) -> Vectors:
    """Unit vectors of (z - o) C^(-share / 2), with center and covariance of `like`; share 1 makes C the identity.

    Directions in which `like` has no variance are left out.
    """
    values, basis = torch.linalg.eigh(covariance(like))
    kept = values > 1e-9 * values.max()
    scale = torch.where(kept, values.clamp(min=torch.finfo(values.dtype).tiny) ** (-share / 2), 0)
    return unit((z - like.mean(0)) @ (basis * scale) @ basis.T)


def cosine(a: Tensor, b: Tensor) -> Float[Tensor, ""]:
    """Of two vectors, or of two batches read as one long vector each."""
    found: Tensor = (a * b).sum() / a.norm() / b.norm()
    return found


def geometry(z: Vectors) -> dict[str, Tensor]:
    """Scalars of unit vectors: `spread` (std of a dimension, mean over dimensions, times sqrt(D): 1 where
    directions are uniform), `center` m_o, `residual` m_r, `rank` (effective: (tr C)^2 / tr C^2), `covariance` (the sum
    of its squared off-diagonal entries)."""
    c = covariance(z)
    center, residual = decompose(z).lengths
    trace, square = c.trace(), c.square().sum()
    spread = z.std(0, correction=0).mean() * z.shape[1] ** 0.5
    return {
        "spread": spread,
        "center": center,
        "residual": residual,
        "rank": trace.square() / square,
        "covariance": off_diagonal_square(c),
    }


def against_prediction(z: Vectors, p: Vectors) -> dict[str, Tensor]:
    """How the centers of embeddings and predictions lie to each other, scalars.

    `eta_p` = (o_z - o_p) . o_p / |o_p|^2: below 0 the predictor's extra gradient leads away from the center of P;
    `eta_z` = (o_p - o_z) . o_z / |o_z|^2: above 0 Mirror SimSiam's leads to the center of Z. Where the two centers are
    parallel and rho = |o_p| / |o_z|, these are 1 / rho - 1 and rho - 1: one number, told twice.
    """
    o_z, o_p = z.mean(0), p.mean(0)
    with torch.autocast(z.device.type, enabled=False):  # the whole set is shown under autocast
        product, of_p, of_z = o_z @ o_p, o_p @ o_p, o_z @ o_z
    return {
        "length_ratio": o_p.norm() / o_z.norm(),
        "center_cosine": cosine(o_z, o_p),
        "eta_p": product / of_p - 1,
        "eta_z": product / of_z - 1,
    }
