"""Networks: image -> representation h [N, F]. One function a network; its name is the string in a parameter."""

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn.functional import relu

from anatomy.memory_order import every, global_average, in_order_of
from anatomy.networks.layers import Norm, StandardizedConv2d, noisy
from anatomy.networks.scattering import Scattering
from anatomy.quantities import Amount, Count, Share

POOL = 0  # in the plan of a VGG: a maximum over 2 x 2 pixels, in the place of a convolution of so many channels


def resnet18(norm: Norm = nn.BatchNorm2d, *, width: Count = 64, standardize: bool = False) -> "ResNet":
    """ResNet-18 with the CIFAR stem: 3x3 at stride 1, no max-pool (SimCLR, Chen et al. 2020, appendix B.9).

    He et al. 2016, arXiv:1512.03385. F = 8 x width; width 64 is the papers' (11.2 million weights), 16 has a
    sixteenth of it. The dual-temperature code pads the stem by 2 (maps of 34 x 34); we pad by 1, as everybody else.
    """
    convolution = convolutions(standardize)
    stem = convolution(3, width, 3, stride=1, padding=1, bias=False)
    return ResNet(stem, [width, 2 * width, 4 * width, 8 * width], blocks=2, norm=norm, convolution=convolution)


def resnet8(
    norm: Norm = nn.BatchNorm2d, *, width: Count = 16, stem_stride: Count = 2, standardize: bool = False
) -> "ResNet":
    """The CIFAR ResNet of He et al. 2016, section 4.2, with n = 1: one block at each of three widths, F = 4 x width.

    Theirs has a 3x3 stem at stride 1. Ours is a patch of 2 x stride at `stem_stride` (3x3 at stride 1), since four
    times fewer pixels cost a laptop four times less.
    """
    kernel = 3 if stem_stride == 1 else 2 * stem_stride
    convolution = convolutions(standardize)
    stem = convolution(3, width, kernel, stride=stem_stride, padding=(kernel - stem_stride + 1) // 2, bias=False)
    return ResNet(stem, [width, 2 * width, 4 * width], blocks=1, norm=norm, convolution=convolution)


def vgg11(
    norm: Norm = nn.BatchNorm2d,
    *,
    width: Count = 64,
    standardize: bool = False,
    dropout: Share = 0.0,
    noise_mean: Amount = 0.0,
    noise_deviation: Amount = 0.0,
    noise_groups: Count = 32,
) -> "VGG":
    """VGG-A: eight convolutions and five pools, for views of 32 pixels. Simonyan and Zisserman 2014, arXiv:1409.1556.

    F = 8 x width. `standardize` the weights of its convolutions; `dropout` after each pool, and `noise_*` behind each
    norm, are the perturbations of agusgun/CS-570-Project. Its hidden linear layers are a projector's.
    """
    w, plan = width, [1, POOL, 2, POOL, 4, 4, POOL, 8, 8, POOL, 8, 8, POOL]
    norm = noisy(norm, noise_mean, noise_deviation, noise_groups)
    return VGG([w * times for times in plan], norm, stride=1, standardize=standardize, dropout=dropout)


def vgg7(norm: Norm = nn.BatchNorm2d, *, width: Count = 32, standardize: bool = False, dropout: Share = 0.0) -> "VGG":
    """A VGG of six convolutions for a processor: stride 2 at once and a last average, F = 4 x width.

    Ours. Width 32 and not the 16 of a quarter of VGG's: 16 groups must not be single channels.
    """
    plan = [1, 2, POOL, 2, 2, POOL, 4, 4]
    return VGG([width * times for times in plan], norm, stride=2, standardize=standardize, dropout=dropout)


def scatnet(
    norm: Norm = nn.BatchNorm2d, *, width: Count = 16, orientations: Count = 8, standardize: bool = False
) -> "ScatNet":
    """resnet8 with a fixed scattering transform in the place of its stem and first block, F = 4 x width.

    Kinakh et al. 2021, arXiv:2108.13939, have 16 orientations, 3x3 in the place of our 1x1, and 8 to 45 blocks.
    """
    convolution, fixed = convolutions(standardize), Scattering(orientations)
    stem = convolution(fixed.channels, width, 1, bias=False)
    learned = ResNet(stem, [2 * width, 4 * width], blocks=1, norm=norm, convolution=convolution)
    return ScatNet(fixed, norm(fixed.channels), learned)


def pixels(size: int) -> "Pixels":
    """The image itself, size x size pixels of three colors: what a representation is held against. Nothing of it is
    trained, so it goes with epochs=0 alone."""
    return Pixels(3 * size**2)


class Pixels(nn.Module):
    """The colors of all pixels in a row. `dimension` is F."""

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.dimension = dimension

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(1)  # [N, F]


class ScatNet(nn.Module):
    """What is fixed, a norm, since its means are far larger than its moduli, and what learns. `dimension` is F."""

    def __init__(self, fixed: Scattering, norm: nn.Module, learned: "ResNet") -> None:
        super().__init__()
        self.fixed, self.norm, self.learned = fixed, norm, learned
        self.dimension = learned.dimension

    def forward(self, x: Tensor) -> Tensor:
        h: Tensor = self.learned(self.norm(in_order_of(x, self.fixed(x))))
        return h  # [N, F]


class VGG(nn.Module):
    """Convolution 3x3, norm, ReLU, again and again; then the global average. `dimension` is F."""

    def __init__(self, plan: Sequence[int], norm: Norm, *, stride: int, standardize: bool, dropout: float) -> None:
        super().__init__()
        convolution = convolutions(standardize)
        widths = [3, *(width for width in plan if width != POOL)]
        layers: list[nn.Module] = []
        for width in plan:
            if width == POOL:
                layers += [nn.MaxPool2d(2), nn.Dropout(dropout)]
                continue
            stride_here = 1 if layers else stride
            layers.append(convolution(widths.pop(0), width, 3, stride_here, padding=1, bias=False))
            layers += [norm(width), nn.ReLU(inplace=True)]
        self.layers, self.dimension = nn.Sequential(*layers), widths[-1]
        initialize(self)

    def forward(self, x: Tensor) -> Tensor:
        return global_average(self.layers(x))  # [N, F]


def convolutions(standardize: bool) -> type[nn.Conv2d]:
    """Which convolution a network is made of: torch's, or the one with standardized weights."""
    return StandardizedConv2d if standardize else nn.Conv2d


def initialize(network: nn.Module) -> None:
    """He et al. 2015, arXiv:1502.01852: the scale of a map survives a ReLU; by the outputs, as in torchvision."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")


class ResNet(nn.Module):
    """Stem, stages of basic blocks at falling resolution, global average. `dimension` is F."""

    def __init__(
        self, stem: nn.Conv2d, widths: list[int], blocks: int, norm: Norm, convolution: type[nn.Conv2d]
    ) -> None:
        super().__init__()
        self.stem, self.norm = stem, norm(stem.out_channels)
        widths_in = [stem.out_channels, *widths]
        self.stages = nn.Sequential(
            *(
                Block(widths_in[i] if b == 0 else width, width, 2 if b == 0 and i > 0 else 1, norm, convolution)
                for i, width in enumerate(widths)
                for b in range(blocks)
            )
        )
        self.dimension = widths[-1]
        initialize(self)

    def forward(self, x: Tensor) -> Tensor:
        x = relu(self.norm(self.stem(x)))  # [N, C, H, W]
        return global_average(self.stages(x))  # [N, F]


class Block(nn.Module):
    """Two 3x3 convolutions and a shortcut (He et al. 2016, figure 5 left)."""

    def __init__(self, width_in: int, width: int, stride: int, norm: Norm, convolution: type[nn.Conv2d]) -> None:
        super().__init__()
        self.conv1 = convolution(width_in, width, 3, stride, padding=1, bias=False)
        self.conv2 = convolution(width, width, 3, padding=1, bias=False)
        self.norm1, self.norm2 = norm(width), norm(width)
        same, self.stride = stride == 1 and width_in == width, stride
        widening = convolution(width_in, width, 1, bias=False)
        self.shortcut = nn.Identity() if same else nn.Sequential(widening, norm(width))

    def forward(self, x: Tensor) -> Tensor:
        out = relu(self.norm1(self.conv1(x)))
        # Every stride-th pixel and then a 1x1 convolution is the 1x1 convolution of that stride, in whose place it
        # stands: of few channels, oneDNN's for AVX2 writes beyond its memory (uxlfoundation/oneDNN, issue 6035).
        kept = every(self.stride, x)
        return relu(self.norm2(self.conv2(out)) + self.shortcut(kept))
