"""A moving average of the image's own embeddings as target, without predictor.

Zhang et al. 2022, arXiv:2203.16262, Table 1, after section 5.3 of Chen and He 2021, arXiv:2011.10566: eta <- m eta +
(1 - m) Z. m = 0.8 is that of a co-author's training code, whose mean squared error is our loss at `weight` 2 / D.
"""

import torch
from torch import Generator, Tensor

from anatomy.errors import InputError
from anatomy.networks.heads import Encoder
from anatomy.quantities import Count, Positive, Share
from anatomy.siamese_base import Siamese, View, pull
from anatomy.similarity import unit
from anatomy.step import Batch, StepOutput


class MovingAverage(Siamese):
    """The embedding of each view meets the image's eta. `memory_size`: at least as many as training images.

    As the authors have it: `random_start`, eta begins as a random unit vector (ours begins at zero, pulls nowhere at an
    image's first visit, and takes the first embedding whole); `one_view`, the first view alone is pulled, and eta
    follows the second, as in section 5.3 (ours pulls both, and eta follows their mean).
    """

    def __init__(
        self,
        encoder: Encoder,
        generator: Generator | None = None,
        *,
        momentum: Share = 0.8,
        memory_size: Count = 50_000,
        weight: Positive = 1.0,
        random_start: bool = False,
        one_view: bool = False,
    ) -> None:
        super().__init__(encoder)
        self.momentum, self.weight, self.one_view = momentum, weight, one_view
        self.memory: Tensor
        # Half precision: `memory_size` x D x 2 bytes in a checkpoint, 26 MB for 50,000 images and D = 256.
        size = (memory_size, encoder.dimension)
        start = unit(torch.randn(size, generator=generator)) if random_start else torch.zeros(size)
        self.register_buffer("memory", start.half())

    def check_data(self, images: int, classes: int) -> None:
        check_large_enough(self.memory, images)

    def forward(self, batch: Batch) -> StepOutput:
        a, b = self.see(batch)
        eta = self.memory[batch.index].to(a.z)  # zeros, which pull nowhere, at the first visit
        if self.one_view:
            loss = self.weight * pull(a.z, eta, b.z)
            return self.output(loss, a, b, batch, index=batch.index, mean=b.z.detach())
        loss = self.weight * (pull(a.z, eta, b.z) + pull(b.z, eta, a.z)) / 2
        return self.output(loss, a, b, batch, index=batch.index, mean=mean_of(a, b))

    def after_step(self, output: StepOutput) -> None:
        remember(self.memory, output, self.momentum)


def mean_of(a: View, b: View) -> Tensor:
    """Z [N, D] of the image: the mean of both views."""
    return (a.z.detach() + b.z.detach()) / 2


def check_large_enough(memory: Tensor, images: int) -> None:
    if images > len(memory):
        raise InputError(
            f"memory_size is {len(memory)}, but there are {images} training images; it must be at least {images}"
        )


@torch.no_grad()
def remember(memory: Tensor, output: StepOutput, momentum: float) -> None:
    """eta <- m eta + (1 - m) Z, and Z itself at the first visit."""
    index, seen = output.keep["index"], output.keep["mean"]
    old = memory[index].to(seen)
    moved = torch.where(old.any(1, keepdim=True), old.lerp(seen, 1 - momentum), seen)
    memory[index] = moved.to(memory.dtype)
