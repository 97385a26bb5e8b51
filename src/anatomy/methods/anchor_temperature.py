"""SimCo with a temperature for each anchor, which a small network reads off its embedding.

The idea of "Temperature as Uncertainty", Zhang et al. 2021, arXiv:2110.04403, of which the abstract was seen: the
temperature is a learned function of the input. Bounds, their geometric interpolation and the network are ours.
"""

from torch import Tensor

from anatomy.errors import InputError
from anatomy.methods.learned_temperature import info_nce_at
from anatomy.networks.heads import Encoder, Gauge
from anatomy.quantities import Temperature
from anatomy.similarity import unit
from anatomy.step import Batch, Method, StepOutput


class AnchorTemperature(Method):
    """InfoNCE at T_i = smallest^(1 - g) largest^g with g = gauge(z_i) in (0, 1): 0.1 where the gauge says a half.

    Nothing but the bounds holds T_i: an anchor that is surely told apart gains by a low temperature, and one that is
    not by a high one.
    """

    views = 2

    def __init__(self, encoder: Encoder, *, smallest: Temperature = 0.01, largest: Temperature = 1.0) -> None:
        super().__init__()
        if not smallest < largest:
            raise InputError(f"smallest is {smallest}, but it must be below largest, {largest}; try {largest / 100:g}")
        self.encoder, self.smallest, self.largest = encoder, smallest, largest
        self.gauge = Gauge(encoder.dimension)

    def forward(self, batch: Batch) -> StepOutput:
        z_1, z_2 = (unit(self.encoder(view)) for view in batch.views)  # [N, D] each
        loss, watch = info_nce_at(z_1, z_2, self.temperature(z_1))
        loss = (loss + info_nce_at(z_2, z_1, self.temperature(z_2))[0]) / 2
        watch |= {"z_1": z_1.detach(), "z_2": z_2.detach(), "index": batch.index}
        return StepOutput(loss, watch)

    def temperature(self, z: Tensor) -> Tensor:
        """Of unit embeddings [N, D]: [N]."""
        share: Tensor = self.gauge(z)
        return self.smallest * (self.largest / self.smallest) ** share
