"""Heads: representation h [N, F] -> embedding z [N, D], and the encoder that joins backbone and head."""

from collections.abc import Mapping
from copy import deepcopy

import torch
from torch import Tensor, nn

from anatomy.quantities import Count
from anatomy.similarity import unit


def mlp(features: int, *, hidden: Count = 128, dimension: Count = 128) -> nn.Sequential:
    """Linear, ReLU, Linear, with biases and no normalization: the projector of the dual-temperature scripts.

    Zhang et al. 2022, arXiv:2203.17248 (128 and 128 in their CIFAR scripts); the shape of SimCLR's g(h), equation 3.
    """
    return nn.Sequential(nn.Linear(features, hidden), nn.ReLU(inplace=True), nn.Linear(hidden, dimension))


def mlp_norm(
    features: int, *, hidden: Count = 2048, dimension: Count = 2048, final_norm: bool = False
) -> nn.Sequential:
    """Three linear layers, BatchNorm and ReLU behind the first two: the projector of SimSiam.

    Chen and He 2021, arXiv:2011.10566, section 3, where BatchNorm without affine parameters stands behind the third as
    well (`final_norm`). The code of a co-author of Zhang et al. 2022, arXiv:2203.16262, has none there, so that the
    center of a batch need not be zero; 2048 and 2048 are theirs.
    """
    last: list[nn.Module] = [nn.Linear(hidden, dimension)]
    if final_norm:
        last.append(nn.BatchNorm1d(dimension, affine=False))
    return nn.Sequential(
        nn.Linear(features, hidden, bias=False), nn.BatchNorm1d(hidden), nn.ReLU(inplace=True),
        nn.Linear(hidden, hidden, bias=False), nn.BatchNorm1d(hidden), nn.ReLU(inplace=True),
        *last,
    )  # fmt: skip


def bottleneck(dimension: int, hidden: int) -> nn.Sequential:
    """SimSiam's predictor: Linear, BatchNorm, ReLU, Linear (Chen and He 2021, arXiv:2011.10566, section 3)."""
    first = [nn.Linear(dimension, hidden, bias=False), nn.BatchNorm1d(hidden), nn.ReLU(inplace=True)]
    return nn.Sequential(*first, nn.Linear(hidden, dimension))


class OneLayer(nn.Module):
    """The least of predictors, on unit embeddings: z + b, with b = 0 at the start, or W z.

    Options of the code of a co-author of Zhang et al. 2022, arXiv:2203.16262.
    """

    def __init__(self, dimension: int, *, bias: bool) -> None:
        super().__init__()
        self.linear = None if bias else nn.Linear(dimension, dimension, bias=False)
        self.bias = nn.Parameter(torch.zeros(dimension)) if bias else None

    def forward(self, z: Tensor) -> Tensor:
        z = unit(z) if self.linear is None else self.linear(unit(z))
        return z if self.bias is None else z + self.bias


def linear(features: int, *, dimension: Count = 10) -> nn.Linear:
    """One linear layer: with a dimension for each class, z are the logits of a classifier."""
    return nn.Linear(features, dimension)


class Gauge(nn.Module):
    """A number in (0, 1) for each row [N, F], by a small network: what a learned temperature is made of.

    Linear, ReLU, Linear, sigmoid, with 128 hidden: the phi of AMCL's code (LeiWangR/cl; Wang et al. 2024,
    arXiv:2310.05615). At the start it says about a half.
    """

    def __init__(self, features: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(features, 128), nn.ReLU(inplace=True), nn.Linear(128, 1))

    def forward(self, rows: Tensor) -> Tensor:
        with torch.autocast(rows.device.type, enabled=False):
            share: Tensor = self.layers(rows).squeeze(1).sigmoid()
        return share  # [N]


def like(projector: nn.Module, count: int) -> nn.ModuleList:
    """`count` projectors of the same layers, each with weights of its own, drawn by torch's generator."""
    copies = nn.ModuleList(deepcopy(projector) for _ in range(count))
    for module in copies.modules():
        reset = getattr(module, "reset_parameters", None)
        if callable(reset):
            reset()
    return copies


class Encoder(nn.Module):
    """Projector after backbone. What probes and kNN read is `backbone`'s output h; the loss reads z."""

    def __init__(self, backbone: nn.Module, projector: nn.Module, dimension: int) -> None:
        super().__init__()
        self.backbone, self.projector, self.dimension = backbone, projector, dimension

    def forward(self, views: Tensor) -> Tensor:
        z: Tensor = self.projector(self.backbone(views))  # [N, D], raw: `similarity.unit` divides by the length
        return z


Others = Mapping[str, Encoder]  # by key: the trained encoders of the runs whose weights a run uses
