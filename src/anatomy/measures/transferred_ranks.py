"""How deep an attack that was made on one network buries the true class in another: transfer.

Zhang et al. 2022, arXiv:2204.00089 (interest class rank, top-k success, transferable attacks). The run's own network is
the surrogate, which is asked; `target` is the key of the run whose network is judged too. Only images that both have
right without an attack. In evaluation mode and float32.
"""

from contextlib import ExitStack

import torch
from torch import Tensor

from anatomy.attacks import Network, evaluated
from anatomy.attacks.pgd import Steps, pgd
from anatomy.measures import Table, Trained
from anatomy.measures.class_ranks import OBJECTIVES, rank_of
from anatomy.measures.robust_accuracy import first
from anatomy.quantities import Count, Key, Share

COLUMNS = ("objective", "steps", "on", "rank", "top_1", "top_3", "top_5", "images", "target")


def transferred_ranks(
    classifier: Trained,
    *,
    target: Key | None = None,
    apart: Share = 0.03137254901960784,
    at_steps: tuple[Count, ...] = (1, 5, 20),
    carried: Count = 500,
) -> Table:
    """Columns objective (CE, RCE), steps, on (surrogate; with a target also target), rank (mean, 1: still first),
    top_1, top_3, top_5 (share of the images whose class is below the first 1, 3, 5), images, target (its key). Radius
    `apart`, steps as in `class_ranks`."""
    ((x, y),) = first(classifier, min(carried, 1000))
    table: Table = {name: [] for name in COLUMNS}
    judged = {"surrogate": classifier.encoder}
    if target is not None and target in classifier.others:
        judged["target"] = classifier.others[target]
    with ExitStack() as stack:
        networks = {on: stack.enter_context(evaluated(encoder)) for on, encoder in judged.items()}
        with torch.no_grad():
            right = torch.stack([rank_of(network(x), y) == 1 for network in networks.values()]).all(0)
        x, y = x[right], y[right]
        for name, objective in OBJECTIVES.items():
            for count in at_steps:
                step = apart if count == 1 else max(apart / 10, 2.5 * apart / count)
                options = Steps(epsilon=apart, step=step, steps=count, random_start=False)
                found = pgd(networks["surrogate"], x, y, options, objective=objective)
                for on, network in networks.items():
                    row = (name, count, on, *places(network, found, y), len(x), target or "")
                    for column, value in zip(table.values(), row, strict=True):
                        column.append(value)
    return table


def places(network: Network, images: Tensor, labels: Tensor) -> list[float]:
    """Mean rank of the label, and the shares of images whose label is below the first 1, 3, 5."""
    with torch.no_grad():
        ranks = rank_of(network(images), labels).double()
    return [ranks.mean().item(), *((ranks > k).double().mean().item() for k in (1, 3, 5))]
