"""A triplet without predictor: towards the other view, away from another image.

Zhang et al. 2022, arXiv:2203.16262, Table 3; with a stop-gradient on both, as in their equation.
"""

from torch import Tensor

from anatomy.errors import InputError
from anatomy.networks.heads import Encoder
from anatomy.quantities import Component
from anatomy.siamese_base import Siamese, pull
from anatomy.step import Batch, StepOutput


class Triplet(Siamese):
    """The embedding of one view meets that of the other less that of another image, Z_b - Z_n.

    `component="center"` keeps o_e = -o_z of the negative, `"residual"` r_e = -r_n; `"none"` is the naive loss.
    """

    def __init__(self, encoder: Encoder, *, component: Component = "both") -> None:
        super().__init__(encoder)
        self.component = component

    def forward(self, batch: Batch) -> StepOutput:
        a, b = self.see(batch)
        to_b, to_a = b.z - of_another(b.z), a.z - of_another(a.z)
        loss = (pull(a.z, to_b, b.z, self.component) + pull(b.z, to_a, a.z, self.component)) / 2
        return self.output(loss, a, b, batch)


def of_another(z: Tensor) -> Tensor:
    """Z_n: in each row [N, D] another image's; the batch is in random order, so its neighbor is any other image."""
    if len(z) < 2:
        raise InputError("a batch of 1 image has no other image to be led away from; it must be 2 or more")
    return z.roll(1, 0)
