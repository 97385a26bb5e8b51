"""Each network at widths from 1 to 33 beside itself in float64: `python tests/every_width.py fp32 resnet8 ...`

Prints one line a network and width where output or gradients are further off than the precision allows. A process of
its own (`test_every_width.py` starts it), since a kernel that writes beyond its memory ends the process it is in.
"""

import sys
from contextlib import nullcontext
from copy import deepcopy
from functools import partial

import torch
from torch import Tensor, nn

from anatomy.networks import backbones
from anatomy.networks.heads import Encoder, mlp_norm

# In bf16 where kernels change: it is slow where the processor has none.
WIDTHS = {"fp32": range(1, 34), "bf16": (1, 3, 4, 6, 7, 8, 15, 16, 33)}
SIZE = {"resnet18": 16, "resnet8": 16, "scatnet": 16, "vgg11": 32, "vgg7": 16}  # pixels
# Relative to the length of the exact vector. Largest seen: 2.5e-4 (a pool whose largest pixel another took) and 0.28.
ALLOWED = {"fp32": 1e-3, "bf16": 0.5}


def smooth(network: nn.Module) -> nn.Module:
    """With SiLU in the place of ReLU, whose gradient jumps: a sign that rounding turns would look like an error."""
    for module in network.modules():
        for name, child in module.named_children():
            if isinstance(child, nn.ReLU):
                setattr(module, name, nn.SiLU())
    return network


def made(name: str, width: int) -> nn.Module:
    backbone = getattr(backbones, name)(width=width)
    return smooth(Encoder(backbone, mlp_norm(backbone.dimension, hidden=width, dimension=width), width))


def output_and_gradients(network: nn.Module, images: Tensor, weights: Tensor) -> Tensor:
    """Embeddings, and the gradients of their weighted sum by images and parameters, as one vector in float64."""
    images = images.requires_grad_()
    z = network(images)
    by_all = torch.autograd.grad((z * weights).sum(), [images, *network.parameters()])
    return torch.cat([part.detach().double().flatten() for part in (z / z.std(), *by_all)])


def error(name: str, width: int, precision: str) -> float:
    torch.manual_seed(0)
    network, images, weights = made(name, width), torch.randn(8, 3, SIZE[name], SIZE[name]), torch.randn(8, width)
    exact = output_and_gradients(deepcopy(network).double(), images.double(), weights.double())
    channels_last = partial(torch.Tensor.contiguous, memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16) if precision == "bf16" else nullcontext():
        found = output_and_gradients(network.to(memory_format=torch.channels_last), channels_last(images), weights)
    return float((found - exact).norm() / exact.norm())


if __name__ == "__main__":
    torch.set_num_threads(1)
    backbones.relu = nn.functional.silu  # see `smooth`
    precision, *names = sys.argv[1:]
    for name in names:
        for width in WIDTHS[precision]:
            off = error(name, width, precision)
            if not off <= ALLOWED[precision]:
                print(f"{name} of width {width} in {precision} is off by {off:.1e}")
