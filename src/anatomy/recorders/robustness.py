"""What an attack finds while a network trains: the curves in which catastrophic overfitting is seen.

Wong et al. 2020, arXiv:2001.03994, who found that accuracy under PGD falls to nothing within an epoch; Andriushchenko
and Flammarion 2020, arXiv:2007.02617 (gradient alignment); Lin et al. 2023, arXiv:2404.08154 (abnormal examples).
"""

import torch
from torch import Generator, Tensor

from anatomy.attacks import Network, evaluated, pixels_of
from anatomy.attacks.abnormal import abnormal
from anatomy.attacks.alignment import alignment
from anatomy.attacks.objectives import margin
from anatomy.attacks.pgd import Steps, pgd
from anatomy.attacks.single_step import fgsm
from anatomy.quantities import Count, Share
from anatomy.recorders import Rows
from anatomy.step import Method, StepOutput


class Robustness:
    """Rows (step, clean, fgsm, pgd, alignment, abnormal): accuracies in percent without an attack, under FGSM and under
    PGD of 10 steps of a quarter; alignment of gradients; the share of the step's own attacks that lowered a loss (NaN
    of a method that does not attack). On the first images of the step's batch, in evaluation mode and float32, before
    the update.
    """

    needs = ("view_1", "labels")

    def __init__(self, *, ball: Share = 0.03137254901960784, watched: Count = 64) -> None:
        self.ball, self.watched = ball, watched
        self.rows = Rows(["step", "clean", "fgsm", "pgd", "alignment", "abnormal"])

    def after_backward(self, step: int, output: StepOutput, method: Method) -> None:
        x = pixels_of(output.watch["view_1"][: self.watched].detach())
        y = output.watch["labels"][: self.watched]
        generator = Generator().manual_seed(step)
        steps = Steps(epsilon=self.ball, step=self.ball / 4)
        with evaluated(method.encoder) as network:
            attacked = fgsm(network, x, y, self.ball), pgd(network, x, y, steps, generator)
            right = [100 * accuracy(network, images, y) for images in (x, *attacked)]
            straight = alignment(network, x, y, self.ball, generator).double()
        self.rows.add(torch.stack([torch.full_like(straight, step), *right, straight, share_abnormal(output)])[None])


def accuracy(network: Network, images: Tensor, labels: Tensor) -> Tensor:
    """Share of the images that are right."""
    with torch.no_grad():
        return (margin(network(images), labels) <= 0).double().mean()


def share_abnormal(output: StepOutput) -> Tensor:
    """Of the whole batch, as the method trains on it."""
    watch = output.watch
    if "before" not in watch or "after" not in watch:
        return torch.full_like(output.loss.detach(), torch.nan).double()
    return abnormal(watch["before"], watch["after"]).double().mean()
