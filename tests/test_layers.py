"""Standardized weights, and noise shared by the pixels and channels of a group."""

import pytest
import torch
from torch import nn

import reference
from anatomy.errors import InputError
from anatomy.networks.layers import Noise, StandardizedConv2d, noisy
from reference import array, assert_close


@pytest.fixture
def convolution() -> StandardizedConv2d:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return StandardizedConv2d(3, 4, 3, stride=2, padding=1, bias=False).double()


def test_weights_against_loops(convolution: StandardizedConv2d) -> None:
    assert_close(convolution.standardized(), reference.standardized_weights(array(convolution.weight)))


def test_it_convolves_with_them(convolution: StandardizedConv2d, generator: torch.Generator) -> None:
    x = torch.randn(2, 3, 5, 5, generator=generator, dtype=torch.float64)
    plain = nn.functional.conv2d(x, convolution.standardized(), None, 2, 1)
    assert_close(convolution(x), array(plain))


def test_scale_and_shift_of_the_stored_weights_do_not_matter(convolution: StandardizedConv2d) -> None:
    before = convolution.standardized().detach()
    with torch.no_grad():
        convolution.weight.mul_(1000).add_(5)
    # 1e-5 is added to a deviation of 0.2: 5e-5 of it.
    torch.testing.assert_close(convolution.standardized(), before, rtol=1e-4, atol=1e-4)


def test_the_gradient_flows_through_the_standardization(convolution: StandardizedConv2d) -> None:
    x = torch.randn(2, 3, 5, 5, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    convolution(x).pow(3).sum().backward()
    gradient = convolution.weight.grad
    assert gradient is not None
    # A shift of all weights of a channel changes nothing, so the gradient has no part along it.
    assert gradient.sum((1, 2, 3)).abs().max() < 1e-8 * gradient.abs().max()
    assert gradient.abs().max() > 1e-3


def added(noise: Noise, n: int = 500) -> torch.Tensor:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return noise(torch.zeros(n, 6, 3, 2, dtype=torch.float64))


def test_noise_is_one_number_an_image_and_group() -> None:
    y = added(Noise(6, 0.5, 1.25, groups=3))
    grouped = y.view(500, 3, 2, 3, 2)
    assert torch.equal(grouped, grouped[:, :, :1, :1, :1].expand_as(grouped))
    assert len(grouped[:, :, 0, 0, 0].unique()) == 1500


def test_noise_has_the_mean_and_deviation_it_says() -> None:
    """1,500 draws: three standard errors are 0.1 of the mean and 0.07 of the deviation."""
    numbers = added(Noise(6, 0.5, 1.25, groups=3))[:, ::2, 0, 0]
    assert numbers.mean().item() == pytest.approx(0.5, abs=0.1)
    assert numbers.std().item() == pytest.approx(1.25, abs=0.07)


def test_noise_is_drawn_anew() -> None:
    noise, x = Noise(6, 0.0, 1.0, groups=3), torch.zeros(2, 6, 1, 1)
    assert not torch.equal(noise(x), noise(x))


def test_no_noise_in_evaluation() -> None:
    noise, x = Noise(6, 0.5, 1.0, groups=3).eval(), torch.ones(2, 6, 1, 1)
    assert noise(x) is x


def test_noise_stands_behind_each_norm_or_nowhere() -> None:
    assert noisy(nn.BatchNorm2d, 0.0, 0.0, 7) is nn.BatchNorm2d
    assert [type(layer) for layer in noisy(nn.BatchNorm2d, 0.0, 1.0, 2)(4)] == [nn.BatchNorm2d, Noise]
    with pytest.raises(InputError, match="groups is 3, but a layer has 4 channels"):
        noisy(nn.BatchNorm2d, 0.0, 1.0, 3)(4)
