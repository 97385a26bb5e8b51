"""One network, one objective after another: what each does to the center and to the residuals.

Zhang et al. 2022, arXiv:2203.16262: Figure 4 switches between -Z_a . sg(o_z), which only knows the center, and
-Z_a . sg(Z_a - o_z), which only knows the residuals; Figure 5b lets a network collapse and then only decorrelates it.
"""

import torch
from torch import Tensor

from anatomy.decomposition import decorrelation
from anatomy.heads import Encoder
from anatomy.losses.info_nce import info_nce
from anatomy.methods.siamese import Siamese
from anatomy.quantities import Count, Objectives, Online, Positive, Target
from anatomy.similarity import in_batch, unit
from anatomy.step import Batch, StepOutput

DIALS: dict[str, tuple[Online, Target]] = {  # (online, target) of a siamese objective
    "simsiam": ("prediction", "embedding"),
    "naive": ("embedding", "embedding"),
    "mirror": ("embedding", "prediction"),
    "center": ("embedding", "center"),
    "residual": ("embedding", "residual"),
}
TEMPERATURE = 0.1  # of the control info_nce


class Phases(Siamese):
    """`phases`, as `simsiam 40, center 20`: objectives and their steps, then from the first again.

    An objective of `DIALS`; `covariance` or `correlation`: the decorrelation loss alone, times `regularizer`, mean of
    both views; `info_nce` in the batch; `nothing`: no gradient, so that weight decay and momentum alone move the
    encoder. A predictor that is not in an objective rests: it does not decay either.
    """

    def __init__(
        self,
        encoder: Encoder,
        generator: torch.Generator,
        *,
        phases: Objectives = "center 40, residual 40",
        regularizer: Positive = 1.0,
        predictor_hidden: Count = 512,
    ) -> None:
        super().__init__(encoder, generator, predictor_hidden=predictor_hidden)
        self.plan = [(words.split()[0], int(words.split()[1])) for words in phases.split(", ")]
        self.regularizer, self.step = regularizer, 0

    def now(self) -> str:
        """The objective of this step."""
        left = self.step % sum(length for _, length in self.plan)
        for name, length in self.plan:
            left -= length
            if left < 0:
                return name
        raise AssertionError("the steps of all phases sum to the period")

    def forward(self, batch: Batch) -> StepOutput:
        name = self.now()
        if name in DIALS:
            self.online, self.target = DIALS[name]
            return super().forward(batch)
        z = [unit(self.encoder(view)) for view in batch.views]
        return StepOutput(self.alone(name, z), self.watched(z, [unit(self.predictor(each)) for each in z], batch))

    def alone(self, name: str, z: list[Tensor]) -> Tensor:
        """A loss that knows no target, of unit embeddings [N, D]."""
        if name == "info_nce":
            both = [in_batch(z[0], z[1]), in_batch(z[1], z[0])]
            return torch.stack([info_nce(*side, temperature=TEMPERATURE).mean() for side in both]).mean()
        if name == "nothing":
            return 0 * torch.cat(z).sum()
        return self.regularizer * torch.stack([decorrelation(each, name == "correlation") for each in z]).mean()

    def after_step(self, output: StepOutput) -> None:
        self.step += 1

    def get_extra_state(self) -> Tensor:
        """The step, for a checkpoint: no buffer, which would lie on the device, and be waited for at each step."""
        return torch.tensor(self.step)

    def set_extra_state(self, state: Tensor) -> None:
        self.step = int(state)
