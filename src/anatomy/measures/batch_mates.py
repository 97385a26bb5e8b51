"""Does the answer for an image depend on the other images of its test batch? In float64, so that "not at all" is zero.

A layer with batch statistics in evaluation mode (GN+ of Gunawan et al. 2022, arXiv:2207.01972, in the form of
agusgun/CS-570-Project) does, and has no answer for one image alone.
"""

from copy import deepcopy

import torch

from anatomy.augmentation import views
from anatomy.errors import InputError
from anatomy.hardware.device import eager
from anatomy.measures import Table, Trained

COMPARED = 4  # images whose logits are looked at; as many others are exchanged


def batch_mates(trained: Trained) -> Table:
    """Columns change, alone: the largest change of an entry of z, over the deviation of z; share of 4 images answered.

    z [4, D] of 4 unseen images, once beside 4 others and once beside another 4; then each of the 4 by itself.
    """
    network = deepcopy(trained.encoder).double().eval()
    x = views.clean(trained.unseen.images[: 3 * COMPARED], size=trained.size).double()
    kept, first, second = x.split(COMPARED)
    with torch.no_grad(), eager():
        z, other = (network(torch.cat((kept, mates)))[:COMPARED] for mates in (first, second))
        answered = sum(_answers(network, image) for image in kept.split(1))
    return {"change": [((other - z).abs().max() / z.std()).item()], "alone": [answered / COMPARED]}


def _answers(network: torch.nn.Module, image: torch.Tensor) -> bool:
    try:
        return bool(network(image).isfinite().all())
    except InputError:  # what the norm says to a batch of one
        return False
