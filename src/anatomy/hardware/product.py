"""Products of large float32 matrices on a processor, by the faster of torch's two libraries.

torch multiplies with MKL, which keeps to AVX2 on AMD's processors and so to half of their peak where there is AVX-512:
80 to 100 GFLOP/s on a core of a Zen 5, on which oneDNN, torch's library of convolutions, does 165 to 230.
"""

from functools import cache

import torch
from torch import Tensor

from anatomy.hardware.machine import cpu_model

SMALL = 2**21  # multiplications, below which oneDNN's calls, of some 15 microseconds, cost more than they save


def inner_products(a: Tensor, b: Tensor) -> Tensor:
    """a @ b.T of a [N, D] and b [K, D], in memory of any layout; through it flows no gradient."""
    if a.device.type == "cpu" and a.dtype == b.dtype == torch.float32 and a.numel() * len(b) >= SMALL and one_dnn():
        found: Tensor = torch.ops.mkldnn._linear_pointwise(a.detach(), b.detach(), None, "none", [], "")
        return found
    return a.detach() @ b.detach().T


@cache
def one_dnn() -> bool:
    """Whether oneDNN is there, and is the faster one."""
    model = cpu_model()
    return "AMD" in model and model.endswith("(AVX-512)") and hasattr(torch.ops.mkldnn, "_linear_pointwise")
