"""CACR: attraction and repulsion, each with weights of its own over distances.

Zheng et al. 2023, arXiv:2105.03746, and the authors' small-scale code (JegZheng/CACR-SSL), which lets the gradient
through the weights; their MoCo detaches them. Distances are |a - b|^2 = 2 - 2 s, so their
tau- is 1 / (2 T): 0.9 on CIFAR-10 is T = 0.556, and 2 on CIFAR-100 is T = 0.25.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from anatomy.quantities import Amount, Temperature
from anatomy.similarity import Negatives, mean_similarity


def cacr(
    positive: Float[Tensor, " N"],
    negatives: Negatives,
    *,
    temperature: Temperature,
    tau_positive: Amount = 1.0,
    detach_weights: bool = False,
    more_positives: Float[Tensor, "N P"] | None = None,
) -> Float[Tensor, " N"]:
    """Mean squared distance to the positives less that to the negatives, per anchor (no nats); 0 where all are equal.

    A positive weighs exp(tau_positive d), more the farther it is; a negative exp(s / T), more the nearer.
    `more_positives` are further views' similarities: with one positive its weight is 1, and with detached weights the
    gradient is 2 T times DCL's.
    """
    views = positive[:, None] if more_positives is None else torch.cat([positive[:, None], more_positives], 1)
    weight = (-2 * tau_positive * views).softmax(1)  # exp(tau d): the constant of d cancels
    attraction = ((weight.detach() if detach_weights else weight) * views).sum(1)
    repulsion = mean_similarity(negatives, temperature, detach_weights=detach_weights)
    return 2 * (repulsion - attraction)
