"""Linear probe: multinomial logistic regression on the frozen, clean representation.

The protocol of Zhang et al. 2016, arXiv:1603.08511, and of every paper since, with one difference: they train the
layer by SGD on augmented views and choose its learning rate by the accuracy that they report. Here nothing is chosen:
the problem is convex, so full batches lead to its one solution, and the unseen images are looked at once, at the end.
"""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, linear

from anatomy.measures import Table, Trained
from anatomy.quantities import Positive

MAX_STEPS = 100  # at most, in each precision
# Largest entry of the gradient at which we stop, nats per image; accuracy stops changing long before the second. The
# first finds the place at half the cost, and the second ends where it would have from zero.
GRADIENT_TOLERANCE = {torch.float32: 1e-5, torch.float64: 1e-6}


def linear_probe(trained: Trained, *, weight_decay: Positive = 1.0) -> Table:
    """Linear-probe accuracy on unseen images in percent; trained on the bank: clean images, evaluation mode.

    `weight_decay` counts against the sum of the losses: 1 is a standard normal prior on each weight (scikit-learn's
    C = 1), whatever the size of the bank; biases have none. Representations are standardized by the bank.
    """
    bank, unseen = (trained.representations(images).double() for images in (trained.bank, trained.unseen))
    mean, deviation = moments(bank)
    weights = fit((bank - mean) / deviation, trained.bank.labels, weight_decay=weight_decay)
    guesses = with_ones((unseen - mean) / deviation).matmul(weights).argmax(1)
    accuracy = (guesses == trained.unseen.labels).double().mean().item()
    return {
        "accuracy": [100 * accuracy],
        "weight_decay": [weight_decay],
        "bank": [len(bank)],
        "unseen": [len(unseen)],
    }


def moments(bank: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation [F] of representations [N, F]; a constant one is left undivided."""
    deviation, mean = torch.std_mean(bank, dim=0, correction=0)
    # Representations are float32: a deviation below a millionth of their size is rounding, and must not become 1.
    return mean, torch.where(deviation > 1e-6 * bank.abs().amax(0), deviation, 1)


def fit(features: Tensor, labels: Tensor, *, weight_decay: float) -> Tensor:
    """Weights [F + 1, classes], the biases last, that minimize the sum of cross-entropies + weight_decay / 2 |W|^2.

    From float64 features [N, F] and labels [N], by L-BFGS (Liu and Nocedal 1989) from zero: no random number.
    """
    x = with_ones(features)
    basis = decorrelating(x, weight_decay)  # [F + 1, F + 1]
    z = x @ basis
    coordinates = x.new_zeros(int(labels.max()) + 1, x.shape[1])  # a row a class, as `linear` wants them
    for dtype, tolerance in GRADIENT_TOLERANCE.items():
        found = descend(coordinates.to(dtype), z.to(dtype), basis.to(dtype), labels, weight_decay, tolerance)
        coordinates = found.double()
    return basis @ coordinates.T


def descend(start: Tensor, z: Tensor, basis: Tensor, labels: Tensor, weight_decay: float, tolerance: float) -> Tensor:
    """Coordinates [classes, F + 1] of the minimum, by L-BFGS from `start`, in the precision of z [N, F + 1]."""
    coordinates = start.clone().requires_grad_()
    lbfgs = torch.optim.LBFGS(
        [coordinates], max_iter=MAX_STEPS, tolerance_grad=tolerance, tolerance_change=0, line_search_fn="strong_wolfe"
    )

    def closure() -> Tensor:
        lbfgs.zero_grad()
        # Divided by N, which moves no minimum and makes GRADIENT_TOLERANCE mean the same for every bank.
        penalty = weight_decay / 2 * (basis @ coordinates.T)[:-1].square().sum() / len(z)
        loss = cross_entropy(linear(z, coordinates), labels) + penalty
        loss.backward()
        return loss

    with torch.enable_grad():
        lbfgs.step(closure)
    return coordinates.detach()


def decorrelating(x: Tensor, weight_decay: float) -> Tensor:
    """B [F, F] such that the columns of x B hardly correlate. W = B V is sought by its V: same minimum, sooner found.

    The curvature at W = 0 is x'x / N for each class, times (1 - 1 / classes) / classes, plus the penalty's; features of
    one network correlate so much that without this 400 steps do not suffice. The factor 10 stands for ten classes.
    """
    curvature = x.T @ x / len(x)
    curvature.diagonal().add_(10 * weight_decay / len(x) + 1e-9)  # invertible also where two features are one
    factor = torch.linalg.cholesky(curvature)  # L L' = curvature, and B = L'^-1
    inverse: Tensor = torch.linalg.solve_triangular(factor.T, torch.eye(len(factor)).to(factor), upper=True)
    return inverse


def with_ones(features: Tensor) -> Tensor:
    """A column of ones [N, F + 1], whose weights are the biases."""
    return torch.cat([features, features.new_ones(len(features), 1)], 1)
