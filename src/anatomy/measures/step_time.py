"""What a network's step costs where it was trained: forward and backward, without views and optimizer."""

import time
from copy import deepcopy

import torch

from anatomy.augmentation import views
from anatomy.hardware.device import eager
from anatomy.measures import Table, Trained
from anatomy.quantities import Count

REPEATS = 5  # after one that does not count


def step_time(trained: Trained, *, batch: Count = 128) -> Table:
    """Columns milliseconds (the median of 5), batch (images). In training mode, on a copy of the network."""
    network = deepcopy(trained.encoder).train()
    pixels = trained.bank.images[:batch]
    x = views.clean(pixels, size=trained.size).contiguous(memory_format=torch.channels_last)
    times = []
    for _ in range(1 + REPEATS):
        start = time.perf_counter()
        with eager():
            with trained.autocast():
                z = network(x)
            z.float().square().mean().backward()
        z.sum().item()  # waits for the device
        times.append(1000 * (time.perf_counter() - start))
    return {"milliseconds": [sorted(times[1:])[REPEATS // 2]], "batch": [len(x)]}
