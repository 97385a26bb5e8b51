"""How unequally CACR weighs the positives of an anchor, on the trained encoder.

Zheng et al. 2023, arXiv:2105.03746: a positive weighs exp(tau+ d), d its squared distance; tau+ = 1 in their
small-scale code (JegZheng/CACR-SSL), with four positives.
"""

from math import log

import torch

from anatomy.measures import Table, Trained
from anatomy.quantities import Amount
from anatomy.similarity import unit

ANCHORS, POSITIVES = 1024, 4


def positive_weights(trained: Trained, *, taus: tuple[Amount, ...] = (0.0, 0.5, 1.0, 2.0, 4.0)) -> Table:
    """Columns tau; entropy: of the weights of four positives, over log 4 (1: all alike); farthest: what the farthest
    weighs, times 4. Means over at most 1,024 unseen images, of which five views are drawn."""
    some = type(trained.unseen)(trained.unseen.images[:ANCHORS], trained.unseen.labels[:ANCHORS])
    anchor, *others = (unit(trained.embeddings(some, f"positive {view}").double()) for view in range(1 + POSITIVES))
    distance = torch.stack([(anchor - other).square().sum(1) for other in others], 1)  # [N, P]
    weights = [(tau * distance).softmax(1) for tau in taus]
    entropy = [torch.special.entr(weight).sum(1).mean().item() / log(POSITIVES) for weight in weights]
    farthest = [POSITIVES * weight.amax(1).mean().item() for weight in weights]
    return {"tau": list(taus), "entropy": entropy, "farthest": farthest}
