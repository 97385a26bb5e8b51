"""How straight a classifier's loss is around the first unseen images: what single-step attacks live on.

Gradient alignment: Andriushchenko and Flammarion 2020, arXiv:2007.02617; whether one step and many go the same way: the
same authors' code; abnormal examples: Lin et al. 2023, arXiv:2404.08154. In evaluation mode and float32.
"""

from anatomy.attacks import ask, evaluated
from anatomy.attacks.abnormal import abnormal
from anatomy.attacks.alignment import alignment, cosines
from anatomy.attacks.objectives import cross_entropy
from anatomy.attacks.pgd import Steps, pgd
from anatomy.attacks.single_step import SingleStep, draw, fgsm, single_step
from anatomy.measures import Table, Trained
from anatomy.measures.robust_accuracy import first
from anatomy.quantities import Count, Share


def local_linearity(classifier: Trained, *, around: Share = 0.03137254901960784, asked: Count = 500) -> Table:
    """Columns alignment (mean cosine of the gradients at x and at a random point of the ball), agreement (mean cosine
    of the changes that FGSM and ten steps of PGD from the image make), abnormal (share of images whose loss a step from
    a random start lowers), images."""
    generator = classifier.generator("local linearity")
    ((x, y),) = first(classifier, min(asked, 1000))
    options = SingleStep(epsilon=around, alpha=1.25, noise="start")
    with evaluated(classifier.encoder) as network:
        straight = alignment(network, x, y, around, generator)
        many = pgd(network, x, y, Steps(epsilon=around, step=around / 4, random_start=False))
        cosine, _ = cosines(fgsm(network, x, y, around) - x, many - x)
        stepped = single_step(network, x, y, draw(x, "uniform", generator), options)
        after = ask(network, stepped.images, y, cross_entropy).losses
    return {
        "alignment": [straight.item()],
        "agreement": [cosine.mean().item()],
        "abnormal": [abnormal(stepped.asked.losses, after).double().mean().item()],
        "images": [len(x)],
    }
