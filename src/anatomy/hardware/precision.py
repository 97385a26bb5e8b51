"""Which precision is worth timing here: one convolution each way tells most processors apart in some milliseconds.

bfloat16 is 7 times as fast as float32 in a convolution where there is AMX, 2.3 times with AVX-512's bf16, and 9 times
slower where it is emulated. A step has more than convolutions, so only in between whole steps must be timed.
"""

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what a convolution says is read by a process that does without torch
    from torch import Tensor

SLOWER, FASTER = 1.0, 4.0  # times as fast in bf16: at most this, never; at least that, always


def convolution_seconds(device: str) -> dict[str, float]:
    """Seconds of one convolution, 0.3 billion multiplications, in each precision: the least of three."""
    import torch

    images = torch.randn(16, 64, 16, 16, device=device).contiguous(memory_format=torch.channels_last)
    weight = torch.randn(64, 64, 3, 3, device=device)
    kinds = {"fp32": torch.float32, "bf16": torch.bfloat16}
    return {name: _least_seconds(images.to(dtype), weight.to(dtype)) for name, dtype in kinds.items()}


def worth_timing(seconds: dict[str, float]) -> tuple[str, ...]:
    """The precisions that may win, by the seconds of a convolution in each."""
    if seconds["fp32"] <= SLOWER * seconds["bf16"]:
        return ("fp32",)
    return ("bf16",) if seconds["fp32"] >= FASTER * seconds["bf16"] else ("fp32", "bf16")


def _least_seconds(images: "Tensor", weight: "Tensor") -> float:
    from torch.nn.functional import conv2d

    times = []
    for _ in range(4):  # the first, in which a kernel is chosen, is never the fastest
        began = time.perf_counter()
        conv2d(images, weight, padding=1).sum().item()  # waits for the device
        times.append(time.perf_counter() - began)
    return min(times)
