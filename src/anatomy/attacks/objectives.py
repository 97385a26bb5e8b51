"""What an attack raises: one number an image, from outputs [N, K] and labels [N], or target features [N, K].

Cross-entropy: Goodfellow et al. 2015, arXiv:1412.6572. Margin: Carlini and Wagner 2017, arXiv:1608.04644, without a
confidence. Relative cross-entropy: Zhang et al. 2022, arXiv:2204.00089, whose code was never published: the form
here is cross-entropy less its mean over all labels, derived from the abstract. Cosine: Zhang et al. 2022,
arXiv:2207.10899.
"""

from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional


def cross_entropy(outputs: Float[Tensor, "N K"], labels: Int[Tensor, " N"]) -> Float[Tensor, " N"]:
    """Nats. Its gradient in the logits is p - e_y: nothing where the network is certain and right, and once it is
    fooled, almost all on the class that it already prefers."""
    return functional.cross_entropy(in_full(outputs), labels, reduction="none")


def margin(outputs: Float[Tensor, "N K"], labels: Int[Tensor, " N"]) -> Float[Tensor, " N"]:
    """The largest other logit minus that of the label: above 0 where, and only where, the network is wrong."""
    own = outputs.gather(1, labels[:, None]).squeeze(1)
    others = outputs.scatter(1, labels[:, None], float("-inf"))
    return in_full(others.amax(1) - own)


def relative_cross_entropy(outputs: Float[Tensor, "N K"], labels: Int[Tensor, " N"]) -> Float[Tensor, " N"]:
    """CE(z, y) less the mean of CE(z, k) over all K labels k, which is mean(z) - z_y: its gradient in the logits is
    1/K - e_y everywhere. It raises all classes alike against the own, and never fades."""
    outputs = in_full(outputs)
    return outputs.mean(1) - outputs.gather(1, labels[:, None]).squeeze(1)


def away_from(outputs: Float[Tensor, "N K"], features: Float[Tensor, "N K"]) -> Float[Tensor, " N"]:
    """Minus the cosine with target features: what an attack without labels raises."""
    return -functional.cosine_similarity(in_full(outputs), in_full(features), dim=1)


def in_full(outputs: Tensor) -> Tensor:
    """Half precision as float32; anything else as it is."""
    return outputs.float() if outputs.dtype.itemsize == 2 else outputs
