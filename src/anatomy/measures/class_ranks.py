"""How deep an attack buries the true class: its rank among the logits, under cross-entropy and its relative.

Zhang et al. 2022, arXiv:2204.00089 (interest class rank, top-k success). White box: the network that is asked is the
one that is attacked. Only images that it has right without an attack. In evaluation mode and float32.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from anatomy.attacks import evaluated
from anatomy.attacks.objectives import cross_entropy, relative_cross_entropy
from anatomy.attacks.pgd import Steps, pgd
from anatomy.measures import Table, Trained
from anatomy.measures.robust_accuracy import first
from anatomy.quantities import Count, Share

OBJECTIVES = {"CE": cross_entropy, "RCE": relative_cross_entropy}


def class_ranks(
    classifier: Trained,
    *,
    within: Share = 0.03137254901960784,
    steps: tuple[Count, ...] = (1, 5, 20),
    ranked: Count = 500,
) -> Table:
    """Columns objective (CE, RCE), steps, rank (mean, 1: still first), top_1, top_3, top_5 (share of the images whose
    class is below the first 1, 3, 5), images (that were right). One step is epsilon, several are a tenth of it each or
    2.5 epsilon over their number, whichever is more; from the image itself."""
    ((x, y),) = first(classifier, min(ranked, 1000))
    table: Table = {name: [] for name in ("objective", "steps", "rank", "top_1", "top_3", "top_5", "images")}
    with evaluated(classifier.encoder) as network:
        with torch.no_grad():
            right = rank_of(network(x), y) == 1
        x, y = x[right], y[right]
        for name, objective in OBJECTIVES.items():
            for count in steps:
                step = within if count == 1 else max(within / 10, 2.5 * within / count)
                options = Steps(epsilon=within, step=step, steps=count, random_start=False)
                found = pgd(network, x, y, options, objective=objective)
                with torch.no_grad():
                    ranks = rank_of(network(found), y).double()
                below = [(ranks > k).double().mean().item() for k in (1, 3, 5)]
                row = (name, count, ranks.mean().item(), *below, len(x))
                for column, value in zip(table.values(), row, strict=True):
                    column.append(value)
    return table


def rank_of(outputs: Float[Tensor, "N K"], labels: Int[Tensor, " N"]) -> Int[Tensor, " N"]:
    """1 + how many logits are above the label's; a tie counts for the label."""
    own = outputs.gather(1, labels[:, None])
    return 1 + (outputs > own).sum(1)
