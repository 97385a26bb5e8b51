"""Limits of a run: more images than there are, batch statistics of one image, more memory than is free."""

import re
from collections.abc import Callable
from math import isqrt
from typing import TYPE_CHECKING, TypeVar

from anatomy import data
from anatomy.data.memory import free_bytes
from anatomy.errors import InputError
from anatomy.runs.config import Run

if TYPE_CHECKING:  # torch is imported where it is used: a process that checks a run does without
    from torch import nn

Made = TypeVar("Made")

# torch on a processor and on a card, and NumPy: "you tried to allocate 400 bytes", "allocate 2.00 GiB".
ALLOCATION = re.compile(r"allocate ([\d.]+) ?(bytes|[KMGTPE]iB)")
# Bytes of one number of an embedding, of which an option says how many are kept: MoCo's queue, the moving averages.
BYTES_PER_NUMBER = {"queue_size": 4, "queue_skip": 4, "queue_size_inter": 4, "memory_size": 2}
LARGE_VIEW = 256  # pixels a side: up to here, views need little memory
SMALL_VIEW = 8  # pixels a side: below, a network may have no pixel left
BYTES_PER_PIXEL = 2 * 3 * 4  # bytes a pixel: two views of three colors, in single precision
UNITS = {"bytes": 1} | {f"{letter}iB": 1024**power for power, letter in enumerate("KMGTPE", start=1)}


def check_run(run: Run, data_root: str | None) -> None:
    """InputError if the data set is missing, or the batch larger than the training set or too small."""
    count = data.train_count(run.dataset, data_root, images=run.images, evaluate_on=run.evaluate_on)
    if run.epochs and run.batch_size > count:
        raise InputError(
            f"batch_size is {run.batch_size}, but there are {count} images of {run.dataset} to train on; "
            f"try {count} or fewer"
        )
    if run.size > LARGE_VIEW:
        check_view_memory(run)
    if run.size < SMALL_VIEW:
        check_view_size(run)
    if run.epochs and run.batch_size == 1:  # so rare that its seconds of imports do not matter
        check_memory(run)
        check_batch_of_one(run)


def check_memory(run: Run) -> None:
    """InputError where stored embeddings need more than is free: a system may grant it and kill us later."""
    options, free = run.flat(), free_bytes()
    for name, size in BYTES_PER_NUMBER.items():
        needed = (options.get(name) or 0) * options.get("dimension", 0) * size
        if free is not None and needed > free:
            raise InputError(
                f"{name} is {options[name]}, which at {options['dimension']} numbers each needs {gigabytes(needed)} of "
                f"memory, but {gigabytes(free)} are free; try {free // (2 * options['dimension'] * size)}"
            )


def check_view_memory(run: Run) -> None:
    """InputError where the views of one batch would take more memory than is free."""
    free = free_bytes()
    if free is not None and (needed := BYTES_PER_PIXEL * run.batch_size * run.size**2) > free:
        raise InputError(
            f"size is {run.size}, at which the views of {run.batch_size} images need {gigabytes(needed)} of memory, "
            f"but {gigabytes(free)} are free; try {isqrt(free // (8 * BYTES_PER_PIXEL * run.batch_size))}"
        )


def check_view_size(run: Run) -> None:
    """InputError where the backbone needs larger views. Rarely called, so its imports may be slow."""
    from anatomy.training.network import backbone_of

    backbone = _made(backbone_of, run)
    if backbone is None:
        return
    backbone.eval()
    least = next((size for size in range(run.size, 4 * SMALL_VIEW) if _fits(backbone, size)), run.size)
    if least > run.size:
        raise InputError(
            f"size is {run.size}, but backbone {run.backbone.name!r} needs views of {least} pixels or more"
        )


def _fits(backbone: "nn.Module", size: int) -> bool:
    import torch

    try:
        with torch.no_grad():
            backbone(torch.zeros(2, 3, size, size))
    except (RuntimeError, ValueError):
        return False
    return True


def _made(make: Callable[[Run], Made], run: Run) -> Made | None:
    """`make(run)`; None where a user's own part fails: a worker will report why."""
    try:
        return make(run)
    except InputError:
        raise
    except Exception:
        return None


def check_batch_of_one(run: Run) -> None:
    """InputError where a part takes statistics over the batch, and one image has none."""
    from torch.nn.modules.batchnorm import _BatchNorm

    from anatomy.norms.group_plus import GroupPlus
    from anatomy.training.network import build

    parts = {"encoder.backbone": f"norm {run.norm.name!r}", "encoder.projector": f"projector {run.projector.name!r}"}
    method = _made(build, run)
    for name, module in () if method is None else method.named_modules():
        if isinstance(module, _BatchNorm | GroupPlus):
            part = next((text for place, text in parts.items() if place in name), f"method {run.method.name!r}")
            raise InputError(
                f"batch_size is 1, but {part} normalizes over the batch, and a batch of 1 image has no statistics; "
                "try 2 or more"
            )


def lack_of_memory(error: Exception, run: Run, device: str) -> str | None:
    """For an allocation that failed: what needs how much, and how much is free. None for other errors."""
    import torch

    on_card = isinstance(error, torch.OutOfMemoryError)
    if not on_card and not isinstance(error, MemoryError) and "can't allocate memory" not in str(error):
        return None
    free = torch.cuda.mem_get_info(torch.device(device))[0] if on_card else free_bytes()
    tried = ALLOCATION.search(str(error))
    needed = f"{gigabytes(int(float(tried[1]) * UNITS[tried[2]]))} of memory" if tried else "memory"
    there = "that is not there" if free is None else f"in one piece, and {gigabytes(free)} are free"
    what = f"{run.method.name} on {run.backbone.name} with batch_size {run.batch_size} and size {run.size}"
    return f"{what} needs {needed} {there}; try a smaller batch, network or queue"


def gigabytes(count: int) -> str:
    return f"{count / 1e9:,.1f} GB"
