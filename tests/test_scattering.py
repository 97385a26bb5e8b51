"""Scattering against loops from its equation; that it is no further from anything than the image; what its maps see."""

from math import pi

import pytest
import torch
from torch import Tensor

import reference
from anatomy.networks.scattering import Scattering, gaussian, wavelets

ORIENTATIONS = (1, 2, 4, 8, 16)


def scattering(orientations: int) -> Scattering:
    """In float64, with kernels that were never rounded."""
    layer = Scattering(orientations).double()
    layer.fine, layer.coarse = wavelets(0, orientations), wavelets(1, orientations)
    layer.mean, layer.mean_of_half = gaussian(1.6), gaussian(0.8)
    return layer


def images(generator: torch.Generator, count: int = 2, size: int = 16) -> Tensor:
    return torch.randn(count, 3, size, size, dtype=torch.float64, generator=generator)


@pytest.mark.parametrize(("orientations", "size"), [(2, 8), (3, 6), (8, 5)])
def test_against_loops(orientations: int, size: int, generator: torch.Generator) -> None:
    x = images(generator, 1, size)
    found = scattering(orientations)(x)
    assert found.shape[1] == Scattering(orientations).channels == 3 * (1 + orientations) ** 2
    reference.assert_close(found[0], reference.scattering(x[0].numpy(), orientations))


def test_in_float32_it_is_the_same(generator: torch.Generator) -> None:
    x = images(generator)
    reference.assert_close(Scattering(4)(x.float()), scattering(4)(x))


def spectrum(kernels: Tensor) -> Tensor:
    """|k(w)|^2 of complex kernels [K2, 1, k, k], mean over w and -w, sum over kernels: what a real map meets."""
    power = torch.fft.fft2(torch.complex(kernels[0::2, 0], kernels[1::2, 0]), s=(64, 64)).abs() ** 2
    return (power + power.flip(1, 2).roll((1, 1), (1, 2))).sum(0) / 2


@pytest.mark.parametrize("orientations", ORIENTATIONS)
def test_no_frequency_is_amplified(orientations: int) -> None:
    """The sum over the low pass and both scales is at most 1, and 1 where all is mean."""
    low = torch.fft.fft2(gaussian(1.6)[0, 0], s=(64, 64)).abs() ** 2
    total = low + spectrum(wavelets(0, orientations)) + spectrum(wavelets(1, orientations))
    assert total.amax() <= 1 + 2e-4  # of 16 orientations, whose kernels are cut off at an angle
    torch.testing.assert_close(total[0, 0], torch.ones((), dtype=torch.float64))
    if orientations == 8:  # for which the constants are made: all that is above the mean is heard
        assert total.amin() > 0.1


@pytest.mark.parametrize("orientations", ORIENTATIONS)
def test_it_is_no_further_from_another_than_the_images(orientations: int, generator: torch.Generator) -> None:
    layer, x = scattering(orientations), images(generator, 8)
    near = x + 1e-3 * images(generator, 8)
    for other in (near, x.flip(0), torch.zeros_like(x), -x):
        apart = (layer(x) - layer(other)).flatten(1).norm(dim=1)
        assert (apart <= (x - other).flatten(1).norm(dim=1)).all()


def test_a_flat_image_has_means_alone() -> None:
    """Away from the border, beyond which it is gray."""
    maps = scattering(8)(torch.full((1, 3, 64, 64), 0.7, dtype=torch.float64)).unflatten(1, (3, -1))[..., 8, 8]
    torch.testing.assert_close(maps[0, :, 0], torch.full((3,), 0.7, dtype=torch.float64))
    assert maps[0, :, 1:].abs().max() < 1e-11


@pytest.mark.parametrize("along", range(8))
def test_waves_are_heard_by_their_own_orientation(along: int) -> None:
    angle, ticks = torch.tensor(pi * along / 8, dtype=torch.float64), torch.arange(64, dtype=torch.float64)
    phase = ticks[None] * angle.cos() + ticks[:, None] * angle.sin()
    for wave, place in ((0.75 * pi, 1), (0.375 * pi, 9)):  # behind the mean the fine ones, then the coarse ones
        maps = scattering(8)((wave * phase).cos().expand(1, 3, 64, 64)).unflatten(1, (3, -1))[0, 1, :, 8, 8]
        assert maps[place : place + 8].argmax() == along
        assert maps[place : place + 8].max() > 0.5 * maps.max()


def test_four_pixels_aside_are_one_aside_in_the_maps(generator: torch.Generator) -> None:
    x = torch.zeros(1, 3, 96, 96, dtype=torch.float64)
    x[:, :, 40:56, 40:56] = images(generator, 1)
    found, moved = (scattering(4)(each) for each in (x, x.roll((4, 8), (2, 3))))
    torch.testing.assert_close(found.roll((1, 2), (2, 3)), moved)
    assert not torch.allclose(found, moved)


def test_nothing_is_learned_or_kept() -> None:
    layer = Scattering(4)
    assert list(layer.parameters()) == []
    assert layer.state_dict() == {}


def test_an_image_without_waves_has_a_gradient() -> None:
    """Where a modulus is 0 the square root has none, and an attack would find no number."""
    x = torch.zeros(1, 3, 16, 16, requires_grad=True)
    Scattering(4)(x).sum().backward()
    assert torch.isfinite(x.grad).all()
    assert x.grad.any()
