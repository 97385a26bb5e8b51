"""Networks: image -> representation h [N, F]. One function a network; its name is the string in a parameter."""

from collections.abc import Callable

from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d, relu

from anatomy.quantities import Count

Norm = Callable[[int], nn.Module]  # channels -> normalization layer


def resnet18(norm: Norm = nn.BatchNorm2d, *, width: Count = 64) -> "ResNet":
    """ResNet-18 with the CIFAR stem: 3x3 at stride 1, no max-pool (SimCLR, Chen et al. 2020, appendix B.9).

    He et al. 2016, arXiv:1512.03385. F = 8 x width; width 64 is the papers' (11.2 million weights), 16 has a
    sixteenth of it. The dual-temperature code pads the stem by 2 (maps of 34 x 34); we pad by 1, as everybody else.
    """
    stem = nn.Conv2d(3, width, 3, stride=1, padding=1, bias=False)
    return ResNet(stem, [width, 2 * width, 4 * width, 8 * width], blocks=2, norm=norm)


def resnet8(norm: Norm = nn.BatchNorm2d, *, width: Count = 16, stem_stride: Count = 2) -> "ResNet":
    """The CIFAR ResNet of He et al. 2016, section 4.2, with n = 1: one block at each of three widths, F = 4 x width.

    Theirs has a 3x3 stem at stride 1. Ours is a patch of 2 x stride at `stem_stride` (3x3 at stride 1), since four
    times fewer pixels cost a laptop four times less.
    """
    kernel = 3 if stem_stride == 1 else 2 * stem_stride
    stem = nn.Conv2d(3, width, kernel, stride=stem_stride, padding=(kernel - stem_stride + 1) // 2, bias=False)
    return ResNet(stem, [width, 2 * width, 4 * width], blocks=1, norm=norm)


class ResNet(nn.Module):
    """Stem, stages of basic blocks at falling resolution, global average. `dimension` is F."""

    def __init__(self, stem: nn.Conv2d, widths: list[int], blocks: int, norm: Norm) -> None:
        super().__init__()
        self.stem, self.norm = stem, norm(stem.out_channels)
        widths_in = [stem.out_channels, *widths]
        self.stages = nn.Sequential(
            *(
                Block(widths_in[i] if b == 0 else width, width, 2 if b == 0 and i > 0 else 1, norm)
                for i, width in enumerate(widths)
                for b in range(blocks)
            )
        )
        self.dimension = widths[-1]
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> Tensor:
        x = relu(self.norm(self.stem(x)))  # [N, C, H, W]
        return adaptive_avg_pool2d(self.stages(x), 1).flatten(1)  # [N, F]


class Block(nn.Module):
    """Two 3x3 convolutions and a shortcut (He et al. 2016, figure 5 left)."""

    def __init__(self, width_in: int, width: int, stride: int, norm: Norm) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width_in, width, 3, stride, padding=1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm1, self.norm2 = norm(width), norm(width)
        same = stride == 1 and width_in == width
        convolution = nn.Conv2d(width_in, width, 1, stride, bias=False)
        self.shortcut = nn.Identity() if same else nn.Sequential(convolution, norm(width))

    def forward(self, x: Tensor) -> Tensor:
        out = relu(self.norm1(self.conv1(x)))
        return relu(self.norm2(self.conv2(out)) + self.shortcut(x))
