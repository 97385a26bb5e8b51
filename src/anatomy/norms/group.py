"""Group normalization. Wu and He 2018, arXiv:1803.08494; 32 groups are theirs."""

from torch import Tensor, nn

from anatomy.memory_order import in_order_of
from anatomy.norms import dividing
from anatomy.quantities import Count


class Group(nn.GroupNorm):
    """torch's layer: statistics over the pixels and the channels of a group, of each image by itself."""

    def __init__(self, channels: int, *, groups: Count = 32) -> None:
        super().__init__(dividing(groups, channels), channels)

    def forward(self, x: Tensor) -> Tensor:
        # torch's kernel is ten times slower on a channels_last map in bfloat16, which the convolutions hand over. Under
        # autocast it hands on float32 on a GPU, up to the next convolution, and bfloat16 on a processor.
        return in_order_of(x, super().forward(x.contiguous()).to(x.dtype))
