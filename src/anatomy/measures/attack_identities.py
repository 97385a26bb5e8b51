"""Which attacks are one, on a trained classifier, in float64.

Derived here from the authors' code: with a step of 1.25 epsilon that is cut to epsilon, NoiseAug (Zhang et al. 2022,
arXiv:2202.05488) with uniform noise of k epsilon is N-FGSM (de Jorge et al. 2022, arXiv:2202.01181) with the same k. Of
relative cross-entropy (Zhang et al. 2022, arXiv:2204.00089) the gradient in the logits is 1/K - e_y.
"""

from copy import deepcopy

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from anatomy.attacks import Network, evaluated
from anatomy.attacks.objectives import relative_cross_entropy
from anatomy.attacks.single_step import SingleStep, draw, single_step
from anatomy.measures import Table, Trained
from anatomy.measures.robust_accuracy import first
from anatomy.quantities import Amount

NOISE_AUG = "NoiseAug is N-FGSM"
RELATIVE = "the gradient of relative cross-entropy is 1/K - e_y"
EPSILON, IMAGES = 16 / 255, 64


def attack_identities(classifier: Trained, *, widths: tuple[Amount, ...] = (0.5, 1.0, 2.0, 4.0)) -> Table:
    """Columns identity, k (width of the noise in epsilon; 0 where there is none), error: the largest difference of two
    pixels, and of two entries of a gradient, on the first 64 unseen images."""
    encoder = deepcopy(classifier.encoder).double()
    ((x, y),) = first(classifier, IMAGES)
    generator, x = classifier.generator("attack identities"), x.double()
    with evaluated(encoder) as network:
        errors = {k: apart(network, x, y, draw(x, "uniform", generator), k) for k in widths}
        with torch.no_grad():
            outputs = network(x)
    names = [NOISE_AUG] * len(errors) + [RELATIVE]
    return {"identity": names, "k": [*errors, 0.0], "error": [*errors.values(), off(outputs, y)]}


def apart(network: Network, x: Tensor, y: Tensor, noise: Tensor, k: float) -> float:
    """The largest difference of two pixels between NoiseAug's images and N-FGSM's, of the same noise."""
    one = SingleStep(epsilon=EPSILON, noise="image", k=k, alpha=1.25)
    other = SingleStep(epsilon=EPSILON, noise="start", k=k, clip=False)
    found = [single_step(network, x, y, noise, options).images for options in (one, other)]
    return (found[0] - found[1]).abs().amax().item()


def off(outputs: Tensor, y: Tensor) -> float:
    """How far the gradient in the logits is from 1/K - e_y."""
    leaf = outputs.clone().requires_grad_()
    with torch.enable_grad():
        (gradient,) = torch.autograd.grad(relative_cross_entropy(leaf, y).sum(), leaf)
    count = outputs.shape[1]
    return (gradient - (1 / count - one_hot(y, count).to(gradient))).abs().amax().item()
