"""Networks: sizes of maps and outputs, numbers of weights by arithmetic, and what is normalized."""

from itertools import pairwise

import pytest
import torch
from torch import nn

from anatomy.networks.backbones import resnet8, resnet18, scatnet, vgg7, vgg11
from anatomy.networks.heads import Encoder, linear, mlp
from anatomy.networks.layers import Noise, StandardizedConv2d
from anatomy.runs import parts


def weights(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def basic_blocks(w_in: int, w: int) -> int:
    """Weights of the first block of a stage: two 3x3, two norms of 2w, and a 1x1 with its norm."""
    shortcut = 0 if w_in == w else w_in * w + 2 * w
    return 9 * w_in * w + 9 * w * w + 4 * w + shortcut


def resnet18_weights(w: int) -> int:
    """Stem 3x3, norm, then for each width a first block and a second one."""
    widths = [w, w, 2 * w, 4 * w, 8 * w]
    stages = sum(basic_blocks(a, b) + basic_blocks(b, b) for a, b in pairwise(widths))
    return 27 * w + 2 * w + stages


@pytest.mark.parametrize("width", [4, 16, 64])
def test_resnet18_has_the_papers_number_of_weights(width: int) -> None:
    assert weights(resnet18(width=width)) == resnet18_weights(width)


def test_at_width_64_these_are_11_million() -> None:
    """torchvision's 11,689,512 less its classifier, 513,000, and a stem of 7 x 7 instead of 3 x 3."""
    assert resnet18_weights(64) == 11_689_512 - 513 * 1000 - 3 * (49 - 9) * 64
    assert round(resnet18_weights(64) / 1e6, 2) == 11.17


@pytest.mark.parametrize("width", [4, 16])
def test_resnet8_has_one_block_a_width(width: int) -> None:
    widths = [width, width, 2 * width, 4 * width]
    blocks = sum(basic_blocks(a, b) for a, b in pairwise(widths))
    stem = 3 * 4 * 4 * width + 2 * width  # a patch of 4 x 4 at stride 2
    assert weights(resnet8(width=width)) == stem + blocks


def resolutions(network: nn.Module, size: int) -> list[int]:
    """Sides of the maps after the stem and after every block."""
    sides: list[int] = []
    for layer in (network.stem, *network.stages):
        layer.register_forward_hook(lambda _, __, out: sides.append(out.shape[-1]))
    network.eval()(torch.zeros(1, 3, size, size))
    return sides


def test_resnet18_keeps_the_resolution_of_its_first_stage() -> None:
    assert resolutions(resnet18(width=4), 32) == [32, 32, 32, 16, 16, 8, 8, 4, 4]


@pytest.mark.parametrize(
    ("stride", "size", "expected"),
    [(1, 32, [32, 32, 16, 8]), (2, 32, [16, 16, 8, 4]), (4, 32, [8, 8, 4, 2]), (2, 16, [8, 8, 4, 2])],
)
def test_resnet8s_stem_divides_the_resolution(stride: int, size: int, expected: list[int]) -> None:
    assert resolutions(resnet8(width=4, stem_stride=stride), size) == expected


@pytest.mark.parametrize(("make", "share"), [(resnet18, 8), (resnet8, 4)], ids=["resnet18", "resnet8"])
@pytest.mark.parametrize("width", [4, 8])
def test_the_representation_has_the_dimension_it_says(make, share: int, width: int) -> None:
    network = make(width=width)
    h = network(torch.zeros(2, 3, 32, 32))
    assert h.shape == (2, network.dimension)
    assert network.dimension == share * width


def test_every_backbone_stands_here() -> None:
    assert parts.names("backbone") == ["pixels", "resnet18", "resnet8", "scatnet", "vgg11", "vgg7"]
    assert parts.names("projector") == ["linear", "mlp", "mlp_norm"]


def test_the_norm_under_study_replaces_every_other() -> None:
    made: list[int] = []

    def norm(channels: int) -> nn.Module:
        made.append(channels)
        return nn.Identity()

    network = resnet18(norm, width=4)
    assert not [m for m in network.modules() if isinstance(m, nn.BatchNorm2d)]
    # the stem's, two a block, one a widening shortcut
    assert sorted(made) == sorted([4] + [4] * 4 + [8] * 5 + [16] * 5 + [32] * 5)


@pytest.mark.parametrize("size", [16, 32, 48])
def test_the_whole_map_is_averaged(size: int, generator: torch.Generator) -> None:
    """Of any size: h is the mean over the last map."""
    network = resnet8(width=4).eval()
    x = torch.randn(2, 3, size, size, generator=generator)
    maps = network.stages(torch.relu(network.norm(network.stem(x))))
    torch.testing.assert_close(network(x), maps.mean((2, 3)))


def test_a_shortcut_is_a_convolution_of_one_pixel_at_the_stride_of_its_block(generator: torch.Generator) -> None:
    block = resnet8(lambda channels: nn.Identity(), width=4).stages[1].double()
    x = torch.randn(2, 4, 7, 8, dtype=torch.float64, generator=generator)
    strided = nn.functional.conv2d(x, block.shortcut[0].weight, stride=2)
    torch.testing.assert_close(block(x), torch.relu(block.conv2(torch.relu(block.conv1(x))) + strided))


def test_gradients_reach_every_weight(generator: torch.Generator) -> None:
    encoder = Encoder(resnet8(width=4), mlp(16, hidden=8, dimension=5), 5)
    encoder(torch.randn(4, 3, 16, 16, generator=generator)).square().sum().backward()
    assert all(p.grad is not None and p.grad.any() for p in encoder.parameters())


def test_the_projector_is_two_layers_with_biases() -> None:
    head = mlp(16, hidden=8, dimension=5)
    assert [type(layer) for layer in head] == [nn.Linear, nn.ReLU, nn.Linear]
    assert weights(head) == (16 * 8 + 8) + (8 * 5 + 5)
    assert head(torch.zeros(3, 16)).shape == (3, 5)


# --- scattering


@pytest.mark.parametrize(("width", "orientations"), [(4, 8), (16, 2)])
def test_scatnet_learns_two_blocks_and_what_mixes_its_channels(width: int, orientations: int) -> None:
    """A norm of all channels, a 1x1 to the width with its norm, blocks of 2 and 4 widths: no kernel of 5 or more."""
    channels = 3 * (1 + orientations) ** 2
    network = scatnet(width=width, orientations=orientations)
    mixed = 2 * channels + channels * width + 2 * width
    assert weights(network) == mixed + basic_blocks(width, 2 * width) + basic_blocks(2 * width, 4 * width)
    assert network.dimension == 4 * width
    for size in (8, 16, 32, 18):
        assert network.eval()(torch.zeros(2, 3, size, size)).shape == (2, 4 * width)


def test_it_has_nearly_as_many_weights_as_resnet8() -> None:
    """What differs is what comes before the last two blocks, and not how much is learned."""
    assert weights(scatnet()) == pytest.approx(weights(resnet8()), rel=0.02)


# --- VGG


def vgg_weights(*widths: int) -> int:
    """3x3 convolutions from one width to the next, the first from 3 colors, and two numbers a channel of each norm."""
    return sum(9 * a * b + 2 * b for a, b in pairwise((3, *widths)))


@pytest.mark.parametrize("width", [4, 64])
def test_vgg11_has_the_papers_convolutions(width: int) -> None:
    times = (1, 2, 4, 4, 8, 8, 8, 8)
    network = vgg11(width=width)
    assert weights(network) == vgg_weights(*(width * t for t in times))
    assert network.dimension == 8 * width
    assert network.eval()(torch.zeros(2, 3, 32, 32)).shape == (2, 8 * width)


def test_vgg7_has_six_convolutions() -> None:
    network = vgg7(width=4)
    assert weights(network) == vgg_weights(4, 8, 8, 8, 16, 16)
    assert network.eval()(torch.zeros(2, 3, 32, 32)).shape == (2, network.dimension) == (2, 16)


def sides(network: nn.Module, size: int) -> list[int]:
    """Of the maps behind every convolution."""
    seen: list[int] = []
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            layer.register_forward_hook(lambda _, __, out: seen.append(out.shape[-1]))
    network.eval()(torch.zeros(1, 3, size, size))
    return seen


def test_where_vgg_halves_the_map() -> None:
    assert sides(vgg11(width=4), 32) == [32, 16, 8, 8, 4, 4, 2, 2]
    assert sides(vgg7(width=4), 32) == [16, 16, 8, 8, 4, 4]


@pytest.mark.parametrize("make", [resnet8, resnet18, scatnet, vgg7, vgg11])
def test_all_convolutions_are_standardized_or_none(make) -> None:
    for standardize in (False, True):
        kinds = {type(m) for m in make(width=4, standardize=standardize).modules() if isinstance(m, nn.Conv2d)}
        assert kinds == {StandardizedConv2d if standardize else nn.Conv2d}


def test_noise_stands_behind_every_norm_and_dropout_behind_every_pool() -> None:
    network = vgg11(width=4, dropout=0.3, noise_mean=0.5, noise_deviation=1.25, noise_groups=2)
    layers = [m for m in network.modules() if not list(m.children())]
    for kind, before in ((Noise, nn.BatchNorm2d), (nn.Dropout, nn.MaxPool2d)):
        places = [at for at, m in enumerate(layers) if isinstance(m, kind)]
        assert len(places) == sum(isinstance(m, before) for m in layers) > 0
        assert all(isinstance(layers[at - 1], before) for at in places)
    assert {(m.mean, m.deviation, m.groups) for m in layers if isinstance(m, Noise)} == {(0.5, 1.25, 2)}
    assert {m.p for m in layers if isinstance(m, nn.Dropout)} == {0.3}


@pytest.mark.parametrize("make", [vgg7, vgg11])
def test_the_norm_under_study_stands_behind_every_convolution_of_vgg(make) -> None:
    made: list[int] = []
    network = make(lambda channels: made.append(channels) or nn.Identity(), width=4)
    assert made == [m.out_channels for m in network.modules() if isinstance(m, nn.Conv2d)]


def test_a_linear_projector_gives_logits() -> None:
    head = linear(16, dimension=7)
    assert head(torch.zeros(3, 16)).shape == (3, 7)
    assert parts.default("projector", "linear", "dimension") == 10
