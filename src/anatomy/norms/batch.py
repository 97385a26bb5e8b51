"""Batch normalization. Ioffe and Szegedy 2015, arXiv:1502.03167."""

from torch import Tensor, nn

from anatomy.norms import several


class Batch(nn.BatchNorm2d):
    """torch's layer: eps 1e-5, running statistics with momentum 0.1 for evaluation.

    Of one image alone torch would take the statistics of its pixels, which is another layer: here that is an error.
    """

    def __init__(self, channels: int) -> None:
        super().__init__(channels)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(several(x) if self.training else x)
