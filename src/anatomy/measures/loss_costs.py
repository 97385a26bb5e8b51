"""What each loss of the family costs a step, where the run was trained: from embeddings to their gradient.

The losses are those of `loss_map`, which has their sources; Yeh et al. 2022, arXiv:2110.06848, is the first of them
that leaves InfoNCE's softmax. Beside them the network's own step, forward and backward.
"""

import time
from collections.abc import Callable
from copy import deepcopy
from functools import partial

import torch
from torch import Tensor

from anatomy.augmentation import views
from anatomy.hardware.device import eager
from anatomy.measures import Table, Trained
from anatomy.measures.loss_map import Bound, family
from anatomy.quantities import Count
from anatomy.similarity import in_batch, unit

ROUNDS = 9  # after one that does not count; the losses take turns
TEMPERATURE = 0.1


def loss_costs(trained: Trained, *, per_step: Count = 256) -> Table:
    """Columns loss, milliseconds (the median of 9 rounds), anchors. Negatives from the batch, K = anchors - 1; the row
    `network` is a pass of as many images through the encoder and back. InfoNCE comes right behind it, and is slowed by
    what the network left in the caches."""
    encoder = deepcopy(trained.encoder).train()
    x = views.clean(trained.bank.images[:per_step], size=trained.size).contiguous(memory_format=torch.channels_last)
    z = trained.clean_embeddings(trained.bank)[: len(x)].requires_grad_()

    def network() -> Tensor:
        with trained.autocast():
            of_images: Tensor = encoder(x)
        return of_images.float().square().mean()

    steps: dict[str, Callable[[], Tensor]] = {"network": network}
    steps |= {name: partial(of_embeddings, z, loss) for name, loss in family(TEMPERATURE).items()}
    times: dict[str, list[float]] = {name: [] for name in steps}
    with torch.enable_grad(), eager():
        for _ in range(1 + ROUNDS):
            for name, step in steps.items():
                start = time.perf_counter()
                value = step()
                value.backward()
                value.item()  # waits for the device
                times[name].append(1000 * (time.perf_counter() - start))
    medians = [sorted(of[1:])[ROUNDS // 2] for of in times.values()]
    return {"loss": list(steps), "milliseconds": medians, "anchors": [len(x)] * len(steps)}


def of_embeddings(z: Tensor, loss: Bound) -> Tensor:
    """The mean loss of embeddings [N, D] against themselves in another order: what they show does not matter here."""
    positive, negatives = in_batch(unit(z), unit(z.roll(1, 0)))
    assert isinstance(negatives, Tensor)
    return loss(positive, negatives).mean()
