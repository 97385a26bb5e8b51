"""Accuracy of a classifier under attack, on the first unseen images: its embedding z is its logits.

FGSM: Goodfellow et al. 2015, arXiv:1412.6572; PGD with restarts: Madry et al. 2018, arXiv:1706.06083 (PGD-50-10 in the
papers of single-step training); APGD-CE: Croce and Hein 2020, arXiv:2003.01690. In evaluation mode, and in float32
whatever the run was trained in: half precision hides small gradients, which looks like a defense.
"""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from anatomy.attacks import Network, evaluated, pixels_of
from anatomy.attacks.apgd import apgd
from anatomy.attacks.objectives import margin
from anatomy.attacks.pgd import Steps, pgd
from anatomy.attacks.single_step import fgsm
from anatomy.augmentation import views
from anatomy.data.image_set import ImageSet
from anatomy.measures import CHUNK, Table, Trained
from anatomy.quantities import Count, Share


def robust_accuracy(
    classifier: Trained,
    *,
    radius: Share = 0.03137254901960784,  # 8/255
    steps: Count = 20,
    restarts: Count = 1,
    attacked: Count = 256,
    auto_steps: Count = 20,
    auto_attacked: Count = 128,
) -> Table:
    """Columns attack (clean, FGSM, PGD, APGD), accuracy (percent), images (how many of the first unseen ones).

    The papers' PGD-50-10 has 50 steps and 10 restarts, APGD 100 steps; the defaults cost a twenty-fifth. PGD's step is
    a quarter of the radius. An image counts as right where it is right without an attack and after each restart; under
    APGD, at each point on the way.
    """
    options = Steps(epsilon=radius, step=radius / 4, steps=steps, restarts=restarts)
    generator = classifier.generator("robust accuracy")
    attacks: dict[str, tuple[int, Callable[[Network, Tensor, Tensor], Tensor]]] = {
        "clean": (attacked, lambda network, x, y: x),
        "FGSM": (attacked, lambda network, x, y: fgsm(network, x, y, radius)),
        "PGD": (attacked, lambda network, x, y: pgd(network, x, y, options, generator, worst=margin)),
        "APGD": (
            auto_attacked,
            lambda network, x, y: apgd(
                network, x, y, epsilon=radius, steps=auto_steps, generator=generator, worst=margin
            ),
        ),
    }
    table: Table = {"attack": list(attacks), "accuracy": [], "images": []}
    with evaluated(classifier.encoder) as network:
        for count, attack in attacks.values():
            right = torch.cat([still_right(network, x, y, attack) for x, y in first(classifier, count)])
            table["accuracy"].append(100 * right.double().mean().item())
            table["images"].append(len(right))
    return table


def first(trained: Trained, count: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Pixels in [0, 1] and labels of the first unseen images, some at a time."""
    unseen = trained.unseen
    yield from pixels_and_labels(ImageSet(unseen.images[:count], unseen.labels[:count]), trained.size)


def pixels_and_labels(images: ImageSet, size: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Of all of them, some at a time."""
    for pixels, labels in zip(images.images.split(CHUNK), images.labels.split(CHUNK), strict=True):
        yield pixels_of(views.clean(pixels, size=size)), labels


def still_right(
    network: Network, images: Tensor, labels: Tensor, attack: Callable[[Network, Tensor, Tensor], Tensor]
) -> Tensor:
    """Which images [N] are right without the attack and with it."""
    found = attack(network, images, labels)
    with torch.no_grad():
        right, left = (margin(network(x), labels) <= 0 for x in (images, found))
    return right & left
