"""What a training step costs under each defense, where the run was trained: attack, forward and backward pass.

FGSM: Goodfellow et al. 2015, arXiv:1412.6572; NoiseAug: Niu et al. 2022, arXiv:2202.05488; GradAlign: Andriushchenko
and Flammarion 2020, arXiv:2007.02617, whose authors put it at 3 to 4 times FGSM; PGD: Madry et al. 2018,
arXiv:1706.06083. Without views and optimizer, on a copy of the network, in training mode.
"""

import time
from collections.abc import Callable
from copy import deepcopy

import torch
from torch import Tensor

from anatomy.attacks import Network, normalized, pixels_of
from anatomy.attacks.alignment import misaligned
from anatomy.attacks.objectives import cross_entropy
from anatomy.attacks.pgd import Steps, pgd
from anatomy.attacks.single_step import SingleStep, draw, single_step
from anatomy.augmentation import views
from anatomy.hardware.device import eager
from anatomy.measures import Table, Trained
from anatomy.quantities import Count

EPSILON = 8 / 255
ROUNDS = 5  # after one that does not count; the defenses take turns
Step = Callable[[Network, Tensor, Tensor], Tensor]  # to the loss that is differentiated


def plain(network: Network, x: Tensor, y: Tensor) -> Tensor:
    return cross_entropy(network(x), y).mean()


def fgsm(network: Network, x: Tensor, y: Tensor) -> Tensor:
    return plain(network, single_step(network, x, y, None, SingleStep(epsilon=EPSILON)).images, y)


def noise_aug(network: Network, x: Tensor, y: Tensor) -> Tensor:
    options = SingleStep(epsilon=EPSILON, noise="image", k=2.0, alpha=1.25)
    return plain(network, single_step(network, x, y, draw(x, "uniform", None), options).images, y)


def grad_align(network: Network, x: Tensor, y: Tensor) -> Tensor:
    attacked = single_step(network, x, y, None, SingleStep(epsilon=EPSILON))
    bent = misaligned(network, x, y, attacked.asked.gradient, EPSILON)
    return plain(network, attacked.images, y) + bent


def pgd_10(network: Network, x: Tensor, y: Tensor) -> Tensor:
    return plain(network, pgd(network, x, y, Steps(epsilon=EPSILON, step=EPSILON / 4)), y)


DEFENSES: dict[str, Step] = {
    "none": plain,
    "FGSM": fgsm,
    "NoiseAug": noise_aug,
    "GradAlign": grad_align,
    "PGD-10": pgd_10,
}


def defense_costs(classifier: Trained, *, at_once: Count = 128) -> Table:
    """Columns defense, milliseconds (the median of 5 rounds), images (a step). In float32."""
    encoder = deepcopy(classifier.encoder).train()
    x = pixels_of(views.clean(classifier.bank.images[:at_once], size=classifier.size))
    y = classifier.bank.labels[:at_once]

    def network(pixels: Tensor) -> Tensor:
        outputs: Tensor = encoder(normalized(pixels))
        return outputs

    times: dict[str, list[float]] = {name: [] for name in DEFENSES}
    with torch.random.fork_rng([]), eager():
        for _ in range(1 + ROUNDS):
            for name, step in DEFENSES.items():
                start = time.perf_counter()
                loss = step(network, x, y)
                loss.backward()
                loss.item()  # waits for the device
                times[name].append(1000 * (time.perf_counter() - start))
    medians = [sorted(of[1:])[ROUNDS // 2] for of in times.values()]
    return {"defense": list(DEFENSES), "milliseconds": medians, "images": [len(x)] * len(DEFENSES)}
