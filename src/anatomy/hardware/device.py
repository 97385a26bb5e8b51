"""How torch is set up for a device: full float32, graphs of one run only, and copies that nobody waits for."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import torch
from torch import Tensor

_SWITCH = Lock()
_within: list[None] = []  # an entry for each part of the program that is not to be compiled now


def full_float32() -> None:
    """No TF32, with which a convolution on a card keeps 10 of the 23 bits of its inputs: a step of a run in float32
    would be another there than on a processor (after 8 steps of SimCo the loss differed by 3.6 %)."""
    with warnings.catch_warnings():
        # `fp32_precision`, which is to replace them, makes torch's own readers of these two fail; some versions warn.
        warnings.simplefilter("ignore")
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False


def forget_graphs() -> None:
    """Forget compiled graphs, as in a new process: what was compiled for one run is not used by the next.

    A graph that meets another batch size is compiled again for any size, with other bits. What cannot be compiled
    within torch's limit is an error, and not, in silence, a run that is not compiled.
    """
    import torch._dynamo as dynamo  # a second, which only compiled runs spend

    dynamo.reset()
    dynamo.utils.counters.clear()
    dynamo.config.fail_on_recompile_limit_hit = True


@contextmanager
def eager() -> Iterator[None]:
    """Within, nothing is compiled.

    torch's own switch, of the whole process, puts back what it found: of two threads that overlap, the second would
    find it off and leave it off for good. So they are counted.
    """
    with _SWITCH:
        _within.append(None)
        torch.compiler.set_stance("force_eager")
    try:
        yield
    finally:
        with _SWITCH:
            _within.pop()
            torch.compiler.set_stance("force_eager" if _within else "default")


def graphs() -> int:
    """How many were compiled since they were forgotten."""
    import torch._dynamo as dynamo

    return dynamo.utils.counters["stats"]["unique_graphs"]


def move(tensor: Tensor, device: torch.device) -> Tensor:
    """The tensor on the device; a GPU is not waited for."""
    # That takes pinned memory, and only what lies whole in memory can be pinned.
    if device.type == "cuda" and tensor.device.type == "cpu":
        tensor = tensor.contiguous().pin_memory()
    return tensor.to(device, non_blocking=True)
