"""SimCo whose temperature is trained with the network: one number for all anchors.

As the logit scale of CLIP, Radford et al. 2021, arXiv:2103.00020, in the code of open_clip: the logarithm of 1 / T is a
parameter, which begins at T = 0.07 and is clamped after each step to T from 0.01 to 1. There weight decay leaves it
out; here it is on all weights, and pulls T back to where it began.
"""

from math import log

import torch
from torch import Tensor, nn

from anatomy.errors import InputError
from anatomy.losses.info_nce import info_nce
from anatomy.networks.heads import Encoder
from anatomy.quantities import Temperature
from anatomy.similarity import detach, divided, in_batch, unit
from anatomy.step import Batch, Method, StepOutput, Watch


class LearnedTemperature(Method):
    """InfoNCE at T = start exp(-shift), where `shift` is trained and clamped so that T stays in [smallest, largest].

    A clamp of the parameter itself, and not of T in the loss: there no gradient would bring it back from a bound.
    """

    views = 2

    def __init__(
        self,
        encoder: Encoder,
        *,
        start: Temperature = 0.07,
        smallest: Temperature = 0.01,
        largest: Temperature = 1.0,
    ) -> None:
        super().__init__()
        if not smallest <= start <= largest:
            raise InputError(f"start is {start}, but it must lie from smallest, {smallest}, to largest, {largest}")
        self.encoder, self.start, self.smallest, self.largest = encoder, start, smallest, largest
        self.shift = nn.Parameter(torch.zeros(()))  # nats: log(1 / T) less its value at the start

    def forward(self, batch: Batch) -> StepOutput:
        z_1, z_2 = (unit(self.encoder(view)) for view in batch.views)  # [N, D] each
        temperature = self.temperature().expand(len(z_1))  # [N]
        loss, watch = info_nce_at(z_1, z_2, temperature)
        loss = (loss + info_nce_at(z_2, z_1, temperature)[0]) / 2
        watch |= {"z_1": z_1.detach(), "z_2": z_2.detach(), "index": batch.index}
        return StepOutput(loss, watch)

    def temperature(self) -> Tensor:
        return self.start * (-self.shift).exp()

    @torch.no_grad()
    def after_step(self, output: StepOutput) -> None:
        self.shift.clamp_(log(self.start / self.largest), log(self.start / self.smallest))


def info_nce_at(anchor: Tensor, key: Tensor, temperature: Tensor) -> tuple[Tensor, Watch]:
    """Mean InfoNCE in nats at a temperature for each anchor [N], negatives from the batch, K = N - 1."""
    positive, negatives = in_batch(anchor, key)
    loss = info_nce(*divided(positive, negatives, temperature), temperature=1.0).mean()
    seen: Watch = {"positive": positive.detach(), "negatives": detach(negatives)}
    return loss, seen | {"temperatures": temperature.detach()[None]}
