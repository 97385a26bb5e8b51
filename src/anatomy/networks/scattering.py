"""Scattering: a fixed first layer of wavelets and moduli, in which nothing is learned.

Bruna and Mallat 2013, arXiv:1203.1513, two layers of Morlet wavelets at J = 2 scales; in front of a network that learns
by contrast: Kinakh et al. 2021, arXiv:2108.13939 (ScatSimCLR). The wavelets' constants are kymatio's (Andreux et al.
2020, arXiv:1812.11214). Where its code transforms the whole image, ours convolves with kernels that are cut off, and an
image is gray beyond its border.
"""

from math import ceil, cos, pi, sin

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import conv2d

WIDTH, WAVE = 0.8, 0.75 * pi  # pixels, and radians a pixel, of the first scale; the second's are twice and half of it
TINY = 1e-24  # a square below which a modulus is 0
REACH = 2.5  # deviations of a Gaussian, where its kernel ends


class Scattering(nn.Module):
    """[N, 3, H, W] -> [N, 3 (1 + L)^2, H/4, W/4] for L orientations: the mean of a neighborhood, of the modulus of each
    wavelet there, and of that of each coarse wavelet in the modulus of each fine one.

    No larger than the image and no further from another than theirs: no filter bank of it adds energy.
    """

    fine: Tensor
    coarse: Tensor
    mean: Tensor
    mean_of_half: Tensor

    def __init__(self, orientations: int) -> None:
        super().__init__()
        self.channels = 3 * (1 + orientations) ** 2
        kernels = {"fine": wavelets(0, orientations), "coarse": wavelets(1, orientations),
                   "mean": gaussian(2 * WIDTH), "mean_of_half": gaussian(WIDTH)}  # fmt: skip
        for name, kernel in kernels.items():
            self.register_buffer(name, kernel.float(), persistent=False)  # follows from the options

    def forward(self, x: Tensor) -> Tensor:
        maps = x.flatten(0, 1)[:, None]  # [3N, 1, H, W]: each color by itself
        maps = torch.cat([maps, modulus(maps, self.fine)], 1)  # [3N, 1 + L, H, W]
        # A coarse modulus has no detail of single pixels: every other one is kept.
        coarse = modulus(maps, self.coarse, stride=2)  # [3N, (1 + L) L, H/2, W/2]
        means = [filtered(maps, self.mean, 4), filtered(coarse, self.mean_of_half, 2)]
        return unfolded(torch.cat(means, 1), 3)  # [N, 3 (1 + L)^2, H/4, W/4]


def filtered(maps: Float[Tensor, "N C H W"], kernels: Float[Tensor, "K 1 k k"], stride: int = 1) -> Tensor:
    """Each map with each kernel, [N, C K, H/stride, W/stride]."""
    found = conv2d(maps.flatten(0, 1)[:, None], kernels, stride=stride, padding=kernels.shape[-1] // 2)
    return unfolded(found, maps.shape[1])


def unfolded(maps: Tensor, times: int) -> Tensor:
    """[N times, C, H, W] -> [N, times C, H, W]"""
    count, channels, *size = maps.shape
    return maps.reshape(count // times, times * channels, *size)


def modulus(maps: Tensor, kernels: Float[Tensor, "K2 1 k k"], stride: int = 1) -> Tensor:
    """Of complex wavelets, whose real and imaginary parts take turns."""
    parts = filtered(maps, kernels, stride)
    real, imaginary = parts[:, 0::2], parts[:, 1::2]
    return (real**2 + imaginary**2).clamp(min=TINY).sqrt()  # at 0 a root has no gradient, and a clamp one of 0


def gaussian(deviation: float) -> Float[Tensor, "1 1 k k"]:
    """Of sum 1, in float64."""
    y, x = grid(deviation)
    kernel = (-(x**2 + y**2) / (2 * deviation**2)).exp()
    return (kernel / kernel.sum())[None, None]


def wavelets(scale: int, orientations: int) -> Float[Tensor, "K2 1 k k"]:
    """Morlet: waves under a Gaussian, less what makes their sum 0; in float64. Across its waves a wavelet is wider, by
    a quarter of the orientations, so that their bands lie side by side."""
    deviation, wave, slant = WIDTH * 2**scale, WAVE / 2**scale, 4 / orientations
    y, x = grid(deviation / min(1, slant))
    kernels = []
    for angle in (pi * at / orientations for at in range(orientations)):
        along, across = x * cos(angle) + y * sin(angle), y * cos(angle) - x * sin(angle)
        window = (-(along**2 + (slant * across) ** 2) / (2 * deviation**2)).exp()
        window = window / window.sum()
        cosine, sine = (wave * along).cos(), (wave * along).sin()  # the sine is odd: its sum is 0 as it is
        kernels += [window * (cosine - (window * cosine).sum()), window * sine]
    return torch.stack(kernels)[:, None]


def grid(deviation: float) -> tuple[Tensor, Tensor]:
    """Pixels from the center [k, k], down and to the right, as far as a Gaussian reaches."""
    reach = ceil(REACH * deviation)
    ticks = torch.arange(-reach, reach + 1, dtype=torch.float64)
    y, x = torch.meshgrid(ticks, ticks, indexing="ij")
    return y, x
