"""Heads: representation h [N, F] -> embedding z [N, D], and the encoder that joins backbone and head."""

from torch import Tensor, nn

from anatomy.quantities import Count


def mlp(features: int, *, hidden: Count = 128, dimension: Count = 128) -> nn.Sequential:
    """Linear, ReLU, Linear, with biases and no normalization: the projector of the dual-temperature scripts.

    Zhang et al. 2022, arXiv:2203.17248 (128 and 128 in their CIFAR scripts); the shape of SimCLR's g(h), equation 3.
    """
    return nn.Sequential(nn.Linear(features, hidden), nn.ReLU(inplace=True), nn.Linear(hidden, dimension))


def linear(features: int, *, dimension: Count = 10) -> nn.Linear:
    """One linear layer: with a dimension for each class, z are the logits of a classifier."""
    return nn.Linear(features, dimension)


class Encoder(nn.Module):
    """Projector after backbone. What probes and kNN read is `backbone`'s output h; the loss reads z."""

    def __init__(self, backbone: nn.Module, projector: nn.Module, dimension: int) -> None:
        super().__init__()
        self.backbone, self.projector, self.dimension = backbone, projector, dimension

    def forward(self, views: Tensor) -> Tensor:
        return self.projector(self.backbone(views))  # [N, D], raw: `similarity.unit` divides by the length
